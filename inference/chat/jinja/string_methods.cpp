#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/method_tables.h"
#include "chat/jinja/text_operations.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

TextPtr optionalText(const Bound& bound, std::size_t index) {
    return bound.has(index) && !bound[index].is(Kind::kNone) ? bound.text(index) : nullptr;
}

template <Side side>
Value strip(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("strip()", arguments, {"chars"}, 0);
    return stripped(evaluator.budget(), self, side, optionalText(bound, 0));
}

template <Case wanted>
Value changeCase(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("a change of case", arguments, {}, 0);
    return inCase(evaluator.budget(), self, wanted);
}

template <bool fromRight>
Value splitMethod(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("split()", arguments, {"sep", "maxsplit"}, 0);
    const TextPtr separator = optionalText(bound, 0);
    const std::int64_t limit = bound.integerOr(1, -1);
    auto& budget = evaluator.budget();
    return list(budget,
                fromRight ? splitFromRight(budget, self, separator, limit) : split(budget, self, separator, limit));
}

Value splitLinesMethod(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("splitlines()", arguments, {"keepends"}, 0);
    return list(evaluator.budget(), splitLines(evaluator.budget(), self, bound.flagOr(0, false)));
}

template <bool fromRight>
Value partition(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("partition()", arguments, {"sep"}, 1);
    const TextPtr separator = bound.text(0);
    if (separator->size() == 0) {
        raise("empty separator");
    }
    auto& budget = evaluator.budget();
    const std::size_t at = fromRight ? findLast(self.view(), separator->view()) : find(self.view(), separator->view());
    const auto part = [&](std::size_t begin, std::size_t end) {
        return Value::string(slice(budget, self.text(), begin, end), self.isMarkup());
    };
    if (at == std::string_view::npos) {
        const Value nothing = string(budget, "", self.origin());
        return fromRight ? tuple(budget, {nothing, nothing, self}) : tuple(budget, {self, nothing, nothing});
    }
    return tuple(budget,
                 {part(0, at), part(at, at + separator->size()), part(at + separator->size(), self.text()->size())});
}

Value replaceMethod(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("replace()", arguments, {"old", "new", "count"}, 2);
    const TextPtr from = bound.text(0);
    bound.text(1);
    const Value to = self.isMarkup() ? escaped(evaluator.budget(), bound[1]) : bound[1];
    return replaced(evaluator.budget(), self, *from, *to.text(), bound.integerOr(2, -1));
}

Value joinMethod(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("join()", arguments, {"iterable"}, 1);
    auto parts = items(evaluator.budget(), bound[0]);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (self.isMarkup()) {
            parts[i] = escaped(evaluator.budget(), parts[i]);
        } else if (!parts[i].isString()) {
            raise(fmt::format("sequence item {}: expected str instance, {} found", i, typeName(parts[i])));
        }
    }
    return joined(evaluator.budget(), self, parts);
}

/// The part of the text that optional start and end indices (arguments 1 and 2) leave, as bytes.
struct Window {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool isEmpty = false; ///< start lies behind the end: nothing is found there, not even ""
};

Window window(const Text& text, const Bound& bound) {
    const auto length = static_cast<std::int64_t>(text.length());
    const auto clamp = [&](std::size_t index, std::int64_t otherwise) {
        if (!bound.has(index) || bound[index].is(Kind::kNone)) {
            return otherwise;
        }
        const std::int64_t given = bound.integerOr(index, 0);
        // A negative index counts from the end; far below it means the beginning.
        return given >= 0 ? given : std::max<std::int64_t>(std::max(given, -length) + length, 0);
    };
    const std::int64_t start = clamp(1, 0);
    const std::int64_t stop = std::min(clamp(2, length), length);
    Window result;
    result.isEmpty = start > stop;
    result.begin = text.byteOf(static_cast<std::size_t>(std::min(start, length)));
    result.end = text.byteOf(static_cast<std::size_t>(stop));
    return result;
}

template <bool fromRight, bool mustFind>
Value findMethodOf(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("find()", arguments, {"sub", "start", "end"}, 1);
    const TextPtr wanted = bound.text(0);
    const Window part = window(*self.text(), bound);
    std::size_t at = std::string_view::npos;
    if (!part.isEmpty) {
        const std::string_view text = self.view().substr(part.begin, part.end - part.begin);
        at = fromRight ? findLast(text, wanted->view()) : find(text, wanted->view());
    }
    if (at == std::string_view::npos) {
        if (mustFind) {
            raise("substring not found");
        }
        return Value::integer(-1);
    }
    return Value::integer(static_cast<std::int64_t>(self.text()->characterAt(part.begin + at)));
}

