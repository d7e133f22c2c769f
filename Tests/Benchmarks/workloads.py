"""The workloads of Sources/bench/Workload*.swift, for the peers: what is trained, and on what.

All networks of a population see the same batches; each has weights of its own. The batches lie ready before the
clock starts, while ours are drawn as training goes.
"""

import math
from dataclasses import dataclass

import numpy as np

LEARNING_RATE, BETA1, BETA2, EPSILON, DECAY = 1e-2, 0.9, 0.98, 1e-8, 0.01
L1 = 1e-3

# Where the swaps AB, BC and AC take the ball from each place.
SWAPS = np.array([[1, 0, 2], [0, 2, 1], [2, 1, 0]])


@dataclass(frozen=True)
class Workload:
    """A population that is trained for its whole schedule, with the shapes of one network's parameters."""

    networks: int
    steps: int
    shapes: dict
    heads: int = 1

    @property
    def parameters(self):
        return sum(math.prod(shape) for shape in self.shapes.values())

    def weights(self, networks):
        """Fresh weights: `[network, shape...]` of each parameter."""
        random = np.random.RandomState(0)
        return {
            name: (random.randn(networks, *shape) * 0.5 / math.sqrt(shape[0] if len(shape) > 1 else 1)).astype(
                np.float32)
            for name, shape in self.shapes.items()
        }


WORKLOADS = {
    "xor": Workload(1000, 1500, {"W1": (2, 16), "b1": (16,), "W2": (16, 1)}),
    "parity": Workload(100, 2000, {"W1": (10, 64), "b1": (64,), "W2": (64, 1)}),
    "reverse": Workload(
        20, 300,
        {"E": (10, 16), "P": (8, 16), "Q": (16, 16), "K": (16, 16), "V": (16, 16), "O": (16, 16), "U": (16, 10)}),
    "shell": Workload(100, 3000, {"E": (3, 2), "W": (3, 2, 2), "U": (2, 3)}),
    "grok": Workload(
        1, 20,
        {"E": (114, 128), "P": (3, 128), "Q": (128, 128), "K": (128, 128), "V": (128, 128), "O": (128, 128),
         "in": (128, 512), "out": (512, 128), "U": (128, 113)}, heads=4),
}


def batches(name, steps):
    """The questions and answers of each step, `[step, example, ...]`; of one step where all are alike."""
    random = np.random.RandomState(0)
    if name == "xor":
        x = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], np.float32)
        return x[None], -x[None, :, 0] * x[None, :, 1]
    if name == "parity":
        x = random.choice([-1.0, 1.0], (steps, 64, 10)).astype(np.float32)
        return x, x[..., :4].prod(-1)
    if name == "reverse":
        x = random.randint(0, 10, (steps, 64, 8))
        return x, x[..., ::-1].copy()
    if name == "shell":
        x = np.concatenate([random.randint(0, 3, (steps, 64, 1)), random.randint(0, 3, (steps, 64, 6))], -1)
        places = [x[..., 0]]
        for step in range(6):
            places.append(SWAPS[x[..., step + 1], places[-1]])
        return x, np.stack(places, -1)
    pairs = np.stack(np.meshgrid(range(113), range(113)), -1).reshape(-1, 2)
    pairs = pairs[random.permutation(len(pairs))[:3830]]
    x = np.concatenate([pairs, np.full((3830, 1), 113)], 1)
    return x[None], (pairs.sum(1) % 113)[None]
