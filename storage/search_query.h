#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer.h"

namespace alcuin::storage {

/// Words that stand one after the other, as the index has them.
struct SearchPhrase {
    std::vector<std::string> words; ///< at least one
    bool lastIsPrefix = false;
};

/// All of them stand in what is found. Empty: nothing was asked for.
using SearchQuery = std::vector<SearchPhrase>;

/// How many words count: one bit of a number each (search_match.cpp). Further ones are left out.
inline constexpr std::size_t kMaxSearchWords = 64;

/// What a person typed. What one types without spaces and is several words to the index ("e-mail") is a phrase.
SearchQuery parseSearch(std::string_view text, const Tokenizer& tokenizer);

/// The query in FTS5's language: nothing but words in quotes, which it knows no errors in.
std::string toMatchExpression(const SearchQuery& query);

/// The query without the word that is only a beginning.
SearchQuery withoutPrefix(SearchQuery query);

} // namespace alcuin::storage
