"""The workloads in PyTorch: the networks are an axis of every product."""

import math
from functools import partial

import torch
import torch.nn.functional as F
from workloads import BETA1, BETA2, DECAY, EPSILON, L1, LEARNING_RATE, WORKLOADS, batches


def perceptron(p, x, y):
    hidden = torch.relu(x @ p["W1"] + p["b1"][:, None])
    output = (hidden @ p["W2"])[..., 0]
    price = p["W1"].abs().sum((1, 2)) + p["W2"].abs().sum((1, 2))
    return (((output - y) ** 2).mean(-1) + L1 * price).sum()


def shell(p, x, y):
    state, loss = p["E"][:, x[:, 0]], 0.0
    for step in range(x.shape[1]):
        if step:
            state = torch.einsum("sbij,sbj->sbi", p["W"][:, x[:, step]], state)
        scores = state @ p["U"] + 1 / 3
        loss = loss + ((scores - F.one_hot(y[:, step], 3)) ** 2).mean((1, 2)).sum()
    return loss


def transformer(p, x, y, heads):
    """One layer; with an MLP only the last position is asked for, and nothing else of it is computed."""
    stream = p["E"][:, x] + p["P"][:, None]
    networks, examples, _, width = stream.shape
    asking = stream[:, :, -1:] if "in" in p else stream

    def by_head(values, weights):
        values = values.reshape(networks, -1, width) @ weights
        return values.reshape(networks, examples, -1, heads, width // heads).transpose(2, 3)

    q, k, v = by_head(asking, p["Q"]), by_head(stream, p["K"]), by_head(stream, p["V"])
    pattern = (q @ k.transpose(-1, -2) / math.sqrt(width // heads)).softmax(-1)
    z = (pattern @ v).transpose(2, 3).reshape(networks, -1, width)
    stream = asking.reshape(networks, -1, width) + z @ p["O"]
    if "in" in p:
        stream = stream + torch.relu(stream @ p["in"]) @ p["out"]
    logits = stream @ p["U"]
    answers = y.reshape(1, -1).expand(networks, -1).reshape(-1)
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), answers) * networks


class Training:
    """A population that trains for all steps when it is called."""

    version = torch.__version__

    def __init__(self, name, networks, steps, variant):
        workload = WORKLOADS[name]
        self.steps = steps
        self.x, self.y = (torch.tensor(values) for values in batches(name, steps))
        self.weights = {k: torch.tensor(v, requires_grad=True) for k, v in workload.weights(networks).items()}
        self.optimizer = torch.optim.AdamW(
            self.weights.values(), lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=EPSILON, weight_decay=DECAY, fused=True)
        self.loss = {"shell": shell, "xor": perceptron, "parity": perceptron}.get(
            name, partial(transformer, heads=workload.heads))
        if variant == "compiled":
            torch.compiler.reset()
            self.loss = torch.compile(self.loss, dynamic=False)
        self.train(5)

    def lasting(self, steps):
        """The same of another number of steps, which see the same batches again."""
        self.steps = steps
        return self

    def __call__(self):
        self.train(self.steps)

    def train(self, steps):
        for step in range(steps):
            loss = self.loss(self.weights, self.x[step % len(self.x)], self.y[step % len(self.y)])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()


def use(threads):
    torch.set_num_threads(threads)
