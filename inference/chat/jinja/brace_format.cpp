#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/text_operations.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

constexpr int kMaxPrecision = 1000;

bool isDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class BraceFormatter {
public:
    BraceFormatter(Evaluator& evaluator, const Arguments& arguments, bool markup)
        : evaluator_(evaluator), budget_(evaluator.budget()), arguments_(arguments), markup_(markup) {}

    /// Formats all of `text` into `builder`. A specification may hold fields itself, one level deep.
    void run(const Text& format, TextBuilder& builder, int level) {
        const std::string_view text = format.view();
        std::size_t position = 0;
        while (position < text.size()) {
            const std::size_t brace = std::min(text.find_first_of("{}", position), text.size());
            builder.add(format, position, brace);
            if (brace == text.size()) {
                return;
            }
            position = brace + 1;
            const bool doubled = position < text.size() && text[position] == text[brace];
            if (doubled) {
                builder.add(format, brace, position);
                ++position;
            } else if (text[brace] == '}') {
                raise("single '}' encountered in format string");
            } else {
                position = readField(format, position, builder, level);
            }
        }
    }

private:
    std::size_t readField(const Text& format, std::size_t begin, TextBuilder& builder, int level) {
        if (level > 1) {
            raise("max string recursion exceeded");
        }
        budget_.step();
        const std::string_view text = format.view();
        const std::size_t close = fieldEnd(text, begin);
        std::size_t nameEnd = begin;
        bool inIndex = false;
        while (nameEnd < close && (inIndex || (text[nameEnd] != '!' && text[nameEnd] != ':'))) {
            inIndex = text[nameEnd] == '[' || (inIndex && text[nameEnd] != ']');
            ++nameEnd;
        }
        Value value = lookUp(text.substr(begin, nameEnd - begin));
        std::size_t position = nameEnd;
        if (position < close && text[position] == '!') {
            const std::string_view conversion = text.substr(position + 1, close - position - 1);
            if (conversion.empty() || (conversion.size() > 1 && conversion[1] != ':')) {
                raise("expected ':' after conversion specifier");
            }
            value = converted(value, conversion.front());
            position += 2;
        }
        TextBuilder spec(budget_);
        if (position < close) {
            const Text inner(std::string(text.substr(position + 1, close - position - 1)), format.originAt(position));
            run(inner, spec, level + 1);
        }
        addFormatted(builder, value, *spec.finish());
        return close + 1;
    }

    static std::size_t fieldEnd(std::string_view text, std::size_t begin) {
        std::size_t depth = 1;
        for (std::size_t i = begin; i < text.size(); ++i) {
            depth += text[i] == '{' ? 1U : 0U;
            depth -= text[i] == '}' ? 1U : 0U;
            if (depth == 0) {
                return i;
            }
        }
        raise("expected '}' before end of string");
    }

    Value lookUp(std::string_view field) {
        std::size_t position = std::min(field.find_first_of(".["), field.size());
        const std::string_view first = field.substr(0, position);
        Value value;
        if (first.empty() || isDigits(first)) {
            if (first.empty() ? usesNumbers_ : usesAutomatic_) {
                raise("cannot switch between automatic and manual field numbering");
            }
            (first.empty() ? usesAutomatic_ : usesNumbers_) = true;
            const auto index =
                first.empty() ? std::optional(static_cast<std::int64_t>(next_++)) : parseInteger(first, 10);
            if (!index || static_cast<std::size_t>(*index) >= arguments_.positional.size()) {
                raise("replacement index out of range for positional arguments");
            }
            value = arguments_.positional[static_cast<std::size_t>(*index)];
        } else {
            const auto named = std::find_if(arguments_.named.begin(), arguments_.named.end(),
                                            [&](const auto& entry) { return entry.first == first; });
            if (named == arguments_.named.end()) {
                raise(fmt::format("there is no argument '{}' to format", first));
            }
            value = named->second;
        }
        while (position < field.size()) {
            if (field[position] == '.') {
                const std::size_t end = std::min(field.find_first_of(".[", position + 1), field.size());
                value = evaluator_.attribute(value, field.substr(position + 1, end - position - 1));
                position = end;
                continue;
            }
            const std::size_t end = field.find(']', position);
            if (field[position] != '[' || end == std::string_view::npos) {
                raise("missing ']' in format string");
            }
            const std::string_view index = field.substr(position + 1, end - position - 1);
            value = evaluator_.item(value, isDigits(index) ? Value::integer(parseInteger(index, 10).value_or(0))
                                                           : string(budget_, std::string(index)));
            position = end + 1;
        }
        return value;
    }

    Value converted(const Value& value, char conversion) {
        if (conversion == 's') {
            return toPlainString(budget_, value);
        }
        if (conversion == 'r' || conversion == 'a') {
            return toRepr(budget_, value);
        }
        raise(fmt::format("unknown conversion specifier '{}'", conversion));
    }

    static FormatSpec parseSpec(std::string_view text) {
        FormatSpec spec;
        std::size_t position = 0;
        const auto isAlign = [&](std::size_t at) {
            return at < text.size() && std::string_view("<>=^").find(text[at]) != std::string_view::npos;
        };
        if (!text.empty()) {
            std::size_t after = 0;
            const char32_t fill = unicode::next(text, after);
            if (isAlign(after)) {
                spec.fill = fill;
                spec.align = text[after];
                position = after + 1;
            } else if (isAlign(0)) {
                spec.align = text[0];
                position = 1;
            }
        }
        const auto take = [&](std::string_view set) {
            const bool found = position < text.size() && set.find(text[position]) != std::string_view::npos;
            return found ? text[position++] : '\0';
        };
        const auto number = [&](std::int64_t otherwise) {
            const std::size_t begin = position;
            while (take("0123456789") != '\0') {
            }
            return begin == position ? otherwise
                                     : parseInteger(text.substr(begin, position - begin), 10).value_or(otherwise);
        };
        const char sign = take("+- ");
        spec.sign = sign == '\0' ? '-' : sign;
        take("z");
        spec.alternate = take("#") != '\0';
        if (take("0") != '\0' && spec.align == 0) {
            spec.align = '=';
            spec.fill = U'0';
        }
        spec.width = static_cast<std::size_t>(number(0));
        spec.grouping = take(",_");
        if (take(".") != '\0') {
            const std::int64_t precision = number(-1);
            if (precision < 0) {
                raise("format specifier missing precision");
            }
            spec.precision = static_cast<int>(std::min<std::int64_t>(precision, 1 << 30));
        }
        spec.type = position < text.size() ? text[position++] : '\0';
        if (position < text.size()) {
            raise(fmt::format("invalid format specifier '{}'", text));
        }
        return spec;
    }

    void addText(TextBuilder& builder, const Value& value, const FormatSpec& spec) {
        if (spec.align == '=' && spec.fill != U'0') {
            raise("'=' alignment not allowed in string format specifier");
        }
        Value text = value;
        if (spec.precision >= 0) {
            text = sliced(budget_, value, Value::none(), Value::integer(spec.precision), Value::none());
        }
        const Place place = spec.align == '>' ? Place::kRight : (spec.align == '^' ? Place::kCentre : Place::kLeft);
        const Fill fill{spec.fill, spec.fillOrigin};
        const auto length = static_cast<std::int64_t>(text.text()->length());
        const auto width = static_cast<std::int64_t>(spec.width);
        if (place == Place::kCentre && width > length) { // str.format puts the odd one right, str.center may not
            const Value left = placed(budget_, text, length + (width - length) / 2, fill, Place::kRight);
            text = placed(budget_, left, width, fill, Place::kLeft);
        } else {
            text = placed(budget_, text, width, fill, place);
        }
        builder.add(*text.text());
    }

    void addFormatted(TextBuilder& builder, const Value& value, const Text& specText) {
        if (specText.size() == 0) {
            const Value text = markup_ ? escaped(budget_, value) : toPlainString(budget_, value);
            builder.add(*text.text());
            return;
        }
        FormatSpec spec = parseSpec(specText.view());
        spec.fillOrigin = worstOrigin(specText);
        budget_.checkText(spec.width);
        if (value.isString()) {
            if (spec.type != '\0' && spec.type != 's') {
                raise(fmt::format("unknown format code '{}' for object of type 'str'", spec.type));
            }
            addText(builder, markup_ ? escaped(budget_, value) : value, spec);
            return;
        }
        if (!value.isNumber()) {
            raise(fmt::format("unsupported format string passed to {}.__format__", typeName(value)));
        }
        addNumber(builder, value, spec);
    }

    void addNumber(TextBuilder& builder, const Value& value, const FormatSpec& spec) {
        const auto isOneOf = [&](std::string_view types) { return types.find(spec.type) != std::string_view::npos; };
        const bool isReal = value.is(Kind::kFloat) || (spec.type != '\0' && isOneOf("eEfFgG%"));
        if (spec.precision > kMaxPrecision) {
            raise(fmt::format("a precision above {} isn't supported", kMaxPrecision));
        }
        if (value.is(Kind::kBool) && spec.type == '\0') {
            FormatSpec decimal = spec;
            decimal.type = 'd';
            addNumber(builder, value, decimal);
            return;
        }
        if (isReal) {
            if (spec.type != '\0' && !isOneOf("eEfFgGn%")) {
                raise(fmt::format("unknown format code '{}' for object of type 'float'", spec.type));
            }
            addPadded(builder, formatReal(value.asDouble(), spec), spec, value.origin());
            return;
        }
        if (spec.type == 'c') {
            std::string character;
            if (!value.isIntegral() || value.asInt() < 0 || value.asInt() > 0x10FFFF ||
                (value.asInt() >= 0xD800 && value.asInt() <= 0xDFFF)) {
                raise("%c arg not in range(0x110000)");
            }
            unicode::append(character, static_cast<char32_t>(value.asInt()));
            FormatSpec text = spec;
            text.type = 's';
            addText(builder, string(budget_, character, value.origin()), text);
            return;
        }
        if (spec.type != '\0' && !isOneOf("dnxXob")) {
            raise(fmt::format("unknown format code '{}' for object of type 'int'", spec.type));
        }
        if (spec.precision >= 0) {
            raise("precision not allowed in integer format specifier");
        }
        addPadded(builder, formatInteger(value, spec), spec, value.origin());
    }

    Evaluator& evaluator_;
    Budget& budget_;
    const Arguments& arguments_;
    bool markup_;
    std::size_t next_ = 0;
    bool usesAutomatic_ = false;
    bool usesNumbers_ = false;
};

} // namespace

Value formatBraces(Evaluator& evaluator, const Value& format, const Arguments& arguments) {
    TextBuilder builder(evaluator.budget());
    BraceFormatter(evaluator, arguments, format.isMarkup()).run(*format.text(), builder, 0);
    return Value::string(builder.finish(format.origin()), format.isMarkup());
}

} // namespace alcuin::inference::chat::jinja
