#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "chat/jinja/values.h"

/// What Python's string methods do, keeping origins. Results are markup where the input is.
namespace alcuin::inference::chat::jinja {

enum class Side : std::uint8_t { kLeft, kRight, kBoth };

/// Without `characters`: whitespace.
Value stripped(Budget& budget, const Value& value, Side side, const TextPtr& characters);
/// `limit` < 0: none. Without `separator`: at runs of whitespace.
std::vector<Value> split(Budget& budget, const Value& value, const TextPtr& separator, std::int64_t limit);
std::vector<Value> splitFromRight(Budget& budget, const Value& value, const TextPtr& separator, std::int64_t limit);
std::vector<Value> splitLines(Budget& budget, const Value& value, bool keepEnds);
/// `limit` < 0: all.
Value replaced(Budget& budget, const Value& value, const Text& from, const Text& to, std::int64_t limit);
Value joined(Budget& budget, const Value& separator, const std::vector<Value>& parts);

enum class Case : std::uint8_t { kUpper, kLower, kTitle, kCapitalize, kSwap, kFold };
Value inCase(Budget& budget, const Value& value, Case wanted);
/// title() as Jinja's filter does it: words begin behind whitespace and -({[<.
Value titleFilter(Budget& budget, const Value& value);
enum class Place : std::uint8_t { kLeft, kRight, kCentre };
struct Fill {
    char32_t character = U' ';
    std::uint32_t origin = TextRun::kTrusted; ///< trusted: what is filled up has the text's origin
};
/// Filled to `width` characters; the text is at this side.
Value placed(Budget& budget, const Value& value, std::int64_t width, Fill fill, Place place);

/// Python's int(text, base) and float(text); nothing if it isn't one.
std::optional<std::int64_t> parseInteger(std::string_view text, int base);
std::optional<double> parseReal(std::string_view text);

} // namespace alcuin::inference::chat::jinja
