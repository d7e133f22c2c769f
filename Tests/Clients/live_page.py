"""A page's live network as its own data say it, and what NumPy makes of it."""

import json

import numpy as np

import browser
import run_network


class Page:
    def __init__(self, case):
        self.html = (case / "index.html").read_text()
        self.script = browser.SCRIPT.search(self.html)[1]
        self.data = json.loads(browser.DATA.search(self.html)[1])
        self.network = self.data["network"]
        self.output = self.network["output"]
        # The page begins with the example in the middle; the next one is its second input.
        examples = self.data["examples"]
        middle = len(examples) // 2
        self.inputs = [self.named(examples[(middle + k) % len(examples)]) for k in range(3)]
        # Only sites outside of a recurrence: what NumPy runs here takes edits there.
        self.first_site = next(
            node["attributes"]["name"] for node in self.network["graph"]["nodes"]
            if node["operation"] == "site")

    def named(self, example):
        return {
            each["name"]: np.reshape(np.array(row, np.float32), (1, *each["shape"]))
            for each, row in zip(self.network["inputs"], example, strict=True)}

    def site(self, name):
        return next(each for each in self.network["sites"] if each["name"] == name)

    def weights(self, checkpoint):
        numbers = browser.unpacked(self.data["checkpoints"][checkpoint]["weights"])
        weights, at = {}, 0
        for each in self.network["parameters"]:
            count = int(np.prod(each["shape"]))
            weights[each["name"]] = numbers[at : at + count].reshape(each["shape"])
            at += count
        assert at == len(numbers), f"{len(numbers)} weights, {at} declared"
        return weights

    def run(self, checkpoint, inputs=None, edits=None, without=None, weights=None):
        """Every site's values for one input, with sites replaced or a parameter set to zero."""
        weights = weights or self.weights(checkpoint)
        if without:
            weights[without] = np.zeros_like(weights[without])
        return values(self.network, {**weights, **(inputs or self.inputs[0])}, 1, edits)

    def drawn(self, count, random):
        """Inputs at random, of every kind."""
        steps = max(
            (node["attributes"]["steps"] for node in self.network["graph"]["nodes"]
             if node["operation"] == "scan"), default=1)
        draw = {
            "signs": lambda each, shape: random.choice([-1, 1], shape),
            "bits": lambda each, shape: random.integers(0, 2, shape),
            "tokens": lambda each, shape: random.integers(0, each["vocabulary"], shape),
            "lengths": lambda each, shape: random.integers(0, steps + 1, shape),
            "reals": lambda each, shape: random.normal(size=shape),
        }
        return {
            each["name"]: draw[each["kind"]](each, (count, *each["shape"])).astype(np.float32)
            for each in self.network["inputs"]}

    def changed_input(self):
        """The first input with the first of its numbers changed as `acts_of_change` does it."""
        each = self.network["inputs"][0]
        changed = {name: value.copy() for name, value in self.inputs[0].items()}
        first = changed[each["name"]].reshape(-1)
        first[0] = {
            "signs": -first[0], "bits": 1 - first[0], "reals": 0.5,
            "tokens": (first[0] + 1) % each.get("vocabulary", 1)}[each["kind"]]
        return changed

    def acts_of_change(self):
        kind = self.network["inputs"][0]["kind"]
        field = ".live-deck .live-field"
        if kind in ("signs", "bits"):
            return [["click", f"{field} button"]]
        value = self.changed_input()[self.network["inputs"][0]["name"]].reshape(-1)[0]
        control = "select" if kind == "tokens" else "input"
        return [["choose", f"{field} {control}", f"{value:g}"]]

    def acts_of_swapping(self, inputs):
        """For the first stack of matrices: its first and its last one change places."""
        for each in self.network["parameters"]:
            if len(each["shape"]) == 3 and each["shape"][0] > 1:
                weights = self.weights(-1)
                stack = weights[each["name"]].copy()
                stack[[0, -1]] = stack[[-1, 0]]
                place = f"weight {each['name']}"
                yield (
                    [["click", "[value=swap]"], ["slice", place, 0], ["slice", place, -1]],
                    self.run(-1, inputs, weights={**weights, each["name"]: stack}))
                yield [["undo"]], self.run(-1, inputs)
                return

    def acts_of_dragging(self, inputs):
        """Where the first site is a point of a plane: it moves by a twentieth of its reach."""
        if self.site(self.first_site)["shape"] != [2]:
            return
        examples = self.data["examples"]
        leaves = {
            each["name"]: np.reshape([row[k] for row in examples], (-1, *each["shape"]))
            for k, each in enumerate(self.network["inputs"])}
        reach = np.abs(values(
            self.network, {**self.weights(-1), **leaves}, len(examples))[self.first_site]).max()
        point = self.run(-1, inputs)[self.first_site] + [reach / 20, -reach / 20]
        yield (
            [["nudge", f"site {self.first_site}", "ArrowRight"],
             ["nudge", f"site {self.first_site}", "ArrowDown"]],
            self.run(-1, inputs, edits={self.first_site: point}))
        yield [["nudge", f"site {self.first_site}", "Backspace"]], self.run(-1, inputs)

    def expect(self, texts, values, when):
        """What is shown are these numbers, with two places."""
        values = np.asarray(values).ravel()
        shown = [float(text.replace("−", "-").replace("∞", "inf")) for text in texts]
        assert len(shown) == len(values), f"{when}: {len(shown)} numbers, {len(values)} expected"
        off = np.abs(np.array(shown) - values) > np.where(np.abs(values) < 9.9, 0.0051, 0.51)
        assert not off.any(), f"{when}: {np.array(shown)[off]} shown, {values[off]} expected"


def values(network, leaves, examples, edits=None):
    """Every site's values, with 64 bits, as the page computes them; some sites are replaced."""
    runner = Edited(leaves, examples)
    runner.edits = edits or {}
    runner.run(network["graph"])
    return {
        name: value if batched else np.broadcast_to(value, (examples, *value.shape))
        for name, (value, batched) in runner.sites.items()}


class Edited(run_network.Runner):
    number = np.float64
    edits = {}

    def apply(self, name, attributes, operands, flags, node):
        if name == "site" and attributes["name"] in self.edits:
            edit = self.edits[attributes["name"]]
            return edit if flags[0] else edit[0]
        return super().apply(name, attributes, operands, flags, node)
