"""What the cases say of themselves, in the terms of standard_tests.py."""

from itertools import product

import numpy as np
from safetensors.numpy import load_file

from cup_games import FUNCTIONS, SWAPS, cups_of, games
from parity_networks import Networks
from standard_tests import Claim, Generator, spanned, units


class Parity(Claim):
    site = "hidden"

    def __init__(self, folder):
        self.recorded = load_file(folder / "activations.safetensors")
        super().__init__(folder)

    def examples(self):
        inputs, targets = self.recorded["inputs"], self.recorded["targets"]
        stacked = {name: np.stack([own[name] for own in self.weights]) for name in self.weights[0]}
        # Only the deciding bits go along with the target four at a time.
        self.bits = next(
            list(bits) for bits in product(range(inputs.shape[1]), repeat=4)
            if len(set(bits)) == 4 and (inputs[:, bits].prod(axis=1) == targets[:, 0]).all())
        self.bits.sort()
        found = Networks(stacked, inputs).templates(self.bits)
        self.templates = {
            own["W1"].tobytes(): groups for own, groups in zip(self.weights, found)}
        return {"x": inputs}, targets

    def own(self, weights):
        return self.templates[weights["W1"].tobytes()]

    def located(self, weights):
        groups = self.own(weights)
        if len(groups) != 8 or not (abs(np.sum(list(groups), axis=0)) == 8).any():
            return None
        return [units([unit for group in groups.values() for unit in group], 64)]

    def read(self, output, inputs):
        return np.where(output > 0, 1, -1)

    def vote(self, pattern, x):
        return -np.prod(pattern) * np.maximum(x[:, self.bits] @ np.array(pattern), 0) / 2

    def program(self, weights, inputs):
        votes = sum(self.vote(pattern, inputs["x"]) for pattern in self.own(weights))
        return np.where(votes > 0, 1, -1)[:, None]

    def variables(self, weights):
        x = self.inputs["x"]
        whole = sum(self.vote(pattern, x) for pattern in self.own(weights))
        for pattern, group in self.own(weights).items():
            vote = self.vote(pattern, x)

            def swapped(bases, sources, vote=vote):
                votes = whole[bases] - vote[bases] + vote[sources]
                votes = np.where(abs(votes) > 0.5, votes, whole[bases])
                return np.where(votes > 0, 1, -1)[:, None]

            yield self.site, None, units(group, 64), swapped


class Game(Claim):
    """A ball followed through four moves, and asked for at the start and after each of them."""

    length, table = 4, SWAPS

    def games(self):
        return games(self.length, 3)

    def examples(self):
        starts, moves = self.games()
        steps = self.network["inputs"][1]["shape"][0]
        padded = np.pad(moves, ((0, 0), (0, steps - self.length)))
        self.cups = cups_of(starts, moves, self.table)
        whole = np.full(len(starts), self.length)
        return {"start": starts, "moves": padded, "length": whole}, self.cups

    def answers(self, weights, inputs, held=None, **edit):
        lengths = range(self.length + 1)
        count = len(inputs["start"])
        rows = {name: np.concatenate([table] * len(lengths)) for name, table in inputs.items()}
        rows["length"] = np.repeat(lengths, count)
        held = None if held is None else np.concatenate([held] * len(lengths))
        output = self.run(weights, rows, held=held, **edit)[self.network["output"]]
        return output.argmax(axis=1).reshape(len(lengths), count).T

    def program(self, weights, inputs):
        return cups_of(inputs["start"], inputs["moves"][:, : self.length], self.table)

    def goes_on(self, bases, sources, asked):
        """The base's answers, which go on from the source's cup where the program is asked."""
        own, after = self.cups[bases], self.step + 1
        there = self.cups[sources, after]
        moves = self.inputs["moves"][bases][:, after : self.length]
        swapped = np.concatenate([own[:, :after], cups_of(there, moves, self.table)], axis=1)
        return np.where(asked(own[:, after], there)[:, None], swapped, own)

    def error(self, weights):
        images = np.einsum("mij,cj->mci", weights["W"], weights["E"])
        off = np.linalg.norm(images - weights["E"][self.table], axis=2).max()
        return off / np.linalg.norm(weights["E"], axis=1).mean()


