#include "math/tex/alphabets.h"

#include <optional>

namespace alcuin::ui::math {

namespace {

/// Where an alphabet's capitals, small letters, digits and Greek begin; 0 where it has none.
struct Run {
    Alphabet alphabet;
    char32_t capitals;
    char32_t smalls;
    char32_t digits;
    char32_t greek; ///< the capital alpha; 58 characters in the order of U+0391 … nabla, alpha … omega, variants
};
constexpr Run kRuns[] = {
    {Alphabet::kItalic, 0x1D434, 0x1D44E, 0, 0x1D6E2},
    {Alphabet::kBold, 0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8},
    {Alphabet::kBoldItalic, 0x1D468, 0x1D482, 0x1D7CE, 0x1D71C},
    {Alphabet::kDoubleStruck, 0x1D538, 0x1D552, 0x1D7D8, 0},
    {Alphabet::kCalligraphic, 0x1D49C, 0x1D4B6, 0, 0},
    {Alphabet::kFraktur, 0x1D504, 0x1D51E, 0, 0},
    {Alphabet::kBoldFraktur, 0x1D56C, 0x1D586, 0, 0},
    {Alphabet::kSans, 0x1D5A0, 0x1D5BA, 0x1D7E2, 0},
    {Alphabet::kSansBold, 0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756},
    {Alphabet::kSansItalic, 0x1D608, 0x1D622, 0, 0},
    {Alphabet::kMonospace, 0x1D670, 0x1D68A, 0x1D7F6, 0},
};

/// Characters that Unicode had before the block was made, and which are missing there.
struct Exception {
    char32_t inBlock;
    char32_t elsewhere;
};
constexpr Exception kExceptions[] = {
    {0x1D455, 0x210E}, {0x1D49D, 0x212C}, {0x1D4A0, 0x2130}, {0x1D4A1, 0x2131}, {0x1D4A3, 0x210B}, {0x1D4A4, 0x2110},
    {0x1D4A7, 0x2112}, {0x1D4A8, 0x2133}, {0x1D4AD, 0x211B}, {0x1D4BA, 0x212F}, {0x1D4BC, 0x210A}, {0x1D4C4, 0x2134},
    {0x1D506, 0x212D}, {0x1D50B, 0x210C}, {0x1D50C, 0x2111}, {0x1D515, 0x211C}, {0x1D51D, 0x2128}, {0x1D53A, 0x2102},
    {0x1D53F, 0x210D}, {0x1D545, 0x2115}, {0x1D547, 0x2119}, {0x1D548, 0x211A}, {0x1D549, 0x211D}, {0x1D551, 0x2124},
};

constexpr int kGreekNabla = 25;
constexpr int kGreekSmall = 26;
constexpr int kGreekPartial = 51;

/// The place of a Greek letter in an alphabet's run of 58, -1 for other characters.
int greekPlace(char32_t c) {
    if (c >= 0x391 && c <= 0x3A9) {
        return int(c - 0x391);
    }
    if (c >= 0x3B1 && c <= 0x3C9) {
        return kGreekSmall + int(c - 0x3B1);
    }
    switch (c) {
    case 0x3F4:
        return 17; // the capital theta with a straight bar
    case 0x2207:
        return kGreekNabla;
    case 0x2202:
        return kGreekPartial;
    case 0x3F5:
        return kGreekPartial + 1; // epsilon as a half moon
    case 0x3D1:
        return kGreekPartial + 2; // theta, script
    case 0x3F0:
        return kGreekPartial + 3; // kappa, script
    case 0x3D5:
        return kGreekPartial + 4; // phi, stroked
    case 0x3F1:
        return kGreekPartial + 5; // rho, tailed
    case 0x3D6:
        return kGreekPartial + 6; // pi, script
    default:
        return -1;
    }
}

char32_t greekAt(int place) {
    static constexpr char32_t kVariants[] = {0x2202, 0x3F5, 0x3D1, 0x3F0, 0x3D5, 0x3F1, 0x3D6};
    if (place == kGreekNabla) {
        return 0x2207;
    }
    if (place == 17) {
        return 0x3F4;
    }
    if (place < kGreekNabla) {
        return 0x391 + char32_t(place);
    }
    return place < kGreekPartial ? 0x3B1 + char32_t(place - kGreekSmall) : kVariants[place - kGreekPartial];
}

char32_t mapped(char32_t c, const Run& run) {
    char32_t to = 0;
    if (c >= U'A' && c <= U'Z' && run.capitals != 0) {
        to = run.capitals + (c - U'A');
    } else if (c >= U'a' && c <= U'z' && run.smalls != 0) {
        to = run.smalls + (c - U'a');
    } else if (c >= U'0' && c <= U'9' && run.digits != 0) {
        to = run.digits + (c - U'0');
    } else if (const int place = greekPlace(c); place >= 0 && run.greek != 0) {
        to = run.greek + char32_t(place);
    } else if (c == 0x131 && run.alphabet == Alphabet::kItalic) {
        to = 0x1D6A4;
    } else if (c == 0x237 && run.alphabet == Alphabet::kItalic) {
        to = 0x1D6A5;
    }
    for (const Exception& exception : kExceptions) {
        if (exception.inBlock == to) {
            return exception.elsewhere;
        }
    }
    return to == 0 ? c : to;
}

} // namespace

char32_t inAlphabet(char32_t c, Alphabet alphabet) {
    if (alphabet == Alphabet::kUpright) {
        return c;
    }
    if (alphabet == Alphabet::kDefault) {
        const int greek = greekPlace(c);
        const bool slanted =
            (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') || c == 0x131 || c == 0x237 || greek >= kGreekSmall;
        return slanted ? inAlphabet(c, Alphabet::kItalic) : c;
    }
    for (const Run& run : kRuns) {
        if (run.alphabet == alphabet) {
            return mapped(c, run);
        }
    }
    return c;
}

Alphabet emboldened(Alphabet alphabet) {
    switch (alphabet) {
    case Alphabet::kDefault:
    case Alphabet::kItalic:
        return Alphabet::kBoldItalic;
    case Alphabet::kUpright:
        return Alphabet::kBold;
    case Alphabet::kFraktur:
        return Alphabet::kBoldFraktur;
    case Alphabet::kSans:
        return Alphabet::kSansBold;
    default:
        return alphabet;
    }
}

PlainLetter plainLetter(char32_t c) {
    for (const Exception& exception : kExceptions) {
        if (exception.elsewhere == c) {
            c = exception.inBlock;
            break;
        }
    }
    for (const Run& run : kRuns) {
        if (run.capitals != 0 && c >= run.capitals && c < run.capitals + 26) {
            return {U'A' + (c - run.capitals), run.alphabet};
        }
        if (run.smalls != 0 && c >= run.smalls && c < run.smalls + 26) {
            return {U'a' + (c - run.smalls), run.alphabet};
        }
        if (run.digits != 0 && c >= run.digits && c < run.digits + 10) {
            return {U'0' + (c - run.digits), run.alphabet};
        }
        if (run.greek != 0 && c >= run.greek && c < run.greek + 58) {
            return {greekAt(int(c - run.greek)), run.alphabet};
        }
    }
    return {c, Alphabet::kDefault};
}

} // namespace alcuin::ui::math
