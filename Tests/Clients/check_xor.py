"""XOR's findings once more, from the published tensors alone. Its trials: check_xor_trials.py.

Nothing is read from findings.json but what is compared.
"""

from itertools import combinations

import numpy as np
from safetensors.numpy import load_file

import check_xor_lottery
import check_xor_standard
import check_xor_trials
from reading import read_json
from xor_networks import ANSWERS, Case, Networks

DRAWS = (1, 2, 3)
VARIANTS = (
    "width-2", "width-4", "width-8", "no-penalty", "wide-no-penalty", "lottery", "foretold",
    "other-good-pair", "random-pair", *(f"size-matched-{draw}" for draw in DRAWS),
    *(f"large-pair-{draw}" for draw in DRAWS))


def checks(folder):
    case = Case(folder)
    for check in (solved, survivors, ablations, subsets, specimen, selectivity, emergence, stuck):
        yield check.__name__, check, case
    yield from check_xor_lottery.checks(case)
    yield "no other findings", no_others, case
    yield from check_xor_trials.checks(case)
    yield from check_xor_standard.checks(case)


def no_others(case):
    """Stands last: every finding was looked at."""
    left = {name for name in case.findings if not name.startswith("evidence-")} - case.checked
    assert not left, f"nobody checks {sorted(left)}"


def solved(case):
    right = {}
    for variant in ("main", *VARIANTS):
        right[variant] = Networks(case.last(variant)).accuracy() == 1
        name = "width-16" if variant == "main" else variant
        case.has_share(f"solved-{name}", right[variant].sum(), len(right[variant]))
        file = read_json(case.folder / variant / "training.json")
        assert [step is not None for step in file["solvedAt"]] == list(right[variant]), variant
    for kind in ("size-matched", "large-pair"):
        draws = [right[f"{kind}-{draw}"] for draw in DRAWS]
        case.has_share(f"solved-{kind}", np.sum(draws), np.size(draws))
    steps = [step for step in case.training["solvedAt"] if step is not None]
    case.has("steps-to-solve", np.median(steps), len(steps))


def survivors(case):
    alive, pairs = case.final.alive(), case.final.pairs()
    case.has_share("two-alive", (alive.sum(axis=1) == 2).sum(), len(alive))
    case.has_share("pair-found", sum(pair is not None for pair in pairs), len(pairs))
    corners = case.final.corners()
    answers = [ANSWERS[corners[k, pair[0]]] for k, pair in enumerate(pairs) if pair]
    case.has_share("differing-corners", answers.count(1), len(pairs))
    case.has_share("agreeing-corners", answers.count(-1), len(pairs))
    mismatch, inputs = [], []
    dead = np.ones((case.final.count, case.final.width), bool)
    for network, pair in enumerate(pairs):
        for unit in pair or ():
            sizes = np.abs(case.final.w1[network, :, unit])
            dead[network, unit] = False
            inputs.extend(sizes)
            mismatch.append((sizes.max() - sizes.min()) / sizes.max())
    case.has("weight-mismatch", np.quantile(mismatch, 0.95), len(mismatch))
    case.has("size-spread", np.ptp(inputs) / np.mean(inputs), len(inputs))
    # This one is far below what `has` lets pass.
    case.has("largest-dead", case.final.sizes()[dead].max(), len(pairs))
    largest = case.findings["largest-dead"]["value"]
    assert np.isclose(largest, case.final.sizes()[dead].max(), rtol=1e-5, atol=0), largest
    case.has("dead-but-firing", (case.final.b1[dead] > 0.05).sum() / len(pairs), len(pairs))
    case.has("stored-steps", list(case.weights), len(case.weights))
    case.has(
        "alive-over-training",
        [Networks(weights).alive().sum(axis=1).mean() for weights in case.weights.values()],
        len(alive))