Value countMethod(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("count()", arguments, {"sub", "start", "end"}, 1);
    const TextPtr wanted = bound.text(0);
    const Window part = window(*self.text(), bound);
    if (part.isEmpty) {
        return Value::integer(0);
    }
    const std::string_view text = self.view().substr(part.begin, part.end - part.begin);
    if (wanted->size() == 0) {
        return Value::integer(static_cast<std::int64_t>(unicode::count(text)) + 1);
    }
    std::int64_t found = 0;
    for (std::size_t at = find(text, wanted->view()); at != std::string_view::npos;
         at = find(text, wanted->view(), at + wanted->size())) {
        evaluator.budget().step();
        ++found;
    }
    return Value::integer(found);
}

template <bool atStart>
Value affixed(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound(atStart ? "startswith()" : "endswith()", arguments, {"prefix", "start", "end"}, 1);
    const Window part = window(*self.text(), bound);
    const std::string_view text = self.view().substr(part.begin, part.isEmpty ? 0 : part.end - part.begin);
    const auto matches = [&](const Value& affix) {
        const std::string_view wanted = requireText(affix, "startswith() or endswith()")->view();
        return !part.isEmpty && (atStart ? text.starts_with(wanted) : text.ends_with(wanted));
    };
    if (bound[0].is(Kind::kTuple)) {
        const auto& all = bound[0].as<List>().items;
        return Value::boolean(std::any_of(all.begin(), all.end(), matches));
    }
    return Value::boolean(matches(bound[0]));
}

template <bool prefix>
Value removeAffix(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("removeprefix() or removesuffix()", arguments, {"affix"}, 1);
    const TextPtr affix = bound.text(0);
    const std::size_t size = self.text()->size();
    if (affix->size() == 0 ||
        !(prefix ? self.view().starts_with(affix->view()) : self.view().ends_with(affix->view()))) {
        return self;
    }
    return Value::string(
        slice(evaluator.budget(), self.text(), prefix ? affix->size() : 0, prefix ? size : size - affix->size()),
        self.isMarkup());
}

template <Place place>
Value pad(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("center(), ljust() or rjust()", arguments, {"width", "fillchar"}, 1);
    Fill fill;
    if (bound.has(1)) {
        const TextPtr text = bound.text(1);
        if (text->length() != 1) {
            raise("the fill character must be exactly one character long");
        }
        std::size_t position = 0;
        fill = {unicode::next(text->view(), position), text->origin()};
    }
    return placed(evaluator.budget(), self, requireInteger(bound[0]), fill, place);
}

Value zeroFill(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("zfill()", arguments, {"width"}, 1);
    const std::int64_t width = requireInteger(bound[0]);
    const bool hasSign = self.view().starts_with('+') || self.view().starts_with('-');
    if (!hasSign || width <= static_cast<std::int64_t>(self.text()->length())) {
        return placed(evaluator.budget(), self, width, {U'0', TextRun::kTrusted}, Place::kRight);
    }
    const Value digits = Value::string(slice(evaluator.budget(), self.text(), 1, self.text()->size()));
    const Value filled = placed(evaluator.budget(), digits, width - 1, {U'0', TextRun::kTrusted}, Place::kRight);
    TextBuilder builder(evaluator.budget());
    builder.add(*self.text(), 0, 1);
    builder.add(*filled.text());
    return Value::string(builder.finish(), self.isMarkup());
}

Value expandTabs(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("expandtabs()", arguments, {"tabsize"}, 0);
    const std::int64_t size = bound.integerOr(0, 8);
    TextBuilder builder(evaluator.budget());
    std::int64_t column = 0;
    const Text& text = *self.text();
    for (std::size_t position = 0; position < text.size();) {
        const std::size_t begin = position;
        const char32_t c = unicode::next(text.view(), position);
        if (c == U'\t') {
            const std::int64_t spaces = size > 0 ? size - column % size : 0;
            builder.fill(' ', static_cast<std::size_t>(spaces), text.originAt(begin));
            column += spaces;
        } else {
            builder.add(text, begin, position);
            column = c == U'\n' || c == U'\r' ? 0 : column + 1;
        }
    }
    return Value::string(builder.finish(self.origin()), self.isMarkup());
}

