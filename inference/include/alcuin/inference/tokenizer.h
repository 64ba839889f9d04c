#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// Bytes [begin, end) of a text and where they came from. Origin 0 is trusted: a template's own text, in which special
/// tokens are recognised. Every other origin is a user's, a document's or a model's text, numbered by whoever built it.
struct TextRun {
    static constexpr std::uint32_t kTrusted = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint32_t origin = kTrusted;
    friend bool operator==(const TextRun&, const TextRun&) = default;
};

enum class SpecialTokens : std::uint8_t { kAsPlainText, kRecognised };

/// Text to token ids and back. Immutable. Threads: every function may be called from any thread.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// The ids of one text. Invalid UTF-8 is replaced by U+FFFD first. No beginning-of-text token is added.
    virtual std::vector<Token> encode(std::string_view text, SpecialTokens special) const = 0;

    /// The ids of a text of mixed origin: special tokens are recognised inside trusted runs only, and between two of
    /// them one pass runs over the joined text, whatever its origin. `runs` cover `text` in order, without gaps.
    virtual std::vector<Token> encode(std::string_view text, std::span<const TextRun> runs) const = 0;

    /// The bytes a token stands for; empty for control tokens. Not always whole UTF-8 characters.
    virtual std::string_view bytes(Token token) const = 0;
    /// The token as the vocabulary spells it, for showing: "Ġhello", "<|im_end|>".
    virtual std::string_view piece(Token token) const = 0;

    virtual std::size_t vocabularySize() const = 0;
    /// Identifies the vocabulary: equal hashes mean that ids can be exchanged.
    virtual std::uint64_t vocabularyHash() const = 0;
    virtual bool isControl(Token token) const = 0;
    virtual bool isEndOfGeneration(Token token) const = 0;
    virtual Token beginningOfText() const = 0; ///< -1: the vocabulary has none
    virtual Token endOfText() const = 0;       ///< -1: the vocabulary has none
    virtual bool addsBeginningOfText() const = 0;
    /// The id of a token by its exact spelling, control tokens included; -1 if there is none.
    virtual Token find(std::string_view piece) const = 0;
};

/// Builds the tokenizer that a model file carries, without reading its weights.
/// Errors: kNotFound, kIo, kCorrupt, kUnsupported (a pre-tokeniser or model this version doesn't know).
Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path& path);

} // namespace alcuin::inference
