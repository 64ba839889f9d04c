#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <alcuin/inference/error.h>

namespace alcuin::inference {

/// How a text is cut into pieces before byte-pair encoding, which never looks across a cut. The patterns, tried in
/// order at the end of the piece before (names as in `tokenizer.ggml.pre`):
enum class PreTokenizer : std::uint8_t {
    /// smollm: every digit (\p{N}) alone, then within what lies between:
    /// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
    kSmolLm,
    /// llama-bpe: (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|
    ///            \s*[\r\n]+|\s+(?!\S)|\s+
    kLlama3,
    /// qwen2: as llama-bpe, but digits one by one. The text isn't normalised, as the file doesn't ask for it.
    kQwen2,
};

/// The pre-tokeniser that `tokenizer.ggml.pre` names. Errors: kUnsupported, naming it.
Result<PreTokenizer> preTokenizerNamed(std::string_view name);

/// The end of the piece that begins at `begin`, in bytes. Requires begin < text.size() and valid UTF-8.
/// Time: the length of the piece and of the white space behind it.
std::size_t pieceEnd(PreTokenizer kind, std::string_view text, std::size_t begin);

} // namespace alcuin::inference
