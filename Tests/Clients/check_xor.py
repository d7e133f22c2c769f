"""XOR's findings and trials once more, from the published weights alone.

What a word means here (alive, in tune, the pair) is what the case's page and Pair.swift say.
Nothing is read from findings.json but what is compared. Where Casebook draws a control at random,
all controls that it could have drawn are tried.
"""

from itertools import combinations

import numpy as np

from check_ledger import wilson
from reading import population, read_json

CORNERS = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.float64)
ANSWERS = np.array([-1, 1, 1, -1], np.float64)
RANDOM_PAIRS = ("random-pair-1", "random-pair-2", "random-pair-3")


class Networks:
    """A variant's perceptrons at one step, in float64: `[seeds, ...]`."""

    def __init__(self, weights, seeds=slice(None)):
        self.w1, self.b1, self.w2, self.b2 = (
            weights[name][seeds].astype(np.float64) for name in ("W1", "b1", "W2", "b2"))
        self.count, _, self.width = self.w1.shape
        self.hidden = np.maximum(CORNERS @ self.w1 + self.b1[:, None], 0)  # [seeds, corners, units]

    def outputs(self, kept=None, hidden=None):
        """`kept`: 1 or 0 for each seed and unit; the others are set to zero."""
        hidden = self.hidden if hidden is None else hidden
        if kept is not None:
            hidden = hidden * kept[:, None]
        return np.einsum("nci,nio->nc", hidden, self.w2) + self.b2

    def accuracy(self, kept=None, hidden=None):
        return (self.outputs(kept, hidden) * ANSWERS > 0).mean(axis=1)

    def sizes(self):
        return np.abs(self.w1).sum(axis=1) * np.abs(self.w2[:, :, 0])

    def corners(self):
        """The corner that excites each unit most."""
        return 2 * (self.w1[:, 0] > 0) + (self.w1[:, 1] > 0)

    def in_tune(self):
        return self.w2[:, :, 0] * ANSWERS[self.corners()] > 0

    def alive(self):
        sizes = self.sizes()
        return sizes > 0.05 * sizes.max(axis=1, keepdims=True)

    def pairs(self):
        """The story's pair of each network, or None."""
        alive, corners, tuned = self.alive(), self.corners(), self.in_tune()
        found = []
        for network in range(self.count):
            units = np.flatnonzero(alive[network])
            good = (
                len(units) == 2
                and corners[network, units].sum() == 3
                and tuned[network, units].all())
            found.append(tuple(units) if good else None)
        return found


class Case:
    def __init__(self, folder):
        self.folder = folder
        file = read_json(folder / "findings.json")
        self.findings = file["findings"]
        self.predictions = {each["name"]: each for each in file["predictions"]}
        self.training = read_json(folder / "main/training.json")
        self.weights = population(folder / "main")
        self.final, self.initial = Networks(self.last()), Networks(self.weights[0])

    def last(self, variant=None):
        weights = self.weights if variant is None else population(self.folder / variant)
        return weights[max(weights)]

    def trial(self, variant=None):
        return Networks(self.last(variant), slice(self.training["exploreCount"], None))

    def has(self, name, value, n=None):
        finding = self.findings[name]
        if n is not None:
            assert finding["n"] == n, f"{name}: n is {finding['n']}, and should be {n}"
        if isinstance(value, str):
            assert finding["value"] == value, f"{name} is {finding['value']}, not {value}"
            return
        assert np.allclose(finding["value"], value, rtol=0, atol=1e-6), (
            f"{name} is {finding['value']}, and should be {value}")

    def has_share(self, name, passed, n):
        self.has(name, passed / n, n)
        assert self.findings[name]["value"] == passed / n, f"{name}: not {passed} / {n} to the bit"
        interval = self.findings[name]["interval"]
        bounds = (interval["lower"], interval["upper"])
        assert np.allclose(bounds, wilson(passed, n), rtol=0, atol=1e-12), (name, bounds)


def checks(folder):
    case = Case(folder)
    for check in (
        solved, survivors, beginnings, ablations, subsets, specimen, emergence, stuck,
    ):
        yield check.__name__, check, case
    for check in (
        two_are_enough, each_has_its_corner, the_detector_decides, one_number, born_winners,
        foretold, two_from_the_start,
    ):
        yield f"trial of {check.__name__}", check, case
    claimed = {check.__name__.replace("_", "-") for check in (
        two_are_enough, each_has_its_corner, the_detector_decides, one_number, born_winners,
        foretold, two_from_the_start)}
    yield "no other predictions", same, claimed, set(case.predictions)


