#include "chat/jinja/text_operations.h"

#include <algorithm>

#include "chat/jinja/formatting.h"
#include "chat/jinja/operators.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

Value part(Budget& budget, const Value& value, std::size_t begin, std::size_t end) {
    return Value::string(slice(budget, value.text(), begin, end), value.isMarkup());
}

struct Span {
    std::size_t begin;
    std::size_t end;
};

/// The words between runs of whitespace.
std::vector<Span> words(std::string_view text) {
    std::vector<Span> found;
    bool inside = false;
    for (std::size_t position = 0; position < text.size();) {
        const std::size_t begin = position;
        if (unicode::isSpace(unicode::next(text, position))) {
            inside = false;
        } else if (inside) {
            found.back().end = position;
        } else {
            found.push_back({begin, position});
            inside = true;
        }
    }
    return found;
}

std::vector<Value> splitWords(Budget& budget, const Value& value, std::int64_t limit) {
    const auto found = words(value.view());
    budget.step(found.size());
    std::vector<Value> parts;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (limit >= 0 && static_cast<std::int64_t>(i) == limit) {
            parts.push_back(part(budget, value, found[i].begin, value.text()->size()));
            return parts;
        }
        parts.push_back(part(budget, value, found[i].begin, found[i].end));
    }
    return parts;
}

std::vector<Value> splitWordsFromRight(Budget& budget, const Value& value, std::int64_t limit) {
    const auto found = words(value.view());
    if (limit < 0 || static_cast<std::size_t>(limit) >= found.size()) {
        return splitWords(budget, value, -1);
    }
    const std::size_t head = found.size() - static_cast<std::size_t>(limit);
    std::vector<Value> parts;
    if (head > 0) {
        parts.push_back(part(budget, value, 0, found[head - 1].end));
    }
    for (std::size_t i = head; i < found.size(); ++i) {
        parts.push_back(part(budget, value, found[i].begin, found[i].end));
    }
    budget.step(parts.size());
    return parts;
}

void requireSeparator(const TextPtr& separator) {
    if (separator->size() == 0) {
        raise("empty separator");
    }
}

} // namespace

Value stripped(Budget& budget, const Value& value, Side side, const TextPtr& characters) {
    const std::string_view text = value.view();
    std::u32string set;
    if (characters) {
        for (std::size_t position = 0; position < characters->size();) {
            set.push_back(unicode::next(characters->view(), position));
        }
    }
    std::sort(set.begin(), set.end());
    const auto goes = [&](char32_t c) {
        return characters ? std::binary_search(set.begin(), set.end(), c) : unicode::isSpace(c);
    };
    budget.work(text.size());
    std::size_t begin = 0;
    while (side != Side::kRight && begin < text.size()) {
        std::size_t after = begin;
        if (!goes(unicode::next(text, after))) {
            break;
        }
        begin = after;
    }
    std::size_t end = text.size();
    while (side != Side::kLeft && end > begin) {
        const std::size_t last = unicode::previous(text, end);
        std::size_t position = last;
        if (!goes(unicode::next(text, position))) {
            break;
        }
        end = last;
    }
    return part(budget, value, begin, end);
}

std::vector<Value> split(Budget& budget, const Value& value, const TextPtr& separator, std::int64_t limit) {
    budget.work(value.text()->size());
    if (!separator) {
        return splitWords(budget, value, limit);
    }
    requireSeparator(separator);
    std::vector<Value> parts;
    std::size_t begin = 0;
    while (limit < 0 || static_cast<std::int64_t>(parts.size()) < limit) {
        const std::size_t at = find(value.view(), separator->view(), begin);
        if (at == std::string_view::npos) {
            break;
        }
        budget.step();
        parts.push_back(part(budget, value, begin, at));
        begin = at + separator->size();
    }
    parts.push_back(part(budget, value, begin, value.text()->size()));
    return parts;
}

