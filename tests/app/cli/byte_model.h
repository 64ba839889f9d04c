#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <QString>

#include "formats/gguf_writer.h"

namespace alcuin::tests {

/// Spells a code point below U+0800 in UTF-8.
inline std::string spell(unsigned int codePoint) {
    if (codePoint < 0x80U) {
        return {static_cast<char>(codePoint)};
    }
    return {static_cast<char>(0xC0U | codePoint >> 6U), static_cast<char>(0x80U | (codePoint & 0x3FU))};
}

/// Writes a model file with a header and a vocabulary, but no weights: one token for each byte, without merges, so
/// that the ids of a text are its bytes; then <|im_start|> (256), which begins texts, and <|im_end|> (257).
inline bool writeByteModel(const QString& path, const std::string& chatTemplate = {}) {
    // GPT-2's alphabet: bytes that can be printed stand for themselves, the others for U+0100 and on.
    std::vector<std::string> tokens;
    std::vector<std::int32_t> types;
    unsigned int next = 0x100;
    for (unsigned int byte = 0; byte < 256; ++byte) {
        const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
        tokens.push_back(spell(printable ? byte : next++));
        types.push_back(1);
    }
    tokens.insert(tokens.end(), {"<|im_start|>", "<|im_end|>"});
    types.insert(types.end(), {3, 3});

    inference::GgufWriter writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("general.name", std::string("Bytes"));
    writer.set("llama.context_length", std::uint32_t{512});
    writer.set("tokenizer.ggml.model", std::string("gpt2"));
    writer.set("tokenizer.ggml.pre", std::string("smollm"));
    writer.set("tokenizer.ggml.tokens", tokens);
    writer.set("tokenizer.ggml.token_type", types);
    writer.set("tokenizer.ggml.merges", std::vector<std::string>{});
    writer.set("tokenizer.ggml.bos_token_id", std::uint32_t{256});
    writer.set("tokenizer.ggml.eos_token_id", std::uint32_t{257});
    if (!chatTemplate.empty()) {
        writer.set("tokenizer.chat_template", chatTemplate);
    }
    return writer.write(path.toStdString()).has_value();
}

} // namespace alcuin::tests
