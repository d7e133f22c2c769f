"""The workloads in JAX: one network's training written once, mapped over the networks and compiled whole."""

import math
from functools import partial

import jax
import jax.numpy as jnp
from workloads import BETA1, BETA2, DECAY, EPSILON, L1, LEARNING_RATE, WORKLOADS, batches


def perceptron(p, x, y):
    output = (jax.nn.relu(x @ p["W1"] + p["b1"]) @ p["W2"])[:, 0]
    return jnp.mean((output - y) ** 2) + L1 * (jnp.abs(p["W1"]).sum() + jnp.abs(p["W2"]).sum())


def rows(table, tokens, one_hot):
    """A table's rows, gathered or as a product with one-hot rows: whichever is faster."""
    return jax.nn.one_hot(tokens, len(table)) @ table if one_hot else table[tokens]


def shell(p, x, y, one_hot):
    state, loss = rows(p["E"], x[:, 0], one_hot), 0.0
    for step in range(x.shape[1]):
        if step and one_hot:
            moved = (state @ p["W"].transpose(2, 0, 1).reshape(2, 6)).reshape(-1, 3, 2)
            state = (jax.nn.one_hot(x[:, step], 3)[..., None] * moved).sum(1)
        elif step:
            state = jnp.einsum("bij,bj->bi", p["W"][x[:, step]], state)
        loss += jnp.mean((state @ p["U"] + 1 / 3 - jax.nn.one_hot(y[:, step], 3)) ** 2)
    return loss


def transformer(p, x, y, heads, one_hot):
    """One layer; with an MLP only the last position is asked for, and nothing else of it is computed."""
    stream = rows(p["E"], x, one_hot) + p["P"]
    examples, length, width = stream.shape
    asking = stream[:, -1:] if "in" in p else stream

    def by_head(values, weights):
        return (values @ weights).reshape(examples, -1, heads, width // heads)

    q, k, v = by_head(asking, p["Q"]), by_head(stream, p["K"]), by_head(stream, p["V"])
    pattern = jax.nn.softmax(jnp.einsum("bqhd,bkhd->bhqk", q, k) / math.sqrt(width // heads))
    stream = asking + jnp.einsum("bhqk,bkhd->bqhd", pattern, v).reshape(examples, -1, width) @ p["O"]
    if "in" in p:
        stream = stream + jax.nn.relu(stream @ p["in"]) @ p["out"]
        stream = stream[:, 0]
    logits = jax.nn.log_softmax(stream @ p["U"])
    return -jnp.mean(jnp.take_along_axis(logits, y[..., None], -1))


def adam(weights, means, squares, slopes, step):
    time = step + 1.0
    means = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, means, slopes)
    squares = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, squares, slopes)

    def changed(w, m, v):
        move = m / (1 - BETA1**time) / (jnp.sqrt(v / (1 - BETA2**time)) + EPSILON)
        return w - LEARNING_RATE * (move + DECAY * w)

    return jax.tree.map(changed, weights, means, squares), means, squares


class Training:
    """A population that trains for all steps when it is called."""

    version = jax.__version__

    def __init__(self, name, networks, steps, variant):
        self.what = name, networks, variant
        workload = WORKLOADS[name]
        one_hot = variant == "one-hot"
        loss = {"xor": perceptron, "parity": perceptron, "shell": partial(shell, one_hot=one_hot)}.get(
            name, partial(transformer, heads=workload.heads, one_hot=one_hot))

        def train(weights, xs, ys):
            def step(carry, at):
                slopes = jax.grad(loss)(carry[0], xs[at % len(xs)], ys[at % len(ys)])
                return adam(*carry, slopes, at), None

            zeros = jax.tree.map(jnp.zeros_like, weights)
            return jax.lax.scan(step, (weights, zeros, zeros), jnp.arange(steps))[0][0]

        self.train = jax.jit(jax.vmap(train, in_axes=(0, None, None)))
        self.arguments = jax.tree.map(jnp.asarray, (workload.weights(networks), *batches(name, steps)))
        self()

    def lasting(self, steps):
        """The same of another number of steps, which is compiled in."""
        name, networks, variant = self.what
        return Training(name, networks, steps, variant)

    def __call__(self):
        jax.block_until_ready(self.train(*self.arguments))


def use(threads):
    """Nothing: the environment has said how many, before this was imported."""
