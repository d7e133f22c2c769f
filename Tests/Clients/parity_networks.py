"""Hidden parity's networks and findings, as every check of the case needs them."""

from itertools import combinations

import numpy as np
from safetensors.numpy import load_file

from check_ledger import wilson
from reading import population, read_json


class Networks:
    """Perceptrons in float64: `[seeds, ...]`."""

    def __init__(self, weights, inputs, seeds=slice(None)):
        self.w1, self.b1, self.w2, self.b2 = (
            weights[name][seeds].astype(np.float64) for name in ("W1", "b1", "W2", "b2"))
        self.count, _, self.width = self.w1.shape
        self.inputs = inputs.astype(np.float64)

    def hidden(self, network):
        """`[inputs, units]`"""
        return np.maximum(self.inputs @ self.w1[network] + self.b1[network], 0)

    def outputs(self, network, hidden=None):
        hidden = self.hidden(network) if hidden is None else hidden
        return hidden @ self.w2[network, :, 0] + self.b2[network, 0]

    def alive(self):
        sizes = np.abs(self.w1).sum(axis=1) * np.abs(self.w2[:, :, 0])
        return sizes > 0.05 * sizes.max(axis=1, keepdims=True)

    def templates(self, bits):
        """For each network the living units of each pattern of signs on some bits, in order."""
        found = []
        for network, alive in enumerate(self.alive()):
            groups = {}
            for unit in np.flatnonzero(alive):
                pattern = tuple(np.where(self.w1[network, bits, unit] > 0, 1, -1))
                groups.setdefault(pattern, []).append(unit)
            found.append(dict(sorted(groups.items())))
        return found


class Case:
    def __init__(self, folder):
        self.folder = folder
        file = read_json(folder / "findings.json")
        self.findings = file["findings"]
        self.predictions = {each["name"]: each for each in file["predictions"]}
        recorded = load_file(folder / "activations.safetensors")
        self.inputs, self.targets = recorded["inputs"], recorded["targets"][:, 0]
        self.bits = self.deciding(self.targets)
        self.weights = population(folder / "main")
        self.training = read_json(folder / "main/training.json")
        self.explore = self.training["exploreCount"]
        self.final = Networks(self.weights[max(self.weights)], self.inputs)
        self.found = self.final.templates(self.bits)
        self.eight = [len(groups) == 8 for groups in self.found]

    def deciding(self, targets):
        """The one set of bits whose product is the target everywhere."""
        width = self.inputs.shape[1]
        sets = [
            bits
            for size in range(width + 1)
            for bits in combinations(range(width), size)
            if np.array_equal(self.inputs[:, bits].prod(axis=1), targets)
        ]
        assert len(sets) == 1, f"{len(sets)} sets of bits explain the targets"
        return list(sets[0])

    def last(self, variant, seeds=slice(None)):
        weights = population(self.folder / variant)
        return Networks(weights[max(weights)], self.inputs, seeds)

    def has(self, name, value, n=None, atol=1e-6):
        finding = self.findings[name]
        assert n is None or finding["n"] == n, f"{name}: n is {finding['n']}, and should be {n}"
        assert np.allclose(finding["value"], value, rtol=0, atol=atol), (
            f"{name} is {finding['value']}, and should be {value}")

    def has_share(self, name, passed, n):
        self.has(name, passed / n, n, atol=0)
        interval = self.findings[name]["interval"]
        bounds = (interval["lower"], interval["upper"])
        assert np.allclose(bounds, wilson(passed, n), rtol=0, atol=1e-12), (name, bounds)

    def trial(self, name, effects, passes, present=None, controls=None):
        """`effects`, whether each trial network passes, and the mean control's bounds or value."""
        prediction = self.predictions[name]
        present = np.ones(len(effects), bool) if present is None else np.array(present)
        effects = np.array(effects, float)
        assert prediction["n"] == len(effects), f"n should be {len(effects)}"
        assert prediction["absent"] == (~present).sum(), f"absent should be {(~present).sum()}"
        passed = int((np.array(passes) & present).sum())
        assert prediction["passed"] == passed, f"{prediction['passed']} passed, not {passed}"
        mean = effects[present].mean()
        assert abs(prediction["effect"] - mean) < 2e-6, f"{prediction['effect']}, not {mean}"
        if controls is not None:
            control = np.array(controls, float)[present].mean()
            assert abs(prediction["controlEffect"] - control) < 2e-6, (
                f"control {prediction['controlEffect']}, not {control}")
        interval = prediction["effectInterval"]
        spread = effects[present].std()
        assert (interval is None) == (spread == 0), f"interval {interval}, deviation {spread}"
        if interval is not None:
            # Few and skewed effects: the bootstrap is about as wide as the normal interval.
            width = 2 * 1.96 * spread / np.sqrt(present.sum())
            ratio = (interval["upper"] - interval["lower"]) / width
            assert 0.6 < ratio < 1.4, f"the interval is {ratio:.2f} times as wide as it should be"
            assert interval["lower"] <= mean <= interval["upper"], interval

    def trial_seeds(self):
        return range(self.explore, self.final.count)
