"""Hidden parity's findings and trials once more, from the published tensors alone.

Which bits decide is found from the recorded inputs and targets. What a template is says the case's
page. Where Casebook draws a control at random, its published mean has to be far from the threshold.
"""

import numpy as np

from check_evidence import STANDARD
from parity_networks import Case
from reading import population, read_json

TENTH = 0.1


def checks(folder):
    case = Case(folder)
    for check in (deciding_bits, solved, templates, census, subsets, choices, rulers):
        yield check.__name__, check, case
    trials = (
        six_do_nothing, eight_are_enough, all_or_nothing, votes_against_itself,
        speaks_for_its_neighbours, signs_are_all, three_bits_one_ruler,
        born_winners)
    for check in trials:
        yield f"trial of {check.__name__}", check, case
    claimed = {check.__name__.replace("_", "-") for check in trials}
    yield "no other predictions", same, claimed, set(case.predictions) - STANDARD


def same(first, second):
    assert first == second, first ^ second


def deciding_bits(case):
    case.has("deciding-bits", [bit + 1 for bit in case.bits], len(case.bits))
    case.has("deciding", len(case.bits))
    case.has("inputs", len(case.inputs))
    case.has("weights", sum(tensor[0].size for tensor in case.weights[0].values()))


def solved(case):
    """Who has solved the task is right on the held-out part, which is among all inputs."""
    for path in sorted(case.folder.glob("*/training.json")):
        variant, training = path.parent.name, read_json(path)
        right = [step is not None for step in training["solvedAt"]]
        case.has_share(f"solved-{variant}", sum(right), len(right))
        assert all(training["finalAccuracy"][k] == 1 for k, good in enumerate(right) if good)
        if variant in ("main", "longer", "no-penalty", "tenth", "lottery", "random-eight"):
            networks = case.last(variant)
            held_out = 1 - (0.1 if variant == "tenth" else 0.5)
            for network in np.flatnonzero(right):
                accuracy = (networks.outputs(network) * case.targets > 0).mean()
                assert accuracy >= held_out - 1e-3, f"{variant} {network}: {accuracy}"


def templates(case):
    alive = case.final.alive().sum(axis=1)
    case.has_share("eight-neurons", (alive == 8).sum(), len(alive))
    case.has_share("eight-templates", sum(case.eight), len(alive))
    case.has("alive-median-main", np.median(alive), len(alive))
    faces = np.zeros(8)
    mismatch, biases, strays, against, votes = [], [], [], 0, []
    others = [bit for bit in range(case.inputs.shape[1]) if bit not in case.bits]
    for network, groups in enumerate(case.found):
        if not case.eight[network]:
            continue
        table = np.array(list(groups))
        pivots = [k for k in range(4) if len(set(table[:, k])) == 1]
        if len(pivots) == 1:
            faces[2 * pivots[0] + (table[0, pivots[0]] > 0)] += 1
        for pattern, units in groups.items():
            product = 0
            for unit in units:
                sizes = np.abs(case.final.w1[network, case.bits, unit])
                mismatch.append((sizes.max() - sizes.min()) / sizes.max())
                biases.append(abs(case.final.b1[network, unit]) / sizes.max())
                strays.append(np.abs(case.final.w1[network, others, unit]).max() / sizes.max())
                vote = case.final.w2[network, unit, 0]
                product += 2 * sizes.mean() * abs(vote)
                against += vote * np.prod(pattern) < 0
            votes.append(product)
    case.has_share("on-a-face", int(faces.sum()), sum(case.eight))
    case.has("faces", faces, sum(case.eight))
    case.has("weight-mismatch", np.quantile(mismatch, 0.95), len(mismatch))
    case.has("largest-bias", np.quantile(biases, 0.95), len(biases))
    case.has("stray-weight", np.quantile(strays, 0.95), len(strays))
    case.has("vote-of-a-neighbour", np.mean(votes), len(votes))
    case.has_share("votes-against", int(against), len(mismatch))


def census(case):
    for variant in ("longer", "five-bits", "tenth", "no-penalty", "lottery", "random-eight"):
        networks = case.last(variant)
        case.has(
            f"alive-median-{variant}", np.median(networks.alive().sum(axis=1)), networks.count)
        eight = [len(groups) == 8 for groups in networks.templates(case.bits)]
        case.has_share(f"eight-templates-{variant}", sum(eight), networks.count)
    longer = case.last("longer").alive().sum(axis=1)
    case.has_share("eight-neurons-longer", (longer == 8).sum(), len(longer))
    usual = case.final.alive().sum(axis=1)[: len(longer)]
    case.has_share("eight-neurons-usual", (usual == 8).sum(), len(longer))


def subset_errors(case, network, groups):
    """The squared error of every subset of groups of units, the other groups set to zero."""
    hidden = case.final.hidden(network)
    parts = np.array([
        hidden[:, units] @ case.final.w2[network, units, 0] for units in groups])
    rest = case.final.outputs(network) - parts.sum(axis=0)
    kept = (np.arange(1 << len(groups))[:, None] >> np.arange(len(groups))) & 1
    return kept, ((kept @ parts + rest - case.targets) ** 2).mean(axis=1)


