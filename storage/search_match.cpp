#include "search_match.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "excerpt_text.h"

namespace alcuin::storage {

namespace {

/// An excerpt's parts in bytes, about a line and a half of a list.
constexpr std::size_t kBefore = 48;
constexpr std::size_t kWindow = 200;
/// No word that is longer is shown in full.
constexpr std::size_t kLongestWord = 80;
/// Where a long text isn't looked through any further for an even better place.
constexpr std::size_t kMaxMatches = 64;
constexpr std::size_t kLookOn = 20'000;

constexpr std::string_view kMore = "\u2026";

struct Word {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A phrase in a text.
struct Match {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t firstWord = 0;
    std::uint64_t phrase = 0; ///< its bit
};

/// Finds phrases in a stream of words, all at once: bit i stands for the i-th word of the query, phrases one after the
/// other; a set bit moves on while the words go on to be the phrase's. Source: Baeza-Yates & Gonnet 1992 (Shift-And).
class PhraseFinder {
public:
    explicit PhraseFinder(const SearchQuery& query) {
        for (const auto& phrase : query) {
            starts_ |= std::uint64_t{1} << words_.size();
            for (const auto& word : phrase.words) {
                words_.push_back({word, false});
                lengths_.push_back(phrase.words.size());
            }
            words_.back().prefix = phrase.lastIsPrefix;
            ends_ |= std::uint64_t{1} << (words_.size() - 1);
        }
    }

    /// The bits of the phrases that end with this word.
    std::uint64_t take(std::string_view word) {
        std::uint64_t here = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            const auto& [wanted, prefix] = words_[i];
            if (prefix ? word.starts_with(wanted) : word == wanted) {
                here |= std::uint64_t{1} << i;
            }
        }
        state_ = ((state_ << 1U) | starts_) & here;
        return state_ & ends_;
    }

    std::uint64_t all() const {
        return ends_;
    }
    /// Of the phrase whose bit this is, in words.
    std::size_t length(std::uint64_t phrase) const {
        return lengths_[static_cast<std::size_t>(std::countr_zero(phrase))];
    }

private:
    struct Wanted {
        std::string_view word;
        bool prefix;
    };
    std::vector<Wanted> words_;
    std::vector<std::size_t> lengths_; ///< of each word's phrase
    std::uint64_t starts_ = 0;
    std::uint64_t ends_ = 0;
    std::uint64_t state_ = 0;
};

/// The words of a text as far as they were looked at, and the phrases among them.
struct Found {
    std::vector<Word> words;
    std::vector<Match> matches;
};

Found findPhrases(std::string_view text, const SearchQuery& query, const Tokenizer& tokenizer) {
    Found found;
    PhraseFinder finder(query);
    tokenizer.visit(text, [&](std::string_view word, std::size_t begin, std::size_t end) {
        found.words.push_back({begin, end});
        for (std::uint64_t ending = finder.take(word); ending != 0; ending &= ending - 1) {
            const std::uint64_t phrase = ending & (~ending + 1);
            const std::size_t first = found.words.size() - finder.length(phrase);
            found.matches.push_back({found.words[first].begin, end, first, phrase});
        }
        return found.matches.empty() ||
               (found.matches.size() < kMaxMatches && begin < found.matches.front().begin + kLookOn);
    });
    std::stable_sort(found.matches.begin(), found.matches.end(),
                     [](const Match& a, const Match& b) { return a.begin < b.begin; });
    return found;
}

/// The match with which the place begins where most different phrases stand.
std::size_t bestStart(const std::vector<Match>& matches) {
    std::size_t best = 0;
    int most = 0;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        std::uint64_t phrases = 0;
        for (std::size_t k = i; k < matches.size() && matches[k].end <= matches[i].begin + kWindow - kBefore; ++k) {
            phrases |= matches[k].phrase;
        }
        if (std::popcount(phrases) > most) {
            most = std::popcount(phrases);
            best = i;
        }
    }
    return best;
}

bool isInsideCharacter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Where the excerpt begins and ends: at words, and where one is too long, between characters.
Word windowAround(std::string_view text, const Found& found, const Match& match) {
    std::size_t first = match.firstWord;
    while (first > 0 && found.words[first - 1].begin + kBefore >= match.begin) {
        --first;
    }
    Word window{found.words[first].begin, 0};
    if (first == 0 && window.begin <= kBefore) {
        window.begin = 0;
    }
    window.end = std::min(text.size(), window.begin + kWindow);
    if (window.end < text.size()) {
        const auto beyond = std::find_if(found.words.begin(), found.words.end(),
                                         [&](const Word& word) { return word.end > window.end; });
        if (beyond != found.words.end() && beyond->begin > window.begin && beyond->begin < window.end &&
            window.end - beyond->begin < kLongestWord) {
            window.end = std::max(beyond->begin, std::min(match.end, window.begin + kWindow));
        }
        while (window.end > window.begin && isInsideCharacter(text[window.end])) {
            --window.end;
        }
    }
    return window;
}

void append(std::vector<TextRange>& ranges, std::size_t begin, std::size_t end) {
    if (!ranges.empty() && begin <= ranges.back().begin + ranges.back().size) {
        ranges.back().size = std::max(ranges.back().size, end - ranges.back().begin);
    } else if (begin < end) {
        ranges.push_back({begin, end - begin});
    }
}

} // namespace

bool matches(std::string_view text, const SearchQuery& query, const Tokenizer& tokenizer) {
    PhraseFinder finder(query);
    std::uint64_t missing = finder.all();
    tokenizer.visit(text, [&](std::string_view word, std::size_t, std::size_t) {
        missing &= ~finder.take(word);
        return missing != 0;
    });
    return missing == 0;
}

std::vector<TextRange> allMatches(std::string_view text, const SearchQuery& query, const Tokenizer& tokenizer) {
    std::vector<TextRange> ranges;
    for (const auto& match : findPhrases(text, query, tokenizer).matches) {
        append(ranges, match.begin, match.end);
    }
    return ranges;
}

Excerpt excerptOf(std::string_view text, const SearchQuery& query, const Tokenizer& tokenizer) {
    const Found found = findPhrases(text, query, tokenizer);
    if (found.matches.empty()) {
        return {};
    }
    const Word window = windowAround(text, found, found.matches[bestStart(found.matches)]);
    std::vector<TextRange> shown;
    for (const auto& match : found.matches) {
        if (match.begin >= window.begin && match.begin < window.end) {
            append(shown, match.begin - window.begin, std::min(match.end, window.end) - window.begin);
        }
    }
    const bool atLineStart = window.begin == 0 || text[window.begin - 1] == '\n';
    LineText line = asLine(text.substr(window.begin, window.end - window.begin), shown, atLineStart);
    Excerpt excerpt;
    excerpt.text = window.begin > 0 ? kMore : std::string_view();
    const std::size_t shift = excerpt.text.size();
    excerpt.text += line.text;
    excerpt.text += window.end < text.size() ? kMore : std::string_view();
    for (const auto& match : line.matches) {
        excerpt.matches.push_back({match.begin + shift, match.size});
    }
    return excerpt;
}

} // namespace alcuin::storage
