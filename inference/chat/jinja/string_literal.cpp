#include "chat/jinja/string_literal.h"

#include <algorithm>
#include <cstdint>

#include "chat/jinja/budget.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The single characters that a backslash turns into others; 0: none.
char simpleEscape(char c) {
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'a':
        return '\a';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'v':
        return '\v';
    case '\\':
    case '\'':
    case '"':
        return c;
    default:
        return 0;
    }
}

} // namespace

std::string unescaped(std::string_view literal, int line) {
    std::string result;
    std::size_t i = 0;
    const auto hex = [&](std::size_t digits) {
        std::uint32_t code = 0;
        for (std::size_t k = 0; k < digits; ++k, ++i) {
            const int digit = i < literal.size() ? hexDigit(literal[i]) : -1;
            if (digit < 0) {
                throw Failure{"a string has an escape with too few hexadecimal digits", line};
            }
            code = code * 16 + static_cast<std::uint32_t>(digit);
        }
        if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            throw Failure{"a string escape isn't a Unicode character", line};
        }
        unicode::append(result, static_cast<char32_t>(code));
    };
    while (i < literal.size()) {
        const char c = literal[i++];
        if (c != '\\' || i == literal.size()) {
            result += c;
            continue;
        }
        const char escape = literal[i++];
        if (const char simple = simpleEscape(escape); simple != 0) {
            result += simple;
        } else if (escape == 'x' || escape == 'u' || escape == 'U') {
            hex(escape == 'x' ? 2 : (escape == 'u' ? 4 : 8));
        } else if (escape >= '0' && escape <= '7') {
            auto code = static_cast<char32_t>(escape - '0');
            for (int k = 0; k < 2 && i < literal.size() && literal[i] >= '0' && literal[i] <= '7'; ++k, ++i) {
                code = code * 8 + static_cast<char32_t>(literal[i] - '0');
            }
            unicode::append(result, code);
        } else if (escape == 'N') {
            throw Failure{"named characters, \\N{...}, aren't supported", line};
        } else if (escape != '\n') {
            result += '\\';
            result += escape;
        }
    }
    return result;
}

} // namespace alcuin::inference::chat::jinja
