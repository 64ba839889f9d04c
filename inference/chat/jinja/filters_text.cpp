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

template <Case wanted>
Value caseFilter(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("the filter", arguments, {}, 0);
    return inCase(evaluator.budget(), toString(evaluator.budget(), self), wanted);
}

Value title(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("title", arguments, {}, 0);
    return titleFilter(evaluator.budget(), toString(evaluator.budget(), self));
}

Value trim(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("trim", arguments, {"chars"}, 0);
    const TextPtr characters = bound.has(0) && !bound[0].is(Kind::kNone) ? bound.text(0) : nullptr;
    return stripped(evaluator.budget(), toString(evaluator.budget(), self), Side::kBoth, characters);
}

Value replace(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("replace", arguments, {"old", "new", "count"}, 2);
    auto& budget = evaluator.budget();
    const Value from = toPlainString(budget, bound[0]);
    const Value to = toPlainString(budget, bound[1]);
    const std::int64_t limit = bound.has(2) && !bound[2].is(Kind::kNone) ? bound.integerOr(2, -1) : -1;
    return replaced(budget, toPlainString(budget, self), *from.text(), *to.text(), limit);
}

Value centre(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("center", arguments, {"width"}, 0);
    return placed(evaluator.budget(), toString(evaluator.budget(), self), bound.integerOr(0, 80),
                  {U' ', TextRun::kTrusted}, Place::kCentre);
}

Value indent(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("indent", arguments, {"width", "first", "blank"}, 0);
    auto& budget = evaluator.budget();
    requireText(self, "indent");
    Value indention;
    if (bound.has(0) && bound[0].isString()) {
        indention = bound[0];
    } else {
        const std::int64_t width = std::max<std::int64_t>(bound.integerOr(0, 4), 0);
        budget.checkText(static_cast<std::size_t>(width));
        indention = string(budget, std::string(static_cast<std::size_t>(width), ' '), self.origin());
    }
    const bool blank = bound.flagOr(2, false);
    TextBuilder builder(budget);
    builder.add(*self.text());
    builder.add("\n", self.origin());
    const Value whole = Value::string(builder.finish());
    const auto lines = splitLines(budget, whole, false);
    const auto ended = splitLines(budget, whole, true);
    TextBuilder result(budget);
    if (bound.flagOr(1, false)) {
        result.add(*indention.text());
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) {
            const Text& before = *ended[i - 1].text();
            result.add("\n", before.originAt(before.size() - 1));
            if (blank || lines[i].text()->size() > 0) {
                result.add(*indention.text());
            }
        }
        result.add(*lines[i].text());
    }
    return Value::string(result.finish(self.origin()), self.isMarkup());
}

Value truncate(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("truncate", arguments, {"length", "killwords", "end", "leeway"}, 0);
    auto& budget = evaluator.budget();
    const std::int64_t length = bound.integerOr(0, 255);
    const Value end = bound.valueOr(2, string(budget, "..."));
    const auto endLength = static_cast<std::int64_t>(requireText(end, "truncate")->length());
    const std::int64_t leeway = bound.has(3) && !bound[3].is(Kind::kNone) ? bound.integerOr(3, 5) : 5;
    if (length < endLength || leeway < 0) {
        raise("truncate needs a length of at least the end's and a leeway of at least 0");
    }
    if (static_cast<std::int64_t>(jinja::length(self)) <= checkedAdd(length, leeway)) {
        return self;
    }
    requireText(self, "truncate");
    Value head = sliced(budget, self, Value::none(), Value::integer(length - endLength), Value::none());
    if (!bound.flagOr(1, false)) {
        const std::size_t space = head.view().rfind(' ');
        if (space != std::string_view::npos) {
            head = Value::string(slice(budget, head.text(), 0, space));
        }
    }
    return arithmetic(budget, Operator::kAdd, head, end);
}

