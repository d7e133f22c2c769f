# What the notebook of this case computes besides what every notebook does: cells, each with the
# section that it stands behind. A cell that bears the id of one of Sources/compose/Cells.py stands
# in its place.

# %% [markdown] id="about-train" after="suspects"
# Now it may learn: tunes of four to twelve notes, over and over, thirty-two of them at a time. It
# is asked for the next note wherever the present one was heard before. Nothing happens for a while,
# and then suddenly much.

# %% id="train" after="suspects"
NOTES, LENGTH, LONGEST = 16, 24, 12


def followers(tune):
    """At each place what followed its note before, if that was always the same; else −1."""
    said = []
    for place, note in enumerate(tune):
        after = {tune[k + 1] for k in range(place) if tune[k] == note}
        said.append(after.pop() if len(after) == 1 else -1)
    return said


def right_answers(tunes):
    return np.array([followers(list(tune)) for tune in tunes])


def repeated(notes):
    """Some notes over and over."""
    return np.resize(notes, LENGTH)


def batch(step):
    rng = np.random.default_rng(step)
    tunes = np.array(
        [repeated(rng.permutation(NOTES)[: rng.integers(4, LONGEST + 1)]) for _ in range(32)]
    )
    return {"tokens": tunes}, cross_entropy(right_answers(tunes))


own, losses = learn(batch, steps=400, rate=0.006, floor=0.04, decay=0.1, clip=1)
draw(losses, "Two heads learn to go on")
tunes = inputs["tokens"]
truth = right_answers(tunes)
asked = truth >= 0
right = np.mean(run(own, inputs)["logits"].argmax(-1)[asked] == truth[asked])
print(f"{right:.1%} of the answers to {len(tunes)} tunes are right.")
assert right > 0.9

# %% [markdown] id="about-looks" after="clues"
# **Where the two heads look.** One tune through the specimen: the first head looks at the note
# before; the second, at what stood behind the present note the last time.

# %% id="looks" after="clues"
published = one(trained(), specimen)
shown = run(published, {"tokens": tunes[-1:]})
figure, axes = plt.subplots(1, 2, figsize=(7, 3.2), dpi=72)
for layer, axis in enumerate(axes):
    axis.imshow(shown[f"blocks.{layer}.attn.hook_pattern"][0, 0], cmap="Greys", vmin=0, vmax=1)
    axis.set(title=f"head {layer}: who looks where", xlabel="key", ylabel="query")
plt.tight_layout()
plt.show()

# %% [markdown] id="about-population" after="clues"
# **All networks at once.** Two layers of one head each fit into a class, in which the pattern of
# the first head and what the second one reads can be replaced. How much do they look where the
# story says, trained and untrained?

# %% id="population" after="clues"
PLACES = np.arange(LENGTH)
MASKED = PLACES[None] > PLACES[:, None]


class Pairs:
    """Networks side by side; streams are networks × tunes × places × dimensions."""

    def __init__(self, weights, seeds=slice(None)):
        self.weights = {name: array[seeds] for name, array in weights.items()}

    def head(self, layer, letter):
        return self.weights[f"blocks.{layer}.attn.W_{letter}"][:, 0]

    def stream(self, tunes):
        return self.weights["embed.W_E"][:, tunes] + self.weights["pos_embed.W_pos"][:, None]

    def attend(self, layer, reads, pattern=None, places=PLACES):
        """Where a head looks and what it adds; `reads` has a stream for each of Q, K and V."""
        q, k, v = (reads[letter] @ self.head(layer, letter)[:, None] for letter in "QKV")
        shares = np.exp(
            log_softmax(np.where(MASKED, -1e30, q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])))
        )
        if pattern is not None:
            shares[:, :, places] = pattern[places]
        return shares, shares @ v @ self.head(layer, "O")[:, None]

    def answers(self, tunes, pattern=None, places=PLACES, stranger=None, letter=None):
        """What is said, with the first head's pattern replaced, or with its output taken from a
        stranger's tune where the second head reads one letter."""
        stream = self.stream(tunes)
        stream = stream + self.attend(0, dict.fromkeys("QKV", stream), pattern, places)[1]
        reads = dict.fromkeys("QKV", stream)
        if letter:
            strange = dict.fromkeys("QKV", self.stream(stranger))
            reads[letter] = self.stream(tunes) + self.attend(0, strange)[1]
        stream = stream + self.attend(1, reads)[1]
        return (stream @ self.weights["unembed.W_U"][:, None]).argmax(-1)