class ShellGame(Game):
    site, step = "state", 2

    def located(self, weights):
        return [spanned(weights["E"][:2])] if self.error(weights) < 0.05 else None

    def variables(self, weights):
        for cup in range(3):
            yield self.site, self.step, spanned(weights["E"][[cup]]), (
                lambda bases, sources, cup=cup: self.goes_on(
                    bases, sources, lambda own, there: there == cup))


class TrickShellGame(Game):
    site, step, table = "state", 1, FUNCTIONS

    def games(self):
        generator = Generator(7)
        rows = np.array([
            [generator.index(3), *[generator.index(27) for _ in range(4)]] for _ in range(243)])
        return rows[:, 0], rows[:, 1:]

    def located(self, weights):
        if self.error(weights) >= 0.05:
            return None
        e = weights["E"]
        return [spanned([e[0] - e[1], e[1] - e[2]])]

    def variables(self, weights):
        for pair in ((0, 1), (1, 2), (0, 2)):
            e = weights["E"]
            yield self.site, self.step, spanned([e[pair[0]] - e[pair[1]]]), (
                lambda bases, sources, pair=pair: self.goes_on(
                    bases, sources,
                    lambda own, there: np.isin(own, pair) & np.isin(there, pair)))


class Elman(Game):
    """The quiet plane: the two directions that the recurrence hears best."""

    site, step = "hidden", 1

    def located(self, weights):
        directions, values, _ = np.linalg.svd(weights["W"].astype(np.float64))
        return [spanned(directions.T[:2])] if values[1] > 1.5 * values[2] else None

    def variables(self, weights):
        yield self.site, self.step, self.located(weights)[0], (
            lambda bases, sources: self.goes_on(
                bases, sources, lambda own, there: np.full(own.shape, True)))


