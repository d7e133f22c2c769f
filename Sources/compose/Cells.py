# %% [markdown] id="about-files" after="opening"
# **How to read this notebook.** The networks of this case were trained, opened up and judged by a
# program in Swift, whose sources are shown below. The cells in between know nothing of that
# program. They read the files that it published, compute what matters once more with NumPy alone,
# and stop with an error where they find something else. All of them run in a minute or two, without
# a network connection where the files lie beside the notebook, and on Colab, which fetches them.
# Elsewhere: `pip install numpy matplotlib safetensors`.

# %% id="files" after="opening"
import json
import math
import urllib.request
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from safetensors.numpy import load_file

WEB = "$WEB/"


def artifact(name):
    """The path of a file of the case: beside this notebook, or else fetched from the web."""
    path = Path(name)
    if not path.exists():
        content = urllib.request.urlopen(WEB + name).read()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path


def read_json(name):
    return json.loads(artifact(name).read_text(encoding="utf-8"))


def population(variant="main"):
    """All weights of a variant: by training step and name, a row for each network."""
    steps = {}
    for name, array in load_file(artifact(f"{variant}/population.safetensors")).items():
        step, name = name.split("/", 1)
        steps.setdefault(int(step), {})[name] = array.astype(np.float64)
    return dict(sorted(steps.items()))


def trained(variant="main"):
    """The weights of all networks of a variant after the last step."""
    return list(population(variant).values())[-1]


def one(weights, seed):
    """The weights of one network."""
    return {name: array[seed] for name, array in weights.items()}

