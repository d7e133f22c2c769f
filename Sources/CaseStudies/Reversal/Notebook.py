# What the notebook of this case computes besides what every notebook does: cells, each with the
# section that it stands behind. A cell that bears the id of one of Sources/compose/Cells.py stands
# in its place.

# %% [markdown] id="about-train" after="suspects"
# Now it may learn: sixty-four random sequences at a time, each to be said backwards. After each of
# its places the network is told how surprised it was by the right token.

# %% id="train" after="suspects"
def batch(step):
    tokens = np.random.default_rng(step).integers(10, size=(64, 8))
    return {"tokens": tokens}, cross_entropy(tokens[:, ::-1])


own, losses = learn(batch, steps=300, rate=0.01, floor=0.1, decay=0.01)
draw(losses, "One head learns to reverse")
right = np.mean(run(own, inputs)["logits"].argmax(-1) == inputs["tokens"][:, ::-1])
print(
    f"{right:.1%} of the tokens of {len(inputs['tokens'])} sequences come out in the right place."
)
assert right > 0.99

# %% [markdown] id="about-responds" after="clues"
# **One token changed.** The specimen reads a sequence, then the same with its first token changed.
# Where does it look, and what changes? The pattern hardly moves, the answer does at the last place
# alone.

# %% id="responds" after="clues"
published = one(trained(), specimen)
tokens = inputs["tokens"][:1]
changed = tokens.copy()
changed[0, 0] = (changed[0, 0] + 5) % 10
before, after = (run(published, {"tokens": each}) for each in (tokens, changed))
pattern = "blocks.0.attn.hook_pattern"

figure, axes = plt.subplots(1, 3, figsize=(8, 2.6), dpi=72)
axes[0].imshow(before[pattern][0, 0], cmap="Greys", vmin=0, vmax=1)
axes[0].set(title="pattern", xlabel="key", ylabel="query")
axes[1].imshow((after[pattern] - before[pattern])[0, 0], cmap="RdBu", vmin=-1, vmax=1)
axes[1].set(title="its change", xlabel="key", yticks=[])
axes[2].imshow((after["logits"] - before["logits"])[0], cmap="RdBu", vmin=-30, vmax=30)
axes[2].set(title="change of the logits", xlabel="token", ylabel="place")
plt.tight_layout()
plt.show()
moved = np.flatnonzero(before["logits"].argmax(-1)[0] != after["logits"].argmax(-1)[0])
print("Places whose answer changes:", moved)
assert list(moved) == [7]

# %% [markdown] id="about-lists" after="clues"
# **Two lists, in every network.** Which place each place looks for can be read off the weights
# without running anything: position vectors through the query and key matrices. What it then writes
# for each token is read off the value and output matrices. Eigenvalues say how much of that is
# copying.

# %% id="lists" after="clues"
LETTERS = {
    "E": "embed.W_E",
    "P": "pos_embed.W_pos",
    "U": "unembed.W_U",
    **{letter: f"blocks.0.attn.W_{letter}" for letter in "QKVO"},
}
backwards = np.arange(8)[::-1]


def parts(weights):
    """The matrices of all networks by a letter each; of a single head its own matrices."""
    return {
        letter: weights[name][:, 0] if letter in "QKVO" else weights[name]
        for letter, name in LETTERS.items()
    }


for suffix, weights in (("", trained()), ("-untrained", population()[0])):
    m = parts(weights)
    scores = m["P"] @ m["Q"] @ (m["P"] @ m["K"]).swapaxes(1, 2)
    rows = (scores.argmax(2) == backwards).mean(1)
    agrees(f"route{suffix}", np.mean(rows == 1))
    circuit = m["E"] @ m["V"] @ m["O"] @ m["U"]
    agrees(f"copied{suffix}", np.mean(circuit.argmax(2) == np.arange(10)))
    values = np.linalg.eigvals(circuit)
    agrees(
        f"copying-score{suffix}", np.mean(values.sum(1).real / np.abs(values).sum(1)), within=1e-4
    )

# %% [markdown] id="about-trials" after="trial"
# **One layer with a hand in each part.** The attention layer is so small that it fits into a class,
# one network of the trial at a time: what its queries, keys and values read, and the pattern
# itself, can each be replaced.

# %% id="reader" after="trial"
class Reader:
    """One network; streams are arrays of sequences × places × dimensions."""

    def __init__(self, weights, seed):
        for letter, name in LETTERS.items():
            setattr(self, letter, weights[name][seed])

    def stream(self, tokens, places=None):
        return self.E[tokens] + (self.P if places is None else places)

    def heads(self, x, queries=None, keys=None, values=None, pattern=None):
        """What each head writes: sequences × heads × places × dimensions."""
        q, k, v = (
            (x if other is None else other)[:, None] @ matrix
            for other, matrix in ((queries, self.Q), (keys, self.K), (values, self.V))
        )
        if pattern is None:
            pattern = np.exp(log_softmax(q @ k.swapaxes(-1, -2) / np.sqrt(self.Q.shape[-1])))
        return pattern @ v @ self.O

    def says(self, x, **replaced):
        return ((x + self.heads(x, **replaced).sum(1)) @ self.U).argmax(-1)