def agreement(answers, predicted):
    """The share of each network's answers that are as predicted; −1 predicts nothing."""
    return (answers == predicted)[:, predicted >= 0].mean(1)


for suffix, weights in (("", trained()), ("-untrained", population()[0])):
    pairs = Pairs(weights)
    first, added = pairs.attend(0, dict.fromkeys("QKV", pairs.stream(tunes)))
    second, _ = pairs.attend(1, dict.fromkeys("QKV", pairs.stream(tunes) + added))
    agrees(f"looks-back{suffix}", first[:, :, PLACES[1:], PLACES[:-1]].mean(), within=2e-4)
    behind = np.zeros((len(tunes), LENGTH, LENGTH))  # keys whose left neighbour is the query's note
    behind[:, :, 1:] = tunes[:, :, None] == tunes[:, None, :-1]
    agrees(f"looks-for-last-time{suffix}", (second * behind).sum(-1)[:, asked].mean(), within=2e-4)

# %% [markdown] id="about-circuits" after="clues"
# **By their weights alone.** Which place each position vector points at; whether a margin, written
# by the first head, is what the second's query for that note looks for; and how well the two fit,
# against the other two ways in which the second could read the first.

# %% id="circuits" after="clues"
def composition(pairs):
    """How well the second head reads what the first writes, as Elhage and others 2021 have it."""
    ov = [pairs.head(layer, "V") @ pairs.head(layer, "O") for layer in (0, 1)]
    qk = pairs.head(1, "Q") @ pairs.head(1, "K").swapaxes(1, 2)
    size = lambda matrices: np.linalg.norm(matrices, axis=(1, 2))
    return {
        "query": size(ov[0] @ qk) / size(ov[0]) / size(qk),
        "key": size(qk @ ov[0].swapaxes(1, 2)) / size(ov[0]) / size(qk),
        "value": size(ov[0] @ ov[1]) / size(ov[0]) / size(ov[1]),
    }


pairs = Pairs(trained())
places, tokens = pairs.weights["pos_embed.W_pos"], pairs.weights["embed.W_E"]
scores = places @ pairs.head(0, "Q") @ (places @ pairs.head(0, "K")).swapaxes(1, 2)
scores[:, MASKED] = -np.inf
early = PLACES[1 : LONGEST + 1]
agrees("names-the-one-before", (scores.argmax(2)[:, early] == early - 1).mean())
margins = tokens @ pairs.head(0, "V") @ pairs.head(0, "O")
names = tokens @ pairs.head(1, "Q") @ (margins @ pairs.head(1, "K")).swapaxes(1, 2)
agrees("knows-the-name", (names.argmax(2) == np.arange(NOTES)).mean())
for reading, fit in composition(pairs).items():
    agrees(f"composition-{reading}", fit.mean(), within=1e-5)

# %% [markdown] id="about-pattern" after="trial"
# **The first head, by hand.** Its pattern is replaced in the networks of the trial: exactly one
# note back everywhere; a blur over all notes so far, first only after the longest first round, then
# only before; and two notes back, where the network must skip one. Last, the fit of the weights as
# a prediction.

# %% id="pattern" after="trial"
networks = Pairs(trained(), trial)


def back(steps):
    """Each place looks so many places back, or at itself where there are not so many."""
    return np.eye(LENGTH)[np.where(PLACES >= steps, PLACES - steps, PLACES)]


def ahead(steps):
    """The note so many places on in each tune, where one is asked for."""
    periods = [list(tune).index(tune[0], 1) for tune in tunes]
    return np.array(
        [
            [tune[(place + steps) % period] if truth[row, place] >= 0 else -1 for place in PLACES]
            for row, (tune, period) in enumerate(zip(tunes, periods))
        ]
    )


