"""How far llama.cpp's logits are from the f32 model's, type by type, for tests/inference/models/tst_requantised.cpp.

    alcuin quantize SmolLM2-135M-Instruct.Q4_1.gguf --type f32 -o DIR/f32.gguf
    for each type: alcuin quantize DIR/f32.gguf --type TYPE -o DIR/TYPE.gguf
                   alcuin quantize DIR/TYPE.gguf --type f32 -o DIR/TYPE-f32.gguf
    python make_llamacpp_divergence.py --files DIR [--out smollm2/llamacpp_divergence.json]

Needs numpy and llama-cpp-python 0.3.36. The text is smollm2/tokens.npy; the references are llama.cpp's own logits from
f32 files with an f32 state. Each type is run as it is used: flash attention, state in f16, the text in one batch
("prefill") and token by token ("decode"). Written, for each type: the SHA-256 of its file, and as means over positions
    prefill, decode              KL(f32 file of the same numbers || type): what the arithmetic costs
    whole_prefill, whole_decode  KL(f32 model || type): what the type costs with it
"""

import argparse
import ctypes
import hashlib
import json
import pathlib

import llama_cpp
import numpy as np


def logits_of(path, tokens, state_type, one_by_one):
    """Logits [T, V] as float64."""
    model_params = llama_cpp.llama_model_default_params()
    model_params.use_extra_bufts = False
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), model_params)
    params = llama_cpp.llama_context_default_params()
    params.n_ctx = 1024
    params.n_batch = params.n_ubatch = 512
    params.n_threads = params.n_threads_batch = 2
    params.type_k = params.type_v = state_type
    params.flash_attn_type = 1
    context = llama_cpp.llama_init_from_model(model, params)
    vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
    rows = []
    step = 1 if one_by_one else len(tokens)
    for first in range(0, len(tokens), step):
        part = tokens[first : first + step]
        batch = llama_cpp.llama_batch_init(len(part), 0, 1)
        batch.n_tokens = len(part)
        for i, token in enumerate(part):
            batch.token[i] = int(token)
            batch.pos[i] = first + i
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = 0
            batch.logits[i] = 1
        if llama_cpp.llama_decode(context, batch) != 0:
            raise RuntimeError(f"{path}: decoding failed")
        for i in range(len(part)):
            pointer = llama_cpp.llama_get_logits_ith(context, i)
            rows.append(np.ctypeslib.as_array(ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float)), (vocabulary,)).copy())
        llama_cpp.llama_batch_free(batch)
    llama_cpp.llama_free(context)
    llama_cpp.llama_model_free(model)
    return np.array(rows, dtype=np.float64)


def log_softmax(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def divergence(exact, other):
    a, b = log_softmax(exact), log_softmax(other)
    return float((np.exp(a) * (a - b)).sum(-1).mean())


def main():
    here = pathlib.Path(__file__).resolve().parent / "smollm2"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=here / "llamacpp_divergence.json")
    args = parser.parse_args()

    llama_cpp.llama_backend_init()
    tokens = np.load(here / "tokens.npy")
    exact = logits_of(args.files / "f32.gguf", tokens, 0, False)
    result = {}
    for path in sorted(args.files.glob("*.gguf")):
        if path.stem.endswith("f32"):
            continue
        same = logits_of(args.files / f"{path.stem}-f32.gguf", tokens, 0, False)
        entry = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for name, one_by_one in (("prefill", False), ("decode", True)):
            got = logits_of(path, tokens, 1, one_by_one)
            entry[name] = round(divergence(same, got), 7)
            entry[f"whole_{name}"] = round(divergence(exact, got), 7)
        result[path.stem] = entry
        print(path.stem, entry)
    args.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
