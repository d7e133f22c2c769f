"""Elman's headline numbers once more, from the published weights alone.

The network, the game and every method are written anew, in double precision; nothing is read from
findings.json but what is compared. Searches and random draws are left out: those have no second way.
"""

from itertools import product

import numpy as np

from reading import population, read_json

TURNS = ((1, 0, 2), (2, 1, 0), (0, 2, 1))  # AB, AC, BC
CUPS = MOVES = 3
ENDINGS = [[], [0], [1], [2]]


def played(cup, moves):
    for move in moves:
        cup = TURNS[move][cup]
    return cup


def all_games(count):
    return [(start, moves) for start in range(CUPS) for moves in product(range(MOVES), repeat=count)]


class Network:
    def __init__(self, weights, seed):
        tensors = {name: np.float64(tensor[seed]) for name, tensor in weights.items()}
        self.e, self.w, self.b = tensors["E"], tensors["W"], tensors["b"]
        self.u, self.c = tensors["U"], tensors["c"]

    def begin(self, starts):
        return np.maximum(self.e[starts] + self.b, 0)

    def move(self, states, moves):
        return np.maximum(states @ self.w + self.e[CUPS + np.asarray(moves)] + self.b, 0)

    def answers(self, states):
        return (states @ self.u + self.c).argmax(axis=1)

    def states(self, games):
        states = self.begin([start for start, _ in games])
        for moves in np.array([moves for _, moves in games]).reshape(len(games), -1).T:
            states = self.move(states, moves)
        return states

    def heard(self):
        """Orthonormal rows: the directions that W hears, the best first; and how well."""
        directions, values, _ = np.linalg.svd(self.w)
        return directions.T, values


class Looked:
    """A network with its states after the games of four moves."""

    games = all_games(4)

    def __init__(self, weights, seed):
        self.network = Network(weights, seed)
        states = self.network.states(self.games)
        self.mean = states.mean(axis=0)
        self.offsets = states - self.mean
        _, self.sizes, self.components = np.linalg.svd(self.offsets, full_matrices=False)
        self.loud, self.quiet = self.components[:2], self.network.heard()[0][:2]
        self.unheard = self.network.heard()[0][2:]

    def variance(self, rows):
        return np.sum((self.offsets @ rows.T) ** 2) / np.sum(self.offsets**2)

    def share(self, kinds, rows=None):
        parts = self.offsets if rows is None else self.offsets @ rows.T
        means = np.stack([parts[kinds == kind].mean(axis=0) for kind in range(3)])
        return np.sum(means[kinds] ** 2) / np.sum(parts**2)

    def exchanged(self, rows):
        """The shares of exchanges after which the answer is the source's, and is still the base's."""
        games = all_games(2)
        cups = [played(*game) for game in games]
        pairs = [(b, s) for b in range(len(games)) for s in range(len(games)) if cups[b] != cups[s]]
        states = self.network.states(games)
        base, source = (states[[pair[side] for pair in pairs]] for side in (0, 1))
        start = base + (source - base) @ rows.T @ rows
        moved = kept = 0
        for ending in ENDINGS:
            after = start
            for move in ending:
                after = self.network.move(after, [move] * len(pairs))
            answers = self.network.answers(after)
            moved += np.mean(answers == [played(cups[s], ending) for _, s in pairs])
            kept += np.mean(answers == [played(cups[b], ending) for b, _ in pairs])
        return moved / len(ENDINGS), kept / len(ENDINGS)

    def right_from_means(self):
        """The share of games that stay right when the state is the mean state of its cup."""
        cups = np.array([played(*game) for game in self.games])
        means = np.stack([self.offsets[cups == cup].mean(axis=0) for cup in range(CUPS)]) + self.mean
        right = []
        for cup, first, second in product(range(CUPS), range(MOVES), range(MOVES)):
            state, place = means[cup : cup + 1], cup
            good = self.network.answers(state)[0] == place
            for move in (first, second):
                state, place = self.network.move(state, [move]), TURNS[move][place]
                good &= self.network.answers(state)[0] == place
            right.append(good)
        return np.mean(right)


