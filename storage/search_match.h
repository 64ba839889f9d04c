#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search_query.h"
#include "tokenizer.h"
#include <alcuin/storage/search_reader.h>

namespace alcuin::storage {

/// Whether every phrase of the query stands in the text.
bool matches(std::string_view text, const SearchQuery& query, const Tokenizer& tokenizer);

/// Every place of every phrase in a short text; what overlaps is one.
std::vector<TextRange> allMatches(std::string_view text, const SearchQuery& query, const Tokenizer& tokenizer);

/// The place in a text where most of the query stands together, on one line.
struct Excerpt {
    std::string text; ///< with "…" where it goes on
    std::vector<TextRange> matches;
};
Excerpt excerptOf(std::string_view text, const SearchQuery& query, const Tokenizer& tokenizer);

} // namespace alcuin::storage
