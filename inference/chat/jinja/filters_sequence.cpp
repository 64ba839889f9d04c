#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/item_getter.h"
#include "chat/jinja/method_tables.h"
#include "chat/jinja/text_operations.h"

namespace alcuin::inference::chat::jinja {

namespace {

Value lengthFilter(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("length", arguments, {}, 0);
    return Value::integer(static_cast<std::int64_t>(length(self)));
}

Value listFilter(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("list", arguments, {}, 0);
    return list(evaluator.budget(), items(evaluator.budget(), self), self.origin());
}

Value first(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("first", arguments, {}, 0);
    auto& budget = evaluator.budget();
    if (self.is(Kind::kIterator)) {
        auto& iterator = self.as<Iterator>();
        return iterator.next < iterator.items.size() ? iterator.items[iterator.next++]
                                                     : undefined(budget, "No first item, sequence was empty.");
    }
    if (self.isString() && self.text()->size() > 0) {
        return characterOf(budget, self, 0);
    }
    const auto all = items(budget, self);
    return all.empty() ? undefined(budget, "No first item, sequence was empty.") : all.front();
}

Value last(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("last", arguments, {}, 0);
    auto& budget = evaluator.budget();
    if (self.is(Kind::kIterator)) {
        raise(fmt::format("'{}' object is not reversible", typeName(self)));
    }
    const auto all = items(budget, self);
    return all.empty() ? undefined(budget, "No last item, sequence was empty.") : all.back();
}

Value join(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("join", arguments, {"d", "attribute"}, 0);
    auto& budget = evaluator.budget();
    auto parts = items(budget, self);
    if (bound.has(1) && !bound[1].is(Kind::kNone)) {
        const ItemGetter getter(evaluator, bound[1]);
        for (auto& part : parts) {
            part = getter.get(part);
        }
    }
    for (auto& part : parts) {
        part = toPlainString(budget, part);
    }
    return joined(budget, bound.has(0) ? toPlainString(budget, bound[0]) : string(budget, ""), parts);
}

Value reverse(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("reverse", arguments, {}, 0);
    auto& budget = evaluator.budget();
    if (self.isString()) {
        return sliced(budget, self, Value::none(), Value::none(), Value::integer(-1));
    }
    const bool isList = self.is(Kind::kIterator);
    auto all = items(budget, self);
    std::reverse(all.begin(), all.end());
    return isList ? list(budget, std::move(all)) : iterator(budget, std::move(all), "list_reverseiterator");
}

Value itemsFilter(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("items", arguments, {}, 0);
    if (self.isUndefined()) {
        return iterator(evaluator.budget(), {});
    }
    if (!self.is(Kind::kDict)) {
        raise("can only get item pairs from a mapping");
    }
    DictView view;
    view.dict = self;
    return iterator(evaluator.budget(), viewItems(evaluator.budget(), view));
}

/// Sorts by keys that were computed before, stably; `reverse` keeps equal items in order too, as Python does.
std::vector<Value> sortedBy(Budget& budget, const std::vector<Value>& all, const std::vector<Value>& keys,
                            bool reverse) {
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return reverse ? less(budget, keys[b], keys[a]) : less(budget, keys[a], keys[b]);
    });
    std::vector<Value> result;
    result.reserve(all.size());
    for (const std::size_t index : order) {
        result.push_back(all[index]);
    }
    return result;
}

Value sort(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("sort", arguments, {"reverse", "case_sensitive", "attribute"}, 0);
    auto& budget = evaluator.budget();
    const auto all = items(budget, self);
    const ItemGetter getter(evaluator, bound.valueOr(2, Value::none()), bound.flagOr(1, false), true);
    std::vector<Value> keys;
    for (const auto& item : all) {
        keys.push_back(getter.getAll(item));
    }
    return list(budget, sortedBy(budget, all, keys, bound.integerOr(0, 0) != 0), self.origin());
}

Value dictSort(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("dictsort", arguments, {"case_sensitive", "by", "reverse"}, 0);
    auto& budget = evaluator.budget();
    const std::string_view by = bound.has(1) ? requireText(bound[1], "dictsort")->view() : "key";
    if (by != "key" && by != "value") {
        raise("you can only sort by either \"key\" or \"value\"");
    }
    if (!self.is(Kind::kDict)) {
        requireDefined(self);
        raise(fmt::format("dictsort needs a mapping, not '{}'", typeName(self)));
    }
    DictView view;
    view.dict = self;
    const auto pairs = viewItems(budget, view);
    std::vector<Value> keys;
    for (const auto& [key, value] : self.as<Dict>().entries()) {
        const Value& chosen = by == "key" ? key : value;
        keys.push_back(bound.flagOr(0, false) ? chosen : withoutCase(budget, chosen));
    }
    return list(budget, sortedBy(budget, pairs, keys, bound.integerOr(2, 0) != 0), self.origin());
}

Value unique(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("unique", arguments, {"case_sensitive", "attribute"}, 0);
    auto& budget = evaluator.budget();
    const ItemGetter getter(evaluator, bound.valueOr(1, Value::none()), bound.flagOr(0, false));
    Dict seen;
    std::vector<Value> result;
    for (const auto& item : items(budget, self)) {
        const Value key = getter.get(item);
        requireHashable(budget, key);
        budget.step(key.isString() ? 1 : seen.entries().size() + 1);
        if (seen.find(key) == nullptr) {
            seen.set(key, Value::none());
            result.push_back(item);
        }
    }
    return iterator(budget, std::move(result));
}

