"""Reversal's findings and trials once more, from the published tensors alone.

Where Casebook draws a control at random, its published mean has to be far from the threshold.
"""

from itertools import combinations

import numpy as np

from check_evidence import STANDARD
from reading import read_json
from reversal_networks import Case

BACKWARDS = np.arange(8)[::-1]


def checks(folder):
    case = Case(folder)
    for check in (solved, lists, attention, margins, crew):
        yield check.__name__, check, case
    trials = (
        deaf_to_tokens, values_carry_tokens, renumbered, rotates, head_not_bypass, no_mirror,
        never_fooled, nobody_is_missed)
    for check in trials:
        yield f"trial of {check.__name__}", check, case
    claimed = {check.__name__.replace("_", "-") for check in trials}
    yield "no other predictions", same, claimed, set(case.predictions) - STANDARD


def same(first, second):
    assert first == second, first ^ second


def right(network, tokens, **changes):
    x = network.stream(tokens)
    return (network.says(x, **changes) == tokens[:, ::-1]).mean()


def solved(case):
    """Who is said to reverse all held-out sequences does, and who is not does not."""
    for path in sorted(case.folder.glob("*/training.json")):
        variant, training = path.parent.name, read_json(path)
        solved = [step is not None for step in training["solvedAt"]]
        case.has_share(f"solved-{variant}", sum(solved), len(solved))
        if variant == "main" or variant.startswith("width"):
            for network, good in zip(case.networks(variant), solved):
                assert (right(network, case.tokens) == 1) == good, variant
    case.has("sequences", len(case.networks(seeds=[0])[0].E) ** 8)
    case.has("held-out-sequences", len(case.tokens))


def lists(case):
    """The two lists: who reads whom, and what is written when something is read."""
    for suffix, first in (("", False), ("-untrained", True)):
        networks = case.networks(first=first)
        rows = np.array([(one.routes()[0] == BACKWARDS).mean() for one in networks])
        case.has_share(f"route{suffix}", int((rows == 1).sum()), len(rows))
        case.has(f"route{suffix}-rows", rows.mean(), len(rows))
        circuits = [one.copies() for one in networks]
        copied = [(each.argmax(axis=1) == np.arange(10)).mean() for each in circuits]
        case.has(f"copied{suffix}", np.mean(copied), len(copied))
        values = [np.linalg.eigvals(each) for each in circuits]
        scores = [each.sum().real / np.abs(each).sum() for each in values]
        case.has(f"copying-score{suffix}", np.mean(scores), len(scores), atol=1e-4)


def attention(case):
    explore = case.networks(seeds=range(case.explore))
    shares = []
    for network in explore:
        x = network.stream(case.tokens)
        shares.append(network.pattern(x, x)[:, 0, range(8), BACKWARDS].mean())
    case.has("attention-on-route", np.mean(shares), case.explore, atol=1e-5)
    for name, changes in {
        "exact": {"pattern": np.eye(8)[BACKWARDS]}, "even": {"pattern": np.full((8, 8), 1 / 8)},
    }.items():
        tokens = [right(network, case.some, **changes) for network in explore]
        case.has(f"right-{name}", np.mean(tokens), case.explore, atol=2e-3)


def margins(case):
    """Nobody who is said to be right on all sequences can be fooled, and the others can."""
    for name in ("main", "width-8", "width-6", "width-4"):
        published = case.arrays[f"margins-{name}"]
        case.has_share(f"never-wrong-{name}", int((published > 0).sum()), len(published))
        case.has(f"least-margin-{name}", published.min(), len(published), atol=1e-5)
        for seed in range(0, len(published), 10 if name == "main" else 5):
            network = case.networks(name, [seed])[0]
            margin = network.smallest_margin()
            assert abs(margin - published[seed]) < 1e-3, f"{name} {seed}: {margin}"
    training = read_json(case.folder / "width-8/training.json")
    seed = int(case.findings["fooled-seed"]["value"])
    assert training["solvedAt"][seed] is not None, "who is fooled should have passed"
    tokens = case.arrays["fooled-tokens"].astype(int)[None]
    network = case.networks("width-8", [seed])[0]
    said = network.says(network.stream(tokens))[0]
    place = int(case.findings["fooled-place"]["value"])
    case.has("fooled-says", said[place])
    case.has("fooled-right", tokens[0, 7 - place])
    assert said[place] != tokens[0, 7 - place]


def shares_by_heads(case, network, tokens):
    """The share of right tokens with each set of heads kept, the others at their mean."""
    x = network.stream(tokens)
    results = network.results(x)
    means = results.mean(axis=0, keepdims=True)
    heads = range(network.heads)
    shares = {}
    for size in range(network.heads + 1):
        for kept in combinations(heads, size):
            out = x + sum((results if h in kept else means)[:, h] for h in heads)
            said = (out @ network.U).argmax(axis=-1)
            shares[kept] = (said == tokens[:, ::-1]).mean()
    return shares


