#include "json_text.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace alcuin::exchange {

namespace {

constexpr bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// Behind the string that begins at `at` with a quotation mark; npos: it doesn't end.
std::size_t behindString(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

/// Behind the bracketed value that begins at 0.
std::size_t behindBrackets(std::string_view text, const Limits& limits) {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            at = behindString(text, at);
            if (at == std::string_view::npos) {
                return at;
            }
            continue;
        }
        ++at;
        if (c == '[' || c == '{') {
            if (++depth > limits.jsonDepth) {
                return std::string_view::npos;
            }
        } else if (c == ']' || c == '}') {
            if (--depth == 0) {
                return at;
            }
        }
    }
    return std::string_view::npos;
}

/// What parsing would make of a text, counted without making it.
struct Size {
    std::size_t depth = 0;
    std::size_t values = 1;
};

Size sizeOf(std::string_view text) {
    Size size;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            at = behindString(text, at);
            if (at == std::string_view::npos) {
                break;
            }
            continue;
        }
        ++at;
        if (c == '[' || c == '{') {
            size.depth = std::max(size.depth, ++depth);
            ++size.values;
        } else if (c == ',') {
            ++size.values;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return size;
}

std::optional<std::uint32_t> escapedUnit(std::string_view text, std::size_t at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
        return std::nullopt;
    }
    std::uint32_t unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) {
            return std::nullopt;
        }
        unit = unit * 16 + static_cast<std::uint32_t>(digit);
    }
    return unit;
}

/// The escapes of half surrogate pairs become U+FFFD's: the parser refuses them.
std::string withWholePairs(std::string_view text) {
    constexpr std::size_t kEscape = 6;
    std::string mended(text);
    for (std::size_t at = 0; at + 1 < mended.size();) {
        if (mended[at] != '\\') {
            ++at;
            continue;
        }
        const auto unit = escapedUnit(mended, at);
        if (!unit || *unit < 0xD800 || *unit > 0xDFFF) {
            at += unit ? kEscape : 2;
            continue;
        }
        const auto low = *unit < 0xDC00 ? escapedUnit(mended, at + kEscape) : std::nullopt;
        if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
            at += 2 * kEscape;
            continue;
        }
        mended.replace(at, kEscape, "\\ufffd");
        at += kEscape;
    }
    return mended;
}

bool hasSurrogates(std::string_view text) {
    return text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos;
}

} // namespace

std::optional<std::string_view> firstValue(std::string_view text, const Limits& limits) {
    while (!text.empty() && isSpace(text.front())) {
        text.remove_prefix(1);
    }
    if (text.empty()) {
        return std::nullopt;
    }
    std::size_t end = std::string_view::npos;
    if (text.front() == '"') {
        end = behindString(text, 0);
    } else if (text.front() == '[' || text.front() == '{') {
        end = behindBrackets(text, limits);
    } else {
        end = std::min(text.find_first_of(",]}: \t\n\r"), text.size());
    }
    if (end == std::string_view::npos || end == 0) {
        return std::nullopt;
    }
    return text.substr(0, end);
}

Elements::Elements(std::string_view array, const Limits& limits) : limits_(limits) {
    const auto whole = trimmed(array);
    if (!whole.empty() && whole.front() == '[') {
        rest_ = whole.substr(1);
    }
}

std::optional<std::string_view> Elements::next() {
    rest_ = trimmed(rest_);
    if (rest_ == "]") {
        endedWell_ = true;
        rest_ = {};
        return std::nullopt;
    }
    if (!first_) {
        if (rest_.empty() || rest_.front() != ',') {
            rest_ = {};
            return std::nullopt;
        }
        rest_.remove_prefix(1);
    }
    first_ = false;
    const auto value = firstValue(rest_, limits_);
    rest_ = value ? rest_.substr(static_cast<std::size_t>(value->data() - rest_.data()) + value->size())
                  : std::string_view();
    return value;
}

bool Elements::endedWell() const {
    return endedWell_;
}

std::optional<std::vector<Member>> membersOf(std::string_view object, const Limits& limits) {
    auto rest = trimmed(object);
    if (rest.empty() || rest.front() != '{') {
        return std::nullopt;
    }
    rest = trimmed(rest.substr(1));
    std::vector<Member> members;
    while (rest != "}") {
        if (!members.empty()) {
            if (rest.empty() || rest.front() != ',') {
                return std::nullopt;
            }
            rest.remove_prefix(1);
        }
        const auto key = firstValue(rest, limits);
        if (!key || key->front() != '"') {
            return std::nullopt;
        }
        rest = trimmed(rest.substr(static_cast<std::size_t>(key->data() - rest.data()) + key->size()));
        if (rest.empty() || rest.front() != ':') {
            return std::nullopt;
        }
        rest.remove_prefix(1);
        const auto value = firstValue(rest, limits);
        if (!value || members.size() >= limits.jsonValues) {
            return std::nullopt;
        }
        rest = trimmed(rest.substr(static_cast<std::size_t>(value->data() - rest.data()) + value->size()));
        auto name = parseJson(*key, "a key", limits);
        if (!name) {
            return std::nullopt;
        }
        members.push_back({name->get<std::string>(), *value});
    }
    return members;
}

std::string_view memberOf(const std::vector<Member>& members, std::string_view key) {
    const auto at =
        std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.key == key; });
    return at == members.end() ? std::string_view() : at->value;
}

Result<Json> parseJson(std::string_view text, std::string_view what, const Limits& limits) {
    if (text.size() > limits.conversationBytes) {
        return fail(fmt::format("{} is too long: {} MB, where up to {} MB are read.", what, text.size() >> 20U,
                                limits.conversationBytes >> 20U));
    }
    const Size size = sizeOf(text);
    if (size.depth > limits.jsonDepth || size.values > limits.jsonValues) {
        return fail(fmt::format("{} is nested too deeply or has too many values to be a conversation.", what));
    }
    try {
        return hasSurrogates(text) ? Json::parse(withWholePairs(text)) : Json::parse(text);
    } catch (const Json::exception&) {
        return fail(fmt::format("{} can't be read as JSON. It may have been cut off; export it again.", what));
    }
}

} // namespace alcuin::exchange
