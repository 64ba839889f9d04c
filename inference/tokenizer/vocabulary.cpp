#include "tokenizer/vocabulary.h"

#include <limits>

#include <fmt/format.h>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/utf8.h"

namespace alcuin::inference {

namespace {

/// The longest added token of a known vocabulary has 256 bytes (a run of spaces); searching a text for them takes time
/// in proportion to the longest, so a file may not make it arbitrary.
constexpr std::size_t kMaxSpecialBytes = 1024;

Result<TokenType> checkedType(std::int64_t value, std::size_t id) {
    if (value < static_cast<std::int64_t>(TokenType::kNormal) || value > static_cast<std::int64_t>(TokenType::kByte)) {
        return fail(ErrorCode::kCorrupt, fmt::format("Token {} has the type {}, which doesn't exist.", id, value));
    }
    return static_cast<TokenType>(value);
}

Result<void> checkSpelling(std::string_view spelling, TokenType type, std::size_t id) {
    if (validUtf8Prefix(spelling) != spelling.size()) {
        return fail(ErrorCode::kCorrupt, fmt::format("Token {} isn't spelled in UTF-8.", id));
    }
    const bool special = type == TokenType::kControl || type == TokenType::kUnknown || type == TokenType::kUserDefined;
    if (special && spelling.size() > kMaxSpecialBytes) {
        return fail(ErrorCode::kCorrupt, fmt::format("The special token {} is {} bytes long; at most {} make sense.",
                                                     id, spelling.size(), kMaxSpecialBytes));
    }
    return {};
}

std::string bytesOf(std::string_view spelling, TokenType type) {
    switch (type) {
    case TokenType::kNormal:
    case TokenType::kByte:
        return bytesOfSpelling(spelling);
    case TokenType::kUserDefined:
        return std::string(spelling);
    case TokenType::kControl:
    case TokenType::kUnknown:
    case TokenType::kUnused:
        break;
    }
    return {};
}

} // namespace

Result<Vocabulary> Vocabulary::create(std::span<const std::string> spellings, std::span<const std::int64_t> types) {
    if (spellings.empty()) {
        return fail(ErrorCode::kCorrupt, "The vocabulary has no tokens.");
    }
    if (spellings.size() != types.size()) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("The vocabulary has {} tokens, but types for {}.", spellings.size(), types.size()));
    }
    if (spellings.size() > static_cast<std::size_t>(std::numeric_limits<Token>::max())) {
        return fail(ErrorCode::kUnsupported, fmt::format("The vocabulary has {} tokens.", spellings.size()));
    }
    Vocabulary vocabulary;
    for (std::size_t id = 0; id < spellings.size(); ++id) {
        const auto type = checkedType(types[id], id);
        if (!type) {
            return tl::unexpected(type.error());
        }
        if (const auto checked = checkSpelling(spellings[id], *type, id); !checked) {
            return tl::unexpected(checked.error());
        }
        vocabulary.types_.push_back(*type);
        vocabulary.spellings_.insert(vocabulary.spellings_.end(), spellings[id].begin(), spellings[id].end());
        vocabulary.spellingStarts_.push_back(vocabulary.spellings_.size());
        vocabulary.bytes_ += bytesOf(spellings[id], *type);
        vocabulary.byteStarts_.push_back(vocabulary.bytes_.size());
    }
    vocabulary.bySpelling_.reserve(spellings.size());
    for (std::size_t id = 0; id < spellings.size(); ++id) {
        const std::string_view spelling = vocabulary.spelling(static_cast<Token>(id));
        if (spelling.empty()) {
            continue;
        }
        const auto [same, isNew] = vocabulary.bySpelling_.emplace(spelling, static_cast<Token>(id));
        if (!isNew) {
            return fail(ErrorCode::kCorrupt, fmt::format("Tokens {} and {} are spelled the same.", same->second, id));
        }
    }
    vocabulary.indexBytes();
    return vocabulary;
}

void Vocabulary::indexBytes() {
    for (std::size_t byte = 0; byte < byteTokens_.size(); ++byte) {
        const Token token = find(spellByte(static_cast<std::uint8_t>(byte)));
        byteTokens_[byte] = isTextual(token) ? token : kNoToken;
    }
}

std::string_view Vocabulary::spelling(Token token) const {
    if (!contains(token)) {
        return {};
    }
    const auto id = static_cast<std::size_t>(token);
    return {spellings_.data() + spellingStarts_[id], spellingStarts_[id + 1] - spellingStarts_[id]};
}

std::string_view Vocabulary::bytes(Token token) const {
    if (!contains(token)) {
        return {};
    }
    const auto id = static_cast<std::size_t>(token);
    return std::string_view(bytes_).substr(byteStarts_[id], byteStarts_[id + 1] - byteStarts_[id]);
}

Token Vocabulary::find(std::string_view spelling) const {
    const auto found = bySpelling_.find(spelling);
    return found == bySpelling_.end() ? kNoToken : found->second;
}

bool Vocabulary::isTextual(Token token) const {
    if (!contains(token)) {
        return false;
    }
    const TokenType kind = type(token);
    return kind == TokenType::kNormal || kind == TokenType::kUserDefined || kind == TokenType::kByte;
}

} // namespace alcuin::inference