def minimal(kept, enough):
    """The sufficient subsets of which no proper subset is sufficient."""
    sufficient = kept[enough]
    return [
        one for one in sufficient
        if not any((other <= one).all() and (other != one).any() for other in sufficient)
    ]


def subsets(case):
    seed = case.training["specimen"]["seed"]
    groups = list(case.found[seed].values())
    kept, errors = subset_errors(case, seed, groups)
    sets = minimal(kept, errors < TENTH)
    case.has("subsets", len(kept), len(kept))
    case.has("minimal-sets", len(sets), len(kept))
    case.has("minimal-set-size", min(one.sum() for one in sets))
    sizes = kept.sum(axis=1)
    case.has("worst-subset-error", errors.max(), atol=1e-5)
    case.has(
        "error-by-size", [errors[sizes == size].mean() for size in range(len(groups) + 1)],
        atol=1e-5)
    case.has_share("subsets-worse-than-none", int((errors > errors[0] + 1e-5).sum()), len(kept))
    values = []
    for unit in range(len(groups)):
        without = np.flatnonzero(kept[:, unit] == 0)
        gains = errors[without] - errors[without | 1 << unit]
        values.append(np.mean([gains[sizes[without] == size].mean() for size in range(8)]))
    case.has("shapley", values, atol=1e-5)


def patterns():
    return np.array([[1 if k >> (3 - place) & 1 else -1 for place in range(4)] for k in range(16)])


def contribution(template, shown):
    """What a template adds to the output where the bits show a pattern, by the claimed formula."""
    excess = np.maximum(shown @ np.array(template), 0)
    return -np.prod(template) * excess / 2


def choices(case):
    """Of all choices of one pattern from each pair of opposites, those that answer rightly."""
    table = patterns()
    right = table.prod(axis=1)
    works = faces = 0
    for choice in range(256):
        chosen = [table[k] if choice >> k & 1 else -table[k] for k in range(8)]
        answer = sum(contribution(each, table) for each in chosen)
        if np.abs(answer - right).max() < 1e-9:
            works += 1
            faces += (np.abs(np.sum(chosen, axis=0)) == 8).any()
    case.has("choices", 256)
    case.has("choices-that-work", works, 256)
    case.has("choices-that-are-faces", faces, works)


def six_do_nothing(case):
    width = case.inputs.shape[1]
    place = {tuple(row): index for index, row in enumerate(case.inputs.astype(int))}
    rows, turn = case.inputs.astype(int), 1 - 2 * np.eye(width, dtype=int)
    flipped = np.array([[place[tuple(row * turn[bit])] for row in rows] for bit in range(width)])
    others = [bit for bit in range(width) if bit not in case.bits]
    effects, controls = [], []
    for network in case.trial_seeds():
        outputs = case.final.outputs(network)
        moved = np.abs(outputs[flipped] - outputs)
        effects.append(moved[others].max())
        controls.append(moved[case.bits].min())
    passes = (np.array(effects) <= TENTH) & (np.array(effects) < controls)
    case.trial("six-do-nothing", effects, passes, controls=controls)


def present(case):
    return np.array(case.eight)[case.explore :]


def eight_are_enough(case):
    effects = []
    for network in case.trial_seeds():
        kept = np.zeros(case.final.width)
        kept[[unit for units in case.found[network].values() for unit in units]] = 1
        outputs = case.final.outputs(network, case.final.hidden(network) * kept)
        effects.append((outputs * case.targets > 0).mean())
    # Whatever eight others are kept, they hardly answer better than by chance.
    assert case.predictions["eight-are-enough"]["controlEffect"] < 0.75
    case.trial("eight-are-enough", effects, np.array(effects) == 1, present(case))


def all_or_nothing(case):
    effects = []
    for network in case.trial_seeds():
        groups = list(case.found[network].values())
        if len(groups) != 8:
            effects.append(0)
            continue
        kept, errors = subset_errors(case, network, groups)
        sizes = [one.sum() for one in minimal(kept, errors < TENTH)]
        effects.append(min(sizes, default=9))
    # With no other neuron is anything lost: the smallest subset of eight others is the empty one.
    assert case.predictions["all-or-nothing"]["controlEffect"] == 0
    case.trial("all-or-nothing", effects, np.array(effects) >= 8, present(case))


def votes_against_itself(case):
    initial = case.weights[0]
    effects, before = [], []
    for network in case.trial_seeds():
        def share(w1, w2):
            units = [unit for units in case.found[network].values() for unit in units]
            signs = np.where(w1[network][np.ix_(case.bits, units)] > 0, 1, -1).prod(axis=0)
            return (w2[network, units, 0] * signs < 0).mean()

        effects.append(share(case.final.w1, case.final.w2))
        before.append(share(initial["W1"], initial["W2"]))
    passes = (np.array(effects) >= 1) & (np.array(effects) > before)
    case.trial("votes-against-itself", effects, passes, present(case), before)


