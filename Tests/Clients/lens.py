"""A transformer's checkpoint in the real TransformerLens, whichever of its two kinds is installed.

3.9 has `HookedTransformer`; 4.3 has `TransformerBridge`, and converts a checkpoint of the former.
"""

import re
from importlib.metadata import version

import torch

VERSION = version("transformer-lens")


def configuration(weights, network):
    """What TransformerLens has to be told: the tensors' shapes, and whether there is a mask."""
    vocabulary, dimension = weights["embed.W_E"].shape
    heads, _, head_dimension = weights["blocks.0.attn.W_Q"].shape
    hidden = weights.get("blocks.0.mlp.W_in")
    return dict(
        d_vocab=vocabulary,
        d_vocab_out=weights["unembed.W_U"].shape[1],
        d_model=dimension,
        n_ctx=weights["pos_embed.W_pos"].shape[0],
        n_layers=sum(name.endswith("attn.W_Q") for name in weights),
        n_heads=heads,
        d_head=head_dimension,
        d_mlp=None if hidden is None else hidden.shape[1],
        attn_only=hidden is None,
        act_fn="relu",
        normalization_type="LN" if "ln_final.w" in weights else None,
        attention_dir="causal" if masks(network) else "bidirectional",
    )


def masks(network):
    """Whether the graph has a constant of −∞, as a masked score is."""
    return any(
        node["operation"] == "constant" and "-Infinity" in node["attributes"]["values"]
        for node in network["graph"]["nodes"])


def load(weights, sizes):
    """A model with these weights; it may lack no more than biases, which then are zero."""
    weights = {name: torch.from_numpy(tensor) for name, tensor in weights.items()}
    model, state, answer = (hooked if VERSION < "4" else bridged)(weights, sizes)
    assert not answer.unexpected_keys, f"TransformerLens has no {answer.unexpected_keys}"
    for name in answer.missing_keys:
        if not name.endswith((".mask", ".IGNORE")):
            is_bias = re.search(r"\.(b_\w+|bias)$", name)
            assert is_bias and not state[name].any(), f"the checkpoint has no {name}"
    return model


def hooked(weights, sizes):
    from transformer_lens import HookedTransformer, HookedTransformerConfig

    model = HookedTransformer(HookedTransformerConfig(**sizes, device="cpu", use_attn_result=True))
    answer = model.load_state_dict(weights, strict=False)
    return model, model.state_dict(), answer


def bridged(weights, sizes):
    from transformer_lens import TransformerBridge, TransformerBridgeConfig
    from transformer_lens.model_bridge import sources  # gives the bridge its boot_native
    from transformer_lens.utilities.tl_checkpoint_conversion import convert_tl_checkpoint

    model = TransformerBridge.boot_native(TransformerBridgeConfig(**sizes))
    answer = model.load_state_dict(convert_tl_checkpoint(weights, model.cfg), strict=False)
    return model, model.original_model.state_dict(), answer


def run(model, tokens):
    """The logits, and every activation that TransformerLens caches, by name."""
    with torch.no_grad():
        logits, cache = model.run_with_cache(torch.from_numpy(tokens).long())
        if VERSION >= "4":  # a bridge does not cache what each head adds, but can tell it after
            cache.compute_head_results()
    return logits.numpy(), {name: value.numpy() for name, value in cache.items()}