std::vector<Value> splitFromRight(Budget& budget, const Value& value, const TextPtr& separator, std::int64_t limit) {
    budget.work(value.text()->size());
    if (!separator) {
        return splitWordsFromRight(budget, value, limit);
    }
    requireSeparator(separator);
    std::vector<Value> parts;
    std::size_t end = value.text()->size();
    while (limit < 0 || static_cast<std::int64_t>(parts.size()) < limit) {
        const std::size_t at = findLast(value.view().substr(0, end), separator->view());
        if (at == std::string_view::npos) {
            break;
        }
        budget.step();
        budget.work(end - at);
        parts.push_back(part(budget, value, at + separator->size(), end));
        end = at;
    }
    parts.push_back(part(budget, value, 0, end));
    std::reverse(parts.begin(), parts.end());
    return parts;
}

std::vector<Value> splitLines(Budget& budget, const Value& value, bool keepEnds) {
    const std::string_view text = value.view();
    budget.work(text.size());
    std::vector<Value> lines;
    std::size_t begin = 0;
    for (std::size_t position = 0; position < text.size();) {
        const std::size_t at = position;
        const char32_t c = unicode::next(text, position);
        if (!unicode::isLineBreak(c)) {
            continue;
        }
        if (c == U'\r' && position < text.size() && text[position] == '\n') {
            ++position;
        }
        budget.step();
        lines.push_back(part(budget, value, begin, keepEnds ? position : at));
        begin = position;
    }
    if (begin < text.size()) {
        lines.push_back(part(budget, value, begin, text.size()));
    }
    return lines;
}

Value replaced(Budget& budget, const Value& value, const Text& from, const Text& to, std::int64_t limit) {
    const Text& text = *value.text();
    budget.work(text.size());
    TextBuilder builder(budget);
    std::size_t done = 0;
    std::int64_t count = 0;
    std::size_t begin = 0;
    while (limit < 0 || count < limit) {
        const std::size_t at = find(text.view(), from.view(), begin);
        if (at == std::string_view::npos) {
            break;
        }
        budget.step();
        builder.add(text, done, at);
        builder.add(to);
        done = at + from.size();
        ++count;
        begin = done;
        if (from.size() == 0) { // an empty text stands before every character and at the end
            if (at >= text.size()) {
                break;
            }
            unicode::next(text.view(), begin);
        }
    }
    if (count == 0) {
        return value;
    }
    builder.add(text, done, text.size());
    return Value::string(builder.finish(value.origin()), value.isMarkup());
}

Value joined(Budget& budget, const Value& separator, const std::vector<Value>& parts) {
    TextBuilder builder(budget);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        budget.step();
        if (i > 0) {
            builder.add(*separator.text());
        }
        builder.add(*parts[i].text());
    }
    const std::uint32_t origin = parts.empty() ? separator.origin() : parts.front().origin();
    return Value::string(builder.finish(origin), separator.isMarkup());
}

Value placed(Budget& budget, const Value& value, std::int64_t width, Fill fill, Place place) {
    const auto length = static_cast<std::int64_t>(value.text()->length());
    if (width <= length) {
        return value;
    }
    budget.checkText(static_cast<std::size_t>(width));
    const auto missing = width - length;
    // Python's str.center puts the odd one left where the width is odd.
    const std::int64_t left = place == Place::kLeft    ? 0
                              : place == Place::kRight ? missing
                                                       : missing / 2 + (missing & width & 1);
    TextBuilder builder(budget);
    const std::uint32_t origin = fill.origin == TextRun::kTrusted ? value.origin() : fill.origin;
    const auto pad = [&](std::int64_t times) {
        if (fill.character < 0x80) {
            builder.fill(static_cast<char>(fill.character), static_cast<std::size_t>(times), origin);
            return;
        }
        for (std::int64_t i = 0; i < times; ++i) {
            builder.add(fill.character, origin);
        }
    };
    pad(left);
    builder.add(*value.text());
    pad(missing - left);
    return Value::string(builder.finish(value.origin()), value.isMarkup());
}

} // namespace alcuin::inference::chat::jinja
