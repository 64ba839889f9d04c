#!/usr/bin/env python3
"""A small qwen2 model of random weights and what Transformers computes with it in f32.

    python make_qwen2.py --out tests/golden/qwen2

writes into --out
    model.gguf      the model: matrices F16, vectors F32, a vocabulary of single bytes
    tokens.npy      [T] the tokens that were read
    hidden.npy      [layers, T, E] the residual stream behind each block
    logits.npy      [T, V]

Weights with the usual spread of 0.02 prove little: attention comes out nearly uniform and the residual stream nearly
unchanged. These are scaled so that every block changes the stream by about its own size and attention is sharp; the
biases are as large as what they are added to, those of the keys larger, as in the real models.

Needs: torch, transformers, gguf, numpy. Deterministic: the same versions give the same bytes.
"""

import argparse
import pathlib

import gguf
import numpy as np
import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

TOKENS = 96
CONFIG = dict(vocab_size=80, hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4,
              num_key_value_heads=2, head_dim=32, max_position_embeddings=512, rms_norm_eps=1e-6, rope_theta=500.0,
              tie_word_embeddings=False, use_sliding_window=False, attn_implementation="eager")
NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
         "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
ENDS = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}


def spread_of(name, tensor):
    """Standard deviation of a tensor's random numbers."""
    if name.endswith("k_proj.bias"):
        return 3.0
    if name.endswith(".bias"):
        return 1.0
    if "embed_tokens" in name:
        return 1.0
    return 1.6 / tensor.shape[-1] ** 0.5


def fill(model):
    generator = torch.Generator().manual_seed(2)
    for name, tensor in model.state_dict().items():
        if "norm" in name:
            tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
        else:
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * spread_of(name, tensor))
        if tensor.dim() == 2:
            tensor.copy_(tensor.half().float())  # the file holds exactly what was computed with


def gguf_name(name):
    module, kind = name.rsplit(".", 1)
    if module in ENDS:
        return f"{ENDS[module]}.{kind}"
    layer, part = module.removeprefix("model.layers.").split(".", 1)
    return f"blk.{layer}.{NAMES[part]}.{kind}"


def write_model(model, path):
    config = model.config
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(CONFIG["head_dim"])
    writer.add_value_length(CONFIG["head_dim"])
    writer.add_rope_freq_base(CONFIG["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    for name, tensor in model.state_dict().items():
        numbers = tensor.numpy()
        writer.add_tensor(gguf_name(name), numbers.astype(np.float16) if numbers.ndim == 2 else numbers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent / "qwen2")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    torch.set_grad_enabled(False)
    model = Qwen2ForCausalLM(Qwen2Config(**CONFIG)).float().eval()
    fill(model)
    write_model(model, args.out / "model.gguf")
    tokens = np.random.default_rng(5).integers(0, CONFIG["vocab_size"], TOKENS).astype("<i4")

    streams = []  # behind the embedding and behind each block

    def keep(_module, _inputs, output):
        streams.append((output[0] if isinstance(output, tuple) else output).reshape(TOKENS, -1))

    modules = [model.model.embed_tokens, *model.model.layers]
    handles = [module.register_forward_hook(keep) for module in modules]
    outputs = model(torch.from_numpy(tokens.astype(np.int64))[None], use_cache=False, output_attentions=True)
    for handle in handles:
        handle.remove()

    np.save(args.out / "tokens.npy", tokens)
    np.save(args.out / "hidden.npy", torch.stack(streams[1:]).numpy().astype("<f4"))
    np.save(args.out / "logits.npy", outputs.logits[0].numpy().astype("<f4"))
    for layer, attention in enumerate(outputs.attentions):
        change = (streams[layer + 1] - streams[layer]).norm() / streams[layer].norm()
        sharpness = attention[0, :, TOKENS // 2 :].max(-1).values.mean()
        print(f"block {layer} changes the stream by {change:.2f} of its size; largest attention weight {sharpness:.2f}")


if __name__ == "__main__":
    main()