Value wordCount(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("wordcount", arguments, {}, 0);
    const Value text = toString(evaluator.budget(), self);
    std::int64_t count = 0;
    bool inside = false;
    for (std::size_t position = 0; position < text.text()->size();) {
        const bool isWord = unicode::isWord(unicode::next(text.view(), position));
        count += isWord && !inside ? 1 : 0;
        inside = isWord;
    }
    return Value::integer(count);
}

Value stringFilter(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("string", arguments, {}, 0);
    return toString(evaluator.budget(), self);
}

Value safe(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("safe", arguments, {}, 0);
    return toString(evaluator.budget(), self).withMarkup(true);
}

Value escape(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("escape", arguments, {}, 0);
    return escaped(evaluator.budget(), self);
}

Value forceEscape(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("forceescape", arguments, {}, 0);
    return escaped(evaluator.budget(), toPlainString(evaluator.budget(), self));
}

Value format(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    auto& budget = evaluator.budget();
    if (!arguments.positional.empty() && !arguments.named.empty()) {
        raise("can't handle positional and keyword arguments at the same time");
    }
    const Value text = toString(budget, self);
    if (arguments.named.empty()) {
        return formatPercent(budget, text, tuple(budget, arguments.positional));
    }
    auto mapping = std::make_shared<Dict>();
    for (const auto& [name, value] : arguments.named) {
        mapping->set(string(budget, name, name.origin), value);
    }
    return formatPercent(budget, text, dict(budget, std::move(mapping)));
}

void quote(TextBuilder& builder, Budget& budget, const Value& value, bool forQuery) {
    const Value text = toString(budget, value);
    for (std::size_t i = 0; i < text.text()->size(); ++i) {
        const char c = text.view()[i];
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             std::string_view("_.-~").find(c) != std::string_view::npos || (c == '/' && !forQuery);
        const std::uint32_t origin = text.text()->originAt(i);
        if (isPlain) {
            builder.add(std::string_view(&c, 1), origin);
        } else if (c == ' ' && forQuery) {
            builder.add("+", origin);
        } else {
            builder.add(fmt::format("%{:02X}", static_cast<unsigned char>(c)), origin);
        }
    }
}

Value urlEncode(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("urlencode", arguments, {}, 0);
    auto& budget = evaluator.budget();
    TextBuilder builder(budget);
    if (self.isString() || !isIterable(self)) {
        quote(builder, budget, self, false);
        return Value::string(builder.finish(self.origin()));
    }
    std::vector<Value> pairs;
    if (self.is(Kind::kDict)) {
        for (const auto& [key, value] : self.as<Dict>().entries()) {
            pairs.push_back(tuple(budget, {key, value}));
        }
    } else {
        pairs = items(budget, self);
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto parts = items(budget, pairs[i]);
        if (parts.size() != 2) {
            raise("urlencode needs pairs of a key and a value");
        }
        builder.add(i == 0 ? "" : "&", self.origin());
        quote(builder, budget, parts[0], true);
        builder.add("=", self.origin());
        quote(builder, budget, parts[1], true);
    }
    return Value::string(builder.finish(self.origin()));
}

JsonStyle jsonStyle(const Bound& bound) {
    JsonStyle style;
    style.ascii = bound.flagOr(0, false);
    style.sortKeys = bound.flagOr(3, false);
    if (bound.has(1) && !bound[1].is(Kind::kNone)) {
        style.indented = true;
        style.itemSeparator.resize(1); // no space at a line's end
        if (bound[1].isString()) {
            style.indent = std::string(bound[1].view());
            style.origin = worstOrigin(*bound[1].text());
        } else {
            constexpr std::int64_t kWidest = 1000;
            const std::int64_t width = bound.integerOr(1, 0);
            if (width > kWidest) {
                raise(fmt::format("an indent of more than {} isn't supported", kWidest));
            }
            style.indent = std::string(static_cast<std::size_t>(std::max<std::int64_t>(width, 0)), ' ');
        }
    }
    if (bound.has(2) && !bound[2].is(Kind::kNone)) {
        if (!bound[2].isArray() || bound[2].as<List>().items.size() != 2) {
            raise("tojson needs two separators");
        }
        const auto& separators = bound[2].as<List>().items;
        style.itemSeparator = std::string(requireText(separators[0], "tojson")->view());
        style.keySeparator = std::string(requireText(separators[1], "tojson")->view());
        for (const auto& separator : separators) {
            style.origin = style.origin == TextRun::kTrusted ? worstOrigin(*separator.text()) : style.origin;
        }
    }
    return style;
}

