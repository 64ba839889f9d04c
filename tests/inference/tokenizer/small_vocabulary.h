#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <alcuin/inference/tokenizer.h>

#include "formats/metadata.h"

namespace alcuin::tests {

/// What a file's `tokenizer.ggml.*` says, to be changed at will. Made of the 256 bytes (ids 0 to 255), a few merges
/// and special tokens.
struct SmallVocabulary {
    SmallVocabulary();

    /// Adds a token and returns its id. Types as in GGUF: 1 normal, 3 control, 4 user-defined.
    std::int64_t add(const std::string& spelling, std::int64_t type);
    /// Adds "left right" and the token that it makes.
    void addMerge(const std::string& left, const std::string& right);

    inference::Metadata metadata() const;
    /// Aborts the test when the vocabulary is refused.
    std::shared_ptr<const inference::Tokenizer> tokenizer() const;

    std::vector<std::string> tokens;
    std::vector<std::int64_t> types;
    std::vector<std::string> merges;
    std::string model = "gpt2";
    std::string preTokenizer = "smollm";
    std::int64_t control = -1;     ///< <|im_end|>
    std::int64_t userDefined = -1; ///< <think>
    std::int64_t spaces = -1;      ///< user-defined: four spaces
};

} // namespace alcuin::tests
