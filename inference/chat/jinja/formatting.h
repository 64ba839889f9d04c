#pragma once

#include <string>
#include <string_view>

#include "chat/jinja/values.h"

/// Values as Python writes them: str(), repr(), "%", str.format(), json.dumps(), HTML escapes.
namespace alcuin::inference::chat::jinja {

/// str(value), appended.
void addString(TextBuilder& builder, Budget& budget, const Value& value);
/// repr(value), appended.
void addRepr(TextBuilder& builder, Budget& budget, const Value& value);
/// str(value); a string stays itself, markup too.
Value toString(Budget& budget, const Value& value);
/// str(value) as plain text: markup loses its mark.
Value toPlainString(Budget& budget, const Value& value);
Value toRepr(Budget& budget, const Value& value);
std::string floatRepr(double value);
std::string integerText(const Value& value);

/// & < > " ' become entities, unless the value is markup.
Value escaped(Budget& budget, const Value& value);
/// format % arguments.
Value formatPercent(Budget& budget, const Value& format, const Value& arguments);
/// format.format(...); reads attributes and items by the sandbox's rules.
Value formatBraces(Evaluator& evaluator, const Value& format, const Arguments& arguments);

/// A format specification of Python's mini-language, [[fill]align][sign][#][0][width][grouping][.precision][type].
struct FormatSpec {
    char32_t fill = U' ';
    std::uint32_t fillOrigin = TextRun::kTrusted; ///< trusted: what is filled up has the number's origin
    char align = 0;                               ///< '<', '>', '^', '=' or 0
    char sign = '-';
    bool alternate = false;
    char grouping = 0;
    std::size_t width = 0;
    int precision = -1;
    char type = 0;
};
std::string formatInteger(const Value& value, const FormatSpec& spec);
std::string formatReal(double value, const FormatSpec& spec);
/// A number's text filled up to the width, by default from the left.
void addPadded(TextBuilder& builder, std::string_view number, const FormatSpec& spec, std::uint32_t origin);

struct JsonStyle {
    bool ascii = false;
    bool sortKeys = false;
    bool indented = false;
    std::string indent; ///< of one level
    std::string itemSeparator = ", ";
    std::string keySeparator = ": ";
    std::uint32_t origin = TextRun::kTrusted; ///< of the indent and the separators
};
/// json.dumps(value, ...). What it puts around a text (quotes, escapes) has the origin of that text.
Value toJson(Budget& budget, const Value& value, const JsonStyle& style);

} // namespace alcuin::inference::chat::jinja
