#!/usr/bin/env python3
"""Goldens of the GGUF reader, the dequantiser and the quantiser, made with the `gguf` package of PyPI.

    python make_gguf.py --out tests/golden/gguf --model SmolLM2-135M-Instruct.Q4_1.gguf

writes into --out
    every_type.gguf     a synthetic file with every type of metadata value and a tensor of every type that is read
    every_type.json     what gguf's own reader says about it: entries, tensors, dequantised values as bits of f32
    quantize.json       rows of f32 (bits) and the bytes gguf quantises them to
    quantize_k.json     rows of 256 f32 (bits) and the squared error that llama.cpp's own quantiser leaves in each K
                        format, a bar for ours (left alone without --ggml, a shared libggml-base)
    smollm2.json        the header of --model, as gguf's own reader sees it (left alone without --model)

Needs: gguf (made with 0.19.0), numpy. Deterministic: the same versions give the same bytes.
"""

import argparse
import ctypes
import hashlib
import json
import pathlib

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFReader, GGUFValueType, GGUFWriter, quants

TYPES = [Type.F32, Type.F16, Type.BF16, Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0]
K_TYPES = [Type.Q4_K, Type.Q5_K, Type.Q6_K]
K_BLOCK = 256


def add_metadata(writer: GGUFWriter) -> None:
    extremes = {
        "uint8": (writer.add_uint8, 0, 255),
        "int8": (writer.add_int8, -128, 127),
        "uint16": (writer.add_uint16, 0, 65535),
        "int16": (writer.add_int16, -32768, 32767),
        "uint32": (writer.add_uint32, 0, 2**32 - 1),
        "int32": (writer.add_int32, -(2**31), 2**31 - 1),
        "uint64": (writer.add_uint64, 0, 2**64 - 1),
        "int64": (writer.add_int64, -(2**63), 2**63 - 1),
    }
    for name, (add, low, high) in extremes.items():
        add(f"test.{name}.low", low)
        add(f"test.{name}.high", high)
        kind = GGUFValueType[name.upper()]
        writer.add_key_value(f"test.{name}.list", [low, 1, high], GGUFValueType.ARRAY, kind)
    writer.add_float32("test.float32", 0.1)
    writer.add_float64("test.float64", 0.1)
    writer.add_key_value("test.float32.list", [-1.5, 0.0, 3.4e38], GGUFValueType.ARRAY, GGUFValueType.FLOAT32)
    writer.add_key_value("test.float64.list", [-1.5, 0.0, 1.7e308], GGUFValueType.ARRAY, GGUFValueType.FLOAT64)
    writer.add_bool("test.true", True)
    writer.add_bool("test.false", False)
    writer.add_key_value("test.bool.list", [True, False, True], GGUFValueType.ARRAY, GGUFValueType.BOOL)
    writer.add_string("test.string", "Grüße, 世界 🦉")
    writer.add_string("test.string.empty", "")
    writer.add_array("test.string.list", ["<s>", "", "Ġthe", "▁a", "🦉"])
    writer.add_string("general.name", "Every type")
    writer.add_uint32("llama.context_length", 64)
    writer.add_uint32("llama.block_count", 2)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "c"])
    writer.add_string("tokenizer.chat_template", "{{ messages[0].content }}")


