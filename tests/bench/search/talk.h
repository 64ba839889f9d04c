#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <alcuin/storage/records.h>

namespace alcuin::bench {

/// Made-up conversations that are, to an index, like real ones: words by Zipf's law (rank r comes about 1/r as often),
/// the commonest ones short, each conversation with words of its own subject. The same seed gives the same ones.
class Talk {
public:
    explicit Talk(std::uint32_t seed);

    static constexpr std::size_t kVocabulary = 120'000;
    static constexpr std::size_t kMessagesEach = 100;

    const std::string& word(std::size_t rank) const {
        return words_[rank];
    }
    /// A conversation of that many messages, questions and answers by turns, which ends at `lastAt`.
    storage::ConversationTree conversation(std::size_t messages, storage::TimeMs lastAt);

private:
    std::string text(std::size_t length, const std::vector<std::size_t>& subject);
    std::size_t anyRank();

    std::mt19937 random_;
    std::vector<std::string> words_;
    std::vector<double> cumulative_;
};

/// One of the fixed searches.
struct Search {
    const char* kind;
    std::string text;
};

/// 200 searches: common and rare words, two words, beginnings of words, phrases. The same for the same Talk;
/// `phrases` are texts that stand in the conversations.
std::vector<Search> fixedSearches(const Talk& talk, const std::vector<std::string>& phrases);

} // namespace alcuin::bench
