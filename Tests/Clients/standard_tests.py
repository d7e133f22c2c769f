"""The tests that every explanation faces, once more for any case, from its published weights alone.

A case says in a `Claim` where its component is and what its program answers; every intervention is an
array that takes the place of a site's values while `run_network` runs the case's network.json. Parts
drawn at random, the controls, are left out: so of the count of what passed only a bound is known. Pairs
of inputs are drawn anew.
"""

import json

import numpy as np

from reading import population, read_json
from run_network import Runner

THRESHOLDS = {
    "component-suffices": 0.95, "component-is-needed": 0.25, "variables-move": 0.9,
    "program-agrees": 0.99, "program-foretells-failure": 0.9,
}
# Two scores may be so close that 32 bits, added in another order, decide otherwise: one answer of a network.
ROUNDING = 2e-4
# What another sample of pairs may differ by, in the mean of all networks.
SAMPLED, PAIRS = 0.015, 128
MASK = 2**64 - 1


class Generator:
    """SplitMix64: Steele, Lea and Flood 2014."""

    def __init__(self, seed, stream=6):
        self.state = self.mixed((self.mixed(seed) + stream) & MASK)

    @staticmethod
    def mixed(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def index(self, below):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        return (self.mixed(self.state) * below) >> 64

    def permutation(self, count):
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.index(last + 1)
            order[last], order[other] = order[other], order[last]
        return order


class Claim:
    """What a case says: `site` and `step`, `examples()`, `located`, `program` and `variables`."""

    step = None

    def __init__(self, folder):
        self.network = json.loads((folder / "main/network.json").read_text())
        file = read_json(folder / "findings.json")
        self.findings = file["findings"]
        self.predictions = {each["name"]: each for each in file["predictions"]}
        weights = population(folder / "main")
        final = weights[max(weights)]
        first = read_json(folder / "main/training.json")["exploreCount"]
        count = len(next(iter(final.values())))
        self.weights, self.untrained = (
            [{name: tensor[seed] for name, tensor in step.items()} for seed in range(count)]
            for step in (final, weights[min(weights)]))
        self.trial = slice(first, None)
        self.inputs, self.truth = self.examples()

    def run(self, weights, inputs, site=None, step=None, held=None):
        """All sites, where one of them holds other values, perhaps at one step of a scan only."""
        seen = 0

        class Edited(Runner):
            def apply(self, name, attributes, *rest):
                nonlocal seen
                value = super().apply(name, attributes, *rest)
                if name == "site" and attributes["name"] == site:
                    seen += 1
                    if step is None or seen == step + 1:
                        return held.reshape(value.shape)
                return value

        runner = Edited({**weights, **inputs}, len(next(iter(inputs.values()))))
        runner.run(self.network["graph"])
        return {name: value for name, (value, _) in runner.sites.items()}

    def answers(self, weights, inputs, **edit):
        """`[inputs, answers]`"""
        return self.read(self.run(weights, inputs, **edit)[self.network["output"]], inputs)

    def held(self, sites, site, step):
        value = sites[site] if step is None else sites[site][:, step]
        return value.reshape(len(value), -1).astype(np.float64)

    def ablated(self, weights, part, rest=False):
        """The site's values where the part, or all but it, is at its mean over the inputs."""
        own = self.held(self.run(weights, self.inputs), self.site, self.step)
        change = own.mean(axis=0) - own
        return own + (change - part(change) if rest else part(change))

    def take(self, rows):
        return {name: table[rows] for name, table in self.inputs.items()}

    def right(self, weights, **edit):
        return (self.answers(weights, self.inputs, **edit) == self.truth).all(axis=1).mean()


def units(indices, size):
    """The part that is some units."""
    mask = np.zeros(size)
    mask[np.asarray(indices, int).ravel()] = 1
    return lambda change: change * mask


def spanned(rows):
    """The part that is a subspace."""
    basis = np.linalg.qr(np.asarray(rows, np.float64).T)[0]
    return lambda change: change @ basis @ basis.T


def checks(claim):
    parts = [claim.located(weights) for weights in claim.weights]
    present = np.array([part is not None for part in parts])
    for check in (suffices, is_needed, variables_move, program_agrees):
        name = check.__name__.replace("_", "-")
        name = name if check in (variables_move, program_agrees) else f"component-{name}"
        if name in claim.predictions:
            yield f"standard test: {name}", check, claim, name, parts, present


def judged(claim, name, effects, present, atol=ROUNDING, slack=0):
    """Controls are drawn at random, so that of the count only its bound is known."""
    prediction, effects, there = claim.predictions[name], effects[claim.trial], present[claim.trial]
    assert prediction["threshold"] == THRESHOLDS[name]
    assert prediction["n"] == len(there) and prediction["absent"] == (~there).sum(), (
        f"absent {prediction['absent']}, not {(~there).sum()}")
    most = ((effects >= THRESHOLDS[name] - 1e-6 - slack) & there).sum()
    assert prediction["passed"] <= most, f"{prediction['passed']} passed, of at most {most}"
    mean = effects[there].mean()
    assert abs(prediction["effect"] - mean) <= atol, f"{prediction['effect']}, not {mean}"


def measured(parts, measure):
    return np.array([np.nan if part is None else measure(index, part)
                     for index, part in enumerate(parts)])


def suffices(claim, name, parts, present):
    def enough(index, part):
        weights = claim.weights[index]
        held = claim.ablated(weights, part[0], rest=True)
        return claim.right(weights, site=claim.site, step=claim.step, held=held)

    judged(claim, name, measured(parts, enough), present)


def is_needed(claim, name, parts, present):
    def lost(index, part):
        weights = claim.weights[index]
        clean = claim.right(weights)
        held = claim.ablated(weights, part[0])
        return 1 - claim.right(weights, site=claim.site, step=claim.step, held=held) / clean

    judged(claim, name, measured(parts, lost), present)


def variables_move(claim, name, parts, present):
    """Of pairs of our own: as many answers change as are said to, as far as a sample can tell."""
    random = np.random.default_rng(0)
    count = len(claim.truth)

    def moved(index, _):
        weights, shares = claim.weights[index], []
        sites = claim.run(weights, claim.inputs)
        for site, step, part, swapped in claim.variables(weights):
            bases, sources = random.integers(0, count, (2, 40 * PAIRS))
            before, expected = claim.program(weights, claim.take(bases)), swapped(bases, sources)
            changing = np.flatnonzero((before != expected).any(axis=1))[:PAIRS]
            bases, sources, expected = bases[changing], sources[changing], expected[changing]
            own = claim.held(sites, site, step)
            held = own[bases] + part(own[sources] - own[bases])
            given = claim.answers(weights, claim.take(bases), site=site, step=step, held=held)
            shares.append((given == expected).all(axis=1).mean())
        return min(shares)

    judged(claim, name, measured(parts, moved), present, SAMPLED, slack=0.05)


def program_agrees(claim, name, parts, present):
    """The control, the same network before training, is no matter of chance: all can be told."""
    def agrees(networks):
        def share(index, _):
            said = claim.program(claim.weights[index], claim.inputs)
            return (claim.answers(networks[index], claim.inputs) == said).all(axis=1).mean()

        return measured(parts, share)

    told(claim, name, agrees(claim.weights), agrees(claim.untrained), present)


def told(claim, name, effects, controls, present):
    """How many networks pass, and the control's mean, where that is the same before training."""
    judged(claim, name, effects, present)
    prediction = claim.predictions[name]
    effects, controls, there = (array[claim.trial] for array in (effects, controls, present))
    passed = ((effects >= THRESHOLDS[name] - 1e-6) & (effects > controls) & there).sum()
    assert prediction["passed"] == passed, f"{prediction['passed']} passed, not {passed}"
    mean = controls[there].mean()
    assert abs(prediction["controlEffect"] - mean) <= ROUNDING, (
        f"control {prediction['controlEffect']}, not {mean}")