class Case:
    def __init__(self, folder):
        file = read_json(folder / "findings.json")
        self.findings = file["findings"]
        self.predictions = {each["name"]: each for each in file["predictions"]}
        weights = population(folder / "main")
        self.final = weights[max(weights)]
        twins = population(folder / "no-noise")
        self.twins = twins[max(twins)]
        training = read_json(folder / "main/training.json")
        explore = training["exploreCount"]
        self.explore = [Looked(self.final, seed) for seed in range(explore)]
        self.trial = [Looked(self.final, seed) for seed in range(explore, training["seedCount"])]

    def has(self, name, values, tolerance=1e-4):
        found, value = self.findings[name]["value"], np.mean(values)
        assert abs(found - value) <= tolerance, f"{name} is {found}, and should be {value}"

    def predicted(self, name, effects, reached, tolerance=1e-4):
        prediction, effect = self.predictions[name], np.mean(effects)
        assert abs(prediction["effect"] - effect) <= tolerance, (name, prediction["effect"], effect)
        assert prediction["passed"] == sum(reached), (name, prediction["passed"], sum(reached))


def checks(folder):
    case = Case(folder)
    for check in (every_game, loudness, news, ears, exchanges, means, long_games):
        yield check.__name__, check, case


def every_game(case):
    assert case.findings["games"]["value"] == sum(len(all_games(count)) for count in range(7))
    for each in case.explore + case.trial:
        for count in range(7):
            games = all_games(count)
            answers = each.network.answers(each.network.states(games))
            assert list(answers) == [played(*game) for game in games], count


def loudness(case):
    for name, rows in (("loud", "loud"), ("heard", "quiet")):
        case.has(f"variance-{name}", [each.variance(getattr(each, rows)) for each in case.explore])


def news(case):
    games = Looked.games
    cup = np.array([played(*game) for game in games])
    past = np.array([played(start, moves[:-1]) for start, moves in games])
    move = np.array([moves[-1] for _, moves in games])
    for factor, kinds in (("cup", cup), ("past", past), ("move", move)):
        for place in ("all", "loud", "heard"):
            rows = {"all": None, "loud": "loud", "heard": "quiet"}[place]
            case.has(
                f"{factor}-in-{place}",
                [each.share(kinds, rows and getattr(each, rows)) for each in case.explore])
    shares = [each.share(past, each.loud) for each in case.trial]
    others = [max(each.share(cup, each.loud), each.share(move, each.loud)) for each in case.trial]
    reached = [share >= 0.5 and share > other for share, other in zip(shares, others)]
    case.predicted("old-news", shares, reached)


def ears(case):
    values = [each.network.heard()[1] for each in case.explore]
    case.has("gain-of-heard", [each[:2] for each in values])
    case.has("gain-of-third", [each[2] for each in values])
    case.has(
        "gain-of-third-no-noise",
        [Network(case.twins, seed).heard()[1][2] for seed in range(len(case.explore))])
    case.has(
        "gain-of-loud",
        [np.linalg.norm(each.loud @ each.network.w, axis=1) for each in case.explore])


def exchanges(case):
    for name in ("loud", "unheard"):
        both = [each.exchanged(getattr(each, name)) for each in case.explore]
        case.has(f"moved-{name}", [moved for moved, _ in both])
        case.has(f"kept-{name}", [kept for _, kept in both])
    case.has("moved-heard", [each.exchanged(each.quiet)[0] for each in case.explore])
    heard = [each.exchanged(each.quiet)[0] for each in case.trial]
    case.predicted("heard-is-all", heard, [share >= 0.95 for share in heard])
    rest = [each.exchanged(each.unheard)[1] for each in case.trial]
    case.predicted("rest-is-nothing", rest, [share >= 0.95 for share in rest])


def means(case):
    right = [each.right_from_means() for each in case.trial]
    case.predicted("three-states", right, [share >= 0.99 for share in right])


def long_games(case):
    """Other games than Casebook's own: networks that know every cup there know every cup here."""
    generator = np.random.default_rng(0)
    starts = generator.integers(CUPS, size=50)
    moves = generator.integers(MOVES, size=(int(case.findings["long-moves"]["value"]), 50))
    cups = starts
    for now in moves:
        cups = np.array(TURNS)[now, cups]
    known = []
    for each in case.explore + case.trial:
        states = each.network.begin(starts)
        for now in moves:
            states = each.network.move(states, now)
        known.append(np.all(each.network.answers(states) == cups))
    case.has("long-main", known, tolerance=0.02)
