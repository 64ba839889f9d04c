#include "chat/jinja/formatting.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "chat/jinja/loop.h"
#include "chat/jinja/macro.h"
#include "chat/jinja/operators.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

void addTextRepr(TextBuilder& builder, const Text& text) {
    const std::string_view bytes = text.view();
    const bool single = bytes.find('\'') != std::string_view::npos;
    const bool both = single && bytes.find('"') != std::string_view::npos;
    const char quote = single && !both ? '"' : '\'';
    builder.add(std::string_view(&quote, 1), text.origin());
    std::size_t plain = 0;
    for (std::size_t position = 0; position < bytes.size();) {
        const std::size_t begin = position;
        const char32_t c = unicode::next(bytes, position);
        std::string escape;
        if (c == U'\\' || c == static_cast<char32_t>(quote)) {
            escape = {'\\', static_cast<char>(c)};
        } else if (c == U'\n') {
            escape = "\\n";
        } else if (c == U'\r') {
            escape = "\\r";
        } else if (c == U'\t') {
            escape = "\\t";
        } else if (c < 0x20 || !unicode::isPrintable(c)) {
            const auto code = static_cast<std::uint32_t>(c);
            escape = code < 0x100     ? fmt::format("\\x{:02x}", code)
                     : code < 0x10000 ? fmt::format("\\u{:04x}", code)
                                      : fmt::format("\\U{:08x}", code);
        } else {
            continue;
        }
        builder.add(text, plain, begin);
        builder.add(escape, text.originAt(begin));
        plain = position;
    }
    builder.add(text, plain, bytes.size());
    builder.add(std::string_view(&quote, 1), text.originAt(bytes.empty() ? 0 : bytes.size() - 1));
}

void addItems(TextBuilder& builder, Budget& budget, const std::vector<Value>& all, std::uint32_t origin) {
    bool first = true;
    for (const auto& item : all) {
        if (!first) {
            builder.add(", ", origin);
        }
        first = false;
        addRepr(builder, budget, item);
    }
}

void addEntries(TextBuilder& builder, Budget& budget, const Value& value) {
    bool first = true;
    builder.add("{", value.origin());
    for (const auto& [key, entry] : value.as<Dict>().entries()) {
        if (!first) {
            builder.add(", ", value.origin());
        }
        first = false;
        addRepr(builder, budget, key);
        builder.add(": ", value.origin());
        addRepr(builder, budget, entry);
    }
    builder.add("}", value.origin());
}

void addNamespace(TextBuilder& builder, Budget& budget, const Value& value) {
    auto& space = value.as<Namespace>();
    const Budget::Descent descent(budget);
    builder.add("<Namespace {", value.origin());
    const auto attributes = space.attributes;
    bool first = true;
    for (const auto& [name, attribute] : attributes) {
        builder.add(first ? "" : ", ", value.origin());
        builder.add(fmt::format("'{}': ", std::string_view(name)), name.origin);
        first = false;
        addRepr(builder, budget, attribute);
    }
    builder.add("}>", value.origin());
}

void addRange(TextBuilder& builder, const Value& value) {
    const auto& range = value.as<Range>();
    builder.add(range.step == 1 ? fmt::format("range({}, {})", range.start, range.stop)
                                : fmt::format("range({}, {}, {})", range.start, range.stop, range.step),
                value.origin());
}

std::string otherRepr(const Value& value) {
    switch (value.kind()) {
    case Kind::kMacro:
        return value.as<Macro>().name.empty() ? "<Macro anonymous>"
                                              : fmt::format("<Macro '{}'>", value.as<Macro>().name);
    case Kind::kLoop:
        return fmt::format("<LoopContext {}/{}>", value.as<Loop>().index + 1, value.as<Loop>().items.size());
    case Kind::kFunction:
        return fmt::format("<function {}>", value.as<Function>().name);
    default:
        return fmt::format("<{} object>", typeName(value));
    }
}

} // namespace

