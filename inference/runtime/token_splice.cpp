#include "runtime/token_splice.h"

#include <algorithm>
#include <string>
#include <vector>

namespace alcuin::inference {

std::optional<std::span<const Token>> tokensOfText(std::span<const Token> generated, std::string_view text,
                                                   const Tokenizer& tokenizer) {
    if (text.empty()) {
        return std::nullopt;
    }
    std::string all;
    std::vector<std::size_t> starts; // of each token in `all`, and the end
    for (const auto token : generated) {
        if (token < 0 || static_cast<std::size_t>(token) >= tokenizer.vocabularySize()) {
            return std::nullopt;
        }
        starts.push_back(all.size());
        all += tokenizer.bytes(token);
    }
    starts.push_back(all.size());

    for (auto at = all.rfind(text); at != std::string::npos;
         at = at == 0 ? std::string::npos : all.rfind(text, at - 1)) {
        const auto afterBegin = std::upper_bound(starts.begin(), starts.end(), at);
        const auto end = std::lower_bound(starts.begin(), starts.end(), at + text.size());
        if (*(afterBegin - 1) != at || *end != at + text.size()) {
            continue;
        }
        const auto first = static_cast<std::size_t>(afterBegin - 1 - starts.begin());
        const auto part = generated.subspan(first, static_cast<std::size_t>(end - starts.begin()) - first);
        const bool whole =
            std::none_of(part.begin(), part.end(), [&](Token token) { return tokenizer.isEndOfGeneration(token); });
        return whole ? std::optional(part) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace alcuin::inference
