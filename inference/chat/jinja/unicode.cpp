#include "chat/jinja/unicode.h"

#include <algorithm>
#include <array>

#include <utf8proc.h>

#include "chat/jinja/unicode_tables.h"

namespace alcuin::inference::chat::jinja::unicode {

namespace {

constexpr char32_t kRawByte = 0xDC00;

template <std::size_t N>
bool inRanges(const std::array<tables::Range, N>& ranges, char32_t character) {
    const auto found = std::upper_bound(ranges.begin(), ranges.end(), character,
                                        [](char32_t c, const tables::Range& range) { return c < range.first; });
    return found != ranges.begin() && character <= std::prev(found)->last;
}

template <std::size_t N>
const tables::Mapping* findMapping(const std::array<tables::Mapping, N>& mappings, char32_t character) {
    const auto found = std::lower_bound(mappings.begin(), mappings.end(), character,
                                        [](const tables::Mapping& mapping, char32_t c) { return mapping.from < c; });
    return found != mappings.end() && found->from == character ? &*found : nullptr;
}

utf8proc_category_t category(char32_t character) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(character));
}

bool isContinuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Length of the valid sequence that starts at `position`, 0 if there is none.
std::size_t sequenceLength(std::string_view text, std::size_t position) {
    const auto lead = static_cast<unsigned char>(text[position]);
    std::size_t length = 0;
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
    }
    if (length == 0 || text.size() - position < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (!isContinuation(text[position + i])) {
            return 0;
        }
    }
    const auto second = static_cast<unsigned char>(text[position + 1]);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    return overlong || beyond ? 0 : length;
}

} // namespace

char32_t next(std::string_view text, std::size_t& position) {
    const std::size_t length = sequenceLength(text, position);
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[position + i]));
    };
    char32_t character = 0;
    switch (length) {
    case 0:
        character = kRawByte + byte(0);
        break;
    case 1:
        character = byte(0);
        break;
    case 2:
        character = ((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU);
        break;
    case 3:
        character = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
        break;
    default:
        character =
            ((byte(0) & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) | (byte(3) & 0x3FU);
    }
    position += std::max<std::size_t>(length, 1);
    return character;
}

std::size_t previous(std::string_view text, std::size_t position) {
    for (std::size_t back = 1; back <= 4 && back <= position; ++back) {
        const std::size_t start = position - back;
        if (!isContinuation(text[start])) {
            return sequenceLength(text, start) == back ? start : position - 1;
        }
    }
    return position - 1;
}

void append(std::string& text, char32_t c) {
    const auto put = [&text](char32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | (c >> 6U));
        put(0x80U | (c & 0x3FU));
    } else if (c >= kRawByte + 0x80 && c <= kRawByte + 0xFF) {
        put(c - kRawByte);
    } else if (c < 0x10000) {
        put(0xE0U | (c >> 12U));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | (c >> 18U));
        put(0x80U | ((c >> 12U) & 0x3FU));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
}

std::size_t count(std::string_view text) {
    std::size_t characters = 0;
    for (std::size_t position = 0; position < text.size();) {
        if (static_cast<unsigned char>(text[position]) < 0x80) {
            ++position;
        } else {
            position += std::max<std::size_t>(sequenceLength(text, position), 1);
        }
        ++characters;
    }
    return characters;
}

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isSpace(char32_t c) {
    if (c < 0x80) {
        return (c >= 9 && c <= 13) || (c >= 28 && c <= 32);
    }
    return inRanges(tables::kSpaces, c);
}

bool isPrintable(char32_t c) {
    if (c == U' ') {
        return true;
    }
    switch (category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_ZS:
        return false;
    default:
        return true;
    }
}

bool isAlpha(char32_t c) {
    const auto kind = category(c);
    return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool isDecimal(char32_t c) {
    return category(c) == UTF8PROC_CATEGORY_ND;
}

bool isDigit(char32_t c) {
    return isDecimal(c) || inRanges(tables::kOtherDigits, c);
}

bool isNumeric(char32_t c) {
    const auto kind = category(c);
    return (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO) || inRanges(tables::kOtherNumbers, c);
}

bool isAlnum(char32_t c) {
    return isAlpha(c) || isNumeric(c);
}

bool isUpper(char32_t c) {
    return category(c) == UTF8PROC_CATEGORY_LU || inRanges(tables::kOtherUpper, c);
}

bool isLower(char32_t c) {
    return category(c) == UTF8PROC_CATEGORY_LL || inRanges(tables::kOtherLower, c);
}

bool isTitle(char32_t c) {
    return category(c) == UTF8PROC_CATEGORY_LT;
}

bool isCased(char32_t c) {
    return isUpper(c) || isLower(c) || isTitle(c);
}

bool isIdentifierStart(char32_t c) {
    return c == U'_' || isAlpha(c) || category(c) == UTF8PROC_CATEGORY_NL;
}

bool isIdentifierPart(char32_t c) {
    const auto kind = category(c);
    return isIdentifierStart(c) || kind == UTF8PROC_CATEGORY_ND || kind == UTF8PROC_CATEGORY_MN ||
           kind == UTF8PROC_CATEGORY_MC || kind == UTF8PROC_CATEGORY_PC;
}

bool isWord(char32_t c) {
    return c == U'_' || isAlnum(c);
}

bool isLineBreak(char32_t c) {
    return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

std::u32string upper(char32_t c) {
    if (const auto* mapping = findMapping(tables::kLongUpper, c)) {
        return std::u32string(mapping->to);
    }
    return std::u32string(1, static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c))));
}

std::u32string lower(char32_t c) {
    if (c == 0x130) {
        return U"i\u0307";
    }
    return std::u32string(1, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
}

std::u32string title(char32_t c) {
    if (const auto* mapping = findMapping(tables::kLongTitle, c)) {
        return std::u32string(mapping->to);
    }
    return std::u32string(1, static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(c))));
}

std::u32string fold(char32_t c) {
    if (c >= kRawByte && c <= kRawByte + 0xFF) {
        return std::u32string(1, c);
    }
    std::array<utf8proc_int32_t, 8> folded{};
    int boundClass = 0;
    const auto length =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), folded.data(),
                                static_cast<utf8proc_ssize_t>(folded.size()), UTF8PROC_CASEFOLD, &boundClass);
    if (length <= 0 || length > static_cast<utf8proc_ssize_t>(folded.size())) {
        return std::u32string(1, c);
    }
    std::u32string result;
    for (utf8proc_ssize_t i = 0; i < length; ++i) {
        result.push_back(static_cast<char32_t>(folded[static_cast<std::size_t>(i)]));
    }
    return result;
}

} // namespace alcuin::inference::chat::jinja::unicode
