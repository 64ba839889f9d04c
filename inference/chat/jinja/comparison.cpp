#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "chat/jinja/loop.h"
#include "chat/jinja/operators.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// An integer with a whole float: less (-1), equal (0) or greater (1).
int compareWhole(const Value& integer, double whole) {
    constexpr double kTwo63 = 9223372036854775808.0;
    if (integer.is(Kind::kBigInt)) {
        if (whole < kTwo63 || whole >= 2 * kTwo63) {
            return whole < kTwo63 ? 1 : -1;
        }
        const auto other = static_cast<std::uint64_t>(whole);
        return integer.asBig() < other ? -1 : (integer.asBig() > other ? 1 : 0);
    }
    if (whole < -kTwo63 || whole >= kTwo63) {
        return whole < 0 ? 1 : -1;
    }
    const auto other = static_cast<std::int64_t>(whole);
    return integer.asInt() < other ? -1 : (integer.asInt() > other ? 1 : 0);
}

/// Less (-1), equal (0), greater (1) or not comparable (2: a NaN).
int compareNumbers(const Value& left, const Value& right) {
    if (left.isIntegral() && right.isIntegral()) {
        return left.asInt() < right.asInt() ? -1 : (left.asInt() > right.asInt() ? 1 : 0);
    }
    if (left.is(Kind::kBigInt) && right.is(Kind::kBigInt)) {
        return left.asBig() < right.asBig() ? -1 : (left.asBig() > right.asBig() ? 1 : 0);
    }
    if (left.is(Kind::kBigInt) && right.isIntegral()) {
        return 1;
    }
    if (left.isIntegral() && right.is(Kind::kBigInt)) {
        return -1;
    }
    const double a = left.asDouble();
    const double b = right.asDouble();
    if (std::isnan(a) || std::isnan(b)) {
        return 2;
    }
    if (a != b || (left.is(Kind::kFloat) && right.is(Kind::kFloat))) {
        return a < b ? -1 : (a > b ? 1 : 0);
    }
    // The integer may have been rounded on its way to double: the float is whole, so compare it as an integer.
    if (left.is(Kind::kFloat)) {
        return -compareWhole(right, a);
    }
    return compareWhole(left, b);
}

bool equalDicts(Budget& budget, const Dict& left, const Dict& right) {
    if (left.entries().size() != right.entries().size()) {
        return false;
    }
    for (const auto& [key, value] : left.entries()) {
        const Value* other = right.find(key);
        if (other == nullptr || !equal(budget, value, *other)) {
            return false;
        }
    }
    return true;
}

bool equalItems(Budget& budget, const std::vector<Value>& left, const std::vector<Value>& right) {
    if (left.size() != right.size()) {
        return false;
    }
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (!equal(budget, left[i], right[i])) {
            return false;
        }
    }
    return true;
}

} // namespace

void requireDefined(const Value& value) {
    if (value.isUndefined()) {
        raise(value.shared() ? value.as<Undefined>().hint : std::string("a value is undefined"));
    }
}

bool hasLength(const Value& value) {
    switch (value.kind()) {
    case Kind::kUndefined:
    case Kind::kString:
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kDict:
    case Kind::kRange:
    case Kind::kView:
    case Kind::kLoop:
        return true;
    default:
        return false;
    }
}

std::size_t length(const Value& value) {
    switch (value.kind()) {
    case Kind::kUndefined:
        return 0;
    case Kind::kString:
        return value.text()->length();
    case Kind::kList:
    case Kind::kTuple:
        return value.as<List>().items.size();
    case Kind::kDict:
        return value.as<Dict>().entries().size();
    case Kind::kRange:
        return static_cast<std::size_t>(value.as<Range>().count);
    case Kind::kView:
        return value.as<DictView>().dict.as<Dict>().entries().size();
    case Kind::kLoop:
        return value.as<Loop>().items.size();
    default:
        raise(fmt::format("object of type '{}' has no len()", typeName(value)));
    }
}

bool truthy(const Value& value) {
    switch (value.kind()) {
    case Kind::kUndefined:
    case Kind::kNone:
        return false;
    case Kind::kBool:
    case Kind::kInt:
        return value.asInt() != 0;
    case Kind::kFloat:
        return value.asDouble() != 0;
    default:
        return !hasLength(value) || length(value) != 0;
    }
}

bool isIterable(const Value& value) {
    return hasLength(value) || value.is(Kind::kIterator);
}

