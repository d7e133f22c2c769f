# What the notebook of this case computes besides what every notebook does: cells, each with the
# section that it stands behind. A cell that bears the id of one of Sources/compose/Cells.py stands
# in its place.

# %% [markdown] id="about-train" after="suspects"
# Now it may learn: random games of one to six moves, sixty-four at a time, in which the right cup
# should get a one at the end and the others a zero. The twenty-four weights need a few hundred
# steps.

# %% id="train" after="suspects"
SWAPS = np.array(
    [[1, 0, 2], [2, 1, 0], [0, 2, 1]]
)  # where each cup goes: A and B, A and C, B and C change places


def cups_of(starts, moves, table=SWAPS):
    """Where the ball is at the start and after every move: an array of games × (moves + 1)."""
    cups = [np.asarray(starts)]
    for move in np.asarray(moves).T:
        cups.append(table[move, cups[-1]])
    return np.stack(cups, -1)


def batch(step):
    rng = np.random.default_rng(step)
    start, moves, length = (
        rng.integers(3, size=64),
        rng.integers(3, size=(64, 8)),
        rng.integers(1, 7, size=64),
    )
    end = cups_of(start, moves)[np.arange(64), length]
    return {"start": start, "moves": moves, "length": length}, squared_error(np.eye(3)[end])


own, losses = learn(batch, steps=800, rate=0.03, warm_up=30, floor=0.02, decay=0.3, clip=1)
draw(losses, "One network learns to follow the ball")
answers = run(own, inputs)["output"].argmax(1)
ends = cups_of(inputs["start"], inputs["moves"])[np.arange(len(answers)), inputs["length"]]
print(f"Right in {np.mean(answers == ends):.2%} of all {len(ends)} games of up to eight moves.")
assert (answers == ends).all()
agrees("games", len(ends))

# %% [markdown] id="about-geometry" after="clues"
# **The triangle, in every network.** From here on all hundred networks play at once, in a few lines
# that know what the graph says: the start picks a corner *E*, each move multiplies by its matrix
# *W*, the scores are the products with *U*, plus a third. How unequal are the sides of each
# triangle, how far does a matrix carry a corner from the one where its swap should take it, and how
# much does it stretch areas?

# %% id="geometry" after="clues"
class Players:
    """Networks side by side: E is networks × cups × d, W networks × moves × d × d."""

    def __init__(self, e, w, u):
        self.e, self.w, self.u = e, w, u

    def walk(self, states, moves):
        """States, networks × games × d, before the moves, games × moves, and after each."""
        path = [states]
        for move in np.asarray(moves).T:
            path.append(np.einsum("ngij,ngj->ngi", self.w[:, move], path[-1]))
        return np.stack(path, 2)

    def scores(self, states):
        return states @ self.u[:, None] + 1 / 3 if states.ndim == 4 else states @ self.u + 1 / 3

    def right(self, starts, moves, table=SWAPS):
        """The share of games in which the cup is right at the start and after every move."""
        answers = self.scores(self.walk(self.e[:, starts], moves)).argmax(-1)
        return (answers == cups_of(starts, moves, table)).all(-1).mean(-1)


def players(variant="main", seeds=trial):
    return Players(*(trained(variant)[name][seeds] for name in "EWU"))


def all_games(length):
    """Every game of so many moves: starts [games] and moves [games, moves]."""
    rows = np.stack(np.meshgrid(*[range(3)] * (length + 1), indexing="ij"), -1).reshape(
        -1, length + 1
    )
    return rows[:, 0], rows[:, 1:]


def unequal(some):
    """The longest side of each triangle by the shortest."""
    sides = np.stack(
        [np.linalg.norm(some.e[:, a] - some.e[:, b], axis=1) for a, b in ((0, 1), (1, 2), (0, 2))],
        1,
    )
    return sides.max(1) / sides.min(1)


