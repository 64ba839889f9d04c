#include "tokenizer/character_class.h"

#include <algorithm>
#include <array>

namespace alcuin::inference {

namespace {

constexpr std::size_t kAsciiCharacters = 128;

constexpr std::array<CharacterClass, kAsciiCharacters> asciiClasses() {
    std::array<CharacterClass, kAsciiCharacters> classes{};
    for (std::size_t c = 0; c < classes.size(); ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool number = c >= '0' && c <= '9';
        const bool space = c == ' ' || (c >= '\t' && c <= '\r');
        classes[c] = letter   ? CharacterClass::kLetter
                     : number ? CharacterClass::kNumber
                     : space  ? CharacterClass::kSpace
                              : CharacterClass::kOther;
    }
    return classes;
}

constexpr auto kAsciiClasses = asciiClasses();

} // namespace

CharacterClass classifyCharacter(char32_t codePoint) {
    if (codePoint < kAsciiClasses.size()) {
        return kAsciiClasses[codePoint];
    }
    const auto ranges = characterRanges();
    const auto range = std::partition_point(ranges.begin(), ranges.end(),
                                            [&](const CharacterRange& each) { return each.last < codePoint; });
    return range != ranges.end() && range->first <= codePoint ? range->kind : CharacterClass::kOther;
}

} // namespace alcuin::inference
