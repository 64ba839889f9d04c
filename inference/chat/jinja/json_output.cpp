#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "chat/jinja/formatting.h"
#include "chat/jinja/operators.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

class JsonWriter {
public:
    JsonWriter(Budget& budget, const JsonStyle& style) : budget_(budget), style_(style), builder_(budget) {}

    void write(const Value& value) {
        budget_.step();
        switch (value.kind()) {
        case Kind::kString:
            writeText(*value.text());
            break;
        case Kind::kList:
        case Kind::kTuple:
            writeArray(value);
            break;
        case Kind::kDict:
            writeObject(value);
            break;
        case Kind::kNone:
        case Kind::kBool:
        case Kind::kInt:
        case Kind::kBigInt:
        case Kind::kFloat:
            builder_.add(scalar(value), value.origin());
            break;
        default:
            raise(fmt::format("Object of type {} is not JSON serializable", typeName(value)));
        }
    }

    Value finish(std::uint32_t origin) {
        return Value::string(builder_.finish(origin));
    }

private:
    static std::string scalar(const Value& value) {
        switch (value.kind()) {
        case Kind::kNone:
            return "null";
        case Kind::kBool:
            return value.asBool() ? "true" : "false";
        case Kind::kFloat:
            if (std::isnan(value.asDouble())) {
                return "NaN";
            }
            if (std::isinf(value.asDouble())) {
                return value.asDouble() < 0 ? "-Infinity" : "Infinity";
            }
            return floatRepr(value.asDouble());
        default:
            return integerText(value);
        }
    }

    std::string escapeOf(char32_t c) const {
        switch (c) {
        case U'"':
            return "\\\"";
        case U'\\':
            return "\\\\";
        case U'\n':
            return "\\n";
        case U'\r':
            return "\\r";
        case U'\t':
            return "\\t";
        case U'\f':
            return "\\f";
        case U'\b':
            return "\\b";
        default:
            break;
        }
        const auto code = static_cast<std::uint32_t>(c);
        if (code < 0x20 || (style_.ascii && code > 0x7E && code < 0x10000)) {
            return fmt::format("\\u{:04x}", code);
        }
        if (style_.ascii && code >= 0x10000) {
            return fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0U + (code >> 10U), 0xDC00U + (code & 0x3FFU));
        }
        return {};
    }

    void writeText(const Text& text) {
        builder_.add("\"", text.origin());
        std::size_t plain = 0;
        for (std::size_t position = 0; position < text.size();) {
            const std::size_t begin = position;
            const std::string escape = escapeOf(unicode::next(text.view(), position));
            if (!escape.empty()) {
                builder_.add(text, plain, begin);
                builder_.add(escape, text.originAt(begin));
                plain = position;
            }
        }
        builder_.add(text, plain, text.size());
        builder_.add("\"", text.originAt(text.size() == 0 ? 0 : text.size() - 1));
    }

    void writeKey(const Value& key) {
        if (key.isString()) {
            writeText(*key.text());
        } else if (key.isNumber() || key.is(Kind::kNone)) {
            builder_.add("\"" + scalar(key) + "\"", key.origin());
        } else {
            raise(fmt::format("keys must be str, int, float, bool or None, not {}", typeName(key)));
        }
    }

    /// Of something the style's texts are put into.
    std::uint32_t styled(std::uint32_t origin) const {
        return origin == TextRun::kTrusted ? style_.origin : origin;
    }

    void breakLine(std::uint32_t origin) {
        if (style_.indented) {
            builder_.add("\n", origin);
            for (std::size_t i = 0; i < level_; ++i) {
                builder_.add(style_.indent, styled(origin));
            }
        }
    }

    void writeArray(const Value& value) {
        const auto& all = value.as<List>().items;
        builder_.add("[", value.origin());
        ++level_;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i > 0) {
                builder_.add(style_.itemSeparator, styled(value.origin()));
            }
            breakLine(value.origin());
            write(all[i]);
        }
        --level_;
        if (!all.empty()) {
            breakLine(value.origin());
        }
        builder_.add("]", value.origin());
    }

    void writeObject(const Value& value) {
        auto entries = value.as<Dict>().entries();
        if (style_.sortKeys) {
            std::stable_sort(entries.begin(), entries.end(), [this](const Dict::Entry& a, const Dict::Entry& b) {
                return less(budget_, a.first, b.first);
            });
        }
        builder_.add("{", value.origin());
        ++level_;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (i > 0) {
                builder_.add(style_.itemSeparator, styled(value.origin()));
            }
            breakLine(value.origin());
            writeKey(entries[i].first);
            builder_.add(style_.keySeparator, styled(value.origin()));
            write(entries[i].second);
        }
        --level_;
        if (!entries.empty()) {
            breakLine(value.origin());
        }
        builder_.add("}", value.origin());
    }

    Budget& budget_;
    const JsonStyle& style_;
    TextBuilder builder_;
    std::size_t level_ = 0;
};

} // namespace

Value toJson(Budget& budget, const Value& value, const JsonStyle& style) {
    JsonWriter writer(budget, style);
    writer.write(value);
    return writer.finish(value.origin());
}

} // namespace alcuin::inference::chat::jinja