def ablations(case):
    """What each ablation costs on the explore seeds; what is drawn at random by its bounds."""
    count = case.training["exploreCount"]
    networks = Networks(case.last(), slice(0, count))
    pairs = np.array([pair or (0, 1) for pair in networks.pairs()])
    rows = np.arange(count)[:, None]
    chosen = np.zeros((count, networks.width), bool)
    chosen[rows, pairs] = True
    first = np.zeros_like(chosen)
    first[rows, pairs[:, :1]] = True
    rest = np.array([np.flatnonzero(~row) for row in chosen])

    def besides(places):
        cut = np.zeros_like(chosen)
        cut[rows, rest[:, list(places)]] = True
        return cut

    targets = {
        "one": [first], "both": [chosen], "rest": [~chosen],
        "other": [besides([place]) for place in range(rest.shape[1])],
        "others": [besides(places) for places in combinations(range(rest.shape[1]), 2)],
    }
    # What a unit adds to each corner's margin, and what it could add there after the ablation.
    adds = ANSWERS[:, None] * networks.w2[:, None, :, 0]
    elsewhere = adds[:, :, None] * networks.hidden[:, None]  # [seeds, corners, from, units]
    own = np.eye(len(ANSWERS), dtype=bool)[:, :, None]
    mean = networks.hidden.mean(axis=1, keepdims=True)
    values = {
        "zero": (0 * adds, 0 * adds), "mean": (adds * mean, adds * mean),
        "resample": (
            np.where(own, np.inf, elsewhere).min(axis=2),
            np.where(own, -np.inf, elsewhere).max(axis=2)),
    }
    clean = adds * networks.hidden

    def lost(cut, value):
        margins = np.where(cut[:, None], value, clean).sum(axis=2) + ANSWERS * networks.b2
        return (margins <= 0).mean(axis=1)

    for ablation, (worst, best) in values.items():
        for name, cuts in targets.items():
            high = np.max([lost(cut, worst) for cut in cuts], axis=0).mean()
            low = np.min([lost(cut, best) for cut in cuts], axis=0).mean()
            case.has_between(f"lost-{ablation}-{name}", low, high, count)


def subset_scores(network):
    """The accuracy of every subset of a network's neurons, by zero ablation of the others."""
    kept = (np.arange(1 << network.width)[:, None] >> np.arange(network.width)) & 1
    outputs = kept @ (network.hidden[0] * network.w2[0, :, 0]).T + network.b2[0]
    return kept, (outputs * ANSWERS > 0).mean(axis=1)


def shapley(kept, scores):
    """Each unit's gain, averaged over the sizes of what stands before it."""
    sizes, width, values = kept.sum(axis=1), kept.shape[1], []
    for unit in range(width):
        without = np.flatnonzero(kept[:, unit] == 0)
        gains = scores[without | 1 << unit] - scores[without]
        values.append(np.mean([gains[sizes[without] == size].mean() for size in range(width)]))
    return np.array(values)


def subsets(case):
    """All subsets of the specimen's neurons, by zero ablation of the others."""
    specimen = case.training["specimen"]["seed"]
    network = Networks(case.last(), slice(specimen, specimen + 1))
    width = network.width
    kept, scores = subset_scores(network)
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
    values = shapley(kept, scores)
    case.has("shapley", values, 1 << width)
    case.has("shapley-of-pair", values[alive].sum() / values.sum(), 1 << width)
    untrained = Networks(case.weights[0], slice(specimen, specimen + 1))
    case.has("shapley-untrained", shapley(*subset_scores(untrained)), 1 << width)
    case.has("bias-alone", scores[0], len(ANSWERS))


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
    training = case.training
    case.has(
        "specimen-solved-at", training["solvedAt"][seed], len(training["measuredSteps"]))


def selectivity(case):
    """How much more a unit fires at one corner than elsewhere, and what it adds to the output."""
    seed = case.training["specimen"]["seed"]
    network = Networks(case.last(), slice(seed, seed + 1))
    hidden, stored = network.hidden[0], load_file(case.folder / "findings.safetensors")
    rest = (hidden.sum(axis=0) - hidden) / (len(ANSWERS) - 1)
    total = hidden + rest
    table = np.divide(hidden - rest, total, out=np.zeros_like(total), where=total != 0)
    alive = np.flatnonzero(network.alive()[0])
    case.has("winner-selectivity", table[:, alive].max(axis=0).mean(), len(alive))
    assert np.allclose(stored["selectivity"], table, rtol=0, atol=1e-5), "selectivity"
    # A class of one corner, shuffled, is another of one corner.
    rows = {row.tobytes() for row in stored["selectivity"]}
    for row in stored["selectivity-shuffled"]:
        assert row.tobytes() in rows, "a shuffled class of another size"
    attribution = hidden * network.w2[0, :, 0]
    assert np.allclose(stored["attribution"], attribution, rtol=0, atol=1e-5), "attribution"


def emergence(case):
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
    # As many corners as look alike to a network: it answers them with their mean.
    outputs = networks.outputs()
    alike = (np.abs(outputs[:, :, None] - outputs[:, None]) < 0.05).sum(axis=2).max(axis=1)
    explained = np.abs(losses - np.array([1, 1, 1 / 2, 2 / 3, 1])[alike]) < 0.01
    hits = explained & (networks.accuracy() < 1)
    case.has_share("stuck-alike", hits.sum(), len(failed))
    stored = load_file(case.folder / "findings.safetensors")["stuck-losses"]
    assert np.allclose(stored, losses, rtol=1e-5, atol=1e-6), "stuck-losses"
