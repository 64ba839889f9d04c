#include "talk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

namespace alcuin::bench {

namespace {

/// The commonest words of English, in about their order.
constexpr std::array<std::string_view, 60> kCommon{
    "the",   "of",   "and",  "to",   "a",     "in",    "is",   "you",  "that",  "it",   "for",   "on",
    "with",  "as",   "are",  "this", "be",    "i",     "can",  "or",   "not",   "your", "if",    "we",
    "have",  "from", "an",   "by",   "will",  "which", "at",   "use",  "how",   "what", "but",   "all",
    "there", "when", "one",  "do",   "has",   "they",  "more", "time", "would", "each", "about", "so",
    "make",  "like", "into", "them", "other", "some",  "than", "then", "first", "also", "these", "function"};

constexpr std::array<std::string_view, 24> kOnsets{"b",  "c",   "d",   "f",  "g",  "h",  "l",  "m",
                                                   "n",  "p",   "r",   "s",  "t",  "v",  "st", "tr",
                                                   "pr", "con", "com", "in", "re", "de", "th", "sh"};
constexpr std::array<std::string_view, 10> kVowels{"a", "e", "i", "o", "u", "ea", "ou", "io", "ai", "ie"};
constexpr std::array<std::string_view, 12> kCodas{"", "", "", "n", "r", "s", "t", "l", "ng", "nt", "ct", "m"};

std::string madeUpWord(std::mt19937& random, std::size_t syllables) {
    std::string word;
    for (std::size_t i = 0; i < syllables; ++i) {
        word += kOnsets[random() % kOnsets.size()];
        word += kVowels[random() % kVowels.size()];
        word += kCodas[random() % kCodas.size()];
    }
    return word;
}

/// Zipf's law as Mandelbrot corrected it for the commonest words; the constants are about those of English.
double frequency(std::size_t rank) {
    return 1.0 / std::pow(static_cast<double>(rank) + 2.7, 1.05);
}

storage::Id idFrom(std::mt19937& random) {
    return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:08x}{:04x}", static_cast<std::uint32_t>(random()),
                       random() & 0xFFFFU, random() & 0xFFFU, random() & 0xFFFU, static_cast<std::uint32_t>(random()),
                       random() & 0xFFFFU);
}

} // namespace

Talk::Talk(std::uint32_t seed) : random_(seed) {
    std::unordered_set<std::string> seen;
    words_.reserve(kVocabulary);
    cumulative_.reserve(kVocabulary);
    double sum = 0;
    while (words_.size() < kVocabulary) {
        const std::size_t rank = words_.size();
        std::string word =
            rank < kCommon.size() ? std::string(kCommon[rank]) : madeUpWord(random_, rank < 3000 ? 2 : 3);
        if (seen.insert(word).second) {
            words_.push_back(std::move(word));
            cumulative_.push_back(sum += frequency(rank));
        }
    }
}

std::size_t Talk::anyRank() {
    const double at = static_cast<double>(random_()) / static_cast<double>(std::mt19937::max()) * cumulative_.back();
    const auto found = std::lower_bound(cumulative_.begin(), cumulative_.end(), at);
    return std::min(static_cast<std::size_t>(found - cumulative_.begin()), kVocabulary - 1);
}

std::string Talk::text(std::size_t length, const std::vector<std::size_t>& subject) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) {
        const bool ofSubject = random_() % 8 == 0;
        text += (text.empty() ? "" : random_() % 12 == 0 ? ". " : " ");
        text += words_[ofSubject ? subject[random_() % subject.size()] : anyRank()];
    }
    return text;
}

storage::ConversationTree Talk::conversation(std::size_t messages, storage::TimeMs lastAt) {
    constexpr storage::TimeMs kBetweenMs = 40'000;
    std::vector<std::size_t> subject;
    for (int i = 0; i < 30; ++i) {
        subject.push_back(60 + random_() % (kVocabulary - 60));
    }
    storage::ConversationTree tree;
    tree.conversation.id = idFrom(random_);
    tree.conversation.title = text(5, subject);
    tree.conversation.titleSource = storage::TitleSource::kAutomatic;
    for (std::size_t i = 0; i < messages; ++i) {
        const bool asks = i % 2 == 0;
        storage::Message message;
        message.id = idFrom(random_);
        message.conversationId = tree.conversation.id;
        message.parentId = i == 0 ? std::nullopt : std::optional(tree.messages.back().id);
        message.role = asks ? storage::Role::kUser : storage::Role::kAssistant;
        message.createdAt = lastAt - static_cast<storage::TimeMs>(messages - i) * kBetweenMs;
        storage::Part part;
        part.text = text(asks ? 4 + random_() % 25 : 20 + random_() % 140, subject);
        message.parts.push_back(std::move(part));
        tree.messages.push_back(std::move(message));
    }
    tree.conversation.createdAt = tree.messages.front().createdAt;
    tree.conversation.updatedAt = tree.messages.back().createdAt;
    tree.conversation.activeLeaf = tree.messages.back().id;
    return tree;
}

std::vector<Search> fixedSearches(const Talk& talk, const std::vector<std::string>& phrases) {
    std::vector<Search> searches;
    std::mt19937 random(7);
    const auto between = [&](std::size_t first, std::size_t last) {
        return talk.word(first + random() % (last - first));
    };
    for (std::size_t i = 0; i < 30; ++i) {
        searches.push_back({"common word", talk.word(i) + ' '});
    }
    for (int i = 0; i < 30; ++i) {
        searches.push_back({"rare word", between(20'000, Talk::kVocabulary) + ' '});
    }
    for (std::size_t i = 0; i < 15; ++i) {
        searches.push_back({"two common words", talk.word(i) + ' ' + talk.word(59 - i) + ' '});
    }
    for (int i = 0; i < 15; ++i) {
        searches.push_back({"common and rare word", between(0, 40) + ' ' + between(20'000, Talk::kVocabulary) + ' '});
    }
    for (int i = 0; i < 15; ++i) {
        searches.push_back({"two rarer words", between(200, 2000) + ' ' + between(200, 2000) + ' '});
    }
    for (const char* letters : {"t", "a", "s", "x", "q", "co", "th", "re", "zz", "st", "con", "the", "pro"}) {
        searches.push_back({"one to three letters", letters});
    }
    for (int i = 0; i < 17; ++i) {
        searches.push_back({"beginning of a common word", between(60, 1500).substr(0, 4)});
    }
    for (int i = 0; i < 15; ++i) {
        const std::string rare = between(20'000, Talk::kVocabulary);
        searches.push_back({"beginning of a rare word", rare.substr(0, rare.size() - 2)});
    }
    for (int i = 0; i < 20; ++i) {
        searches.push_back(
            {"word and beginning", between(0, 3000) + ' ' + between(0, 20'000).substr(0, 1 + random() % 4)});
    }
    for (std::size_t i = 0; i < 30; ++i) {
        searches.push_back({"phrase", '"' + phrases[i % phrases.size()] + '"'});
    }
    return searches;
}

} // namespace alcuin::bench
