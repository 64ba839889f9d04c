#include "tokenizer/special_tokens.h"

#include <algorithm>

namespace alcuin::inference {

SpecialTokenFinder::SpecialTokenFinder(const Vocabulary& vocabulary) {
    for (std::size_t id = 0; id < vocabulary.size(); ++id) {
        const auto token = static_cast<Token>(id);
        const TokenType type = vocabulary.type(token);
        const bool special =
            type == TokenType::kControl || type == TokenType::kUnknown || type == TokenType::kUserDefined;
        const std::string_view spelling = vocabulary.spelling(token);
        if (special && !spelling.empty()) {
            entries_.push_back({spelling, token});
            startsToken_[static_cast<unsigned char>(spelling.front())] = true;
        }
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.spelling < b.spelling; });
}

SpecialTokenFinder::Match SpecialTokenFinder::findFirst(std::string_view text, std::size_t from,
                                                        const Accept& accept) const {
    if (entries_.empty()) {
        return {};
    }
    for (std::size_t at = from; at < text.size(); ++at) {
        if (startsToken_[static_cast<unsigned char>(text[at])]) {
            if (const Match match = longestAt(text, at, accept); match.token != kNoToken) {
                return match;
            }
        }
    }
    return {};
}

/// Narrows the sorted entries to those that begin as the text does, byte by byte.
SpecialTokenFinder::Match SpecialTokenFinder::longestAt(std::string_view text, std::size_t at,
                                                        const Accept& accept) const {
    Match longest;
    auto begin = entries_.begin();
    auto end = entries_.end();
    for (std::size_t depth = 0; at + depth < text.size(); ++depth) {
        const auto byte = static_cast<unsigned char>(text[at + depth]);
        const auto byteOf = [&](const Entry& entry) { return static_cast<unsigned char>(entry.spelling[depth]); };
        begin = std::partition_point(begin, end, [&](const Entry& entry) { return byteOf(entry) < byte; });
        end = std::partition_point(begin, end, [&](const Entry& entry) { return byteOf(entry) == byte; });
        if (begin == end) {
            break;
        }
        if (begin->spelling.size() == depth + 1) {
            const Match match{begin->token, at, at + depth + 1};
            if (accept(match)) {
                longest = match;
            }
            if (++begin == end) {
                break;
            }
        }
    }
    return longest;
}

} // namespace alcuin::inference
