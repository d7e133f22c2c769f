"""The induction case's transformers, tunes and findings, as every check of the case needs them."""

import numpy as np
from safetensors.numpy import load_file

from check_ledger import wilson
from reading import population, read_json

NOTES, LENGTH, LONGEST = 16, 24, 12
PLACES = np.arange(LENGTH)
MASKED = PLACES[None] > PLACES[:, None]


def back(steps):
    """Each place looks so many places back, or at itself where there are not so many."""
    pattern = np.zeros((LENGTH, LENGTH))
    pattern[PLACES, np.where(PLACES >= steps, PLACES - steps, PLACES)] = 1
    return pattern


BLURRED = np.where(MASKED, 0, 1 / (PLACES[:, None] + 1))


class Networks:
    """Causal attention-only transformers of one head a layer in float64: `[seeds, ...]`."""

    def __init__(self, weights, seeds=slice(None)):
        self.weights = {name: tensor[seeds].astype(np.float64) for name, tensor in weights.items()}
        self.count = len(self["embed.W_E"])
        self.layers = sum(name.endswith("W_Q") for name in weights)

    def __getitem__(self, name):
        return self.weights[name]

    def head(self, layer, letter):
        """`[seeds, d, e]`, or `[seeds, e, d]` of W_O"""
        return self[f"blocks.{layer}.attn.W_{letter}"][:, 0]

    def stream(self, tunes):
        return self["embed.W_E"][:, tunes] + self["pos_embed.W_pos"][:, None]

    def attend(self, layer, read, pattern=None, places=PLACES):
        """What the layer's head looks at and adds; `read` is a stream, or one each for Q, K, V.

        A pattern takes the place of the head's own at some places.
        """
        read = read if isinstance(read, dict) else dict.fromkeys("QKV", read)
        q, k, v = (read[x] @ self.head(layer, x)[:, None] for x in "QKV")
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        scores = np.where(MASKED, -np.inf, scores)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        if pattern is not None:
            shares[:, :, places] = pattern[places]
        return shares, shares @ v @ self.head(layer, "O")[:, None]

    def says(self, stream):
        return (stream @ self["unembed.W_U"][:, None]).argmax(axis=-1)

    def answers(self, tunes, pattern=None, places=PLACES):
        """What is said with the first head looking as a pattern says: `[seeds, tunes, places]`."""
        stream = self.stream(tunes)
        for layer in range(self.layers):
            forced = (pattern, places) if layer == 0 else ()
            stream = stream + self.attend(layer, stream, *forced)[1]
        return self.says(stream)

    def answers_of_stranger(self, tunes, others, letter):
        """The same with the second head reading one thing as the first head makes it of others."""
        stream, strange = self.stream(tunes), self.stream(others)
        own = stream + self.attend(0, stream)[1]
        foreign = stream + self.attend(0, strange)[1]
        return self.says(own + self.attend(1, {**dict.fromkeys("QKV", own), letter: foreign})[1])


def followers(tune):
    """At each place what followed its note before, if that was always the same, else -1."""
    found = []
    for place, note in enumerate(tune):
        after = {tune[k + 1] for k in range(place) if tune[k] == note}
        found.append(after.pop() if len(after) == 1 else -1)
    return found


def right(tunes):
    return np.array([followers(list(tune)) for tune in tunes])


def period(tune):
    return list(tune).index(tune[0], 1)


def agreement(answers, predicted):
    """Each network's share of the answers that are as predicted; -1 predicts nothing."""
    asked = predicted >= 0
    return (answers == predicted)[:, asked].mean(axis=1)


class Case:
    def __init__(self, folder):
        self.folder = folder
        file = read_json(folder / "findings.json")
        self.findings = file["findings"]
        self.predictions = {each["name"]: each for each in file["predictions"]}
        recorded = load_file(folder / "activations.safetensors")
        self.tunes = recorded["inputs"]
        asked = recorded["targets.asked"] == 1
        self.right = right(self.tunes)
        assert np.array_equal(self.right >= 0, asked), "something else is asked"
        assert np.array_equal(self.right[asked], recorded["targets.next"][asked]), "other answers"
        self.explore_count = read_json(folder / "main/training.json")["exploreCount"]
        self.weights = population(folder / "main")

    def last(self, variant="main", seeds=slice(None)):
        weights = self.weights if variant == "main" else population(self.folder / variant)
        return Networks(weights[max(weights)], seeds)

    def initial(self):
        return Networks(self.weights[0])

    def explore(self):
        return self.last(seeds=slice(self.explore_count))

    def trial(self):
        return self.last(seeds=slice(self.explore_count, None))

    def ahead(self, steps):
        return np.array([
            [tune[(k + steps) % period(tune)] if known >= 0 else -1 for k, known in enumerate(row)]
            for tune, row in zip(self.tunes, self.right)])

    def has(self, name, values, n=None, atol=2e-4):
        finding, value = self.findings[name], np.mean(values)
        n = np.size(values) if n is None else n
        assert finding["n"] == n, f"{name}: n is {finding['n']}, and should be {n}"
        assert abs(finding["value"] - value) <= atol, (
            f"{name} is {finding['value']}, and should be {value}")

    def has_share(self, name, passed, n):
        self.has(name, passed / n, n, atol=0)
        interval = self.findings[name]["interval"]
        bounds = (interval["lower"], interval["upper"])
        assert np.allclose(bounds, wilson(passed, n), rtol=0, atol=1e-12), (name, bounds)

    def holds(self, name, effects, controls, threshold, atol=2e-4, control_atol=None):
        """The trial as published, up to a tie in an answer; more where tunes are drawn anew."""
        prediction = self.predictions[name]
        assert prediction["threshold"] == threshold, prediction["threshold"]
        assert prediction["n"] == len(effects) and prediction["absent"] == 0
        passed = int(((effects >= threshold) & (effects > controls)).sum())
        slack = 0 if atol < 1e-3 else 1
        assert abs(prediction["passed"] - passed) <= slack, f"{prediction['passed']}, not {passed}"
        means = (("effect", effects, atol), ("controlEffect", controls, control_atol or atol))
        for key, values, tolerance in means:
            mean = np.mean(values)
            assert abs(prediction[key] - mean) <= tolerance, f"{key} {prediction[key]}, not {mean}"