Value toJsonFilter(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("tojson", arguments, {"ensure_ascii", "indent", "separators", "sort_keys"}, 0);
    return toJson(evaluator.budget(), self, jsonStyle(bound));
}

/// Sorts the keys of every dict, as pprint does.
Value withSortedKeys(Budget& budget, const Value& value) {
    budget.step();
    if (value.isArray()) {
        std::vector<Value> all;
        for (const auto& item : value.as<List>().items) {
            all.push_back(withSortedKeys(budget, item));
        }
        return value.is(Kind::kList) ? list(budget, std::move(all), value.origin())
                                     : tuple(budget, std::move(all), value.origin());
    }
    if (!value.is(Kind::kDict)) {
        return value;
    }
    auto entries = value.as<Dict>().entries();
    std::stable_sort(entries.begin(), entries.end(),
                     [&](const auto& a, const auto& b) { return less(budget, a.first, b.first); });
    auto sorted = std::make_shared<Dict>();
    for (const auto& [key, entry] : entries) {
        sorted->set(key, withSortedKeys(budget, entry));
    }
    return dict(budget, std::move(sorted), value.origin());
}

Value prettyPrint(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("pprint", arguments, {}, 0);
    constexpr std::size_t kWidth = 80;
    const Value text = toRepr(evaluator.budget(), withSortedKeys(evaluator.budget(), self));
    if (text.text()->length() > kWidth) {
        raise(fmt::format("pprint of more than {} characters isn't supported", kWidth));
    }
    return text;
}

Value xmlAttributes(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("xmlattr", arguments, {"autospace"}, 0);
    auto& budget = evaluator.budget();
    if (!self.is(Kind::kDict)) {
        raise(fmt::format("xmlattr needs a mapping, not '{}'", typeName(self)));
    }
    TextBuilder builder(budget);
    for (const auto& [key, value] : self.as<Dict>().entries()) {
        if (value.is(Kind::kNone) || value.isUndefined()) {
            continue;
        }
        if (requireText(key, "xmlattr")->view().find_first_of(" \t\n\r\f\v/>=") != std::string_view::npos) {
            raise(fmt::format("invalid character in attribute name: '{}'", key.view()));
        }
        if (builder.size() > 0 || bound.flagOr(0, true)) {
            builder.add(" ", self.origin());
        }
        builder.add(*escaped(budget, key).text());
        builder.add("=\"", self.origin());
        builder.add(*escaped(budget, value).text());
        builder.add("\"", self.origin());
    }
    return Value::string(builder.finish(self.origin()));
}

constexpr std::array<Method, 20> kFilters = {{
    {"capitalize", caseFilter<Case::kCapitalize>},
    {"center", centre},
    {"e", escape},
    {"escape", escape},
    {"forceescape", forceEscape},
    {"format", format},
    {"indent", indent},
    {"lower", caseFilter<Case::kLower>},
    {"pprint", prettyPrint},
    {"replace", replace},
    {"safe", safe},
    {"string", stringFilter},
    {"title", title},
    {"tojson", toJsonFilter},
    {"trim", trim},
    {"truncate", truncate},
    {"upper", caseFilter<Case::kUpper>},
    {"urlencode", urlEncode},
    {"wordcount", wordCount},
    {"xmlattr", xmlAttributes},
}};

} // namespace

std::span<const Method> textFilters() {
    return kFilters;
}

} // namespace alcuin::inference::chat::jinja