def speaks_for_its_neighbours(case):
    shown = case.inputs[:, case.bits].astype(int)
    effects = []
    for network in case.trial_seeds():
        hidden, fits = case.final.hidden(network), []
        for template, units in case.found[network].items():
            moved = -hidden[:, units] @ case.final.w2[network, units, 0]
            fits.append(np.abs(moved + contribution(template, shown)) <= TENTH)
        effects.append(np.mean(fits))
    # The control predicts another template's change, which never fits everywhere.
    assert case.predictions["speaks-for-its-neighbours"]["controlEffect"] < 0.75
    case.trial("speaks-for-its-neighbours", effects, np.array(effects) >= 1, present(case))


def signs_are_all(case):
    inputs = case.inputs.astype(np.float64)
    shown = inputs[:, case.bits]
    effects, controls = [], []
    for network in case.trial_seeds():
        hidden, clean = case.final.hidden(network), case.final.outputs(network)
        right, wrong, whole = [], [], 0
        for template, units in case.found[network].items():
            old = hidden[:, units] @ case.final.w2[network, units, 0]
            signs = np.array(template, float)
            vote = -signs.prod()
            new = vote * np.maximum(shown @ signs / 2, 0)
            turned = vote * np.maximum(shown @ (signs * [-1, 1, 1, 1]) / 2, 0)
            right.append(np.abs(new - old).max())
            wrong.append(np.abs(turned - old).max())
            whole = whole + new
        right.append(np.abs(whole - clean).max())
        effects.append(max(right))
        controls.append(min(wrong))
    passes = (np.array(effects) <= TENTH) & (np.array(effects) < controls)
    case.trial("signs-are-all", effects, passes, present(case), controls)


def ruler(networks, network, bits):
    """Three living neurons along one direction of equal weights: the units and the signs."""
    units = np.flatnonzero(networks.alive()[network])
    if len(units) != 3:
        return None
    own = networks.w1[network][np.ix_(bits, units)].T
    sizes = np.abs(own)
    if (sizes.min(axis=1) < 0.95 * sizes.max(axis=1)).any():
        return None
    lines = np.where(own < 0, -1, 1) * np.where(own[:, :1] < 0, -1, 1)
    return (units, lines[0]) if (lines == lines[0]).all() else None


def three_bits(case):
    """The small networks, and the bits whose product they answer with."""
    networks = case.last("three-bits")
    answers = np.sign(np.median([networks.outputs(k) for k in range(networks.count)], axis=0))
    return networks, case.deciding(answers)


def rulers(case):
    networks, bits = three_bits(case)
    found = [ruler(networks, network, bits) for network in range(networks.count)]
    case.has_share("rulers", sum(one is not None for one in found), networks.count)
    case.has("alive-median-three-bits", np.median(networks.alive().sum(axis=1)), networks.count)


def three_bits_one_ruler(case):
    networks, bits = three_bits(case)
    training = read_json(case.folder / "three-bits/training.json")
    place = {tuple(row): index for index, row in enumerate(case.inputs.astype(int))}
    effects, controls, found = [], [], []
    for network in range(training["exploreCount"], networks.count):
        one = ruler(networks, network, bits)
        found.append(one is not None)
        if one is None:
            effects.append(0)
            controls.append(0)
            continue
        units, signs = one
        same_count, other_count = [], []
        for row in case.inputs.astype(int):
            agrees = row[bits] == signs
            count = agrees.sum()
            target = count - 2 if count >= 2 else count + 2
            for wanted, list_ in (
                (np.roll(agrees, -1), same_count), (np.arange(3) < target, other_count),
            ):
                partner = row.copy()
                partner[bits] = np.where(wanted, signs, -signs)
                list_.append(place[tuple(partner)])
        hidden, clean = networks.hidden(network), networks.outputs(network)

        def moved(partners):
            rows = []
            for unit in units:
                patched = hidden.copy()
                patched[:, unit] = hidden[partners, unit]
                rows.append(np.abs(networks.outputs(network, patched) - clean).max())
            return rows

        effects.append(max(moved(same_count)))
        controls.append(min(moved(other_count)))
    passes = (np.array(effects) <= TENTH) & (np.array(effects) < controls)
    case.trial("three-bits-one-ruler", effects, passes, found, controls)


def born_winners(case):
    """And the eight do start with what the largest neuron of each template had before training."""
    first = population(case.folder / "lottery")[0]["W1"]
    sizes = np.abs(case.final.w1).sum(axis=1) * np.abs(case.final.w2[:, :, 0])
    for network in range(case.final.count):
        chosen = np.argsort(-sizes[network], kind="stable")[: first.shape[2]]
        if case.eight[network]:
            groups = case.found[network].values()
            chosen = [max(units, key=lambda unit: sizes[network, unit]) for units in groups]
        started = case.weights[0]["W1"][network][:, chosen]
        assert np.array_equal(np.sort(first[network]), np.sort(started)), f"not those of {network}"

    def right(variant):
        networks = case.last(variant)
        return [(networks.outputs(k) * case.targets > 0).mean() for k in case.trial_seeds()]

    effects, controls = np.array(right("lottery")), np.array(right("random-eight"))
    passes = (effects >= 1) & (effects > controls)
    case.trial("born-winners", effects, passes, present(case), controls)
