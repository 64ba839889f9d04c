#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "chat/jinja/formatting.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

std::string grouped(const std::string& digits, char separator, std::size_t every) {
    std::string result;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % every == 0) {
            result += separator;
        }
        result += digits[i];
    }
    return result;
}

std::string signOf(bool negative, char sign) {
    if (negative) {
        return "-";
    }
    return sign == '-' ? std::string() : std::string(1, sign);
}

/// The digits with zeros before them until sign, prefix and digits fill the width.
std::string zeroFilled(std::string digits, std::size_t head, const FormatSpec& spec, std::size_t every) {
    const bool zeros = spec.align == '=' && spec.fill == U'0';
    if (spec.grouping == 0) {
        return digits;
    }
    std::string result = grouped(digits, spec.grouping, every);
    while (zeros && head + result.size() < spec.width) {
        digits.insert(digits.begin(), '0');
        result = grouped(digits, spec.grouping, every);
    }
    return result;
}

std::string realDigits(double magnitude, const FormatSpec& spec, char type) {
    const int precision = spec.precision < 0 ? 6 : spec.precision;
    switch (type) {
    case 'f':
    case 'F':
        return spec.alternate ? fmt::format("{:#.{}f}", magnitude, precision)
                              : fmt::format("{:.{}f}", magnitude, precision);
    case 'e':
    case 'E':
        return spec.alternate ? fmt::format("{:#.{}e}", magnitude, precision)
                              : fmt::format("{:.{}e}", magnitude, precision);
    case '%':
        return fmt::format("{:.{}f}", magnitude * 100, precision);
    case 'g':
    case 'G':
    case 'n':
        return spec.alternate ? fmt::format("{:#.{}g}", magnitude, std::max(precision, 1))
                              : fmt::format("{:.{}g}", magnitude, std::max(precision, 1));
    default:
        break;
    }
    if (spec.precision < 0) {
        return floatRepr(magnitude);
    }
    std::string digits = fmt::format("{:.{}g}", magnitude, std::max(spec.precision, 1));
    if (digits.find_first_of(".e") == std::string::npos) {
        digits += ".0";
    }
    return digits;
}

} // namespace

std::string formatInteger(const Value& value, const FormatSpec& spec) {
    const bool negative = !value.is(Kind::kBigInt) && value.asInt() < 0;
    const std::uint64_t bits = value.asBig();
    const std::uint64_t magnitude = negative ? 0 - bits : bits;
    std::string digits;
    std::string prefix;
    std::size_t every = 3;
    switch (spec.type) {
    case 'x':
    case 'X':
        digits = spec.type == 'x' ? fmt::format("{:x}", magnitude) : fmt::format("{:X}", magnitude);
        prefix = spec.type == 'x' ? "0x" : "0X";
        every = 4;
        break;
    case 'o':
        digits = fmt::format("{:o}", magnitude);
        prefix = "0o";
        every = 4;
        break;
    case 'b':
        digits = fmt::format("{:b}", magnitude);
        prefix = "0b";
        every = 4;
        break;
    default:
        digits = fmt::format("{}", magnitude);
        every = 3;
    }
    if (!spec.alternate) {
        prefix.clear();
    }
    const std::string head = signOf(negative, spec.sign) + prefix;
    if (spec.precision > 0 && digits.size() < static_cast<std::size_t>(spec.precision)) {
        digits.insert(0, static_cast<std::size_t>(spec.precision) - digits.size(), '0');
    }
    return head + zeroFilled(std::move(digits), head.size(), spec, every);
}

std::string formatReal(double value, const FormatSpec& spec) {
    const bool upper = spec.type == 'F' || spec.type == 'E' || spec.type == 'G';
    const std::string sign = signOf(std::signbit(value) && !std::isnan(value), spec.sign);
    std::string digits;
    if (std::isnan(value) || std::isinf(value)) {
        digits = std::isnan(value) ? "nan" : "inf";
        digits += spec.type == '%' ? "%" : "";
    } else {
        digits = realDigits(std::abs(value), spec, spec.type);
        if (spec.grouping != 0) {
            const std::size_t whole = std::min(digits.find_first_of(".e"), digits.size());
            const std::size_t rest = digits.size() - whole;
            digits = zeroFilled(digits.substr(0, whole), sign.size() + rest, spec, 3) + digits.substr(whole);
        }
        digits += spec.type == '%' ? "%" : "";
    }
    if (upper) {
        std::transform(digits.begin(), digits.end(), digits.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    }
    return sign + digits;
}

void addPadded(TextBuilder& builder, std::string_view number, const FormatSpec& spec, std::uint32_t origin) {
    const std::size_t length = unicode::count(number);
    const std::size_t missing = spec.width > length ? spec.width - length : 0;
    const std::uint32_t fillOrigin = spec.fillOrigin == TextRun::kTrusted ? origin : spec.fillOrigin;
    const auto pad = [&](std::size_t times) {
        if (spec.fill < 0x80) {
            builder.fill(static_cast<char>(spec.fill), times, fillOrigin);
            return;
        }
        for (std::size_t i = 0; i < times; ++i) {
            builder.add(spec.fill, fillOrigin);
        }
    };
    const char align = spec.align == 0 ? '>' : spec.align;
    std::size_t head = 0;
    if (align == '=') {
        head = number.find_first_of("+- ") == 0 ? 1 : 0;
        if (number.size() > head + 1 && number[head] == '0' &&
            std::string_view("xXob").find(number[head + 1]) != std::string_view::npos) {
            head += 2;
        }
        builder.add(number.substr(0, head), origin);
    }
    pad(align == '<' ? 0 : (align == '^' ? missing / 2 : missing));
    builder.add(number.substr(head), origin);
    pad(align == '<' ? missing : (align == '^' ? missing - missing / 2 : 0));
}

} // namespace alcuin::inference::chat::jinja
