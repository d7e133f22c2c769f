"""Reversal's networks in float64, and what its checks compare with."""

import numpy as np
from safetensors.numpy import load_file

from check_ledger import wilson
from reading import population, read_json

NAMES = {
    "E": "embed.W_E", "P": "pos_embed.W_pos", "U": "unembed.W_U", "Q": "blocks.0.attn.W_Q",
    "K": "blocks.0.attn.W_K", "V": "blocks.0.attn.W_V", "O": "blocks.0.attn.W_O",
}


def softmax(scores):
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


class Reader:
    """One network: what a layer of attention does to streams `[sequence, place, dimension]`."""

    def __init__(self, weights, seed):
        for letter, name in NAMES.items():
            setattr(self, letter, weights[name][seed].astype(np.float64))
        self.heads, _, self.size = self.Q.shape
        self.length = len(self.P)

    def stream(self, tokens, places=None):
        return self.E[tokens] + (self.P if places is None else places)

    def pattern(self, queries, keys):
        q = np.einsum("bpd,hde->bhpe", queries, self.Q)
        k = np.einsum("bpd,hde->bhpe", keys, self.K)
        return softmax(q @ k.swapaxes(-1, -2) / np.sqrt(self.size))

    def results(self, x, queries=None, keys=None, values=None, pattern=None):
        """What each head writes: `[sequence, head, place, dimension]`."""
        if pattern is None:
            pattern = self.pattern(x if queries is None else queries, x if keys is None else keys)
        v = np.einsum("bpd,hde->bhpe", x if values is None else values, self.V)
        return np.einsum("bhpe,hed->bhpd", pattern @ v, self.O)

    def says(self, x, **changes):
        """The token with the largest logit at each place."""
        return ((x + self.results(x, **changes).sum(axis=1)) @ self.U).argmax(axis=-1)

    def routes(self):
        """For each head and place the key with the largest score by position."""
        return np.stack([
            (self.P @ q @ (self.P @ k).T).argmax(axis=1) for q, k in zip(self.Q, self.K)])

    def copies(self):
        """The OV circuit of the first head, by tokens."""
        return self.E @ self.V[0] @ self.O[0] @ self.U

    def smallest_margin(self):
        """Between the right answer and a wrong one, over all sequences (one head, even length).

        The margin is a quotient of sums over the keys. It is below m somewhere if the sum of
        weight · (what the key adds − m), each key's token chosen to make it smallest, is
        negative; m is found by halving.
        """
        x = self.E[None] + self.P[:, None]
        q, k = x @ self.Q[0] / np.sqrt(self.size), x @ self.K[0]
        moved, direct = x @ self.V[0] @ self.O[0] @ self.U, x @ self.U
        tokens = np.arange(len(self.E))
        low, high = -100.0, 100.0
        cases = []
        for place in range(self.length):
            scores = np.einsum("te,kue->tku", q[place], k)
            weight = np.exp(scores - scores.max(axis=(1, 2), keepdims=True))
            across = self.length - 1 - place
            free = [key for key in range(self.length) if key not in (place, across)]
            cases.append((place, across, free, weight))

        def is_below(bound):
            for place, across, free, weight in cases:
                for right in tokens:
                    added = moved[:, :, right, None] - moved  # [key, token, wrong]
                    own = direct[place][:, right, None] - direct[place]  # [own, wrong]
                    shifted = added[None] + (own - bound)[:, None, None, :]
                    terms = weight[..., None] * shifted  # [own, key, token, wrong]
                    total = terms[:, free].min(axis=2).sum(axis=1)
                    total = total + terms[tokens, place, tokens] + terms[:, across, right]
                    total[:, right] = np.inf
                    if (total < 0).any():
                        return True
            return False

        for _ in range(22):
            middle = (low + high) / 2
            low, high = (low, middle) if is_below(middle) else (middle, high)
        return (low + high) / 2


class Case:
    def __init__(self, folder):
        self.folder = folder
        file = read_json(folder / "findings.json")
        self.findings = file["findings"]
        self.predictions = {each["name"]: each for each in file["predictions"]}
        recorded = load_file(folder / "activations.safetensors")
        self.tokens = recorded["inputs"].astype(int)
        self.arrays = load_file(folder / "findings.safetensors")
        self.some = self.tokens[: int(self.findings["trial-sequences"]["value"])]
        self.count = read_json(folder / "main/training.json")["seedCount"]
        self.explore = read_json(folder / "main/training.json")["exploreCount"]

    def networks(self, variant="main", seeds=None, first=False):
        weights = population(self.folder / variant)
        chosen = weights[min(weights) if first else max(weights)]
        count = len(next(iter(chosen.values())))
        return [Reader(chosen, seed) for seed in (range(count) if seeds is None else seeds)]

    def trial_networks(self, variant="main", first=False):
        training = read_json(self.folder / variant / "training.json")
        seeds = range(training["exploreCount"], training["seedCount"])
        return self.networks(variant, seeds, first)

    def explore_networks(self, variant):
        training = read_json(self.folder / variant / "training.json")
        return self.networks(variant, range(training["exploreCount"]))

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

    def trial(self, name, effects, passes, controls=None, atol=1e-4):
        """Where numbers were rounded, a token of one network in the trial may fall otherwise."""
        prediction, effects = self.predictions[name], np.array(effects, float)
        assert prediction["n"] == len(effects), f"n should be {len(effects)}"
        assert prediction["absent"] == 0, prediction["absent"]
        passed = int(np.sum(passes))
        assert prediction["passed"] == passed, f"{prediction['passed']} passed, not {passed}"
        mean = effects.mean()
        assert abs(prediction["effect"] - mean) < atol, f"{prediction['effect']}, not {mean}"
        if controls is not None:
            control = np.mean(controls)
            assert abs(prediction["controlEffect"] - control) < atol, (
                f"control {prediction['controlEffect']}, not {control}")
