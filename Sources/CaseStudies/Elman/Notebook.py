# What the notebook of this case computes besides what every notebook does: cells, each with the
# section that it stands behind. A cell that bears the id of one of Sources/compose/Cells.py stands
# in its place.

# %% [markdown] id="about-train" after="suspects"
# Now it may learn, in noise as the story's networks did: a normal draw is added to every unit at
# every step. Games are random, of one to six moves.

# %% id="train" after="suspects"
SWAPS = np.array(
    [[1, 0, 2], [2, 1, 0], [0, 2, 1]]
)  # where each cup goes: A and B, A and C, B and C change places


def cups_of(starts, moves):
    """Where the ball is at the start and after every move: an array of games × (moves + 1)."""
    cups = [np.asarray(starts)]
    for move in np.asarray(moves).T:
        cups.append(SWAPS[move, cups[-1]])
    return np.stack(cups, -1)


def batch(step):
    rng = np.random.default_rng(step)
    start, moves, length = (
        rng.integers(3, size=64),
        rng.integers(3, size=(64, 6)),
        rng.integers(1, 7, size=64),
    )
    end = cups_of(start, moves)[np.arange(64), length]
    return {"start": start, "moves": moves, "length": length}, cross_entropy(end)


own, losses = learn(batch, steps=1000, rate=0.01, floor=0.02, decay=0.01, clip=1)
draw(losses, "One recurrent network learns to follow the ball")
answers = run(own, inputs)["logits"].argmax(1)
ends = cups_of(inputs["start"], inputs["moves"])[np.arange(len(answers)), inputs["length"]]
print(f"Right in {np.mean(answers == ends):.2%} of all {len(ends)} games of up to six moves.")
assert np.mean(answers == ends) > 0.99
agrees("games", len(ends))

# %% [markdown] id="about-players" after="clues"
# **What is loud, and what is heard.** One hundred networks play all games of four moves, in a class
# that says what the graph says. The *loud* directions of a state are its two principal components;
# those that are *heard* are the two that the recurrent matrix passes on best, by its singular value
# decomposition.

# %% id="players" after="clues"
def all_games(length):
    """Every game of so many moves: starts [games] and moves [games, moves]."""
    rows = np.stack(np.meshgrid(*[range(3)] * (length + 1), indexing="ij"), -1).reshape(
        -1, length + 1
    )
    return rows[:, 0], rows[:, 1:]


FOUR = all_games(4)
CUP, PAST, MOVE = cups_of(*FOUR)[:, -1], cups_of(*FOUR)[:, -2], FOUR[1][:, -1]


class Player:
    """One network, and how its states lie after all games of four moves."""

    def __init__(self, weights, seed):
        self.e, self.w, self.b, self.u, self.c = (weights[name][seed] for name in "EWbUc")
        states = self.states(*FOUR)
        self.mean = states.mean(0)
        self.offsets = states - self.mean
        self.loud = np.linalg.svd(self.offsets, full_matrices=False)[2][:2]
        directions, self.gains, _ = np.linalg.svd(self.w)
        self.heard, self.unheard = directions.T[:2], directions.T[2:]

    def begin(self, starts):
        return np.maximum(self.e[starts] + self.b, 0)

    def move(self, states, moves):
        return np.maximum(states @ self.w + self.e[3 + moves] + self.b, 0)

    def states(self, starts, moves):
        states = self.begin(starts)
        for move in moves.T:
            states = self.move(states, move)
        return states

    def says(self, states):
        return (states @ self.u + self.c).argmax(-1)

    def variance(self, plane):
        """The share of the states' variance that lies along some directions."""
        return np.sum((self.offsets @ plane.T) ** 2) / np.sum(self.offsets**2)

    def explained(self, kinds, plane=None):
        """The share of the variance along them that goes with what kind of game it was."""
        parts = self.offsets if plane is None else self.offsets @ plane.T
        means = np.array([parts[kinds == kind].mean(0) for kind in range(3)])
        return np.sum(means[kinds] ** 2) / np.sum(parts**2)


weights = trained()
explored = [Player(weights, seed) for seed in range(trial.start)]
networks = [Player(weights, seed) for seed in range(trial.start, training["seedCount"])]


def mean_over(some, measure):
    return np.mean([measure(each) for each in some], axis=0)


assert (explored[specimen].says(explored[specimen].states(*FOUR)) == CUP).all()
agrees("variance-loud", mean_over(explored, lambda each: each.variance(each.loud)), within=1e-4)
agrees("variance-heard", mean_over(explored, lambda each: each.variance(each.heard)), within=1e-4)
agrees("gain-of-heard", mean_over(explored, lambda each: each.gains[:2].mean()), within=1e-4)
agrees("gain-of-third", mean_over(explored, lambda each: each.gains[2]), within=1e-4)
for name, kinds in (("cup", CUP), ("past", PAST), ("move", MOVE)):
    agrees(
        f"{name}-in-loud",
        mean_over(explored, lambda each: each.explained(kinds, each.loud)),
        within=1e-4,
    )
    agrees(
        f"{name}-in-heard",
        mean_over(explored, lambda each: each.explained(kinds, each.heard)),
        within=1e-4,
    )

