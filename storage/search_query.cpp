#include "search_query.h"

#include <algorithm>
#include <array>
#include <optional>

namespace alcuin::storage {

namespace {

/// The straight one, and those that keyboards and text editors put in its place.
constexpr std::array<std::string_view, 6> kQuotes{"\"", "\u201C", "\u201D", "\u201E", "\u00AB", "\u00BB"};
constexpr std::string_view kSpaces = " \t\r\n\f\v";

std::size_t quoteAt(std::string_view text, std::size_t at) {
    for (const auto quote : kQuotes) {
        if (text.substr(at).starts_with(quote)) {
            return quote.size();
        }
    }
    return 0;
}

class Parser {
public:
    Parser(std::string_view text, const Tokenizer& tokenizer) : text_(text), tokenizer_(tokenizer) {}

    SearchQuery parse() {
        std::size_t begin = 0;
        bool quoted = false;
        for (std::size_t at = 0; at < text_.size();) {
            const std::size_t quote = quoteAt(text_, at);
            const bool space = kSpaces.find(text_[at]) != std::string_view::npos;
            if (quote == 0 && (quoted || !space)) {
                ++at;
                continue;
            }
            take(text_.substr(begin, at - begin), false);
            if (quote != 0) {
                quoted = !quoted;
            }
            at += quote != 0 ? quote : 1;
            begin = at;
        }
        take(text_.substr(begin), true);
        return std::move(query_);
    }

private:
    void take(std::string_view chunk, bool mayGoOn) {
        SearchPhrase phrase;
        tokenizer_.visit(chunk, [&](std::string_view word, std::size_t, std::size_t) {
            if (count_ < kMaxSearchWords) {
                phrase.words.emplace_back(word);
                ++count_;
            }
            return count_ < kMaxSearchWords;
        });
        if (!phrase.words.empty()) {
            phrase.lastIsPrefix = mayGoOn;
            query_.push_back(std::move(phrase));
        }
    }

    std::string_view text_;
    const Tokenizer& tokenizer_;
    SearchQuery query_;
    std::size_t count_ = 0;
};

} // namespace

SearchQuery parseSearch(std::string_view text, const Tokenizer& tokenizer) {
    return Parser(text, tokenizer).parse();
}

std::string toMatchExpression(const SearchQuery& query) {
    std::string expression;
    for (const auto& phrase : query) {
        expression += expression.empty() ? "\"" : " AND \"";
        for (const auto& word : phrase.words) {
            expression += word + ' '; // a word has neither quotes nor spaces in it
        }
        expression.back() = '"';
        expression += phrase.lastIsPrefix ? " *" : "";
    }
    return expression;
}

SearchQuery withoutPrefix(SearchQuery query) {
    for (auto& phrase : query) {
        if (phrase.lastIsPrefix) {
            phrase.words.pop_back();
            phrase.lastIsPrefix = false;
        }
    }
    std::erase_if(query, [](const SearchPhrase& phrase) { return phrase.words.empty(); });
    return query;
}

} // namespace alcuin::storage