for variant in ("main", "no-decay"):
    some = players(variant, slice(None))
    images = np.einsum("nmij,ncj->nmci", some.w, some.e)
    off = np.linalg.norm(images - some.e[:, SWAPS], axis=3).max((1, 2)) / np.linalg.norm(
        some.e, axis=2
    ).mean(1)
    for name, values in (
        ("side-ratio", unequal(some)),
        ("mirror-error", off),
        ("growth", np.sqrt(np.abs(np.linalg.det(some.w))).mean(1)),
    ):
        agrees(f"{name}-{variant}", values, within=1e-5)

figure, axes = plt.subplots(1, 2, figsize=(6, 2.8), dpi=72, subplot_kw={"aspect": "equal"})
for axis, variant in zip(axes, ("main", "no-decay")):
    for corners in players(variant, slice(12)).e:
        axis.plot(*corners[[0, 1, 2, 0]].T, lw=1)
    axis.set(title="with weight decay" if variant == "main" else "without", xticks=[], yticks=[])
plt.tight_layout()
plt.show()

# %% [markdown] id="about-predicted" after="trial"
# **Twenty weights from four.** If the story is right, the corners of A and B say everything: C lies
# opposite, so that the three add up to nothing; each matrix is the one that carries the corners as
# its swap does; and the read-out gives one less a third for the own cup. Written down from four
# numbers, the other twenty weights must play all games with the same scores. The control takes them
# from another network's corners.

# %% id="predicted" after="trial"
networks = players()


def foretold(some):
    a, b = some.e[:, 0], some.e[:, 1]
    corners = np.stack([a, b, -a - b], 1)
    inverse = np.linalg.inv(np.stack([a, b], 2))
    w = np.stack([corners[:, row[:2]].transpose(0, 2, 1) @ inverse for row in SWAPS], 1)
    u = ((np.eye(3) - 1 / 3)[:, :2] @ inverse).transpose(0, 2, 1)
    return Players(corners, w, u)


def final_scores(some):
    """After all games of up to six moves."""
    return np.concatenate(
        [
            some.scores(some.walk(some.e[:, starts], moves)[:, :, -1])
            for starts, moves in map(all_games, range(7))
        ],
        1,
    )


def largest(values):
    return np.abs(values).reshape(len(values), -1).max(1)


own, clean = foretold(networks), final_scores(networks)
following = [np.roll(part, -1, axis=0) for part in (own.e, own.w, own.u)]  # each network's next one
others = Players(np.concatenate([networks.e[:, :2], following[0][:, 2:]], 1), *following[1:])
effects, controls = largest(final_scores(own) - clean), largest(final_scores(others) - clean)
tried("twenty-from-four", effects, (effects <= 0.01) & (effects < controls), controls, within=2e-5)

# %% [markdown] id="about-interchange" after="trial"
# **Interchange.** After three moves of one game the state is taken from another, whole, for all
# pairs of games; then the game goes on, in all twenty-seven ways. The ball must be where the
# *other* game had it. Then only a part of the state is taken over: its share along the line through
# one cup's corner, from a game with the ball there, into one without. The control takes the share
# at right angles to it.

# %% id="interchange" after="trial"
starts, moves = all_games(3)
states = networks.walk(networks.e[:, starts], moves)[:, :, -1]
balls = cups_of(starts, moves)[:, -1]


def goes_on(states, balls, moves=3):
    """Of all continuations by so many moves, the share after which the ball is where it should."""
    if moves == 0:
        return (networks.scores(states).argmax(-1) == balls).mean(-1)
    turned = networks.w.swapaxes(-1, -2)
    return np.mean(
        [goes_on(states @ turned[:, move], SWAPS[move, balls], moves - 1) for move in range(3)], 0
    )


effects = goes_on(states, balls)  # of the game that was interrupted, nothing is left
tried("whole-state", effects, effects == 1)

along, across = [], []
for cup in range(3):
    base, source = np.where(balls != cup)[0], np.where(balls == cup)[0]
    base, source = (grid.ravel() for grid in np.meshgrid(base, source))
    line = networks.e[:, cup] / np.linalg.norm(networks.e[:, cup], axis=1, keepdims=True)
    for found, unit in ((along, line), (across, np.stack([-line[:, 1], line[:, 0]], 1))):
        share = np.einsum("ngd,nd->ng", states[:, source] - states[:, base], unit)
        found.append(
            goes_on(states[:, base] + share[:, :, None] * unit[:, None], np.full(len(base), cup))
        )
