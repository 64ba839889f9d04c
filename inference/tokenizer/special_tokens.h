#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "tokenizer/vocabulary.h"

namespace alcuin::inference {

/// Finds the control, unknown and user-defined tokens of a vocabulary where a text spells them. Immutable.
class SpecialTokenFinder {
public:
    /// The vocabulary must outlive the finder and stay where its spellings are.
    explicit SpecialTokenFinder(const Vocabulary& vocabulary);

    struct Match {
        Token token = kNoToken; ///< kNoToken: nothing was found
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    /// Whether a token may be recognised at these bytes of the text.
    using Accept = std::function<bool(const Match&)>;

    /// The first place at or behind `from` where an accepted token stands, and the longest accepted one there.
    Match findFirst(std::string_view text, std::size_t from, const Accept& accept) const;

private:
    Match longestAt(std::string_view text, std::size_t at, const Accept& accept) const;

    struct Entry {
        std::string_view spelling;
        Token token = kNoToken;
    };
    std::vector<Entry> entries_; ///< ascending by spelling
    std::array<bool, 256> startsToken_{};
};

} // namespace alcuin::inference
