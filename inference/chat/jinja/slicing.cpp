#include <algorithm>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/operators.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// The indices that a slice picks: start, start + step ... `count` of them.
struct Picked {
    std::int64_t start = 0;
    std::int64_t stop = 0;
    std::int64_t step = 1;
    std::int64_t count = 0;
};

Picked pick(const Value& start, const Value& stop, const Value& step, std::int64_t length) {
    Picked picked;
    picked.step = step.is(Kind::kNone) ? 1 : requireInteger(step);
    if (picked.step == 0) {
        raise("slice step cannot be zero");
    }
    // Beyond +-length a step picks one item at most, whatever its size.
    picked.step = std::clamp(picked.step, -length - 1, length + 1);
    const bool forward = picked.step > 0;
    const std::int64_t low = forward ? 0 : -1;
    const std::int64_t high = forward ? length : length - 1;
    const auto bound = [&](const Value& value, std::int64_t absent) {
        if (value.is(Kind::kNone)) {
            return absent;
        }
        const std::int64_t index = std::max(requireInteger(value), -length - 1);
        return std::clamp(index < 0 ? index + length : index, low, high);
    };
    picked.start = bound(start, forward ? low : high);
    const std::int64_t end = bound(stop, forward ? high : low);
    picked.stop = end;
    const std::int64_t distance = forward ? end - picked.start : picked.start - end;
    const std::int64_t stride = forward ? picked.step : -picked.step;
    picked.count = distance > 0 ? (distance + stride - 1) / stride : 0;
    return picked;
}

Value slicedText(Budget& budget, const Value& value, const Picked& picked) {
    const TextPtr& text = value.text();
    budget.work(text->size());
    if (picked.step == 1) {
        const auto first = static_cast<std::size_t>(picked.start);
        const std::size_t begin = text->byteOf(first);
        const std::size_t end =
            picked.count == 0 ? begin : text->byteOf(first + static_cast<std::size_t>(picked.count));
        return Value::string(slice(budget, text, begin, end), value.isMarkup());
    }
    std::vector<std::size_t> begins;
    if (!text->isAscii()) {
        for (std::size_t position = 0; position < text->size();) {
            begins.push_back(position);
            unicode::next(text->view(), position);
        }
        begins.push_back(text->size());
    }
    TextBuilder builder(budget);
    for (std::int64_t i = 0; i < picked.count; ++i) {
        budget.step();
        const auto index = static_cast<std::size_t>(picked.start + i * picked.step);
        const std::size_t begin = text->isAscii() ? index : begins[index];
        builder.add(*text, begin, text->isAscii() ? index + 1 : begins[index + 1]);
    }
    return Value::string(builder.finish(value.origin()), value.isMarkup());
}

} // namespace

Value characterOf(Budget& budget, const Value& value, std::size_t index) {
    const TextPtr& text = value.text();
    budget.work(text->isAscii() ? 0 : text->size());
    const std::size_t begin = text->byteOf(index);
    std::size_t end = begin;
    unicode::next(text->view(), end);
    return Value::string(slice(budget, text, begin, end), value.isMarkup());
}

Value sliced(Budget& budget, const Value& sequence, const Value& start, const Value& stop, const Value& step) {
    requireDefined(sequence);
    if (!sequence.isString() && !sequence.isArray() && !sequence.is(Kind::kRange)) {
        raise(fmt::format("'{}' object can't be sliced", typeName(sequence)));
    }
    const Picked picked = pick(start, stop, step, static_cast<std::int64_t>(length(sequence)));
    if (sequence.isString()) {
        return slicedText(budget, sequence, picked);
    }
    if (sequence.is(Kind::kRange)) {
        const auto& range = sequence.as<Range>();
        auto part = std::make_shared<Range>();
        part->start = rangeItem(range, picked.start);
        part->stop = rangeItem(range, picked.stop);
        part->step = range.step * picked.step;
        part->count = picked.count;
        part->charge(budget, sizeof(Range));
        return Value::object(Kind::kRange, std::move(part), sequence.origin());
    }
    const auto& all = sequence.as<List>().items;
    std::vector<Value> part;
    part.reserve(static_cast<std::size_t>(picked.count));
    budget.step(static_cast<std::size_t>(picked.count));
    for (std::int64_t i = 0; i < picked.count; ++i) {
        part.push_back(all[static_cast<std::size_t>(picked.start + i * picked.step)]);
    }
    return sequence.is(Kind::kList) ? list(budget, std::move(part), sequence.origin())
                                    : tuple(budget, std::move(part), sequence.origin());
}

} // namespace alcuin::inference::chat::jinja