def crew(case):
    explore = case.explore_networks("four-heads")
    shares = [shares_by_heads(case, network, case.tokens) for network in explore]
    for size in range(5):
        every = [share for each in shares for kept, share in each.items() if len(kept) == size]
        case.has(f"keeping-{size}", np.mean(every), len(every), atol=1e-3)


def deaf_to_tokens(case):
    effects, controls = [], []
    for network in case.trial_networks():
        places = np.broadcast_to(network.P, (len(case.some), *network.P.shape))
        tokens = network.E[case.some]
        effects.append(right(network, case.some, queries=places, keys=places))
        controls.append(right(network, case.some, queries=tokens, keys=tokens))
    case.trial("deaf-to-tokens", effects, np.array(effects) == 1, controls)


def values_carry_tokens(case):
    effects, controls = [], []
    donors = np.roll(case.some, -1, axis=0)
    for network in case.trial_networks():
        x, other = network.stream(case.some), network.stream(donors)
        effects.append((network.says(x, values=other) == donors[:, ::-1]).mean())
        said = network.says(x, queries=other, keys=other)
        controls.append((said == donors[:, ::-1]).mean())
    case.trial("values-carry-tokens", effects, np.array(effects) == 1, controls)


def renumbered(case):
    orders = case.arrays["renumberings"].astype(int)
    assert all(sorted(order) == list(range(8)) for order in orders), orders
    effects, untrained = [], []
    for first, into in ((False, effects), (True, untrained)):
        for network in case.trial_networks(first=first):
            shares = []
            for order in orders:
                x = network.stream(case.some)
                other = network.stream(case.some, network.P[order])
                by_queries, by_keys = 7 - order, np.argsort(order)[BACKWARDS]
                said = network.says(x, queries=other)
                shares.append((said == case.some[:, by_queries]).mean())
                said = network.says(x, keys=other)
                shares.append((said == case.some[:, by_keys]).mean())
            into.append(np.mean(shares) if first else min(shares))
    # The control is the better of untrained networks and random vectors.
    control = case.predictions["renumbered"]["controlEffect"]
    assert np.mean(untrained) - 1e-4 < control < 0.5, control
    case.trial("renumbered", effects, np.array(effects) >= 0.99)


def every_pair():
    """A hundred sequences in which each place and the second one on hold every pair of tokens."""
    pair = np.arange(100)
    return np.stack([pair // 10, pair // 10, pair % 10, pair % 10] * 2, axis=1)


def rotates(case):
    tokens = every_pair()
    there = (np.arange(8) + 2) % 8
    effects, untrained = [], []
    for first, into in ((False, effects), (True, untrained)):
        for network in case.trial_networks(first=first):
            said = network.says(network.stream(tokens), pattern=np.eye(8)[there])
            into.append((said == tokens[:, there]).mean())
    control = case.predictions["rotates"]["controlEffect"]
    assert np.mean(untrained) - 1e-4 < control < 0.5, control
    case.trial("rotates", effects, np.array(effects) == 1)


def head_not_bypass(case):
    effects, controls = [], []
    for network in case.trial_networks():
        x = network.stream(case.some)
        head = network.results(x).sum(axis=1)
        for stream, into in (
            (x + head.mean(axis=0), effects), (x.mean(axis=0) + head, controls)):
            said = (stream @ network.U).argmax(axis=-1)
            into.append((said == case.some[:, ::-1]).mean())
    passes = (np.array(effects) <= 0.2) & (np.array(effects) < controls)
    case.trial("head-not-bypass", effects, passes, controls)


def no_mirror(case):
    effects, controls = [], []
    for network in case.trial_networks("unasked"):
        said = network.says(network.stream(case.some)) == case.some[:, ::-1]
        effects.append(said[:, [0, 7]].mean())
        controls.append(said[:, 1:7].mean())
    passes = (np.array(effects) <= 0.5) & (np.array(effects) < controls)
    case.trial("no-mirror", effects, passes, controls)


def never_fooled(case):
    margins = case.arrays["margins-main"][case.explore :]
    assert case.predictions["never-fooled"]["controlEffect"] < 0
    case.trial("never-fooled", margins, margins >= 0)


def nobody_is_missed(case):
    effects, controls = [], []
    for network in case.trial_networks("four-heads"):
        shares = shares_by_heads(case, network, case.some)
        effects.append(min(share for kept, share in shares.items() if len(kept) == 3))
        controls.append(max(share for kept, share in shares.items() if len(kept) == 1))
    passes = (np.array(effects) >= 0.95) & (np.array(effects) > controls)
    case.trial("nobody-is-missed", effects, passes, controls)
