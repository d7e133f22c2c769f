"""Runs every transformer's checkpoint in the real TransformerLens and compares all activations.

    check_lens.py ARTIFACTS [GALLERY ...]

It knows no case: whatever has a checkpoint with an embedding is a transformer.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

import lens
from check_networks import compare
from counting import Checks
from reading import cases_in, read_json

# What 4.3 gives under the name of the scores is the pattern.
INSTEAD = {"attn.hook_attn_scores": "attn.hook_pattern"} if lens.VERSION >= "4" else {}


class Transformer:
    """A case's specimen, with what Casebook recorded of it."""

    def __init__(self, case):
        self.checkpoints = sorted((case / "main/checkpoints").glob("*.safetensors"))
        self.weights = load_file(self.checkpoints[-1])
        self.network = read_json(case / "main/network.json")
        self.sizes = lens.configuration(self.weights, self.network)
        self.recorded = load_file(case / "activations.safetensors")


def is_transformer(case):
    paths = sorted((case / "main/checkpoints").glob("*.safetensors"))
    return bool(paths) and "embed.W_E" in load_file(paths[-1])


def checks(case):
    transformer = Transformer(case)
    yield "every checkpoint loads", every_checkpoint_loads, transformer
    yield "has TransformerLens's activations", agrees, transformer
    for name, weights, sizes in damaged(transformer):
        yield f"is not right with {name}", refuses, transformer, weights, sizes


def every_checkpoint_loads(transformer):
    for path in transformer.checkpoints:
        lens.load(load_file(path), transformer.sizes)


def agrees(transformer, weights=None, sizes=None):
    """TransformerLens caches the sites that the network has, no other, and computes the same."""
    recorded, network = transformer.recorded, transformer.network
    model = lens.load(weights or transformer.weights, sizes or transformer.sizes)
    logits, cache = lens.run(model, recorded["inputs"])
    sites = {site["name"] for site in network["sites"]} - {network["output"]}
    if lens.VERSION < "4":
        rest = set(cache) - {"unembed.hook_in", "unembed.hook_out"}
        assert sites == rest, f"one has, and the other has not: {sorted(sites ^ rest)}"
    compare("logits", logits, recorded["outputs"])
    compared = sites & set(recorded)
    assert compared, "no site was recorded"
    for name in sorted(compared):
        compare(name, cache[name], recorded[instead(name)])


def instead(name):
    for ours, theirs in INSTEAD.items():
        name = name.replace(ours, theirs)
    return name


def damaged(transformer):
    """The transformer with a mistake of each kind that its shapes would not betray."""
    weights, sizes = transformer.weights, transformer.sizes
    heads = weights["blocks.0.attn.W_Q"]
    if len(heads) > 1:
        turned = dict(weights)
        turned["blocks.0.attn.W_Q"] = np.ascontiguousarray(heads[::-1])
        yield "its queries' heads in another order", turned, sizes
    if len(set(heads.shape)) == 1:
        turned = dict(weights)
        turned["blocks.0.attn.W_Q"] = np.ascontiguousarray(heads.swapaxes(0, 2))
        yield "its axis of heads swapped", turned, sizes
    other = {"causal": "bidirectional", "bidirectional": "causal"}[sizes["attention_dir"]]
    yield f"{other} attention", weights, {**sizes, "attention_dir": other}


def refuses(transformer, weights, sizes):
    try:
        agrees(transformer, weights, sizes)
    except AssertionError:
        return
    raise AssertionError("nothing was noticed")


def main():
    cases = [case for gallery in sys.argv[1:] for case in cases_in(Path(gallery))]
    transformers = [case for case in cases if is_transformer(case)]
    counted = Checks()
    for case in transformers:
        counted.over(case.name, checks, case)
    print(f"TransformerLens {lens.VERSION} ran {len(transformers)} transformers")
    print(f"{counted.passed} passed, {counted.failed} failed")
    return 1 if counted.failed or not transformers else 0


if __name__ == "__main__":
    sys.exit(main())
