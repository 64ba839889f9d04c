#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// `tokenizer.ggml.token_type`, by GGUF's numbers.
enum class TokenType : std::uint8_t {
    kNormal = 1,
    kUnknown = 2,
    kControl = 3,
    kUserDefined = 4,
    kUnused = 5,
    kByte = 6,
};

inline constexpr Token kNoToken = -1;

/// The tokens of a byte-level vocabulary: spelling, type, bytes, and the way back. Immutable.
class Vocabulary {
public:
    /// `spellings` and `types` are of one length. Nothing about them is trusted.
    /// Errors: kCorrupt (lengths, an unknown type, a spelling twice, one that isn't UTF-8 or too long to be searched
    /// for), kUnsupported (more tokens than an id can name).
    static Result<Vocabulary> create(std::span<const std::string> spellings, std::span<const std::int64_t> types);

    Vocabulary(Vocabulary&&) noexcept = default;
    Vocabulary& operator=(Vocabulary&&) noexcept = default;
    Vocabulary(const Vocabulary&) = delete;
    Vocabulary& operator=(const Vocabulary&) = delete;

    std::size_t size() const {
        return types_.size();
    }
    bool contains(Token token) const {
        return token >= 0 && static_cast<std::size_t>(token) < size();
    }

    /// Both are empty for a token that isn't there.
    std::string_view spelling(Token token) const;
    /// What the token adds to a text: nothing for control, unknown and unused tokens; a user-defined one is spelled
    /// literally, every other in the byte alphabet.
    std::string_view bytes(Token token) const;
    /// Requires contains(token).
    TokenType type(Token token) const {
        return types_[static_cast<std::size_t>(token)];
    }

    /// By exact spelling; kNoToken if there is none. Empty spellings are never found.
    Token find(std::string_view spelling) const;
    /// The token of a single byte that byte-pair encoding starts from; kNoToken where the vocabulary lacks it.
    Token ofByte(std::uint8_t byte) const {
        return byteTokens_[byte];
    }
    /// Whether byte-pair encoding may make this token: control, unknown and unused ones never come out of plain text.
    bool isTextual(Token token) const;

private:
    Vocabulary() = default;
    void indexBytes();

    /// Token i's spelling and bytes are [starts[i], starts[i + 1]).
    std::vector<char> spellings_; ///< no std::string: moving must leave the views alone
    std::vector<std::size_t> spellingStarts_{0};
    std::string bytes_;
    std::vector<std::size_t> byteStarts_{0};
    std::vector<TokenType> types_;
    std::unordered_map<std::string_view, Token> bySpelling_; ///< views into spellings_
    std::array<Token, 256> byteTokens_{};
};

} // namespace alcuin::inference
