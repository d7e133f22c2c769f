# What the notebook of this case computes besides what every notebook does: cells, each with the
# section that it stands behind. A cell that bears the id of one of Sources/compose/Cells.py stands
# in its place.

# %% [markdown] id="about-train" after="suspects"
# Now it may learn: random games of one to six moves, sixty-four at a time. A move is any of the
# twenty-seven ways to send three cups to three cups; it is numbered by where it sends them, read as
# digits to the base three.

# %% id="train" after="suspects"
TRICKS = np.array([[move // 9, move // 3 % 3, move % 3] for move in range(27)])
LEFT = np.array(
    [len(set(row)) for row in TRICKS]
)  # under how many cups the ball can be after a move


def cups_of(starts, moves):
    """Where the ball is at the start and after every move: an array of games × (moves + 1)."""
    cups = [np.asarray(starts)]
    for move in np.asarray(moves).T:
        cups.append(TRICKS[move, cups[-1]])
    return np.stack(cups, -1)


def batch(step):
    rng = np.random.default_rng(step)
    start, moves, length = (
        rng.integers(3, size=64),
        rng.integers(27, size=(64, 6)),
        rng.integers(1, 7, size=64),
    )
    end = cups_of(start, moves)[np.arange(64), length]
    return {"start": start, "moves": moves, "length": length}, squared_error(np.eye(3)[end])


own, losses = learn(batch, steps=1200, rate=0.03, warm_up=30, floor=0.02, decay=0.01, clip=1)
draw(losses, "One network learns twenty-seven moves")
answers = run(own, inputs)["output"].argmax(1)
ends = cups_of(inputs["start"], inputs["moves"])[np.arange(len(answers)), inputs["length"]]
print(f"Right in {np.mean(answers == ends):.2%} of all {len(ends)} games of up to two moves.")
assert np.mean(answers == ends) > 0.99

# %% [markdown] id="about-ranks" after="clues"
# **How many directions has a matrix?** Its singular values say. In every network, a move that
# leaves the ball under one cup should have a matrix of one direction, and so on: as many as cups
# are left.

# %% id="ranks" after="clues"
def hits(weights):
    """The share of a network's matrices with as many directions as their moves leave cups."""
    values = np.linalg.svd(weights["W"], compute_uv=False)
    return ((values > values[..., :1] / 10).sum(-1) == LEFT).mean(1)


for size in (1, 2, 3):
    agrees(f"moves-leaving-{size}", np.sum(LEFT == size))
for variant in ("main", "width-4"):
    shares = hits(trained(variant))
    agrees(f"ranks-{variant}", shares.mean())
    agrees(f"all-ranks-{variant}", np.mean(shares == 1))

values = np.linalg.svd(one(trained(), specimen)["W"], compute_uv=False)
plt.figure(figsize=(6, 2.4), dpi=72)
for size, colour in ((1, "C3"), (2, "C1"), (3, "C0")):
    for place, row in enumerate(values[LEFT == size]):
        plt.plot(
            range(1, 4),
            row / row[0],
            color=colour,
            lw=0.8,
            label=f"leaves {size}" if place == 0 else None,
        )
plt.title("The specimen's matrices")
plt.xlabel("singular value")
plt.ylabel("of the largest")
plt.xticks([1, 2, 3])
plt.legend()
plt.tight_layout()
plt.show()

# %% [markdown] id="about-secrets" after="clues"
# **What a move forgets.** Two cups that a move brings together stand at two corners before it. How
# much of their difference is left after it?

# %% id="secrets" after="clues"
TOGETHER = [
    (move, a, b)
    for move, row in enumerate(TRICKS)
    for a, b in ((0, 1), (1, 2), (0, 2))
    if row[a] == row[b]
]


def left_of_difference(weights, read):
    """Over all moves and pairs of cups, the most that is read of what becomes of a difference."""
    e, w = weights["E"], weights["W"]
    return np.max(
        [
            read(np.einsum("nij,nj->ni", w[:, move], e[:, a] - e[:, b]), e[:, a] - e[:, b])
            for move, a, b in TOGETHER
        ],
        0,
    )


share = left_of_difference(
    trained(), lambda image, before: np.linalg.norm(image, axis=1) / np.linalg.norm(before, axis=1)
)
assert np.allclose(findings["apart-main"]["value"], share, atol=1e-5)
checked.append("apart-main")
print(
    f"At most {share.max():.4f} of the difference is left in any of {len(share)} networks,",
    "as published.",
)

# %% [markdown] id="about-cut" after="trial"
# **Cut to rank.** Every matrix is cut down to as many directions as its move leaves cups, by its
# singular value decomposition, and all games of up to two moves are played. The control cuts one
# direction more.

# %% id="cut" after="trial"
weights = {name: array[trial] for name, array in trained().items()}


def all_games(length):
    """Every game of so many moves: starts [games] and moves [games, moves]."""
    grids = np.meshgrid(range(3), *[range(27)] * length, indexing="ij")
    rows = np.stack(grids, -1).reshape(-1, length + 1)
    return rows[:, 0], rows[:, 1:]


def scores(weights, starts, moves, states=None):
    """At the start and after every move: networks × games × (moves + 1) × cups."""
    states = (
        weights["E"][:, starts] if states is None else np.repeat(states[:, None], len(moves), 1)
    )
    path = [states]
    for move in moves.T:
        path.append((weights["W"][:, move] @ path[-1][..., None])[..., 0])
    return np.stack(path, 2) @ weights["U"][:, None]


def right(weights):
    """Of all games of up to two moves, the share that is right throughout."""
    games = [all_games(length) for length in range(3)]
    return np.concatenate(
        [(scores(weights, *each).argmax(-1) == cups_of(*each)).all(-1) for each in games], 1
    ).mean(1)


def cut(weights, kept):
    u, values, v = np.linalg.svd(weights["W"])
    values = np.where(np.arange(values.shape[-1]) < kept[:, None], values, 0)
    return {**weights, "W": (u * values[..., None, :]) @ v}


effects, controls = right(cut(weights, LEFT)), right(cut(weights, LEFT - 1))
tried("cut-to-rank", effects, (effects == 1) & (effects > controls), controls, within=0.05)
effects, controls = hits(weights), hits(
    {name: array[trial] for name, array in trained("width-4").items()}
)
tried("rank-is-what-is-left", effects, (effects == 1) & (effects > controls), controls)
effects = left_of_difference(
    weights, lambda image, _: np.abs(np.einsum("ni,nic->nc", image, weights["U"])).max(1)
)
tried("forgets-the-difference", effects, effects <= 0.01, within=2e-5)

# %% [markdown] id="about-middle" after="trial"
# **Not knowing.** A start in the middle of the three corners is a state that no game has. After any
# moves the score of each cup must be the share of the three starts that lead there: a ledger of
# chances, which nobody asked for.

# %% id="middle" after="trial"
def off_the_ledger(length):
    moves = all_games(length)[1]
    moves = moves[: len(moves) // 3]
    said = scores(weights, None, moves, weights["E"].mean(1))[:, :, -1]
    chances = np.mean(
        [np.eye(3)[cups_of(np.full(len(moves), cup), moves)[:, -1]] for cup in range(3)], 0
    )
    return np.abs(said - chances).max((1, 2))


effects = np.max([off_the_ledger(length) for length in range(3)], 0)
tried("finds-what-it-never-saw", effects, effects <= 0.01, within=2e-5)

# %% [markdown] id="about-corners" after="trial"
# **Nine numbers.** Everything else is written down from the three corners: each matrix carries them
# as its move does, the read-out is the inverse of the corners. The control takes all that from
# another network.

# %% id="corners" after="trial"
corners = weights["E"].swapaxes(1, 2)
inverse = np.linalg.inv(corners)
foretold = {
    "W": np.stack([corners[:, :, row] @ inverse for row in TRICKS], 1),
    "U": inverse.swapaxes(1, 2),
}


def final_scores(weights):
    return np.concatenate([scores(weights, *all_games(length))[:, :, -1] for length in range(3)], 1)


clean = final_scores(weights)
effects = np.abs(final_scores({**weights, **foretold}) - clean).max((1, 2))
others = {name: np.roll(array, -1, axis=0) for name, array in foretold.items()}
controls = np.abs(final_scores({**weights, **others}) - clean).max((1, 2))
tried("corners-say-all", effects, (effects <= 0.01) & (effects < controls), controls, within=1e-4)