def same(first, second):
    assert first == second, first ^ second


def solved(case):
    names = {"width-16": "main"} | {
        name: name
        for name in ("width-2", "width-4", "width-8", "no-penalty", "lottery", "foretold")
        + RANDOM_PAIRS
    }
    for name, variant in names.items():
        right = Networks(case.last(variant)).accuracy() == 1
        case.has_share(f"solved-{name}", right.sum(), len(right))
        file = read_json(case.folder / variant / "training.json")
        assert [step is not None for step in file["solvedAt"]] == list(right), variant
    right = [Networks(case.last(name)).accuracy() == 1 for name in RANDOM_PAIRS]
    case.has_share("solved-random-pairs", np.sum(right), np.size(right))
    case.has(
        "steps-to-solve",
        np.median([step for step in case.training["solvedAt"] if step is not None]))


def survivors(case):
    alive, pairs = case.final.alive(), case.final.pairs()
    case.has_share("two-alive", (alive.sum(axis=1) == 2).sum(), len(alive))
    case.has_share("pair-found", sum(pair is not None for pair in pairs), len(pairs))
    case.has_share(
        "pair-found-untrained", sum(pair is not None for pair in case.initial.pairs()), len(pairs))
    corners = case.final.corners()
    answers = [ANSWERS[corners[k, pair[0]]] for k, pair in enumerate(pairs) if pair]
    case.has_share("differing-corners", answers.count(1), len(pairs))
    case.has_share("agreeing-corners", answers.count(-1), len(pairs))
    mismatch = []
    for network, pair in enumerate(pairs):
        for unit in pair or ():
            sizes = np.abs(case.final.w1[network, :, unit])
            mismatch.append((sizes.max() - sizes.min()) / sizes.max())
    case.has("weight-mismatch", np.quantile(mismatch, 0.95), len(mismatch))
    case.has(
        "alive-over-training",
        [Networks(weights).alive().sum(axis=1).mean() for weights in case.weights.values()],
        len(alive))


def beginnings(case):
    pairs = [(k, unit) for k, pair in enumerate(case.final.pairs()) for unit in pair or ()]
    place = tuple(np.array(pairs).T)
    tuned = case.initial.in_tune()
    case.has_share("winners-in-tune", tuned[place].sum(), len(pairs))
    case.has_share("all-in-tune", tuned.sum(), tuned.size)
    kept = case.initial.corners()[place] == case.final.corners()[place]
    case.has_share("winners-kept-corner", kept.sum(), len(pairs))


def ablations(case):
    """Zero and mean ablation, on the explore seeds; the random others by their bounds."""
    count = case.training["exploreCount"]
    networks = Networks(case.last(), slice(0, count))
    pairs = np.array([pair or (0, 1) for pair in networks.pairs()])
    rows = np.arange(count)[:, None]
    chosen = np.zeros((count, networks.width), bool)
    chosen[rows, pairs] = True
    first = np.zeros_like(chosen)
    first[rows, pairs[:, :1]] = True
    mean = networks.hidden.mean(axis=1, keepdims=True)
    for ablation, value in (("zero", 0 * mean), ("mean", mean)):
        def lost(cut):
            hidden = np.where(cut[:, None], value, networks.hidden)
            return 1 - networks.accuracy(hidden=hidden)

        for name, cut in (("one", first), ("both", chosen), ("rest", ~chosen)):
            case.has(f"lost-{ablation}-{name}", lost(cut).mean(), count)
        losses = []
        for others in combinations(range(networks.width - 2), 2):
            cut = np.zeros_like(chosen)
            for other in others:
                for network in range(count):
                    cut[network, np.flatnonzero(~chosen[network])[other]] = True
            losses.append(lost(cut))
        value = case.findings[f"lost-{ablation}-others"]["value"]
        low, high = np.min(losses, axis=0).mean(), np.max(losses, axis=0).mean()
        assert low <= value <= high, f"lost-{ablation}-others is {value}, not in {low}...{high}"


