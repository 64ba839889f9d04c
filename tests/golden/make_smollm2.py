"""Reference numbers of SmolLM2-135M-Instruct from Transformers, for tests/inference/models/tst_smollm2.cpp.

    python make_smollm2.py --model-dir DIR [--gguf SmolLM2-135M-Instruct.Q4_1.gguf] [--out smollm2]

Needs torch, transformers, accelerate and gguf. The GGUF file is dequantised to float32 by Transformers and run on
the CPU in float32. Written to --out, as .npy files (little-endian, C order):

    tokens.npy           i32 [T]            text.txt, without a beginning-of-text token
    logsumexp.npy        f32 [T]            over the vocabulary, per position
    top_ids.npy          i32 [T, 32]        the 32 largest logits of each position, largest first
    top_logits.npy       f32 [T, 32]
    columns.npy          i32 [128]          fixed vocabulary entries
    column_logits.npy    f32 [T, 128]
    hidden_positions.npy i32 [P]            positions whose hidden states are kept
    hidden.npy           f32 [30, P, 576]   residual stream after each block, before the final norm
    prompts.npy          i32 [N, L]         chat prompts, padded behind with -1
    greedy.npy           i32 [N, 64]        what greedy decoding appends, padded behind with -1 after the end token
    int8_divergence.npy  f32 [1]            mean KL divergence of the logits when every product reads activations in
                                            int8, groups of 32 with a half float scale: what llama.cpp's Q8_0 and
                                            Q8_1 activations cost on this file and text
"""

import argparse
import pathlib

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = [
    "What is the capital of France?",
    "Write a short poem about a lighthouse in winter.",
    "Explain in two sentences why the sky is blue.",
    "List the first ten prime numbers.",
]
NEW_TOKENS = 64


def layer_outputs(model, ids):
    """Runs the model once and returns its logits [T, V] and the residual stream after each block [layers, T, E]."""
    kept = []

    def keep(_module, _inputs, output):
        hidden = output[0] if isinstance(output, tuple) else output
        kept.append(hidden.reshape(-1, hidden.shape[-1]).clone())

    handles = [layer.register_forward_hook(keep) for layer in model.model.layers]
    logits = model(ids, use_cache=False).logits[0]
    for handle in handles:
        handle.remove()
    return logits, torch.stack(kept)


def greedy(model, prompt, end):
    """Plain argmax decoding with a cache; stops behind the end token."""
    ids = torch.tensor([prompt])
    cache = None
    produced = []
    for _ in range(NEW_TOKENS):
        out = model(ids, past_key_values=cache, use_cache=True)
        cache = out.past_key_values
        token = int(out.logits[0, -1].argmax())
        produced.append(token)
        if token == end:
            break
        ids = torch.tensor([[token]])
    return produced


def round_to_int8(x):
    """x as groups of 32 int8 with a half float scale hold it."""
    groups = x.reshape(*x.shape[:-1], -1, 32)
    scale = groups.abs().amax(-1, keepdim=True) / 127
    inverse = torch.where(scale > 0, 1 / scale, torch.zeros_like(scale))
    return ((groups * inverse).round() * scale.half().float()).reshape(x.shape)


def int8_divergence(model, ids, logits):
    """Mean over positions of KL(f32 || int8 activations)."""
    handles = [
        module.register_forward_pre_hook(lambda _module, inputs: (round_to_int8(inputs[0]),))
        for module in model.modules()
        if isinstance(module, torch.nn.Linear)
    ]
    rounded = model(ids, use_cache=False).logits[0]
    for handle in handles:
        handle.remove()
    exact = torch.log_softmax(logits.double(), -1)
    return (exact.exp() * (exact - torch.log_softmax(rounded.double(), -1))).sum(-1).mean().item()


def padded(rows, width):
    table = np.full((len(rows), width), -1, dtype=np.int32)
    for i, row in enumerate(rows):
        table[i, : len(row)] = row
    return table


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-dir", required=True)
    parser.add_argument("--gguf", default="SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--out", type=pathlib.Path, default=here / "smollm2")
    args = parser.parse_args()

    torch.set_grad_enabled(False)
    tokenizer = AutoTokenizer.from_pretrained(args.model_dir, gguf_file=args.gguf)
    model = AutoModelForCausalLM.from_pretrained(
        args.model_dir, gguf_file=args.gguf, dtype=torch.float32, attn_implementation="eager"
    ).eval()

    text = (args.out / "text.txt").read_text(encoding="utf-8")
    tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
    logits, hidden = layer_outputs(model, torch.tensor([tokens]))
    top = logits.topk(32, dim=-1)
    rng = np.random.default_rng(135)
    columns = np.sort(rng.choice(logits.shape[1], 128, replace=False)).astype(np.int32)
    positions = np.array(sorted({0, 1, 17, len(tokens) // 2, len(tokens) - 1}), dtype=np.int32)

    def save(name, values, dtype):
        np.save(args.out / f"{name}.npy", np.ascontiguousarray(np.asarray(values), dtype=dtype))

    save("tokens", tokens, "<i4")
    save("logsumexp", torch.logsumexp(logits.double(), -1).numpy(), "<f4")
    save("top_ids", top.indices.numpy(), "<i4")
    save("top_logits", top.values.numpy(), "<f4")
    save("columns", columns, "<i4")
    save("column_logits", logits[:, torch.from_numpy(columns).long()].numpy(), "<f4")
    save("hidden_positions", positions, "<i4")
    save("hidden", hidden[:, torch.from_numpy(positions).long()].numpy(), "<f4")

    divergence = int8_divergence(model, torch.tensor([tokens]), logits)
    save("int8_divergence", [divergence], "<f4")

    prompts = []
    for question in PROMPTS:
        messages = [{"role": "user", "content": question}]
        rendered = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        prompts.append(tokenizer(rendered, add_special_tokens=False)["input_ids"])
    answers = [greedy(model, prompt, tokenizer.eos_token_id) for prompt in prompts]
    save("prompts", padded(prompts, max(map(len, prompts))), "<i4")
    save("greedy", padded(answers, NEW_TOKENS), "<i4")

    print(f"{len(tokens)} tokens, mean logsumexp {torch.logsumexp(logits, -1).mean():.4f}, int8 KL {divergence:.5f}")
    for answer in answers:
        print(repr(tokenizer.decode(answer)))


if __name__ == "__main__":
    main()