figure, axes = plt.subplots(1, 2, figsize=(6, 3), dpi=72)
for axis, name in zip(axes, ("loud", "heard")):
    spots = explored[specimen].offsets @ getattr(explored[specimen], name).T
    axis.scatter(*spots.T, c=[f"C{cup}" for cup in CUP], s=8)
    axis.set(title=f"along what is {name}, by cup", xticks=[], yticks=[])
plt.tight_layout()
plt.show()

# %% [markdown] id="about-exchange" after="trial"
# **Exchange.** After two moves the state's share along some directions is taken from another game,
# with the ball elsewhere, for all such pairs of games; then one answer, or one more move and an
# answer. If the ball lives in what is heard, the answer is the other game's; if the fourteen other
# directions hold nothing, it is still its own.

# %% id="exchange" after="trial"
starts, moves = all_games(2)
balls = cups_of(starts, moves)[:, -1]
base, source = np.nonzero(balls[:, None] != balls[None])


def exchanged(player, plane):
    """The shares of exchanges after which the answer is the source's, and is still the base's."""
    states = player.states(starts, moves)
    mixed = states[base] + (states[source] - states[base]) @ plane.T @ plane
    moved, kept = [], []
    for ending in (None, 0, 1, 2):
        answer = player.says(mixed if ending is None else player.move(mixed, ending))
        after = balls if ending is None else SWAPS[ending, balls]
        moved.append(np.mean(answer == after[source]))
        kept.append(np.mean(answer == after[base]))
    return np.mean(moved), np.mean(kept)


agrees("moved-loud", mean_over(explored, lambda each: exchanged(each, each.loud)[0]), within=1e-4)
agrees("moved-heard", mean_over(explored, lambda each: exchanged(each, each.heard)[0]), within=1e-4)
effects = np.array([exchanged(each, each.heard)[0] for each in networks])
tried("heard-is-all", effects, effects >= 0.95, within=1e-4)
effects = np.array([exchanged(each, each.unheard)[1] for each in networks])
tried("rest-is-nothing", effects, effects >= 0.95, within=1e-4)

# %% [markdown] id="about-neurons" after="trial"
# **No two neurons.** Every pair of the sixteen neurons is taken from another game after one move,
# in place of the two directions. From there on every answer must be the other game's. Does any pair
# hold the ball?

# %% id="neurons" after="trial"
from itertools import combinations

short = all_games(1)
short_balls = cups_of(*short)[:, -1]
ours, theirs = np.nonzero(short_balls[:, None] != short_balls[None])
pairs = np.array(list(combinations(range(16), 2)))


def best_pair(player):
    """Over all pairs of neurons, the largest share of exchanges that turns all answers."""
    states = player.states(*short)
    mixed = np.repeat(states[ours][None], len(pairs), 0)  # pairs × exchanges × neurons
    for row, pair in enumerate(pairs):
        mixed[row][:, pair] = states[theirs][:, pair]
    at_once = player.says(mixed) == short_balls[theirs]
    later = [
        player.says(player.move(mixed, move)) == SWAPS[move, short_balls[theirs]]
        for move in range(3)
    ]
    return np.mean([at_once, *(at_once & each for each in later)], axis=(0, 2)).max()


effects = np.array([best_pair(each) for each in networks])
controls = np.array([exchanged(each, each.heard)[0] for each in networks])
tried("no-two-neurons", effects, (effects <= 0.5) & (effects < controls), controls, within=1e-4)

# %% [markdown] id="about-three" after="trial"
# **Three states.** The state is replaced by the mean of all states with the ball under the same
# cup, nine clouds by three points; then every two moves. And is what is loud old news? Its variance
# is split by where the ball was a move ago, against the cup now and the last move.

# %% id="three" after="trial"
def right_from_means(player):
    means = np.array([player.offsets[CUP == cup].mean(0) for cup in range(3)]) + player.mean
    cup, first, second = all_games(2)[0], *all_games(2)[1].T
    path = [means[cup]]
    for move in (first, second):
        path.append(player.move(path[-1], move))
    return np.mean(
        np.all(
            [
                player.says(states) == wanted
                for states, wanted in zip(path, cups_of(*all_games(2)).T)
            ],
            axis=0,
        )
    )


effects = np.array([right_from_means(each) for each in networks])
tried("three-states", effects, effects >= 0.99, within=1e-4)
effects = np.array([each.explained(PAST, each.loud) for each in networks])
controls = np.array(
    [max(each.explained(CUP, each.loud), each.explained(MOVE, each.loud)) for each in networks]
)
tried("old-news", effects, (effects >= 0.5) & (effects > controls), controls, within=1e-4)