template <bool largest>
Value extreme(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound(largest ? "max" : "min", arguments, {"case_sensitive", "attribute"}, 0);
    auto& budget = evaluator.budget();
    const ItemGetter getter(evaluator, bound.valueOr(1, Value::none()), bound.flagOr(0, false));
    const auto all = items(budget, self);
    if (all.empty()) {
        return undefined(budget, "No aggregated item, sequence was empty.");
    }
    std::size_t best = 0;
    Value bestKey = getter.get(all[0]);
    for (std::size_t i = 1; i < all.size(); ++i) {
        Value key = getter.get(all[i]);
        if (largest ? less(budget, bestKey, key) : less(budget, key, bestKey)) {
            best = i;
            bestKey = std::move(key);
        }
    }
    return all[best];
}

Value sum(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("sum", arguments, {"attribute", "start"}, 0);
    auto& budget = evaluator.budget();
    const ItemGetter getter(evaluator, bound.valueOr(0, Value::none()), true);
    Value total = bound.valueOr(1, Value::integer(0));
    if (total.isString()) {
        raise("sum can't add strings: use join");
    }
    for (const auto& item : items(budget, self)) {
        total = arithmetic(budget, Operator::kAdd, total, getter.get(item));
    }
    return total;
}

Value batch(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("batch", arguments, {"linecount", "fill_with"}, 1);
    auto& budget = evaluator.budget();
    const std::int64_t count = requireInteger(bound[0]);
    std::vector<Value> rows;
    std::vector<Value> row;
    for (const auto& item : items(budget, self)) {
        if (static_cast<std::int64_t>(row.size()) == count) {
            rows.push_back(list(budget, std::exchange(row, {})));
        }
        row.push_back(item);
    }
    if (!row.empty()) {
        while (bound.has(1) && !bound[1].is(Kind::kNone) && static_cast<std::int64_t>(row.size()) < count) {
            budget.step();
            budget.checkText(row.size() * sizeof(Value) / 8);
            row.push_back(bound[1]);
        }
        rows.push_back(list(budget, std::move(row)));
    }
    return iterator(budget, std::move(rows));
}

Value sliceFilter(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("slice", arguments, {"slices", "fill_with"}, 1);
    auto& budget = evaluator.budget();
    const std::int64_t slices = requireInteger(bound[0]);
    if (slices == 0) {
        raise("integer division or modulo by zero");
    }
    const auto all = items(budget, self);
    const auto size = static_cast<std::int64_t>(all.size());
    std::vector<Value> rows;
    std::int64_t begin = 0;
    for (std::int64_t i = 0; i < slices; ++i) {
        budget.step();
        const bool hasExtra = i < size % slices;
        const std::int64_t end = begin + size / slices + (hasExtra ? 1 : 0);
        std::vector<Value> row(all.begin() + begin, all.begin() + end);
        if (bound.has(1) && !bound[1].is(Kind::kNone) && !hasExtra) {
            row.push_back(bound[1]);
        }
        rows.push_back(list(budget, std::move(row)));
        begin = end;
    }
    return iterator(budget, std::move(rows));
}

Value groupBy(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("groupby", arguments, {"attribute", "default", "case_sensitive"}, 1);
    auto& budget = evaluator.budget();
    const Value otherwise = bound.valueOr(1, Value::none());
    const ItemGetter getter(evaluator, bound[0], bound.flagOr(2, false), false, otherwise);
    const ItemGetter exact(evaluator, bound[0], true, false, otherwise);
    const auto all = items(budget, self);
    std::vector<Value> keys;
    for (const auto& item : all) {
        keys.push_back(getter.get(item));
    }
    std::vector<Value> groups;
    std::vector<Value> members;
    const auto close = [&] {
        const Value grouper = exact.get(members.front());
        Value group = tuple(budget, {grouper, list(budget, std::exchange(members, {}))});
        group.as<List>().grouped = true;
        groups.push_back(std::move(group));
    };
    for (const auto& item : sortedBy(budget, all, keys, false)) {
        if (!members.empty() && !equal(budget, getter.get(members.front()), getter.get(item))) {
            close();
        }
        members.push_back(item);
    }
    if (!members.empty()) {
        close();
    }
    return list(budget, std::move(groups));
}

constexpr std::array<Method, 17> kFilters = {{
    {"batch", batch},
    {"count", lengthFilter},
    {"dictsort", dictSort},
    {"first", first},
    {"groupby", groupBy},
    {"items", itemsFilter},
    {"join", join},
    {"last", last},
    {"length", lengthFilter},
    {"list", listFilter},
    {"max", extreme<true>},
    {"min", extreme<false>},
    {"reverse", reverse},
    {"slice", sliceFilter},
    {"sort", sort},
    {"sum", sum},
    {"unique", unique},
}};

} // namespace

std::span<const Method> sequenceFilters() {
    return kFilters;
}

} // namespace alcuin::inference::chat::jinja
