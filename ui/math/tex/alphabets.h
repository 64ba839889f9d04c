#pragma once

#include "math/tex/node.h"

namespace alcuin::ui::math {

/// The character that stands for a letter or digit in an alphabet (Unicode's Mathematical Alphanumeric Symbols); the
/// character itself where that alphabet doesn't have it.
char32_t inAlphabet(char32_t character, Alphabet alphabet);

/// The alphabet that \boldsymbol makes of one.
Alphabet emboldened(Alphabet alphabet);

/// The plain letter or digit that inAlphabet() made into `character`, and the alphabet; kDefault with the character
/// itself for everything else.
struct PlainLetter {
    char32_t letter = 0;
    Alphabet alphabet = Alphabet::kDefault;
};
PlainLetter plainLetter(char32_t character);

} // namespace alcuin::ui::math