class Reversal(Claim):
    """What each place reads from each other: a value times its share of the attention."""

    site = "blocks.0.attn.hook_z"
    values = "blocks.0.attn.hook_v"

    def __init__(self, folder):
        self.tokens = load_file(folder / "activations.safetensors")["inputs"][:64].astype(int)
        super().__init__(folder)

    def examples(self):
        return {"tokens": self.tokens}, self.tokens[:, ::-1]

    def located(self, weights):
        places = weights["pos_embed.W_pos"].astype(np.float64)
        queries, keys = (places @ weights[f"blocks.0.attn.W_{x}"][0] for x in "QK")
        straight = (queries @ keys.T).argmax(axis=1) == np.arange(8)[::-1]
        return [np.eye(8)[::-1]] if straight.all() else None

    def read(self, output, inputs):
        return output.argmax(axis=-1)

    def ablated(self, weights, part, rest=False):
        sites = self.run(weights, self.inputs)
        pattern = sites["blocks.0.attn.hook_pattern"][:, 0, :, :, None].astype(np.float64)
        routes = pattern * sites[self.values][:, None, :, 0]
        cut = (1 - part if rest else part)[None, :, :, None]
        return (routes + cut * (routes.mean(axis=0) - routes)).sum(axis=2)

    def program(self, weights, inputs):
        return inputs["tokens"][:, ::-1]

    def variables(self, weights):
        size = 8 * weights["blocks.0.attn.W_V"].shape[-1]
        for place in range(8):
            def swapped(bases, sources, place=place):
                tokens = self.tokens[bases].copy()
                tokens[:, place] = self.tokens[sources, place]
                return tokens[:, ::-1]

            part = units(np.arange(place * size // 8, (place + 1) * size // 8), size)
            yield self.values, None, part, swapped


class Induction(Claim):
    """Notes in the margins: beside each place of the first round the name of the note before."""

    site = "blocks.0.attn.hook_z"
    first, later = range(1, 13), range(13, 24)

    def examples(self):
        generator = Generator(7)
        tunes = []
        for period in range(4, 13):
            notes = generator.permutation(16)[:period]
            for _ in range(7):
                order = generator.permutation(period)
                tunes.append([notes[order[place % period]] for place in range(24)])
        tunes = np.array(tunes)
        # A tune's question is put where its present note was heard before.
        self.periods = np.array([list(tune).index(tune[0], 1) for tune in tunes])
        self.asked = np.array([
            period + generator.index(int(24 - period)) for period in self.periods])
        rows = np.arange(len(tunes))
        return {"tokens": tunes, "asked": self.asked}, tunes[rows, self.asked + 1 - self.periods, None]

    def run(self, weights, inputs, **edit):
        return super().run(weights, {"tokens": inputs["tokens"]}, **edit)

    def located(self, weights):
        """There where three in four of the first head's rows look one back, and of the names are read."""
        w = {name: tensor.astype(np.float64) for name, tensor in weights.items()}
        head = {f"{x}{layer}": w[f"blocks.{layer}.attn.W_{x}"][0] for layer in (0, 1) for x in "QKVO"}
        places, tokens = w["pos_embed.W_pos"], w["embed.W_E"]
        scores = places @ head["Q0"] @ (places @ head["K0"]).T
        scores[np.triu_indices(24, 1)] = -np.inf
        back = scores.argmax(axis=1)[self.first] == np.array(self.first) - 1
        names = tokens @ head["Q1"] @ (tokens @ head["V0"] @ head["O0"] @ head["K1"]).T
        found = (back.mean(), (names.argmax(axis=1) == np.arange(16)).mean())
        return [self.entries(self.first)] if min(found) >= 0.75 else None

    def entries(self, places):
        """All numbers of a head at some places."""
        return units(np.arange(24 * 16).reshape(24, 16)[places], 24 * 16)

    def read(self, output, inputs):
        return output.argmax(axis=-1)[np.arange(len(output)), inputs["asked"], None]

    @staticmethod
    def look_up(margins, beside, present, asked):
        """What stands beside the last margin, so far, that has the present note; 0 if none has."""
        places = np.arange(24)
        fits = (margins == present[:, None]) & (places >= 1) & (places <= np.minimum(asked, 12)[:, None])
        last = 23 - fits[:, ::-1].argmax(axis=1)
        return np.where(fits.any(axis=1), beside[np.arange(len(last)), last], 0)[:, None]

    def page(self, tunes, asked):
        return np.roll(tunes, 1, axis=1), tunes, tunes[np.arange(len(tunes)), asked], asked

    def program(self, weights, inputs):
        return self.look_up(*self.page(inputs["tokens"], inputs["asked"]))

    def variables(self, weights):
        parts = (("blocks.0.attn.hook_z", self.first), ("blocks.1.attn.hook_v", self.first),
                 ("blocks.1.attn.hook_q", self.later))
        for number, (site, places) in enumerate(parts):
            def swapped(bases, sources, number=number):
                tunes, asked = self.inputs["tokens"], self.asked[bases]
                own = list(self.page(tunes[bases], asked))
                other = self.page(tunes[sources], asked)
                taken = list(own)
                taken[number] = other[number]
                if number == 2:
                    taken[2] = np.where(asked >= 13, other[2], own[2])
                alike = np.array([
                    self.periods[a] == self.periods[b] and set(tunes[a]) == set(tunes[b])
                    for a, b in zip(bases, sources)])
                return np.where(alike[:, None], self.look_up(*taken), self.look_up(*own))

            yield site, None, self.entries(places), swapped


CLAIMS = {
    "parity": Parity, "shell-game": ShellGame, "trick-shell-game": TrickShellGame, "elman": Elman,
    "reversal": Reversal, "induction": Induction,
}