def subsets(case):
    """All subsets of the specimen's neurons, by zero ablation of the others."""
    specimen = case.training["specimen"]["seed"]
    network = Networks(case.last(), slice(specimen, specimen + 1))
    width = network.width
    kept = (np.arange(1 << width)[:, None] >> np.arange(width)) & 1
    outputs = kept @ (network.hidden[0] * network.w2[0, :, 0]).T + network.b2[0]
    scores = (outputs * ANSWERS > 0).mean(axis=1)
    enough = scores == 1
    # A set is minimal if no set with one neuron less is enough, nor has a part that is.
    has_enough = enough.copy()
    minimal = enough.copy()
    for size in range(width + 1):
        for subset in np.flatnonzero(kept.sum(axis=1) == size):
            parts = [subset ^ (1 << unit) for unit in range(width) if subset >> unit & 1]
            below = any(has_enough[part] for part in parts)
            minimal[subset] &= not below
            has_enough[subset] |= below
    found = np.flatnonzero(minimal)
    case.has("subsets", 1 << width)
    case.has("minimal-sets", len(found), 1 << width)
    alive = np.flatnonzero(network.alive()[0])
    pair = len(found) == 1 and list(np.flatnonzero(kept[found[0]])) == list(alive)
    case.has("minimal-set-is-pair", "yes" if pair else "no")
    # Shapley: each unit's gain, averaged over the sizes of what stands before it.
    sizes = kept.sum(axis=1)
    values = []
    for unit in range(width):
        without = np.flatnonzero(kept[:, unit] == 0)
        gains = scores[without | 1 << unit] - scores[without]
        values.append(np.mean([gains[sizes[without] == size].mean() for size in range(width)]))
    case.has("shapley", values)


def specimen(case):
    seed = case.training["specimen"]["seed"]
    network = Networks(case.last(), slice(seed, seed + 1))
    case.has("specimen-outputs", network.outputs()[0])
    alive = np.flatnonzero(network.alive()[0])
    case.has("specimen-size", abs(network.w1[0, 0, alive[0]]))
    pair = network.pairs()[0]
    answer = ANSWERS[network.corners()[0, pair[0]]] if pair else None
    case.has("specimen-algorithm", {1: "differing", -1: "agreeing", None: "none"}[answer])
    case.has("neurons", network.width)
    case.has("steps", max(case.weights))


def emergence(case):
    from safetensors.numpy import load_file

    paths = sorted((case.folder / "main/checkpoints").glob("*.safetensors"))
    steps = [int(path.stem) for path in paths]
    networks = [
        Networks({name: tensor[None] for name, tensor in load_file(path).items()})
        for path in paths
    ]
    two = [network.alive().sum() == 2 for network in networks]
    settled = next((step for k, step in enumerate(steps) if all(two[k:])), -1)
    case.has("two-left-after", settled, len(steps))
    stored = load_file(case.folder / "findings.safetensors")
    assert list(stored["emergence-steps"]) == steps, "emergence-steps"
    sizes = np.concatenate([network.sizes() for network in networks])
    assert np.allclose(stored["emergence-sizes"], sizes, rtol=1e-5, atol=1e-6), "emergence-sizes"


def stuck(case):
    """Without a penalty: at which mean squared errors the networks stop that fail."""
    networks = Networks(case.last("no-penalty"))
    losses = ((networks.outputs() - ANSWERS) ** 2).mean(axis=1)
    failed = losses[networks.accuracy() < 1]
    near = {
        name: np.abs(failed - value) < 0.01
        for name, value in (("half", 1 / 2), ("two-thirds", 2 / 3), ("one", 1))
    }
    for name, hits in near.items():
        case.has_share(f"stuck-{name}", hits.sum(), len(failed))
    case.has_share("stuck-explained", np.any(list(near.values()), axis=0).sum(), len(failed))


def trial(case, name, effects, controls=None, present=None, atol=1e-6):
    """Compares a trial; `controls` are rows, one for each control that could have been drawn."""
    prediction = case.predictions[name]
    n = len(effects)
    present = np.ones(n, bool) if present is None else present
    assert (prediction["n"], prediction["absent"]) == (n, (~present).sum()), (n, (~present).sum())
    at_most = name == "one-number"
    threshold = prediction["threshold"]
    reached = (effects <= threshold if at_most else effects >= threshold) & present
    if controls is None:
        assert prediction["controlEffect"] is None, "a control that nobody claimed"
        counts = {int(reached.sum())}
    else:
        beyond = effects < controls if at_most else effects > controls
        least, most = (reached & beyond.all(axis=0)).sum(), (reached & beyond.any(axis=0)).sum()
        counts = range(int(least), int(most) + 1)
        low = controls[:, present].min(axis=0).mean()
        high = controls[:, present].max(axis=0).mean()
        value = prediction["controlEffect"]
        assert low - atol <= value <= high + atol, f"control {value}, not in {low}...{high}"
    assert prediction["passed"] in counts, f"{prediction['passed']} passed, not {list(counts)}"
    mean = effects[present].mean()
    assert abs(prediction["effect"] - mean) <= atol, f"effect {prediction['effect']}, not {mean}"
    interval = prediction["effectInterval"]
    if effects[present].std() == 0:
        assert interval is None, "an interval of what is the same in all"
    elif interval:
        # A percentile bootstrap of a mean is near the normal one at these n.
        width = 2 * 1.96 * effects[present].std() / np.sqrt(present.sum())
        ratio = (interval["upper"] - interval["lower"]) / width
        assert 0.85 < ratio < 1.15, f"the interval is {ratio:.2f} times as wide as it should be"