# %% id="pictures" after="opening"
# Colab shows no picture that lies beside a notebook: there they are shown here, from the web.
try:
    import google.colab
    from IPython.display import Image, display
    for figure in read_json("figures.json")["figures"]:
        display(Image(url=f"{WEB}figures/{figure['name']}.png", width=figure["width"] // 2))
        print(figure["caption"], end="\n\n")
except ImportError:
    print("The figures stand in the text.")

# %% [markdown] id="about-claims" after="opening"
# What the story claims stands in `findings.json`: findings, each with its number of cases and what
# it was computed from, and predictions with their verdicts. Two functions compare what is computed
# here with what is claimed there, and keep account of what has been looked at.

# %% id="claims" after="opening"
claims = read_json("findings.json")
findings = claims["findings"]
predictions = {each["name"]: each for each in claims["predictions"]}
training = read_json("main/training.json")
trial = slice(training["exploreCount"], None)  # verdicts rest on these; the others were to look at
checked = []


def agrees(name, value, within=1e-6):
    """Fails unless a finding is what was computed here."""
    published = findings[name]["value"]
    same = np.allclose(published, value, rtol=0, atol=within)
    assert same, f"{name}: {published} is published, and here it is {value}"
    checked.append(name)
    shown = np.round(value, 4) if np.size(value) <= 16 else f"{np.size(value)} numbers"
    print(f"{name}: {shown}, as published")


def tried(name, effects, passed, controls=None, within=1e-5, slack=0):
    """Fails unless a prediction's effect, control and passes are what was computed here.

    `slack` is how many networks may fall otherwise, where a trial drew something at random.
    """
    published = predictions[name]
    assert len(passed) == published["n"], f"{name}: {published['n']} networks, not {len(passed)}"
    for what, values in (("effect", effects), ("controlEffect", controls)):
        if values is not None:
            there, here = published[what], np.mean(values)
            assert abs(here - there) <= within, f"{name}: {what} {there}, and here {here}"
    there, here = published["passed"], int(np.sum(passed))
    assert abs(here - there) <= slack, f"{name}: {there} passed, and here {here}"
    checked.append(name)
    how = "as published" if here == there else f"{there} in the published trial"
    print(f"{name}: {here} of {len(passed)} pass, {how}; {published['verdict']}")


print(f"{training['seedCount']} networks, {training['exploreCount']} of them for looking;",
      f"{len(findings)} findings and {len(predictions)} predictions to be checked.")

# %% [markdown] id="about-run" after="scene"
# ### Some eighty lines that run the network
#
# `main/network.json` holds the network itself: a list of operations, each documented in the file.
# The next cell runs any such list with NumPy. A value either belongs to all examples (a weight) or
# has a first axis of examples; `flags` say which. What happens on the way is kept twice: the
# *sites*, the places that bear a name, to be looked at; and a *tape* of all steps, to be played
# backwards later. `edits` change what a site holds while the network runs; that is all an
# intervention is.

# %% id="run" after="scene"
def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


NUMBER_BY_NUMBER = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide,
    "less": np.less, "equal": np.equal, "maximum": np.maximum, "negate": np.negative,
    "abs": np.abs, "sign": np.sign, "exp": np.exp, "log": np.log, "tanh": np.tanh,
    "sqrt": np.sqrt, "square": np.square, "reciprocal": np.reciprocal, "step": lambda x: x > 0,
    "relu": lambda x: np.maximum(x, 0), "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "select": lambda x, y, z: np.where(x != 0, y, z)}


def lined_up(x, flag, rank):
    """x with axes of size 1 put in: its own axes stand last, and that of the examples first."""
    return x.reshape(x.shape[:flag] + (1,) * (rank - x.ndim + flag) + x.shape[flag:])


def compute(operation, a, xs, flags, shape):
    """One operation on arrays xs; `a` are its settings, `shape` is the result's for one example."""
    if operation in NUMBER_BY_NUMBER:
        lined = [lined_up(x, flag, len(shape)) for x, flag in zip(xs, flags)]
        return NUMBER_BY_NUMBER[operation](*lined)
    x, k = (xs[0], int(flags[0])) if xs else (None, 0)  # k: where the own axes of x begin
    match operation:
        case "constant": return np.reshape(a["values"], shape)
        case "noise": return np.zeros(shape)  # there is none but in training
        case "einsum": return np.einsum(a["letters"], *xs, optimize=True)
        case "sum" | "max": return getattr(x, operation)(tuple(k + axis for axis in a["axes"]))
        case "argmax": return x.argmax(k + a["axes"][0])
        case "softmax": return np.exp(log_softmax(x))
        case "log_softmax": return log_softmax(x)
        case "reshape": return x.reshape(*x.shape[:k], *a["shape"])
        case "permute": return x.transpose(*range(k), *[k + axis for axis in a["order"]])
        case "broadcast": return lined_up(x, k, len(shape))  # `note` repeats it
        case "slice": return x.take(range(a["from"], a["to"]), k + a["axis"])
        case "pad":
            after = a["size"] - a["before"] - x.shape[k + a["axis"]]
            widths = np.eye(x.ndim, dtype=int)[k + a["axis"]]
            return np.pad(x, np.outer(widths, [a["before"], after]))
        case "gather": return x[xs[1].astype(int)]
        case "one_hot": return x[..., None] == np.arange(a["count"])
    raise ValueError(f"This notebook has no operation {operation}.")


class Run:
    """A batch of examples on its way through a graph."""

    def __init__(self, weights, inputs, edits=None, noise=None):
        leaves = {**weights, **inputs}
        self.leaves = {name: np.asarray(array, np.float64) for name, array in leaves.items()}
        self.examples = len(next(iter(inputs.values())))
        self.edits, self.noise = edits or {}, noise
        self.sites, self.flags, self.tape = {}, {}, []

    def walk(self, graph, slots=()):
        values, flags = dict(zip(graph["slots"], slots)), {}
        for node in graph["nodes"]:
            operation, a, numbers = node["operation"], node["attributes"], node["values"]
            xs, own = [values[k] for k in node["operands"]], [flags[k] for k in node["operands"]]
            shape, batched = tuple(node["shapes"][0]), node["batched"]
            full = (self.examples, *shape) if batched[0] else shape
            if operation == "scan":
                results = self.scan(a, xs, own, batched)
            elif operation == "site":
                results = [self.edits.get(a["name"], lambda x: x)(xs[0])]
                self.sites[a["name"]], self.flags[a["name"]] = results[0], int(batched[0])
            elif operation in ("input", "parameter"):
                results = [self.leaves[a["name"]]]
            elif operation == "slot":
                results = [values[numbers[0]]]
            elif operation == "noise" and self.noise:
                results = [self.noise.normal(0, a["deviation"][0], full)]
            else:
                y = np.asarray(compute(operation, a, xs, own, shape), np.float64)
                results = [self.note(operation, a, xs, own, np.broadcast_to(y, full))]
            values.update(zip(numbers, results))
            flags.update(zip(numbers, batched))
        return [values[k] for k in graph["results"]]

    def scan(self, a, xs, flags, batched):
        """The body of a recurrence, run for each step on slices of what changes with time."""
        (first, middle, _), outer, kept = a["counts"], self.sites, {}
        carry, over, rest = xs[:first], xs[first : first + middle], xs[first + middle :]
        for step in range(a["steps"])[:: -1 if a["reversed"] else 1]:
            now = [
                self.note("take", step, [x], [flag], x.take(step, int(flag)))
                for x, flag in zip(over, flags[first:])]
            before, self.sites = carry, {}
            results = self.walk(a["body"], [*carry, *now, *rest])
            carry, kept[step] = results[:first], (results[first:] + before, self.sites)
        rows, sites = zip(*[kept[step] for step in sorted(kept)])
        self.sites = outer
        for name in sites[0]:
            self.sites[name] = np.stack([each[name] for each in sites], self.flags[name])
        return carry + [
            self.note("stack", flag, row, [flag] * len(row), np.stack(row, int(flag)))
            for flag, row in zip(batched[first:], zip(*rows))]

    def note(self, operation, a, xs, flags, y):
        self.tape.append((operation, a, xs, flags, y))
        return y


network = read_json("main/network.json")


def run(weights, inputs, edits=None, network=network):
    """All sites of a network for a batch of inputs; the answer is the site network["output"]."""
    going = Run(weights, inputs, edits)
    going.walk(network["graph"])
    return going.sites

# %% [markdown] id="about-agreement" after="scene"
# Does it compute what the Swift program computed? Every site of the *specimen*, the network that
# the figures show, was recorded on every input; so we can compare number by number.

# %% id="agreement" after="scene"
recorded = load_file(artifact("activations.safetensors"))
names = [each["name"] for each in network["inputs"]]
inputs = {name: recorded["inputs" if len(names) == 1 else f"inputs.{name}"] for name in names}
targets = {name: array for name, array in recorded.items() if name.startswith("targets")}
specimen = training["specimen"]["seed"]

sites = run(one(trained(), specimen), inputs)
for name in sorted(sites.keys() & recorded.keys()):
    real = np.isfinite(recorded[name])  # a masked attention score is minus infinity
    here, there = np.broadcast_to(sites[name], real.shape)[real], recorded[name][real]
    error = np.max(np.abs(here - there) / np.maximum(1, np.abs(there)))
    assert error < 1e-5, f"{name} is off by {error}"
    print(f"{name:32} {'×'.join(map(str, real.shape)):>16}  agrees")

# %% [markdown] id="about-change" after="scene"
# **One thing changed.** In one of the recorded inputs a single sign, token or number is changed.
# What answers to that inside the network, and what does not?

# %% id="change" after="scene"
asked = [each for each in network["inputs"] if each["kind"] != "lengths"][-1]
before = {name: array[-1:] for name, array in inputs.items()}
changed = before[asked["name"]].copy()
first = (0,) * changed.ndim
tokens = asked["kind"] == "tokens"
other = (changed[first] + 1) % asked["vocabulary"] if tokens else 1 - changed[first]
changed[first] = -changed[first] if asked["kind"] == "signs" else other
print(f"{asked['name']} {before[asked['name']][0].tolist()} becomes {changed[0].tolist()}")

here, there = (
    run(one(trained(), specimen), {**before, asked["name"]: each})
    for each in (before[asked["name"]], changed))
for name in sites:
    real = np.isfinite(here[name])
    moved = np.abs(there[name][real] - here[name][real])
    print(f"{name:32} {np.mean(moved > 1e-6):4.0%} of its numbers move, by up to {moved.max():.3g}")

# %% [markdown] id="about-learning" after="suspects"
# ### Learning, in NumPy
#
# The same list of operations can be differentiated: the tape is played backwards, and each
# operation hands the gradient of its result on to what it was made from. With that and Adam, the
# very network of this case trains here, from the weights that the specimen began with.

# %% id="learning" after="suspects"
SLOPES = {  # the gradients of the operands, from the gradient g of the result y
    "add": lambda g, y, a, b: (g, g), "subtract": lambda g, y, a, b: (g, -g),
    "multiply": lambda g, y, a, b: (g * b, g * a),
    "divide": lambda g, y, a, b: (g / b, -g * y / b),
    "maximum": lambda g, y, a, b: (g * (a >= b), g * (a < b)),
    "select": lambda g, y, c, a, b: (np.zeros_like(g), g * (c != 0), g * (c == 0)),
    "negate": lambda g, y, x: [-g], "relu": lambda g, y, x: [g * (x > 0)],
    "abs": lambda g, y, x: [g * np.sign(x)], "exp": lambda g, y, x: [g * y],
    "log": lambda g, y, x: [g / x], "tanh": lambda g, y, x: [g * (1 - y * y)],
    "sigmoid": lambda g, y, x: [g * y * (1 - y)], "sqrt": lambda g, y, x: [g / (2 * y)],
    "square": lambda g, y, x: [2 * g * x], "reciprocal": lambda g, y, x: [-g * y * y]}


def folded(g, shape):
    """The gradient of what was repeated from this shape to that of g: the sum of all repeats."""
    shape = (1,) * (g.ndim - len(shape)) + tuple(shape)
    return g.sum(tuple(k for k in range(g.ndim) if shape[k] != g.shape[k]), keepdims=True)


def handed_on(operation, a, xs, flags, y, g):
    """The gradients of the operands xs, from the gradient g of the result y."""
    if operation in SLOPES:
        rank = max(x.ndim - flag for x, flag in zip(xs, flags))
        lined = [lined_up(x, flag, rank) for x, flag in zip(xs, flags)]
        parts = [np.broadcast_to(part, y.shape) for part in SLOPES[operation](g, y, *lined)]
        return [folded(part, l.shape).reshape(x.shape) for part, l, x in zip(parts, lined, xs)]
    x, k = (xs[0], int(flags[0])) if xs else (None, 0)
    match operation:
        case "einsum":
            # The gradient takes the operand's place, and the operand that of the result.
            terms, result = a["letters"].replace("...", "Z").split("->")
            first, second = terms.split(",")
            return [
                np.einsum(f"{result},{second}->{first}", g, xs[1], optimize=True),
                np.einsum(f"{result},{first}->{second}", g, xs[0], optimize=True)]
        case "sum":
            axes = tuple(k + axis for axis in a["axes"])
            return [np.broadcast_to(np.expand_dims(g, axes), x.shape)]
        case "softmax": return [y * (g - (g * y).sum(-1, keepdims=True))]
        case "log_softmax": return [g - np.exp(y) * g.sum(-1, keepdims=True)]
        case "reshape": return [g.reshape(x.shape)]
        case "permute":
            return [g.transpose(*range(k), *[k + axis for axis in np.argsort(a["order"])])]
        case "broadcast":
            return [folded(g, lined_up(x, k, y.ndim - k).shape).reshape(x.shape)]
        case "pad":
            size = x.shape[k + a["axis"]]
            return [g.take(range(a["before"], a["before"] + size), k + a["axis"])]
        case "stack": return [g.take(step, int(a)) for step in range(len(xs))]
        case "slice" | "take" | "gather":
            slope = np.zeros(x.shape)
            if operation == "gather":
                np.add.at(slope, xs[1].astype(int), g)
            elif operation == "take":
                slope[(slice(None),) * k + (a,)] = g
            else:
                slope[(slice(None),) * (k + a["axis"]) + (slice(a["from"], a["to"]),)] = g
            return [slope]
    return []  # a constant, or a step that has no slope


def slopes(weights, inputs, loss, noise=None):
    """The loss of a batch, and its gradient for every weight."""
    going = Run(weights, inputs, noise=noise)
    output = going.walk(network["graph"])[0]
    value, slope = loss(output)
    found = {id(output): slope}
    for operation, a, xs, flags, y in reversed(going.tape):
        if id(y) in found:
            for x, own in zip(xs, handed_on(operation, a, xs, flags, y, found[id(y)])):
                found[id(x)] = found.get(id(x), 0) + own
    return value, {
        name: found.get(id(going.leaves[name]), np.zeros(w.shape)) for name, w in weights.items()}


def squared_error(wanted):
    """The squared error, summed over an answer's numbers and averaged over examples."""
    return lambda y: (np.sum((y - wanted) ** 2) / len(y), 2 * (y - wanted) / len(y))


def cross_entropy(wanted):
    """The surprise at the right answer, averaged over the places that ask: those not negative."""
    asked = np.asarray(wanted) >= 0

    def loss(y):
        share = log_softmax(y)
        right = np.asarray(wanted)[..., None] == np.arange(y.shape[-1])
        value = -np.sum(share * right) / asked.sum()
        return value, (np.exp(share) - right) * asked[..., None] / asked.sum()

    return loss


def learn(batch, steps, rate, warm_up=50, floor=0.01, penalty=0, decay=0, clip=np.inf):
    """Trains with Adam from the specimen's first weights.

    `batch` makes the inputs and the loss of a step. The rate warms up, then falls along half a
    cosine to a share `floor`. `penalty` is what each unit of weight size costs (biases, which have
    one axis, are free), `decay` pulls weights to zero, `clip` limits the gradient's norm.
    """
    weights, noise = one(population()[0], specimen), np.random.default_rng(0)
    mean, square = ({name: np.zeros(w.shape) for name, w in weights.items()} for _ in range(2))
    losses = []
    for step in range(steps):
        value, slope = slopes(weights, *batch(step), noise)
        losses.append(value)
        if penalty:
            for name, w in weights.items():
                slope[name] = slope[name] + penalty * np.sign(w) * (w.ndim > 1)
        norm = np.sqrt(sum(np.sum(g * g) for g in slope.values()))
        cosine = (1 + np.cos(np.pi * max(step - warm_up, 0) / max(steps - warm_up - 1, 1))) / 2
        now = rate * min(1, (step + 1) / warm_up) * (floor + (1 - floor) * cosine)
        for name, g in slope.items():
            g = g * min(1, clip / max(norm, 1e-30))
            mean[name] += 0.1 * (g - mean[name])
            square[name] += 0.02 * (g * g - square[name])
            size = np.sqrt(square[name] / (1 - 0.98 ** (step + 1))) + 1e-8
            move = mean[name] / (1 - 0.9 ** (step + 1)) / size
            weights[name] = weights[name] - now * (move + decay * weights[name])
    return weights, losses


def draw(losses, title):
    plt.figure(figsize=(6, 2.4), dpi=72)
    plt.semilogy(np.arange(1, len(losses) + 1), losses)
    plt.title(title)
    plt.xlabel("training step")
    plt.ylabel("loss")
    plt.tight_layout()
    plt.show()

# %% [markdown] id="about-gradient" after="suspects"
# Is the gradient right? A small step in a random direction must change the output as it says.

# %% id="gradient" after="suspects"
few = {name: array[:8] for name, array in inputs.items()}
weights, rng = one(trained(), specimen), np.random.default_rng(0)
direction = {name: rng.normal(size=array.shape) for name, array in weights.items()}


def half_square(y):
    return np.sum(y * y) / 2, y


def after_a_step(size):
    moved = {name: w + size * direction[name] for name, w in weights.items()}
    return slopes(moved, few, half_square)[0]


gradient = slopes(weights, few, half_square)[1]
uphill = sum(np.sum(g * direction[name]) for name, g in gradient.items())
difference = (after_a_step(1e-6) - after_a_step(-1e-6)) / 2e-6
assert math.isclose(uphill, difference, rel_tol=1e-4), (uphill, difference)
print("It is.")

# %% [markdown] id="about-train" after="suspects"
# Now it may learn: from the recorded inputs, sixty-four at a time.

# %% id="train" after="suspects"
answer = sites[network["output"]]
fitting = [
    (each, loss) for each in targets.values()
    for kind, shape, loss in (
        ("i", answer.shape[:-1], cross_entropy), ("f", answer.shape, squared_error))
    if each.dtype.kind == kind and each.shape == shape]


def batch(step):
    rows = np.random.default_rng(step).integers(len(answer), size=64)
    wanted, loss = fitting[0]
    return {name: array[rows] for name, array in inputs.items()}, loss(wanted[rows])


if fitting:
    weights, losses = learn(batch, steps=300, rate=0.01)
    draw(losses, "The loss falls")
    assert np.mean(losses[-30:]) < np.mean(losses[:30]), "the network does not learn"
else:
    print("The recorded targets have another shape: Notebook.py should say how this case learns.")

# %% [markdown] id="about-verdicts" after="verdict"
# ### The verdicts once more
#
# A verdict follows from two numbers, how many networks passed and of how many: an exact one-sided
# binomial test against the share that was claimed, corrected after Holm for the number of
# predictions. So it can be computed anew for all of them; a tick stands where the passes themselves
# were counted again in this notebook.

# %% id="verdicts" after="verdict"
def tail(n, wanted, share):
    """The probability that so many of n pass, if each does with this probability."""
    log = lambda k: (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
                     + k * math.log(share) + (n - k) * math.log1p(-share))
    return math.fsum(math.exp(log(k)) for k in wanted)


def holm(values):
    """The values of p as they are when that many are looked at."""
    corrected, largest = {}, 0
    for rank, name in enumerate(sorted(values, key=values.get)):
        largest = max(largest, min(1, values[name] * (len(values) - rank)))
        corrected[name] = largest
    return corrected


enough, too_few = {}, {}
for name, each in predictions.items():
    n, passed, share = each["n"], each["passed"], each["claimedShare"]
    enough[name] = tail(n, range(passed, n + 1), share)
    too_few[name] = tail(n, range(passed + 1), share)
enough, too_few = holm(enough), holm(too_few)
for name, each in predictions.items():
    failed = too_few[name] <= 0.05
    verdict = "held" if enough[name] <= 0.05 else "failed" if failed else "inconclusive"
    assert verdict == each["verdict"], f"{name} {each['verdict']}, and here it is {verdict}"
    assert math.isclose(enough[name], each["p"], rel_tol=1e-6, abs_tol=1e-300), name
    tick = "✓" if name in checked else " "
    print(f"{tick} {name:28} {each['passed']:4} of {each['n']:4}  {verdict}")
again = [name for name in predictions if name in checked]
print(f"\nCounted again here: {len(again)} of {len(predictions)} predictions;",
      f"computed again: {len(checked) - len(again)} findings.")

# %% [markdown] id="colab" after="end"
# ## Run the whole pipeline on Colab
#
# The cells above need what the Swift program published, not the program. To make all of it again,
# from the first weight to the last page, put this into a cell of its own (it takes some ten
# minutes, most of them the compiler's):
#
# ```sh
# %%bash
# set -e
# . /etc/os-release  # Colab is Ubuntu
# apt-get update -qq
# apt-get install -qq -y binutils git gnupg2 libc6-dev libcurl4-openssl-dev libedit2 libgcc-11-dev \
#   libpython3-dev libsqlite3-0 libstdc++-11-dev libxml2-dev libz3-dev pkg-config tzdata unzip \
#   zlib1g-dev
# swift=swift-6.3.1-RELEASE place=https://download.swift.org/swift-6.3.1-release
# curl -sSL $place/ubuntu${VERSION_ID//./}/$swift/$swift-ubuntu$VERSION_ID.tar.gz |
#   tar xz -C /usr/local --strip-components=2
# git clone -q --depth 1 $REPOSITORY casebook
# cd casebook
# make setup             # the libraries that the build needs
# rm -r artifacts/$CASE  # forget what was made
# make $CASE             # train, record, analyze, render, assemble
# git diff --stat artifacts
# ```
#
# Where nothing differs, every number came out the same to the bit. Pictures may differ in a few
# pixels where the drawing libraries are of another version; `make verify` says which.