def rows_of(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Rows whose magnitudes span the exponents that weights have."""
    scale = np.exp2(rng.uniform(-12, 4, size=(rows, 1)))
    return (rng.standard_normal((rows, columns)) * scale).astype(np.float32)


def raw_of(rng: np.random.Generator, dtype: Type, rows: int, columns: int) -> np.ndarray:
    if dtype == Type.F32:
        return rows_of(rng, rows, columns)
    if dtype == Type.F16:
        return rows_of(rng, rows, columns).astype(np.float16)
    return quants.quantize(rows_of(rng, rows, columns), dtype)


def k_blocks_of(rng: np.random.Generator, dtype: Type, blocks: int) -> np.ndarray:
    """Blocks of random bits, every field at all its values, with scales that are finite."""
    raw = rng.integers(0, 256, size=(blocks, quants.GGML_QUANT_SIZES[dtype][1]), dtype=np.uint8)
    halves = [raw.shape[1] - 2] if dtype == Type.Q6_K else [0, 2]
    for at in halves:
        scale = rng.standard_normal(blocks) * np.exp2(rng.uniform(-20, 2, size=blocks))
        raw[:, at : at + 2] = scale.astype(np.float16).view(np.uint8).reshape(blocks, 2)
    return raw


def make_synthetic(path: pathlib.Path) -> None:
    rng = np.random.default_rng(20240601)
    writer = GGUFWriter(path, "llama")
    writer.add_custom_alignment(64)
    add_metadata(writer)
    for dtype in TYPES:
        raw = raw_of(rng, dtype, 3, 64)
        kept = raw if dtype in (Type.F32, Type.F16) else raw.view(np.uint8)
        writer.add_tensor(f"test.{dtype.name.lower()}.weight", kept, raw_dtype=dtype)
    for dtype in K_TYPES:
        writer.add_tensor(f"test.{dtype.name.lower()}.weight", k_blocks_of(rng, dtype, 2), raw_dtype=dtype)
    # Every 4-bit value in both halves, and scales that aren't round: negative, subnormal, the largest.
    for dtype, words in ((Type.Q4_0, 1), (Type.Q4_1, 2)):
        blocks = b""
        for scale in (-0.3, 5.96e-8, 65504.0, 0.007):
            head = np.array([scale, -1.7][:words], dtype=np.float16).tobytes()
            blocks += head + bytes((i | ((15 - i) << 4)) for i in range(16))
        raw = np.frombuffer(blocks, dtype=np.uint8).reshape(1, -1)
        writer.add_tensor(f"test.{dtype.name.lower()}.edges", raw, raw_dtype=dtype)
    writer.add_tensor("test.cube", rng.standard_normal((2, 2, 3, 4)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def plain(value):
    """A value of the reader as JSON can hold it exactly: floats as bits of f64."""
    if isinstance(value, (list, np.ndarray)):
        return [plain(element) for element in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return {"f64": str(np.float64(value).view(np.uint64))}
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return value


def entries_of(reader: GGUFReader) -> dict:
    entries = {}
    for key, field in reader.fields.items():
        if key.startswith("GGUF."):
            continue  # the reader's own: version and counts
        entries[key] = {"types": [kind.name for kind in field.types], "value": plain(field.contents())}
    return entries


def tensors_of(reader: GGUFReader, with_values: bool) -> list:
    tensors = []
    for tensor in reader.tensors:
        entry = {
            "name": tensor.name,
            "type": tensor.tensor_type.name,
            "dimensions": [int(d) for d in tensor.shape],
            "offset": int(tensor.data_offset),
            "bytes": int(tensor.n_bytes),
        }
        if with_values:
            values = quants.dequantize(np.ascontiguousarray(tensor.data), tensor.tensor_type).astype(np.float32)
            entry["f32"] = values.reshape(-1).view(np.uint32).tolist()
        tensors.append(entry)
    return tensors


def digest(value) -> dict:
    """A long value as its length, its hash (every element's text in UTF-8 and a zero byte), first and last elements."""
    text = "".join(f"{element}\0" for element in value)
    return {
        "length": len(value),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "first": value[:8],
        "last": value[-8:],
    }


def describe_model(path: pathlib.Path) -> dict:
    reader = GGUFReader(path)
    entries = entries_of(reader)
    for entry in entries.values():
        if isinstance(entry["value"], list) and len(entry["value"]) > 64:
            entry["value"] = digest(entry["value"])
    return {
        "file": path.name,
        "bytes": path.stat().st_size,
        "entries": entries,
        "tensors": tensors_of(reader, with_values=False),
    }


def quantize_cases() -> list:
    rng = np.random.default_rng(7)
    rows = [row for row in rows_of(rng, 24, 64)]
    rows.append(np.zeros(64, dtype=np.float32))
    rows.append(np.full(64, -0.75, dtype=np.float32))
    rows.append(np.tile(np.array([1.0, -1.0], dtype=np.float32), 32))  # equal magnitudes: the first one counts
    rows.append((np.arange(64, dtype=np.float32) - 31.5) / 127)  # many ties
    rows.append((np.arange(64, dtype=np.float32) % 16) / 15)
    rows.append(rng.standard_normal(64).astype(np.float32) * np.float32(1e-6))  # scales below the f16 normals
    rows.append(rng.standard_normal(64).astype(np.float32) * np.float32(1e4))
    cases = []
    for row in rows:
        case = {"row": row.view(np.uint32).tolist()}
        for dtype in TYPES[1:]:
            case[dtype.name] = quants.quantize(row.reshape(1, -1), dtype).tobytes().hex()
        cases.append(case)
    return cases


def quantize_k_cases(library: pathlib.Path) -> list:
    """Rows as weights are: normal, heavy-tailed, all of one sign, with one outlier, in groups of unlike size."""
    rng = np.random.default_rng(11)
    rows = [rng.standard_normal(K_BLOCK) * 0.02, rng.standard_t(3, K_BLOCK) * 0.05, rng.uniform(0.5, 2, K_BLOCK)]
    rows.append(rng.standard_normal(K_BLOCK))
    rows[-1][77] = 40
    rows.append(rng.standard_normal(K_BLOCK) * np.repeat(np.exp2(rng.uniform(-6, 3, 16)), 16))
    rows.append(-rng.exponential(1, K_BLOCK))
    ggml = ctypes.CDLL(str(library))
    cases = []
    for row in np.array(rows, dtype=np.float32):
        case = {"row": row.view(np.uint32).tolist()}
        for dtype in K_TYPES:
            raw = np.zeros(quants.GGML_QUANT_SIZES[dtype][1], dtype=np.uint8)
            quantize = getattr(ggml, f"quantize_row_{dtype.name.lower().replace('k', 'K')}_ref")
            quantize(row.ctypes.data_as(ctypes.c_void_p), raw.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(K_BLOCK))
            error = quants.dequantize(raw.reshape(1, -1), dtype)[0].astype(np.float64) - row
            case[dtype.name] = float(np.sum(error**2))
        cases.append(case)
    return cases


def write_json(path: pathlib.Path, value) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the goldens")
    parser.add_argument("--model", type=pathlib.Path, help="SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--ggml", type=pathlib.Path, help="llama.cpp's libggml-base as a shared library")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    synthetic = arguments.out / "every_type.gguf"
    make_synthetic(synthetic)
    assert synthetic.stat().st_size <= 16 * 1024, synthetic.stat().st_size
    reader = GGUFReader(synthetic)
    write_json(arguments.out / "every_type.json", {
        "bytes": synthetic.stat().st_size,
        "needed": max(int(t.data_offset + t.n_bytes) for t in reader.tensors),
        "entries": entries_of(reader),
        "tensors": tensors_of(reader, with_values=True),
    })
    write_json(arguments.out / "quantize.json", quantize_cases())
    if arguments.ggml:
        write_json(arguments.out / "quantize_k.json", quantize_k_cases(arguments.ggml))
    if arguments.model:
        write_json(arguments.out / "smollm2.json", describe_model(arguments.model))


if __name__ == "__main__":
    main()
