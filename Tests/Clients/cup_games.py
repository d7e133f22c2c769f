"""Games with a ball under a cup, and the networks that play them, in float64."""

from itertools import product

import numpy as np
from safetensors.numpy import load_file

from check_ledger import wilson
from reading import population, read_json

SWAPS = np.array([[1, 0, 2], [2, 1, 0], [0, 2, 1]])
FUNCTIONS = np.array(list(product(range(3), repeat=3)))


def games(length, moves, cups=3):
    """Every game of so many moves: starts `[games]`, moves `[games, length]`."""
    rows = np.array(list(product(range(cups), *[range(moves)] * length)))
    return rows[:, 0], rows[:, 1:]


class Networks:
    """E `[seeds, cups, d]`, W `[seeds, moves, d, d]`, U `[seeds, d, cups]`."""

    def __init__(self, weights, offset, seeds=slice(None)):
        self.e, self.w, self.u = (weights[name][seeds].astype(np.float64) for name in "EWU")
        self.offset = offset

    def copy(self, **parts):
        new = Networks({"E": self.e, "W": self.w, "U": self.u}, self.offset)
        for name, part in parts.items():
            setattr(new, name, part)
        return new

    def scores(self, starts, moves, states=None):
        """Scores after the start and after each move: `[seeds, games, moves + 1, cups]`."""
        h = self.e[:, starts] if states is None else np.repeat(states[:, None], len(starts), 1)
        all_states = [h]
        for step in range(moves.shape[1]):
            h = np.einsum("sgij,sgj->sgi", self.w[:, moves[:, step]], h)
            all_states.append(h)
        return np.einsum("sgti,sic->sgtc", np.stack(all_states, 2), self.u) + self.offset

    def right(self, starts, moves, table):
        """The share of games right at the start and after every move."""
        answers = self.scores(starts, moves).argmax(-1)
        return (answers == cups_of(starts, moves, table)).all(-1).mean(-1)


def cups_of(starts, moves, table):
    cups = [starts]
    for step in range(moves.shape[1]):
        cups.append(table[moves[:, step], cups[-1]])
    return np.stack(cups, -1)


class Case:
    def __init__(self, folder, offset):
        self.folder, self.offset = folder, offset
        file = read_json(folder / "findings.json")
        self.findings = file["findings"]
        self.predictions = {each["name"]: each for each in file["predictions"]}
        self.recorded = load_file(folder / "activations.safetensors")

    def last(self, variant="main", seeds=slice(None)):
        weights = population(self.folder / variant)
        return Networks(weights[max(weights)], self.offset, seeds)

    def trial(self, variant="main"):
        training = read_json(self.folder / variant / "training.json")
        return self.last(variant, slice(training["exploreCount"], None))

    def has(self, name, value, atol=1e-6):
        assert np.allclose(self.findings[name]["value"], value, rtol=0, atol=atol), (
            f"{name} is {self.findings[name]['value']}, and should be {value}")

    def has_share(self, name, passed, n):
        self.has(name, passed / n, atol=0)
        interval = self.findings[name]["interval"]
        assert np.allclose((interval["lower"], interval["upper"]), wilson(passed, n)), name

    def tried(self, name, effects, passed, controls=None, atol=2e-6):
        """Effects, how many trial networks pass, and the controls where they can be known."""
        prediction = self.predictions[name]
        assert prediction["n"] == len(effects), f"n should be {len(effects)}"
        assert prediction["passed"] == passed, f"{prediction['passed']} passed, not {passed}"
        for key, values in (("effect", effects), ("controlEffect", controls)):
            if values is not None:
                assert abs(prediction[key] - np.mean(values)) <= atol, (
                    f"{key} {prediction[key]}, not {np.mean(values)}")


def largest(values):
    """The largest size of each network's numbers."""
    return np.abs(values).reshape(len(values), -1).max(1)


def following(values):
    """The numbers of each network's next one."""
    return np.roll(values, -1, axis=0)
