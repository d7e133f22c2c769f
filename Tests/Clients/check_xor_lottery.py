"""How XOR's networks began: the pairs of the lottery, chosen anew, and the findings about step 0.

Sizes are float32 and summed as Lottery.swift does, so that no tie breaks differently.
"""

import numpy as np

from xor_networks import Networks

DRAWS = (1, 2, 3)


def checks(case):
    for variant, choose in rules(case).items():
        yield f"start of {variant}", starts_from, case, variant, choose
    for check in (random_pair_start, other_good_pair_start, twins):
        yield f"{check.__name__.replace('_', ' ')}", check, case
    for check in (winners, picks, narrow, twins_without):
        yield check.__name__.replace("_", " "), check, case


def sizes(networks):
    """|w in| summed, times |w out|: `[seeds, units]`, in float32."""
    w1, w2 = (np.abs(weights.astype(np.float32)) for weights in (networks.w1, networks.w2))
    return (w1[:, 0] + w1[:, 1]) * w2[:, :, 0]


def ranking(networks, k):
    """A network's units, the largest first, and of equals the first first."""
    return np.argsort(-sizes(networks)[k], kind="stable")


def size_matched(initial, final, k, draw):
    size, survivors = sizes(initial)[k], ranking(final, k)[:2]
    left = [unit for unit in range(initial.width) if unit not in survivors]
    chosen = []
    for survivor in survivors:
        left.sort(key=lambda unit: (abs(size[unit] - size[survivor]), unit))
        chosen.append(left.pop(draw - 1))
    return chosen


def good_pair(networks, k, besides=()):
    """Two in tune at opposite corners, the smaller as large as can be; of equals the first."""
    size, corners, tuned = sizes(networks)[k], networks.corners()[k], networks.in_tune()[k]
    units = [unit for unit in np.flatnonzero(tuned) if unit not in besides]
    pairs = [
        (first, second) for place, first in enumerate(units) for second in units[place + 1 :]
        if corners[first] + corners[second] == 3]
    return max(pairs, key=lambda pair: size[list(pair)].min(), default=None)


def foretold_pair(networks, k):
    pair = good_pair(networks, k)
    return ranking(networks, k)[:2] if pair is None else pair


def rules(case):
    """Which two units of `main` each network of a variant starts from, in their order."""
    first, final = case.initial, case.final
    chosen = {
        "lottery": lambda k: ranking(final, k)[:2], "foretold": lambda k: foretold_pair(first, k)}
    for draw in DRAWS:
        chosen[f"size-matched-{draw}"] = lambda k, draw=draw: size_matched(first, final, k, draw)
        chosen[f"large-pair-{draw}"] = lambda k, draw=draw: np.delete(
            ranking(first, k)[:3], 3 - draw)
    return chosen


def starts_from(case, variant, choose):
    started, whole = case.first(variant), case.weights[0]
    count = len(whole["W1"])
    units = np.array([choose(k) for k in range(count)])
    rows = np.arange(count)[:, None]
    assert np.array_equal(started["W1"], whole["W1"][rows, :, units].transpose(0, 2, 1)), "W1"
    assert np.array_equal(started["W2"], whole["W2"][rows, units]), "W2"
    assert started["b1"].shape == (count, 2) and not started["b1"].any(), "b1"
    assert np.array_equal(started["b2"], whole["b2"]), "b2"


def drawn_pairs(case):
    """The random pairs, by the weights that they start with."""
    started, whole = case.first("random-pair"), case.weights[0]
    alike = (started["W1"][:, :, :, None] == whole["W1"][:, :, None]).all(axis=1)
    alike &= started["W2"][:, :, :1] == whole["W2"][:, None, :, 0]
    assert (alike.sum(axis=2) == 1).all(), "a unit that main does not have, or has twice"
    return alike.argmax(axis=2)


