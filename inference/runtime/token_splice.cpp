#include "runtime/token_splice.h"

#include <algorithm>
#include <string>
#include <vector>

namespace alcuin::inference {

namespace {

/// Generated tokens and the text they spell.
class Spelling {
public:
    /// Empty if an id isn't of the vocabulary.
    Spelling(std::span<const Token> tokens, const Tokenizer& tokenizer) {
        for (const auto token : tokens) {
            if (token < 0 || static_cast<std::size_t>(token) >= tokenizer.vocabularySize()) {
                text_.clear();
                return;
            }
            starts_.push_back(text_.size());
            text_ += tokenizer.bytes(token);
        }
        starts_.push_back(text_.size());
    }

    /// Where `text` stands: the last place where it begins and ends between tokens, else the last; npos: nowhere.
    std::size_t find(std::string_view text) const {
        const auto last = text_.rfind(text);
        for (auto at = last; at != std::string::npos; at = at == 0 ? std::string::npos : text_.rfind(text, at - 1)) {
            if (isCut(at) && isCut(at + text.size())) {
                return at;
            }
        }
        return last;
    }

    /// Tokens [first, last) are the most that lie inside bytes [begin, end) and stand for whole characters together.
    struct Range {
        std::size_t first = 0;
        std::size_t last = 0;
    };
    Range inside(std::size_t begin, std::size_t end) const {
        auto first = std::lower_bound(starts_.begin(), starts_.end(), begin);
        while (*first < end && !isCharacter(*first)) {
            ++first;
        }
        first = std::upper_bound(first, starts_.end(), *first) - 1; // behind tokens without text
        auto last = std::lower_bound(starts_.begin(), starts_.end(), end);
        while (last > first && (*last > end || !isCharacter(*last))) {
            --last;
        }
        last = std::lower_bound(first, last, *last); // before tokens without text
        return {static_cast<std::size_t>(first - starts_.begin()), static_cast<std::size_t>(last - starts_.begin())};
    }

    std::size_t startOf(std::size_t token) const {
        return starts_[token];
    }

private:
    bool isCut(std::size_t at) const {
        return std::binary_search(starts_.begin(), starts_.end(), at);
    }
    /// Whether a character begins here, or the text ends.
    bool isCharacter(std::size_t at) const {
        constexpr unsigned kMask = 0xC0;
        constexpr unsigned kContinuation = 0x80;
        return at == text_.size() || (static_cast<unsigned char>(text_[at]) & kMask) != kContinuation;
    }

    std::string text_;
    std::vector<std::size_t> starts_; ///< of each token in the text, and the text's end
};

} // namespace

std::optional<TokenSplice> spliceOf(std::span<const Token> generated, std::string_view text,
                                    const Tokenizer& tokenizer) {
    const Spelling spelling(generated, tokenizer);
    const auto at = text.empty() ? std::string::npos : spelling.find(text);
    if (at == std::string::npos) {
        return std::nullopt;
    }
    const auto [first, last] = spelling.inside(at, at + text.size());
    const auto part = generated.subspan(first, last - first);
    if (part.empty() || std::ranges::any_of(part, [&](Token token) { return tokenizer.isEndOfGeneration(token); })) {
        return std::nullopt;
    }
    return TokenSplice{part, spelling.startOf(first) - at, spelling.startOf(last) - at};
}

} // namespace alcuin::inference
