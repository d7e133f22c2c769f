"""Runs the network of a network.json in NumPy, written from the texts in that file alone.

    run_network.py CASE_FOLDER [VARIANT] [SEED]     prints the outputs for the recorded inputs
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

UNARY = {
    "negate": np.negative,
    "relu": lambda x: np.where(x > 0, x, 0),
    "step": lambda x: x > 0,
    "abs": np.abs,
    "sign": np.sign,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "sqrt": np.sqrt,
    "reciprocal": np.reciprocal,
    "square": np.square,
}
ELEMENTWISE = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "less": np.less,
    "equal": np.equal,
    "maximum": np.maximum,
    "select": lambda x, y, z: np.where(x != 0, y, z),
}
REDUCTIONS = {"sum": np.sum, "max": np.max}
LEAVES = {"input", "parameter", "slot", "noise"}
OPERATIONS = LEAVES | set(UNARY) | set(ELEMENTWISE) | set(REDUCTIONS) | {
    "constant", "site", "einsum", "reshape", "permute", "broadcast", "slice", "pad", "softmax",
    "log_softmax", "argmax", "gather", "one_hot", "scan", "example_sum", "example_mean",
    "example_share",
}


def log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def one_example_wide(shape, batched, width):
    """A shape with axes of size 1 after that of the examples, so that NumPy broadcasts it."""
    examples, rest = (shape[:1], shape[1:]) if batched else ((), shape)
    return (*examples, *[1] * (width - len(rest)), *rest)


class Runner:
    """One batch: `leaves` and `sites` are by name, `batched` says which values have examples."""

    number = np.float32

    def __init__(self, leaves, examples):
        self.leaves, self.examples, self.sites = leaves, examples, {}

    def run(self, graph, slots=()):
        values = dict(zip(graph["slots"], slots))
        batched = {}
        for node in graph["nodes"]:
            numbers = node["operands"]
            operands = [values[number] for number in numbers]
            flags = [batched[number] for number in numbers]
            name = node["operation"]
            if name == "slot":
                results = [values[node["values"][0]]]
            elif name == "scan":
                results = self.scan(node["attributes"], operands, flags)
            else:
                results = [self.apply(name, node["attributes"], operands, flags, node)]
            kinds = zip(node["values"], results, node["shapes"], node["batched"], strict=True)
            for number, result, shape, flag in kinds:
                result = np.asarray(result, self.number)
                full = (self.examples, *shape) if flag else tuple(shape)
                if result.shape != full:
                    assert flag and result.shape == tuple(shape), (name, result.shape, full)
                    result = np.broadcast_to(result, full)
                values[number], batched[number] = result, flag
                if name == "site":
                    self.sites[node["attributes"]["name"]] = (result, flag)
        return [(values[number], batched[number]) for number in graph["results"]]

    def apply(self, name, attributes, operands, flags, node):
        shape, batched = node["shapes"][0], node["batched"][0]
        x = operands[0] if operands else None
        examples = int(flags[0]) if flags else 0  # how many axes stand before those of one example
        if name in ("input", "parameter"):
            return self.leaves[attributes["name"]]
        if name == "noise":  # only training fills it
            return np.zeros(shape)
        if name == "constant":
            return np.reshape(np.array(attributes["values"], float), shape)
        if name == "site":
            return x
        if name in UNARY:
            return UNARY[name](x)
        if name in ELEMENTWISE:
            pairs = zip(operands, flags)
            return ELEMENTWISE[name](
                *[o.reshape(one_example_wide(o.shape, flag, len(shape))) for o, flag in pairs])
        if name in REDUCTIONS:
            return REDUCTIONS[name](x, axis=tuple(a + examples for a in attributes["axes"]))
        if name == "argmax":
            return x.argmax(axis=attributes["axes"][0] + examples)
        if name == "einsum":
            return np.einsum(attributes["letters"], *operands)
        if name == "reshape":
            return x.reshape((*x.shape[:examples], *attributes["shape"]))
        if name == "permute":
            order = [a + examples for a in attributes["order"]]
            return x.transpose([*range(examples), *order])
        if name == "broadcast":
            x = x.reshape(one_example_wide(x.shape, flags[0], len(shape)))
            return np.broadcast_to(x, ([self.examples] if batched else []) + attributes["shape"])
        if name == "slice":
            axis = attributes["axis"] + examples
            return x.take(range(attributes["from"], attributes["to"]), axis=axis)
        if name == "pad":
            axis = attributes["axis"] + examples
            after = attributes["size"] - attributes["before"] - x.shape[axis]
            widths = [(0, 0)] * x.ndim
            widths[axis] = (attributes["before"], after)
            return np.pad(x, widths)
        if name == "softmax":
            return np.exp(log_softmax(x))
        if name == "log_softmax":
            return log_softmax(x)
        if name == "gather":
            return x[operands[1].astype(int)]
        if name == "one_hot":
            return x[..., None] == np.arange(attributes["count"])
        if name == "example_sum":
            return x.sum(axis=0)
        if name == "example_mean":
            return x.mean(axis=0)
        if name == "example_share":
            return x / self.examples
        raise ValueError(f"no operation {name!r}")

    def scan(self, attributes, operands, flags):
        body, steps = attributes["body"], attributes["steps"]
        carries, sequences, captured = attributes["counts"]
        carry = operands[:carries]
        places = list(range(steps))[:: -1 if attributes["reversed"] else 1]
        stacked, sites = {}, {}
        for place in places:
            inner = type(self)(self.leaves, self.examples)
            slices = [
                x.take(place, axis=int(flag))
                for x, flag in list(zip(operands, flags))[carries : carries + sequences]
            ]
            results = inner.run(body, [*carry, *slices, *operands[carries + sequences :]])
            before = list(zip(carry, flags))
            carry = [value for value, _ in results[:carries]]
            stacked[place], sites[place] = results[carries:] + before, inner.sites
        for name in sites[0]:
            flag = sites[0][name][1]
            values = [sites[place][name][0] for place in range(steps)]
            self.sites[name] = (np.stack(values, axis=int(flag)), flag)
        over_time = zip(*[stacked[place] for place in range(steps)])
        return carry + [
            np.stack([value for value, _ in at], axis=int(at[0][1])) for at in over_time]


def run(network, weights, inputs):
    """Every site's values for a batch of inputs, by name; the output is `network["output"]`."""
    examples = len(next(iter(inputs.values())))
    runner = Runner({**weights, **inputs}, examples)
    runner.run(network["graph"])
    return {
        name: value if batched else np.broadcast_to(value, (examples, *value.shape))
        for name, (value, batched) in runner.sites.items()
    }


def last_step(population, seed):
    """The weights of one seed at the last step of a population file."""
    step = max(name.split("/", 1)[0] for name in population)
    return {
        name.split("/", 1)[1]: tensor[seed]
        for name, tensor in population.items()
        if name.startswith(step + "/")
    }


if __name__ == "__main__":
    case = Path(sys.argv[1])
    variant = case / (sys.argv[2] if len(sys.argv) > 2 else "main")
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    network = json.loads((variant / "network.json").read_text())
    recorded = load_file(case / "activations.safetensors")
    inputs = {network["inputs"][0]["name"]: recorded["inputs"]}
    weights = last_step(load_file(variant / "population.safetensors"), seed)
    print(run(network, weights, inputs)[network["output"]])