std::vector<Value> items(Budget& budget, const Value& value) {
    std::vector<Value> all;
    switch (value.kind()) {
    case Kind::kUndefined:
        break;
    case Kind::kString: {
        const auto& text = value.text();
        for (std::size_t position = 0; position < text->size();) {
            const std::size_t begin = position;
            unicode::next(text->view(), position);
            budget.step();
            all.push_back(Value::string(slice(budget, text, begin, position)));
        }
        break;
    }
    case Kind::kList:
    case Kind::kTuple:
        budget.step(value.as<List>().items.size());
        return value.as<List>().items;
    case Kind::kDict:
        for (const auto& entry : value.as<Dict>().entries()) {
            budget.step();
            all.push_back(entry.first);
        }
        break;
    case Kind::kRange: {
        const auto& range = value.as<Range>();
        for (std::int64_t i = 0; i < range.count; ++i) {
            budget.step();
            all.push_back(Value::integer(rangeItem(range, i), value.origin()));
        }
        break;
    }
    case Kind::kView:
        return viewItems(budget, value.as<DictView>());
    case Kind::kIterator: {
        auto& iterator = value.as<Iterator>();
        all.assign(iterator.items.begin() + static_cast<std::ptrdiff_t>(iterator.next), iterator.items.end());
        budget.step(all.size());
        iterator.next = iterator.items.size();
        break;
    }
    default:
        raise(fmt::format("'{}' object is not iterable", typeName(value)));
    }
    return all;
}

bool equal(Budget& budget, const Value& left, const Value& right) {
    budget.step();
    if (left.isNumber() && right.isNumber()) {
        return compareNumbers(left, right) == 0;
    }
    if (left.kind() != right.kind()) {
        return false;
    }
    switch (left.kind()) {
    case Kind::kUndefined:
    case Kind::kNone:
        return true;
    case Kind::kString:
        budget.work(left.text()->size());
        return left.view() == right.view();
    case Kind::kList:
    case Kind::kTuple:
        return equalItems(budget, left.as<List>().items, right.as<List>().items);
    case Kind::kDict:
        return equalDicts(budget, left.as<Dict>(), right.as<Dict>());
    case Kind::kRange:
        return equalItems(budget, items(budget, left), items(budget, right));
    default:
        return left.shared() == right.shared();
    }
}

bool sameKey(const Value& left, const Value& right) {
    if (left.isNumber() && right.isNumber()) {
        return compareNumbers(left, right) == 0;
    }
    if (left.kind() != right.kind()) {
        return false;
    }
    if (left.isString()) {
        return left.view() == right.view();
    }
    if (left.is(Kind::kTuple)) {
        const auto& a = left.as<List>().items;
        const auto& b = right.as<List>().items;
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameKey);
    }
    return left.is(Kind::kNone) || left.isUndefined() || left.shared() == right.shared();
}

void requireHashable(Budget& budget, const Value& value) {
    budget.step();
    if (value.is(Kind::kTuple)) {
        for (const auto& item : value.as<List>().items) {
            requireHashable(budget, item);
        }
    } else if (value.is(Kind::kList) || value.is(Kind::kDict) || value.is(Kind::kView)) {
        raise(fmt::format("unhashable type: '{}'", typeName(value)));
    }
}

bool less(Budget& budget, const Value& left, const Value& right) {
    budget.step();
    requireDefined(left);
    requireDefined(right);
    if (left.isNumber() && right.isNumber()) {
        return compareNumbers(left, right) == -1;
    }
    if (left.isString() && right.isString()) {
        budget.work(std::min(left.text()->size(), right.text()->size()));
        return left.view() < right.view();
    }
    if (left.isArray() && left.kind() == right.kind()) {
        const auto& a = left.as<List>().items;
        const auto& b = right.as<List>().items;
        for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
            if (!equal(budget, a[i], b[i])) {
                return less(budget, a[i], b[i]);
            }
        }
        return a.size() < b.size();
    }
    raise(fmt::format("'<' not supported between instances of '{}' and '{}'", typeName(left), typeName(right)));
}

bool contains(Budget& budget, const Value& container, const Value& item) {
    switch (container.kind()) {
    case Kind::kString:
        if (!item.isString()) {
            requireDefined(item);
            raise(fmt::format("'in <string>' requires string as left operand, not {}", typeName(item)));
        }
        budget.work(container.text()->size() + item.text()->size());
        return find(container.view(), item.view()) != std::string_view::npos;
    case Kind::kDict:
        requireHashable(budget, item);
        budget.step(item.isString() ? 1 : container.as<Dict>().entries().size());
        return container.as<Dict>().find(item) != nullptr;
    default:
        break;
    }
    if (!isIterable(container) || container.is(Kind::kLoop)) {
        raise(fmt::format("argument of type '{}' is not iterable", typeName(container)));
    }
    for (const auto& candidate : items(budget, container)) {
        if (equal(budget, candidate, item)) {
            return true;
        }
    }
    return false;
}

bool compare(Budget& budget, Operator op, const Value& left, const Value& right) {
    switch (op) {
    case Operator::kEqual:
        return equal(budget, left, right);
    case Operator::kNotEqual:
        return !equal(budget, left, right);
    case Operator::kIn:
        return contains(budget, right, left);
    case Operator::kNotIn:
        return !contains(budget, right, left);
    case Operator::kLess:
        return less(budget, left, right);
    case Operator::kGreater:
        return less(budget, right, left);
    default:
        break;
    }
    // A NaN is neither less, equal nor greater.
    const bool strict = op == Operator::kLessEqual ? less(budget, left, right) : less(budget, right, left);
    return strict || equal(budget, left, right);
}

} // namespace alcuin::inference::chat::jinja
