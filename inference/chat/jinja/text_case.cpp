#include <charconv>
#include <limits>

#include "chat/jinja/text_operations.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// Whether the sigma that ends at `after` and begins at `begin` ends its word: lower case is then another letter.
bool isFinalSigma(std::string_view text, std::size_t begin, std::size_t after) {
    const auto ignorable = [](char32_t c) {
        return c == U'\'' || c == U'.' || c == U':' || c == U'^' || c == U'`' || c == 0xA8 || c == 0xAD || c == 0xAF ||
               c == 0xB4 || c == 0xB7 || c == 0xB8 || c == 0x2019 || (c >= 0x300 && c <= 0x36F);
    };
    bool before = false;
    while (begin > 0) {
        begin = unicode::previous(text, begin);
        std::size_t position = begin;
        const char32_t c = unicode::next(text, position);
        if (!ignorable(c)) {
            before = unicode::isCased(c);
            break;
        }
    }
    while (before && after < text.size()) {
        const char32_t c = unicode::next(text, after);
        if (!ignorable(c)) {
            return !unicode::isCased(c);
        }
    }
    return before;
}

std::u32string lowered(std::string_view text, std::size_t begin, std::size_t after, char32_t c) {
    if (c == 0x3A3) {
        return isFinalSigma(text, begin, after) ? U"\u03C2" : U"\u03C3";
    }
    return unicode::lower(c);
}

} // namespace

Value inCase(Budget& budget, const Value& value, Case wanted) {
    const Text& text = *value.text();
    const std::string_view bytes = text.view();
    budget.work(bytes.size());
    TextBuilder builder(budget);
    bool insideWord = false;
    for (std::size_t position = 0; position < bytes.size();) {
        const std::size_t begin = position;
        const char32_t c = unicode::next(bytes, position);
        bool up = false;
        switch (wanted) {
        case Case::kUpper:
            builder.add(unicode::upper(c), text.originAt(begin));
            continue;
        case Case::kFold:
            builder.add(unicode::fold(c), text.originAt(begin));
            continue;
        case Case::kSwap:
            if (unicode::isLower(c)) {
                builder.add(unicode::upper(c), text.originAt(begin));
                continue;
            }
            if (!unicode::isUpper(c)) {
                builder.add(c, text.originAt(begin));
                continue;
            }
            break;
        case Case::kTitle:
            up = !insideWord;
            insideWord = unicode::isCased(c);
            break;
        case Case::kCapitalize:
            up = begin == 0;
            break;
        case Case::kLower:
            break;
        }
        builder.add(up ? unicode::title(c) : lowered(bytes, begin, position, c), text.originAt(begin));
    }
    return Value::string(builder.finish(value.origin()), value.isMarkup());
}

Value titleFilter(Budget& budget, const Value& value) {
    const Text& text = *value.text();
    const std::string_view bytes = text.view();
    TextBuilder builder(budget);
    bool first = true;
    for (std::size_t position = 0; position < bytes.size();) {
        const std::size_t begin = position;
        const char32_t c = unicode::next(bytes, position);
        const bool breaks = unicode::isSpace(c) || c == U'-' || c == U'(' || c == U'{' || c == U'[' || c == U'<';
        builder.add(first && !breaks ? unicode::upper(c) : lowered(bytes, begin, position, c), text.originAt(begin));
        first = breaks;
    }
    return Value::string(builder.finish(value.origin()));
}

namespace {

std::string_view withoutSpace(std::string_view text) {
    const auto isSpace = [](char c) { return unicode::isSpace(static_cast<unsigned char>(c)) && (c & 0x80) == 0; };
    while (!text.empty() && isSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// Drops single underscores between digits; false where one stands elsewhere.
bool dropUnderscores(std::string& digits) {
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] == '_' && (i == 0 || i + 1 == digits.size() || digits[i + 1] == '_')) {
            return false;
        }
    }
    std::erase(digits, '_');
    return true;
}

} // namespace

std::optional<std::int64_t> parseInteger(std::string_view text, int base) {
    text = withoutSpace(text);
    const bool negative = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        text.remove_prefix(1);
    }
    if (text.size() > 2 && text[0] == '0') {
        const char mark = static_cast<char>(text[1] | 0x20);
        const int marked = mark == 'x' ? 16 : (mark == 'o' ? 8 : (mark == 'b' ? 2 : 0));
        if (marked != 0 && (base == marked || base == 0)) {
            text.remove_prefix(text[2] == '_' ? 3 : 2);
            base = marked;
        }
    }
    if (base == 0) {
        base = 10;
        if (text.size() > 1 && text.front() == '0' && text.find_first_not_of("0_") != std::string_view::npos) {
            return std::nullopt;
        }
    }
    std::string digits(negative ? "-" : "");
    std::string magnitude(text);
    if (magnitude.empty() || !dropUnderscores(magnitude) || magnitude.front() == '-') {
        return std::nullopt;
    }
    digits += magnitude;
    std::int64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (read.ec == std::errc::result_out_of_range) {
        raise("an integer leaves the range of 64 bits");
    }
    return read.ec == std::errc() && read.ptr == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

std::optional<double> parseReal(std::string_view text) {
    std::string digits(withoutSpace(text));
    if (digits.empty() || !dropUnderscores(digits)) {
        return std::nullopt;
    }
    std::size_t begin = digits.front() == '+' ? 1 : 0;
    const std::size_t body = begin + (begin == 0 && digits.front() == '-' ? 1U : 0U);
    std::string word;
    for (const char c : digits.substr(body)) {
        word += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    const double sign = body > begin ? -1 : 1;
    if (word == "inf" || word == "infinity") {
        return sign * std::numeric_limits<double>::infinity();
    }
    if (word == "nan") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (body >= digits.size() || (digits[body] != '.' && (digits[body] < '0' || digits[body] > '9'))) {
        return std::nullopt;
    }
    double value = 0;
    const auto read = std::from_chars(digits.data() + begin, digits.data() + digits.size(), value);
    if (read.ptr != digits.data() + digits.size()) {
        return std::nullopt;
    }
    if (read.ec == std::errc::result_out_of_range) {
        const std::size_t mark = word.find("e-");
        return mark != std::string::npos ? sign * 0.0 : sign * std::numeric_limits<double>::infinity();
    }
    return value;
}

} // namespace alcuin::inference::chat::jinja