effects, controls = np.min(along, 0), np.max(across, 0)
tried("one-line-one-cup", effects, (effects == 1) & (effects > controls), controls)

# %% [markdown] id="about-surgery" after="trial"
# **Surgery.** Two matrices change places; one becomes the identity; one becomes the product of two
# others. Each time the rules change in the same way, and under the new rules every game of six
# moves must come out right.

# %% id="surgery" after="trial"
w, still = networks.w, np.arange(3)
operations = [
    (w[:, [1, 0, 2]], SWAPS[[1, 0, 2]]),
    (
        np.concatenate([np.broadcast_to(np.eye(2), w[:, :1].shape), w[:, 1:]], 1),
        np.stack([still, *SWAPS[1:]]),
    ),
    (
        np.concatenate([(w[:, 2] @ w[:, 0])[:, None], w[:, 1:]], 1),
        np.stack([SWAPS[2][SWAPS[0]], *SWAPS[1:]]),
    ),
]
effects = np.min(
    [
        Players(networks.e, matrices, networks.u).right(*all_games(6), table)
        for matrices, table in operations
    ],
    0,
)
tried("surgery", effects, effects == 1)

# %% [markdown] id="about-doubt" after="trial"
# **Doubt, and decay.** A start halfway between two corners is a state that no game has: the two
# cups where the ball may be must share the score, half and half, after every game. And the triangle
# is equilateral only where weight decay made it so: the control is the same network trained
# without.

# %% id="doubt" after="trial"
effects = []
for pair in ([0, 1], [1, 2], [0, 2]):
    for moves in (all_games(length)[1][: 3**length] for length in range(7)):
        middle = np.repeat(networks.e[:, pair].mean(1)[:, None], len(moves), 1)
        halves = np.mean(
            [np.eye(3)[cups_of(np.full(len(moves), cup), moves)[:, -1]] for cup in pair], 0
        )
        effects.append(largest(networks.scores(networks.walk(middle, moves)[:, :, -1]) - halves))
effects = np.max(effects, 0)
tried("doubt", effects, effects <= 0.01, within=2e-5)

effects, controls = unequal(networks), unequal(players("no-decay"))
tried("equilateral", effects, (effects <= 1.02) & (effects < controls), controls)

# %% [markdown] id="about-long" after="trial"
# **Never shown, and a thousand moves.** Some networks never saw three of the nine pairs of cup and
# swap. In all short games that need one, networks of two and of three dimensions are compared; then
# in random games of a thousand moves (other games than the published ones).

# %% id="long" after="trial"
UNSEEN = [(0, 0), (2, 1), (1, 2)]  # the ball under A when A and B are swapped, and so on around


def right_on_unseen(some):
    shares, counts = [], []
    for starts, moves in map(all_games, range(1, 5)):
        pairs = 3 * cups_of(starts, moves)[:, :-1] + moves
        rows = np.isin(pairs, [3 * cup + move for cup, move in UNSEEN]).any(1)
        shares.append(some.right(starts[rows], moves[rows]) * rows.sum())
        counts.append(rows.sum())
    return np.sum(shares, 0) / np.sum(counts)


def right_for_long(some, length=1000, count=50):
    """The share of random games in which the cup is right after every move."""
    rng = np.random.default_rng(0)
    return some.right(rng.integers(3, size=count), rng.integers(3, size=(count, length)))


plane, space = players("unseen-width-2"), players("unseen-width-3")
effects, controls = right_on_unseen(plane), right_on_unseen(space)
tried("no-room-for-exceptions", effects, (effects == 1) & (controls < 1), controls)
effects, controls = right_for_long(plane), right_for_long(space)
tried("exceptions-come-back", effects, (effects == 1) & (controls < 1), controls, within=0.1)
effects = right_for_long(networks)
tried("a-thousand-moves", effects, effects == 1)
