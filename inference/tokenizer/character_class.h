#pragma once

#include <cstdint>
#include <span>

namespace alcuin::inference {

/// What the pre-tokenisers' regular expressions ask of a character.
enum class CharacterClass : std::uint8_t {
    kOther,
    kLetter,      ///< \p{L} in Unicode 16
    kNumber,      ///< \p{N} in Unicode 16
    kSpace,       ///< \s: White_Space
    kNewerNumber, ///< a number since Unicode 17: the reference's digit splitter knows it, its \p{N} doesn't
};

struct CharacterRange {
    char32_t first = 0;
    char32_t last = 0;
    CharacterClass kind = CharacterClass::kOther;
};

CharacterClass classifyCharacter(char32_t codePoint);

/// Everything that isn't kOther, ascending, without overlaps.
std::span<const CharacterRange> characterRanges();

} // namespace alcuin::inference