def located(case):
    networks = case.trial()
    pairs = networks.pairs()
    units = np.array([pair or (0, 1) for pair in pairs])
    return networks, units, np.array([pair is not None for pair in pairs])


def kept_only(networks, units):
    kept = np.zeros((networks.count, networks.width))
    np.put_along_axis(kept, units, 1, axis=1)
    return kept


def others(networks, units):
    """The units besides the pair: `[seeds, width - 2]`."""
    return np.array([np.setdiff1d(np.arange(networks.width), pair) for pair in units])


def two_are_enough(case):
    networks, units, present = located(case)
    rest = others(networks, units)
    controls = np.array([
        networks.accuracy(kept_only(networks, rest[:, list(pair)]))
        for pair in combinations(range(rest.shape[1]), 2)
    ])
    trial(
        case, "two-are-enough", networks.accuracy(kept_only(networks, units)), controls, present)


def each_has_its_corner(case):
    networks, units, present = located(case)
    rest, clean = others(networks, units), networks.accuracy()

    def lost(unit):
        return clean - networks.accuracy(1 - kept_only(networks, unit[:, None]))

    controls = np.array([lost(unit) for unit in rest.T])
    trial(
        case, "each-has-its-corner", np.minimum(lost(units[:, 0]), lost(units[:, 1])), controls,
        present)


def the_detector_decides(case):
    networks, units, present = located(case)
    rows, first = np.arange(networks.count), units[:, 0]
    corner = networks.corners()[rows, first]
    value = networks.hidden[rows, corner, first]

    def answers(unit):
        hidden = networks.hidden.copy()
        hidden[rows, :, unit] = value[:, None]
        return (networks.outputs(hidden=hidden) * ANSWERS[corner][:, None] > 0).mean(axis=1)

    controls = np.array([answers(unit) for unit in others(networks, units).T])
    trial(case, "the-detector-decides", answers(first), controls, present)


def one_number(case):
    networks, units, present = located(case)
    clean = networks.outputs()
    w1 = np.take_along_axis(networks.w1, units[:, None], axis=2)
    w2 = np.take_along_axis(networks.w2[:, :, 0], units, axis=1)
    size = np.concatenate([np.abs(w1).reshape(-1, 4), np.abs(w2) / 2], axis=1).mean(axis=1)

    def moved(turned):
        hidden = np.maximum(CORNERS @ (np.sign(w1) * size[:, None, None]), 0)
        signs = np.sign(w2) * np.array([-1 if turned else 1, 1])
        bias = 2 * size[:, None] ** 2 * np.where(networks.b2 < 0, -1, 1)
        outputs = np.einsum("nci,ni->nc", hidden, 2 * size[:, None] * signs) + bias
        return np.abs(outputs - clean).max(axis=1)

    trial(case, "one-number", moved(False), moved(True)[None], present)


def lottery(case, name, variant):
    random = np.mean([case.trial(each).accuracy() == 1 for each in RANDOM_PAIRS], axis=0)
    trial(case, name, (case.trial(variant).accuracy() == 1).astype(float), random[None])


def born_winners(case):
    """And the pairs do start as the survivors did."""
    first = population(case.folder / "lottery")[0]
    largest = np.argsort(-case.final.sizes(), axis=1, kind="stable")[:, :2]
    rows = np.arange(len(largest))[:, None]
    started = case.weights[0]["W1"][rows, :, largest].transpose(0, 2, 1)
    assert np.array_equal(np.sort(first["W1"], axis=2), np.sort(started, axis=2)), (
        "the lottery does not start from the survivors' weights")
    assert not first["b1"].any(), "biases that do not start at zero"
    lottery(case, "born-winners", "lottery")


def foretold(case):
    lottery(case, "foretold", "foretold")


def two_from_the_start(case):
    trial(
        case, "two-from-the-start", (case.trial("width-2").accuracy() == 1).astype(float))