std::string floatRepr(double value) {
    if (std::isnan(value)) {
        return "nan";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-inf" : "inf";
    }
    std::array<char, 64> buffer{};
    const auto written =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
    std::string result;
    if (text.front() == '-') {
        result = "-";
        text.remove_prefix(1);
    }
    const std::size_t mark = text.find('e');
    std::string digits(text.substr(0, mark));
    std::erase(digits, '.');
    std::string_view exponentText = text.substr(mark + 1);
    if (exponentText.front() == '+') {
        exponentText.remove_prefix(1);
    }
    int exponent = 0;
    std::from_chars(exponentText.data(), exponentText.data() + exponentText.size(), exponent);
    const int size = static_cast<int>(digits.size());
    if (exponent < -4 || exponent >= 16) { // Python's limits for repr
        result += digits.substr(0, 1);
        if (size > 1) {
            result += "." + digits.substr(1);
        }
        return result + fmt::format("e{}{:02d}", exponent < 0 ? '-' : '+', std::abs(exponent));
    }
    if (exponent < 0) {
        return result + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    }
    if (size <= exponent + 1) {
        return result + digits + std::string(static_cast<std::size_t>(exponent + 1 - size), '0') + ".0";
    }
    return result + digits.substr(0, static_cast<std::size_t>(exponent + 1)) + "." +
           digits.substr(static_cast<std::size_t>(exponent + 1));
}

std::string integerText(const Value& value) {
    return value.is(Kind::kBigInt) ? fmt::format("{}", value.asBig()) : fmt::format("{}", value.asInt());
}

void addRepr(TextBuilder& builder, Budget& budget, const Value& value) {
    budget.step();
    const std::uint32_t origin = value.origin();
    switch (value.kind()) {
    case Kind::kUndefined:
        builder.add("Undefined", origin);
        break;
    case Kind::kNone:
        builder.add("None", origin);
        break;
    case Kind::kBool:
        builder.add(value.asBool() ? "True" : "False", origin);
        break;
    case Kind::kInt:
    case Kind::kBigInt:
        builder.add(integerText(value), origin);
        break;
    case Kind::kFloat:
        builder.add(floatRepr(value.asDouble()), origin);
        break;
    case Kind::kString:
        builder.add(value.isMarkup() ? "Markup(" : "", origin);
        addTextRepr(builder, *value.text());
        builder.add(value.isMarkup() ? ")" : "", origin);
        break;
    case Kind::kList:
        builder.add("[", origin);
        addItems(builder, budget, value.as<List>().items, origin);
        builder.add("]", origin);
        break;
    case Kind::kTuple:
        builder.add("(", origin);
        addItems(builder, budget, value.as<List>().items, origin);
        builder.add(value.as<List>().items.size() == 1 ? ",)" : ")", origin);
        break;
    case Kind::kDict:
        addEntries(builder, budget, value);
        break;
    case Kind::kRange:
        addRange(builder, value);
        break;
    case Kind::kView:
        builder.add(fmt::format("{}([", typeName(value)), origin);
        addItems(builder, budget, viewItems(budget, value.as<DictView>()), origin);
        builder.add("])", origin);
        break;
    case Kind::kNamespace:
        addNamespace(builder, budget, value);
        break;
    default:
        builder.add(otherRepr(value), origin);
    }
}

void addString(TextBuilder& builder, Budget& budget, const Value& value) {
    if (value.isString()) {
        builder.add(*value.text());
    } else if (!value.isUndefined()) {
        addRepr(builder, budget, value);
    }
}

Value toString(Budget& budget, const Value& value) {
    if (value.isString()) {
        return value;
    }
    TextBuilder builder(budget);
    addString(builder, budget, value);
    return Value::string(builder.finish(value.origin()));
}

Value toPlainString(Budget& budget, const Value& value) {
    return toString(budget, value).withMarkup(false);
}

Value toRepr(Budget& budget, const Value& value) {
    TextBuilder builder(budget);
    addRepr(builder, budget, value);
    return Value::string(builder.finish(value.origin()));
}

Value escaped(Budget& budget, const Value& value) {
    if (value.isMarkup()) {
        return value;
    }
    const Value plain = toString(budget, value);
    const Text& text = *plain.text();
    TextBuilder builder(budget);
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string_view entity;
        switch (text.view()[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&#34;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        builder.add(text, done, i);
        builder.add(entity, text.originAt(i));
        done = i + 1;
    }
    builder.add(text, done, text.size());
    return Value::string(builder.finish(plain.origin()), true);
}

} // namespace alcuin::inference::chat::jinja