def readers(variant="main"):
    weights, file = trained(variant), read_json(f"{variant}/training.json")
    return [Reader(weights, seed) for seed in range(file["exploreCount"], file["seedCount"])]


some = inputs["tokens"][: int(findings["trial-sequences"]["value"])]
networks = readers()
x = networks[0].stream(some)
assert (
    networks[0].says(x) == run(one(trained(), trial.start), {"tokens": some})["logits"].argmax(-1)
).all()
print("The class says what the graph says.")

# %% [markdown] id="about-routes" after="trial"
# **Who looks where, and what is carried.** Queries and keys are given the positions without any
# token, then the tokens without any position. Then an interchange: the values come from another
# sequence, and the network must reverse *that* one; with queries and keys from there instead, it
# must not.

# %% id="routes" after="trial"
def measured(measure, some_networks=networks):
    """What a function says of each network: two arrays."""
    return np.array([measure(network) for network in some_networks]).T


def without_tokens(network):
    x, tokens = network.stream(some), network.E[some]
    places = np.broadcast_to(network.P, x.shape)
    return [np.mean(network.says(x, queries=q, keys=q) == some[:, ::-1]) for q in (places, tokens)]


effects, controls = measured(without_tokens)
tried(
    "deaf-to-tokens", effects, (effects == 1) & (effects > controls), controls, within=1e-4, slack=1
)

donors = np.roll(some, -1, axis=0)


def from_donors(network):
    x, other = network.stream(some), network.stream(donors)
    return [
        np.mean(network.says(x, **replaced) == donors[:, ::-1])
        for replaced in ({"values": other}, {"queries": other, "keys": other})
    ]


effects, controls = measured(from_donors)
tried(
    "values-carry-tokens",
    effects,
    (effects == 1) & (effects > controls),
    controls,
    within=1e-4,
    slack=1,
)

# %% [markdown] id="about-rewired" after="trial"
# **Rewired.** The queries, then the keys, get the position vectors of other places, in five orders:
# the head must go where these numbers point. Then a pattern is imposed that no training ever
# showed, each place looking two further on, for every pair of tokens. And the head's mean in its
# place must ruin the answer, while the mean of the stream beside it must not.

# %% id="rewired" after="trial"
orders = load_file(artifact("findings.safetensors"))["renumberings"].astype(int)


def renumbered(network):
    shares = []
    for order in orders:
        x, other = network.stream(some), network.stream(some, network.P[order])
        shares.append(np.mean(network.says(x, queries=other) == some[:, 7 - order]))
        shares.append(np.mean(network.says(x, keys=other) == some[:, np.argsort(order)[backwards]]))
    return min(shares)


effects = measured(renumbered)
tried("renumbered", effects, effects >= 0.99, within=1e-4, slack=1)

pair = np.arange(100)
every_pair = np.stack([pair // 10, pair // 10, pair % 10, pair % 10] * 2, axis=1)
further = (np.arange(8) + 2) % 8
effects = measured(
    lambda network: np.mean(
        network.says(network.stream(every_pair), pattern=np.eye(8)[further])
        == every_pair[:, further]
    )
)
tried("rotates", effects, effects == 1)


def averaged(network):
    x = network.stream(some)
    head = network.heads(x).sum(1)
    return [
        np.mean((stream @ network.U).argmax(-1) == some[:, ::-1])
        for stream in (x + head.mean(0), x.mean(0) + head)
    ]


effects, controls = measured(averaged)
tried("head-not-bypass", effects, (effects <= 0.2) & (effects < controls), controls, within=1e-4)

# %% [markdown] id="about-others" after="trial"
# **Other networks.** Those that were never asked for their first and last place should not know
# them. And of four heads, any one should be dispensable: each in turn is replaced by its mean; the
# control replaces three.

# %% id="others" after="trial"
def asked_and_not(network):
    said = network.says(network.stream(some)) == some[:, ::-1]
    return [said[:, [0, 7]].mean(), said[:, 1:7].mean()]


effects, controls = measured(asked_and_not, readers("unasked"))
tried("no-mirror", effects, (effects <= 0.5) & (effects < controls), controls, within=1e-4)


def missed(network):
    x = network.stream(some)
    heads = network.heads(x)
    means = heads.mean(0, keepdims=True)

    def keeping(kept):
        out = x + np.where(np.reshape(kept, (-1, 1, 1)), heads, means).sum(1)
        return np.mean((out @ network.U).argmax(-1) == some[:, ::-1])

    return [
        min(keeping(row) for row in ~np.eye(4, dtype=bool)),
        max(keeping(row) for row in np.eye(4, dtype=bool)),
    ]


effects, controls = measured(missed, readers("four-heads"))
tried(
    "nobody-is-missed",
    effects,
    (effects >= 0.95) & (effects > controls),
    controls,
    within=1e-4,
    slack=1,
)