blurred = np.where(MASKED, 0, 1 / (PLACES[:, None] + 1))
effects, controls = (
    agreement(networks.answers(tunes, pattern), truth) for pattern in (back(1), blurred)
)
tried(
    "one-back-is-enough",
    effects,
    (effects >= 0.98) & (effects > controls),
    controls,
    within=1e-3,
    slack=1,
)
effects, controls = (
    agreement(networks.answers(tunes, blurred, where), truth)
    for where in (PLACES[LONGEST + 1 :], early)
)
tried(
    "first-round-only",
    effects,
    (effects >= 0.98) & (effects > controls),
    controls,
    within=1e-3,
    slack=1,
)
effects, controls = (agreement(networks.answers(tunes, back(steps)), ahead(2)) for steps in (2, 3))
tried(
    "two-back-skips-one",
    effects,
    (effects >= 0.9) & (effects > controls),
    controls,
    within=1e-3,
    slack=1,
)

fits = composition(networks)
random = findings["composition-key-random"]["value"]
controls = np.maximum(np.maximum(fits["query"], fits["value"]), random)
tried(
    "fits-the-key",
    fits["key"],
    (fits["key"] >= 0.25) & (fits["key"] > controls),
    controls,
    within=0.01,
)

# %% [markdown] id="about-stranger" after="trial"
# **A stranger's margins.** Interchange: what the first head made of another tune of the same notes,
# in another order, takes the place of its own for one thing that the second head reads. For queries
# and values that must not matter. For keys, the network must say what the stranger's margins say.
# (The tunes are drawn anew here, so a network may fall on the other side of a threshold.)

# %% id="stranger" after="trial"
rng = np.random.default_rng(1)


def reordered():
    return np.array(
        [repeated(rng.permutation(tune[: list(tune).index(tune[0], 1)])) for tune in tunes]
    )


strangers, third = reordered(), reordered()
said = {letter: networks.answers(tunes, stranger=strangers, letter=letter) for letter in "QKV"}
effects = np.minimum(agreement(said["Q"], truth), agreement(said["V"], truth))
controls = agreement(said["K"], truth)
tried(
    "only-through-keys",
    effects,
    (effects >= 0.95) & (effects > controls),
    controls,
    within=0.1,
    slack=1,
)


def margins_say(others):
    """The note in whose margin the other tune has the present one, where that is wrong."""
    said = np.full_like(truth, -1)
    for row, place in zip(*np.nonzero(asked)):
        beside = tunes[row][list(others[row]).index(tunes[row, place]) + 1]
        said[row, place] = -1 if beside == truth[row, place] else beside
    return said


predicted = margins_say(strangers)
effects = agreement(said["K"], predicted)
controls = agreement(said["K"], np.where(predicted >= 0, margins_say(third), -1))
tried(
    "strangers-margins",
    effects,
    (effects >= 0.85) & (effects > controls),
    controls,
    within=0.1,
    slack=2,
)

# %% [markdown] id="about-other-tunes" after="trial"
# **Other tunes.** Tunes longer than any that was trained on, and medleys that never come round.
# Then tunes after an opening that is too long for the first head: where it is made to look one note
# back, the second can go on.

# %% id="other-tunes" after="trial"
def medley():
    tune = rng.permutation(NOTES)[: rng.integers(8, 13)]
    notes = list(tune)
    while len(notes) < LENGTH:
        start = rng.integers(len(tune))
        notes += [tune[k % len(tune)] for k in range(start, start + rng.integers(2, 5))]
    return notes[:LENGTH]


medleys = np.array([medley() for _ in range(48)])
longer = np.array(
    [repeated(rng.permutation(NOTES)[:size]) for size in range(13, 17) for _ in range(12)]
)
effects, controls = (
    np.minimum(
        *(
            agreement(networks.answers(some, pattern), right_answers(some))
            for some in (medleys, longer)
        )
    )
    for pattern in (None, blurred)
)
tried(
    "any-melody", effects, (effects >= 0.95) & (effects > controls), controls, within=0.04, slack=2
)


def opened(number):
    """An opening heard once, then a tune of all other notes over and over."""
    notes, opening = rng.permutation(NOTES), 8 + number % 5
    return np.concatenate([notes[:opening], repeated(notes[opening:])])[:LENGTH]


late = np.array([opened(number) for number in range(60)])
margins = (late[:, None, :] == late[:, :, None]).argmax(2) + 1  # where each place has to read
wanted = np.where(margins > LONGEST, right_answers(late), -1)
effects, controls = (
    agreement(networks.answers(late, pattern), wanted) for pattern in (back(1), None)
)
tried("repaired", effects, (effects >= 0.9) & (effects > controls), controls, within=0.04, slack=1)
