"""XOR's trials once more, from the published weights alone.

Where Casebook draws a control at random, all controls that it could have drawn are tried.
"""

from itertools import combinations

import numpy as np

from check_evidence import STANDARD
from check_xor_lottery import drawn_pairs, foretold_pair
from xor_networks import ANSWERS, CORNERS, Networks


def checks(case):
    claims = (
        two_are_enough, each_has_its_corner, the_detector_decides, one_number, born_winners,
        foretold, named)
    for check in claims:
        yield f"trial of {check.__name__}", check, case
    yield "no other predictions", same, {name(check) for check in claims}, set(case.predictions) - STANDARD


def name(check):
    return check.__name__.replace("_", "-")


def same(first, second):
    assert first == second, first ^ second


def trial(case, name, effects, controls=None, present=None, atol=1e-6):
    """Compares a trial; `controls` are rows, one for each control that could have been drawn."""
    prediction = case.predictions[name]
    n = len(effects)
    present = np.ones(n, bool) if present is None else present
    assert (prediction["n"], prediction["absent"]) == (n, (~present).sum()), (n, (~present).sum())
    at_most, threshold = name == "one-number", prediction["threshold"]
    assert threshold == (0.01 if at_most else 1), f"the threshold is {threshold}"
    assert (prediction["intervention"] is None) == (name == "named"), "wrong intervention"
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
    """Exactly the own corner is lost, of each of the two."""
    networks, units, present = located(case)
    rest, corners = others(networks, units), networks.corners()
    rows = np.arange(networks.count)

    def loses_own(unit):
        wrong = networks.outputs(1 - kept_only(networks, unit[:, None])) * ANSWERS <= 0
        own = np.arange(len(ANSWERS)) == corners[rows, unit][:, None]
        return (wrong == own).all(axis=1)

    def share(first, second):
        return (loses_own(first).astype(float) + loses_own(second)) / 2

    controls = np.array([
        share(rest[:, first], rest[:, second])
        for first, second in combinations(range(rest.shape[1]), 2)
    ])
    trial(case, "each-has-its-corner", share(*units.T), controls, present)


def the_detector_decides(case):
    """Each of the two in turn is held, and the worse one counts."""
    networks, units, present = located(case)
    rows, corners = np.arange(networks.count), networks.corners()

    def answers(unit, opposite):
        own = corners[rows, unit]
        hidden = networks.hidden.copy()
        hidden[rows, :, unit] = networks.hidden[rows, 3 - own if opposite else own, unit][:, None]
        return (networks.outputs(hidden=hidden) * ANSWERS[own][:, None] > 0).mean(axis=1)

    effects, controls = (
        np.minimum(*(answers(unit, opposite) for unit in units.T)) for opposite in (False, True))
    trial(case, "the-detector-decides", effects, controls[None], present)


def one_number(case):
    networks, units, present = located(case)
    clean = networks.outputs()
    w1 = np.take_along_axis(networks.w1, units[:, None], axis=2)
    w2 = np.take_along_axis(networks.w2[:, :, 0], units, axis=1)
    sizes = np.concatenate([np.abs(w1).reshape(-1, 4), np.abs(w2) / 2], axis=1).mean(axis=1)

    def signs(weights):
        return np.where(weights < 0, -1, 1)

    def moved(factor):
        a = factor * sizes[:, None]
        hidden = np.maximum(CORNERS @ (signs(w1) * a[:, None]), 0)
        outputs = np.einsum("nci,ni->nc", hidden, 2 * a * signs(w2))
        return np.abs(outputs + 2 * a**2 * signs(networks.b2) - clean).max(axis=1)

    trial(case, "one-number", moved(1), moved(1.1)[None], present)


def lottery(case, name, variant, control):
    """That the networks start as they should is for check_xor_lottery to find."""
    def solved(variant):
        return (case.trial(variant).accuracy() == 1).astype(float)

    controls = np.mean([solved(f"{control}-{draw}") for draw in (1, 2, 3)], axis=0)
    trial(case, name, solved(variant), controls[None])


def born_winners(case):
    lottery(case, "born-winners", "lottery", "size-matched")


def foretold(case):
    lottery(case, "foretold", "foretold", "large-pair")


def named(case):
    """Nothing is done to a network: what was picked at step 0 is compared with what survives."""
    _, units, present = located(case)
    untrained = Networks(case.weights[0], slice(case.training["exploreCount"], None))

    def share(picks):
        return (picks[:, :, None] == units[:, None]).any(axis=2).mean(axis=1)

    effects = share(np.array([foretold_pair(untrained, k) for k in range(untrained.count)]))
    # What is drawn depends on a network's place alone, and `random-pair` shows what that was.
    controls = share(drawn_pairs(case)[: len(units)])
    trial(case, "named", effects, controls[None], present)
