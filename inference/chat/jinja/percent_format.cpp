#include <algorithm>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/operators.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// More digits behind the point than any number has.
constexpr std::int64_t kMaxPrecision = 1000;

class PercentFormatter {
public:
    PercentFormatter(Budget& budget, const Value& format, const Value& arguments)
        : budget_(budget)
        , format_(*format.text())
        , markup_(format.isMarkup())
        , arguments_(arguments)
        , builder_(budget) {
        if (arguments.is(Kind::kTuple)) {
            positional_ = arguments.as<List>().items;
        } else {
            positional_ = {arguments};
        }
    }

    Value run() {
        const std::string_view text = format_.view();
        std::size_t plain = 0;
        for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', position_)) {
            builder_.add(format_, plain, at);
            budget_.step();
            position_ = at + 1;
            readConversion();
            plain = position_;
        }
        builder_.add(format_, plain, text.size());
        // Python takes anything with items but a tuple or a string for a mapping, of which nothing need be used.
        const bool isMapping = arguments_.is(Kind::kDict) || arguments_.is(Kind::kList) ||
                               arguments_.is(Kind::kRange) || arguments_.isUndefined();
        if (next_ < positional_.size() && !usedMapping_ && !isMapping) {
            raise("not all arguments converted during string formatting");
        }
        return Value::string(builder_.finish(format_.origin()), markup_);
    }

private:
    char peek() const {
        if (position_ >= format_.size()) {
            raise("incomplete format");
        }
        return format_.view()[position_];
    }

    const Value& nextArgument() {
        if (next_ >= positional_.size()) {
            raise("not enough arguments for format string");
        }
        return positional_[next_++];
    }

    const Value* readKey() {
        if (peek() != '(') {
            return nullptr;
        }
        std::size_t depth = 1;
        const std::size_t begin = ++position_;
        while (depth > 0) {
            depth += peek() == '(' ? 1U : 0U;
            depth -= peek() == ')' ? 1U : 0U;
            ++position_;
        }
        const auto key = format_.view().substr(begin, position_ - 1 - begin);
        if (!arguments_.is(Kind::kDict)) {
            raise("format requires a mapping");
        }
        usedMapping_ = true;
        const Value* value = arguments_.as<Dict>().find(key);
        if (value == nullptr) {
            raise(fmt::format("there is no key '{}' to format", key));
        }
        return value;
    }

    std::int64_t readNumber() {
        if (peek() == '*') {
            ++position_;
            return requireInteger(nextArgument());
        }
        std::int64_t number = 0;
        while (peek() >= '0' && peek() <= '9') {
            number = checkedAdd(checkedMultiply(number, 10), peek() - '0');
            ++position_;
        }
        return number;
    }

    FormatSpec readSpec() {
        FormatSpec spec;
        for (;; ++position_) {
            const char flag = peek();
            if (flag == '-') {
                spec.align = '<';
            } else if (flag == '+' || (flag == ' ' && spec.sign != '+')) {
                spec.sign = flag;
            } else if (flag == '#') {
                spec.alternate = true;
            } else if (flag == '0') {
                zeros_ = true;
            } else if (flag != ' ') {
                break;
            }
        }
        std::int64_t width = readNumber();
        if (width < 0) {
            spec.align = '<';
            width = checkedSubtract(0, width);
        }
        budget_.checkText(static_cast<std::size_t>(width));
        spec.width = static_cast<std::size_t>(width);
        if (peek() == '.') {
            ++position_;
            const std::int64_t precision = std::max<std::int64_t>(readNumber(), 0);
            precision_ = precision;
            spec.precision = static_cast<int>(std::min(precision, kMaxPrecision));
        }
        while (peek() == 'l' || peek() == 'h' || peek() == 'L') {
            ++position_;
        }
        spec.type = peek();
        ++position_;
        return spec;
    }

    void addText(const Value& value, const FormatSpec& spec) {
        Value text = value;
        if (spec.precision >= 0 && static_cast<std::int64_t>(value.text()->length()) > precision_) {
            text = sliced(budget_, value, Value::none(), Value::integer(precision_), Value::none());
        }
        const std::size_t length = text.text()->length();
        const std::size_t missing = spec.width > length ? spec.width - length : 0;
        builder_.fill(' ', spec.align == '<' ? 0 : missing, value.origin());
        builder_.add(*text.text());
        builder_.fill(' ', spec.align == '<' ? missing : 0, value.origin());
    }

    void addNumber(const Value& value, FormatSpec spec) {
        requireDefined(value);
        if (!value.isNumber()) {
            raise(fmt::format("%{} format: a number is required, not {}", spec.type, typeName(value)));
        }
        if (spec.precision >= kMaxPrecision) {
            raise(fmt::format("a precision above {} isn't supported", kMaxPrecision));
        }
        std::string text;
        if (std::string_view("eEfFgG").find(spec.type) != std::string_view::npos) {
            text = formatReal(value.asDouble(), spec);
        } else {
            const bool isDecimal = std::string_view("diu").find(spec.type) != std::string_view::npos;
            if (value.is(Kind::kFloat) && !isDecimal) {
                raise(fmt::format("%{} format: an integer is required, not float", spec.type));
            }
            text = formatInteger(value.is(Kind::kFloat) ? Value::integer(truncated(value.asDouble())) : value, spec);
        }
        if (zeros_ && spec.align != '<') {
            spec.align = '=';
            spec.fill = U'0';
        }
        addPadded(builder_, text, spec, value.origin());
    }

    void readConversion() {
        zeros_ = false;
        precision_ = -1;
        if (peek() == '%') {
            ++position_;
            builder_.add("%", format_.originAt(position_ - 1));
            return;
        }
        const Value* keyed = readKey();
        const FormatSpec spec = readSpec();
        if (spec.type == '%') {
            builder_.add("%", format_.originAt(position_ - 1));
            return;
        }
        const Value value = keyed != nullptr ? *keyed : nextArgument();
        switch (spec.type) {
        case 's':
            addText(markup_ ? escaped(budget_, value) : toPlainString(budget_, value), spec);
            break;
        case 'r':
        case 'a':
            addText(markup_ ? escaped(budget_, toRepr(budget_, value)) : toRepr(budget_, value), spec);
            break;
        case 'c':
            addCharacter(value, spec);
            break;
        case 'd':
        case 'i':
        case 'u':
        case 'x':
        case 'X':
        case 'o':
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
            addNumber(value, spec);
            break;
        default:
            raise(fmt::format("unsupported format character '{}'", spec.type));
        }
    }

    void addCharacter(const Value& value, const FormatSpec& spec) {
        if (value.isString() && value.text()->length() == 1) {
            addText(value, spec);
            return;
        }
        const std::int64_t code = value.isIntegral() ? value.asInt() : -1;
        if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            raise("%c requires a character or its number");
        }
        std::string character;
        unicode::append(character, static_cast<char32_t>(code));
        addText(string(budget_, character, value.origin()), spec);
    }

    Budget& budget_;
    const Text& format_;
    bool markup_;
    Value arguments_;
    TextBuilder builder_;
    std::vector<Value> positional_;
    std::size_t next_ = 0;
    std::size_t position_ = 0;
    bool usedMapping_ = false;
    bool zeros_ = false;
    std::int64_t precision_ = -1;
};

} // namespace

Value formatPercent(Budget& budget, const Value& format, const Value& arguments) {
    budget.work(format.text()->size());
    return PercentFormatter(budget, format, arguments).run();
}

} // namespace alcuin::inference::chat::jinja
