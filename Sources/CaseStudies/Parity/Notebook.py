# What the notebook of this case computes besides what every notebook does: cells, each with the
# section that it stands behind. A cell that bears the id of one of Sources/compose/Cells.py stands
# in its place.

# %% [markdown] id="about-bits" after="scene"
# **Which bits decide?** The network was never told, and neither are we: among all sets of the ten
# bits there is one whose product is the answer at all 1,024 inputs.

# %% id="bits" after="scene"
from itertools import combinations

signs, truth = inputs["x"].astype(float), targets["targets"][:, 0].astype(float)
explain = [
    bits
    for size in range(11)
    for bits in combinations(range(10), size)
    if np.array_equal(signs[:, bits].prod(1), truth)
]
assert len(explain) == 1
bits = list(explain[0])
others = [bit for bit in range(10) if bit not in bits]
agrees("deciding-bits", [bit + 1 for bit in bits])

# %% [markdown] id="about-train" after="suspects"
# Now it may learn: from half of the inputs, sixty-four at a time; the other half is kept back. A
# penalty on the size of weights leaves few neurons. Their *templates*, the signs that they like on
# the four bits, are looked at next.

# %% id="train" after="suspects"
order = np.random.default_rng(0).permutation(len(truth))
seen, unseen = order[: len(truth) // 2], order[len(truth) // 2 :]


def batch(step):
    rows = np.random.default_rng(step).choice(seen, 64)
    return {"x": signs[rows]}, squared_error(truth[rows, None])


own, losses = learn(batch, steps=2000, rate=0.01, penalty=1e-3)
draw(losses, "One network finds four bits of ten")
right = np.mean(run(own, {"x": signs[unseen]})["output"][:, 0] * truth[unseen] > 0)
print(f"Right on {right:.1%} of the inputs that it never saw.")
assert right > 0.99


def living(w1, w2):
    """Which neurons can still move the output: a twentieth of what the largest can."""
    sizes = np.abs(w1).sum(-2) * np.abs(w2[..., 0])
    return sizes > sizes.max(-1, keepdims=True) / 20


def templates(w1, w2):
    """The living neurons of one network by the signs of their weights for the deciding bits."""
    groups = {}
    for unit in np.flatnonzero(living(w1, w2)):
        groups.setdefault(tuple(np.where(w1[bits, unit] > 0, 1, -1)), []).append(unit)
    return dict(sorted(groups.items()))


for template, units in templates(own["W1"], own["W2"]).items():
    print("".join("+" if sign > 0 else "−" for sign in template), "neurons", *units)

# %% [markdown] id="about-templates" after="clues"
# **Templates, in every network.** The rule finds them in all hundred. Then the specimen: an input
# at which one deciding bit is flipped, and one at which another bit is; and all 256 subsets of its
# templates, each with the others set to zero.

# %% id="templates" after="clues"
w1, b1, w2, b2 = (trained()[name] for name in ("W1", "b1", "W2", "b2"))
found = [templates(*each) for each in zip(w1, w2)]
eight = np.array([len(groups) == 8 for groups in found])
agrees("eight-templates", eight.mean())
agrees("eight-neurons", np.mean(living(w1, w2).sum(1) == 8))

published = one(trained(), specimen)
units = [group[0] for group in found[specimen].values()]
example = signs[:1]
rows = [example * np.where(np.arange(10) == bit, -1, 1) for bit in (bits[0], others[0])]
held = [run(published, {"x": row})["hidden"][0, units] for row in (example, *rows)]
plt.figure(figsize=(6, 2), dpi=72)
plt.imshow(held, cmap="Greys", aspect="auto")
plt.yticks(range(3), ["an input", f"bit {bits[0] + 1} flipped", f"bit {others[0] + 1} flipped"])
plt.xticks(range(len(units)), [f"n{unit}" for unit in units])
plt.title("A deciding bit changes who fires, another does not")
plt.tight_layout()
plt.show()


def outputs(seed, hidden):
    return hidden @ w2[seed, :, 0] + b2[seed, 0]


def hidden_of(seed):
    return np.maximum(signs @ w1[seed] + b1[seed], 0)


def subset_errors(seed, groups):
    """The squared error of every subset of groups of neurons, the other groups set to zero."""
    hidden = hidden_of(seed)
    adds = np.array([hidden[:, units] @ w2[seed, units, 0] for units in groups])
    rest = outputs(seed, hidden) - adds.sum(0)
    kept = np.arange(1 << len(groups))[:, None] >> np.arange(len(groups)) & 1
    return kept, ((kept @ adds + rest - truth) ** 2).mean(1)


kept, errors = subset_errors(specimen, list(found[specimen].values()))
agrees("subsets", len(kept))
agrees("error-by-size", [errors[kept.sum(1) == size].mean() for size in range(9)], within=1e-5)

# %% [markdown] id="about-formula" after="theory"
# **The formula, without a network.** A template adds, wherever its signs outnumber the opposite
# ones, half of the surplus, against its own answer. Does one template from each pair of opposites
# then give the product of four signs? Of all 256 choices, few do, and the story says which.

# %% id="formula" after="theory"
patterns = np.array([[1 if k >> 3 - place & 1 else -1 for place in range(4)] for k in range(16)])


def contribution(template, shown):
    """What a template adds where the deciding bits show a pattern."""
    return -np.prod(template) * np.maximum(shown @ np.array(template), 0) / 2


works = []
for choice in range(256):
    chosen = [patterns[k] if choice >> k & 1 else -patterns[k] for k in range(8)]
    if np.allclose(sum(contribution(each, patterns) for each in chosen), patterns.prod(1)):
        works.append(np.any(np.abs(np.sum(chosen, 0)) == 8))
agrees("choices-that-work", len(works))
agrees("choices-that-are-faces", sum(works))

# %% [markdown] id="about-deaf" after="trial"
# **Deaf to six bits.** Each bit is flipped in turn at every input, in every network of the trial.

# %% id="deaf" after="trial"
seeds = range(trial.start, len(w1))
present = eight[trial]
powers = 2 ** np.arange(10)
place = np.argsort((signs > 0) @ powers)  # the row of each input, by its signs read as a number
flipped = np.array(
    [place[((signs * np.where(np.arange(10) == bit, -1, 1)) > 0) @ powers] for bit in range(10)]
)


def moves(seed):
    output = outputs(seed, hidden_of(seed))
    most = np.abs(output[flipped] - output).max(1)
    least = np.abs(output[flipped] - output).min(1)
    return most[others].max(), least[bits].min()


effects, controls = np.array([moves(seed) for seed in seeds]).T
tried("six-do-nothing", effects, (effects <= 0.1) & (effects < controls), controls)

# %% [markdown] id="about-eight" after="trial"
# **Eight, and all of them.** Everything but the neurons of the eight templates is set to zero,
# while the interpreter runs the network. Then the smallest subset of templates is sought whose
# error stays below a tenth.

# %% id="eight" after="trial"
def right_with(seed, units):
    keep = np.isin(np.arange(w1.shape[2]), units)
    answer = run(one(trained_weights, seed), inputs, {"hidden": lambda h: h * keep})["output"][:, 0]
    return np.mean(answer * truth > 0)


trained_weights = trained()
with_eight = np.array([right_with(seed, sum(found[seed].values(), [])) for seed in seeds])
tried("eight-are-enough", with_eight[present], (with_eight == 1) & present)


def smallest(seed):
    kept, errors = subset_errors(seed, list(found[seed].values()))
    return min(kept[errors < 0.1].sum(1), default=9)


sizes = np.array([smallest(seed) if eight[seed] else 0 for seed in seeds])
tried("all-or-nothing", sizes[present], (sizes >= 8) & present)

# %% [markdown] id="about-votes" after="trial"
# **Votes.** Does every neuron vote against the answer of its own template? Without a template, does
# the output move as the formula says, at every input? And when each is replaced by a neuron that
# knows its signs alone, then all of them at once: does any output move?

# %% id="votes" after="trial"
shown = signs[:, bits].astype(int)


def against(seed, w1, w2):
    units = sum(found[seed].values(), [])
    return np.mean(
        w2[seed, units, 0] * np.where(w1[seed][np.ix_(bits, units)] > 0, 1, -1).prod(0) < 0
    )


first = population()[0]
effects = np.array([against(seed, w1, w2) for seed in seeds])
controls = np.array([against(seed, first["W1"], first["W2"]) for seed in seeds])
passed = (effects == 1) & (effects > controls) & present
tried("votes-against-itself", effects[present], passed, controls[present])


def speaks(seed):
    """Of the outputs, the share that moves as the formula says when a template is cut."""
    hidden = hidden_of(seed)
    return np.mean(
        [
            np.abs(contribution(template, shown) - hidden[:, units] @ w2[seed, units, 0]) <= 0.1
            for template, units in found[seed].items()
        ]
    )


effects = np.array([speaks(seed) if eight[seed] else 0 for seed in seeds])
tried("speaks-for-its-neighbours", effects[present], (effects == 1) & present)


def signs_alone(seed):
    """How far outputs move with neurons of signs alone; and with one wrong sign."""
    hidden = hidden_of(seed)
    right, wrong, whole = [], [], 0
    for template, units in found[seed].items():
        old = hidden[:, units] @ w2[seed, units, 0]
        vote = -np.prod(template)
        new, turned = (
            vote * np.maximum(shown @ (np.array(template) * turn) / 2, 0)
            for turn in (np.ones(4), [-1, 1, 1, 1])
        )
        right.append(np.abs(new - old).max())
        wrong.append(np.abs(turned - old).max())
        whole = whole + new
    return max([*right, np.abs(whole - outputs(seed, hidden)).max()]), min(wrong)


effects, controls = np.array([signs_alone(seed) for seed in seeds]).T
passed = (effects <= 0.1) & (effects < controls) & present
tried("signs-are-all", effects[present], passed, controls[present])

# %% [markdown] id="about-winners" after="trial"
# **Born winners?** The survivors were trained again, alone, from their weights of the first step;
# and so were eight random neurons. Their published weights say how many are right everywhere.

# %% id="winners" after="trial"
def accuracies(variant):
    a1, c1, a2, c2 = (trained(variant)[name] for name in ("W1", "b1", "W2", "b2"))
    return np.array(
        [
            np.mean(
                (np.maximum(signs @ a1[seed] + c1[seed], 0) @ a2[seed] + c2[seed])[:, 0] * truth > 0
            )
            for seed in seeds
        ]
    )


effects, controls = accuracies("lottery"), accuracies("random-eight")
tried(
    "born-winners",
    effects[present],
    (effects == 1) & (effects > controls) & present,
    controls[present],
)