def random_pair_start(case):
    """Some two units of the same seed's network, and no unit far too often."""
    units = drawn_pairs(case)
    assert (units[:, 0] != units[:, 1]).all(), "the same unit twice"
    starts_from(case, "random-pair", lambda k: units[k])
    counts, share = np.bincount(units.ravel(), minlength=case.initial.width), 2 / case.initial.width
    spread = np.sqrt(len(units) * share * (1 - share))
    assert np.abs(counts - len(units) * share).max() < 4.5 * spread, f"not random: {counts}"


def other_good_pair_start(case):
    units = drawn_pairs(case)

    def choose(k):
        pair = good_pair(case.initial, k, ranking(case.final, k)[:2])
        return units[k] if pair is None else pair

    starts_from(case, "other-good-pair", choose)


def twins(case):
    """What else has the width of `main` starts as that does."""
    for variant in ("wide-no-penalty", "shuffled-labels"):
        for name, tensor in case.first(variant).items():
            assert np.array_equal(tensor, case.weights[0][name][: len(tensor)]), (variant, name)


def winners(case):
    """What the survivors were like before training."""
    pairs = case.final.pairs()
    tuned, before, after = case.initial.in_tune(), case.initial.corners(), case.final.corners()
    place = tuple(np.array([(k, unit) for k, pair in enumerate(pairs) for unit in pair or ()]).T)
    case.has_share("winners-in-tune", tuned[place].sum(), len(place[0]))
    case.has_share("all-in-tune", tuned.sum(), tuned.size)
    case.has_share(
        "winners-kept-corner", (before[place] == after[place]).sum(), len(place[0]))
    good = [
        pair is not None and tuned[k, list(pair)].all() and before[k, list(pair)].sum() == 3
        for k, pair in enumerate(pairs)]
    case.has_share("winners-began-good", sum(good), len(good))


def picks(case):
    """The pairs picked before training, and what came of them."""
    pairs, count = case.final.pairs(), case.final.count
    hits = [len(set(foretold_pair(case.initial, k)) & set(pairs[k] or ())) for k in range(count)]
    case.has_share("foretold-are-survivors", hits.count(2), count)
    case.has_share("foretold-shares-one", hits.count(1), count)
    good = np.array([good_pair(case.initial, k) is not None for k in range(count)])
    case.has_share("good-start-16", good.sum(), count)
    failed = Networks(case.last("foretold")).accuracy() < 1
    if failed.any():
        case.has_share("foretold-failed-without-pair", (failed & ~good).sum(), failed.sum())
    right = Networks(case.last("other-good-pair")).accuracy() == 1
    spare = np.array([
        good_pair(case.initial, k, pairs[k] or ()) is not None for k in range(count)])
    case.has_share("solved-good-without-survivors", (spare & right).sum(), spare.sum())


def narrow(case):
    """Two neurons from the start."""
    initial = Networks(case.first("width-2"))
    right = Networks(case.last("width-2")).accuracy() == 1
    good = np.array([good_pair(initial, k) is not None for k in range(initial.count)])
    case.has_share("solved-good-start", (good & right).sum(), good.sum())
    case.has_share("solved-bad-start", (~good & right).sum(), (~good).sum())
    case.has_share("good-start-2", good.sum(), len(good))
    case.has_share("narrow-winners-began-good", (good & right).sum(), right.sum())


def twins_without(case):
    """Twins without a penalty, and twins whose answers were dealt out at random."""
    alive = Networks(case.last("wide-no-penalty")).alive().sum(axis=1)
    case.has("alive-no-penalty", alive.mean(), len(alive))
    shuffled = Networks(case.last("shuffled-labels"))
    # The answers that were dealt out are those that the network has learned.
    learned = shuffled.outputs() > 0
    assert (learned.sum(axis=1) == 2).all(), "a network that did not learn its answers"
    rows = learned[:, 0] != learned[:, 3]
    found = [pair is not None for pair in shuffled.pairs()]
    case.has_share("pair-found-shuffled", (rows & found).sum(), rows.sum())