Value formatMethod(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    return formatBraces(evaluator, self, arguments);
}

template <bool (*holds)(char32_t)>
Value every(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("a test of characters", arguments, {}, 0);
    const std::string_view text = self.view();
    for (std::size_t position = 0; position < text.size();) {
        if (!holds(unicode::next(text, position))) {
            return Value::boolean(false);
        }
    }
    return Value::boolean(!text.empty());
}

bool isAsciiCharacter(char32_t c) {
    return c < 0x80;
}

template <bool (*holds)(char32_t)>
Value everyOrNone(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Value result = every<holds>(evaluator, self, arguments);
    return self.text()->size() == 0 ? Value::boolean(true) : result;
}

template <Case wanted>
Value isInCase(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("a test of case", arguments, {}, 0);
    bool any = false;
    bool insideWord = false;
    const std::string_view text = self.view();
    for (std::size_t position = 0; position < text.size();) {
        const char32_t c = unicode::next(text, position);
        const bool upper = unicode::isUpper(c) || unicode::isTitle(c);
        const bool lower = unicode::isLower(c);
        const bool wrong = wanted == Case::kUpper   ? lower || unicode::isTitle(c)
                           : wanted == Case::kLower ? upper
                                                    : (upper && insideWord) || (lower && !insideWord);
        if (wrong) {
            return Value::boolean(false);
        }
        any = any || upper || lower;
        insideWord = upper || lower;
    }
    return Value::boolean(any);
}

Value isIdentifier(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("isidentifier()", arguments, {}, 0);
    const std::string_view text = self.view();
    std::size_t position = 0;
    bool holds = !text.empty() && unicode::isIdentifierStart(unicode::next(text, position));
    while (holds && position < text.size()) {
        holds = unicode::isIdentifierPart(unicode::next(text, position));
    }
    return Value::boolean(holds);
}

constexpr std::array<Method, 43> kStringMethods = {{
    {"capitalize", changeCase<Case::kCapitalize>},
    {"casefold", changeCase<Case::kFold>},
    {"center", pad<Place::kCentre>},
    {"count", countMethod},
    {"endswith", affixed<false>},
    {"expandtabs", expandTabs},
    {"find", findMethodOf<false, false>},
    {"format", formatMethod},
    {"index", findMethodOf<false, true>},
    {"isalnum", every<unicode::isAlnum>},
    {"isalpha", every<unicode::isAlpha>},
    {"isascii", everyOrNone<isAsciiCharacter>},
    {"isdecimal", every<unicode::isDecimal>},
    {"isdigit", every<unicode::isDigit>},
    {"isidentifier", isIdentifier},
    {"islower", isInCase<Case::kLower>},
    {"isnumeric", every<unicode::isNumeric>},
    {"isprintable", everyOrNone<unicode::isPrintable>},
    {"isspace", every<unicode::isSpace>},
    {"istitle", isInCase<Case::kTitle>},
    {"isupper", isInCase<Case::kUpper>},
    {"join", joinMethod},
    {"ljust", pad<Place::kLeft>},
    {"lower", changeCase<Case::kLower>},
    {"lstrip", strip<Side::kLeft>},
    {"partition", partition<false>},
    {"removeprefix", removeAffix<true>},
    {"removesuffix", removeAffix<false>},
    {"replace", replaceMethod},
    {"rfind", findMethodOf<true, false>},
    {"rindex", findMethodOf<true, true>},
    {"rjust", pad<Place::kRight>},
    {"rpartition", partition<true>},
    {"rsplit", splitMethod<true>},
    {"rstrip", strip<Side::kRight>},
    {"split", splitMethod<false>},
    {"splitlines", splitLinesMethod},
    {"startswith", affixed<true>},
    {"strip", strip<Side::kBoth>},
    {"swapcase", changeCase<Case::kSwap>},
    {"title", changeCase<Case::kTitle>},
    {"upper", changeCase<Case::kUpper>},
    {"zfill", zeroFill},
}};

} // namespace

std::span<const Method> stringMethods() {
    return kStringMethods;
}

} // namespace alcuin::inference::chat::jinja
