"""XOR's networks and findings, as every check of the case needs them.

What a word means here (alive, in tune, the pair) is what the case's page and Pair.swift say.
"""

import numpy as np

from check_ledger import wilson
from reading import population, read_json

CORNERS = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.float64)
ANSWERS = np.array([-1, 1, 1, -1], np.float64)


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
        self.checked = set()
        self.predictions = {each["name"]: each for each in file["predictions"]}
        self.training = read_json(folder / "main/training.json")
        self.weights = population(folder / "main")
        self.final, self.initial = Networks(self.last()), Networks(self.weights[0])

    def first(self, variant):
        return population(self.folder / variant)[0]

    def last(self, variant=None):
        weights = self.weights if variant is None else population(self.folder / variant)
        return weights[max(weights)]

    def trial(self, variant=None):
        return Networks(self.last(variant), slice(self.training["exploreCount"], None))

    def has(self, name, value, n=None):
        finding = self.findings[name]
        self.checked.add(name)
        if n is not None:
            assert finding["n"] == n, f"{name}: n is {finding['n']}, and should be {n}"
        if isinstance(value, str):
            assert finding["value"] == value, f"{name} is {finding['value']}, not {value}"
            return
        assert np.allclose(finding["value"], value, rtol=0, atol=1e-6), (
            f"{name} is {finding['value']}, and should be {value}")

    def has_between(self, name, low, high, n):
        """What Casebook draws at random lies between what the worst and best draws would give."""
        finding = self.findings[name]
        self.checked.add(name)
        assert finding["n"] == n, f"{name}: n is {finding['n']}, and should be {n}"
        assert low - 1e-9 <= finding["value"] <= high + 1e-9, (
            f"{name} is {finding['value']}, not in {low}...{high}")

    def has_share(self, name, passed, n):
        self.has(name, passed / n, n)
        assert self.findings[name]["value"] == passed / n, f"{name}: not {passed} / {n} to the bit"
        interval = self.findings[name]["interval"]
        bounds = (interval["lower"], interval["upper"])
        assert np.allclose(bounds, wilson(passed, n), rtol=0, atol=1e-12), (name, bounds)
