#pragma once

#include <vector>

#include "chat/jinja/values.h"

/// What Python's operators do with values. All of them fail as Python raises: with a sentence, through raise().
namespace alcuin::inference::chat::jinja {

enum class Operator : std::uint8_t {
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kFloorDivide,
    kModulo,
    kPower,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kIn,
    kNotIn,
};

/// Fails with the value's hint if it is undefined.
void requireDefined(const Value& value);
bool truthy(const Value& value);
/// len(value).
std::size_t length(const Value& value);
bool hasLength(const Value& value);
bool isIterable(const Value& value);
/// Everything iter(value) gives; uses an iterator up.
std::vector<Value> items(Budget& budget, const Value& value);
bool equal(Budget& budget, const Value& left, const Value& right);
/// Whether two hashable values are the same key of a dict.
bool sameKey(const Value& left, const Value& right);
void requireHashable(Budget& budget, const Value& value);
/// left < right.
bool less(Budget& budget, const Value& left, const Value& right);
bool contains(Budget& budget, const Value& container, const Value& item);
bool compare(Budget& budget, Operator op, const Value& left, const Value& right);
Value arithmetic(Budget& budget, Operator op, const Value& left, const Value& right);
Value negate(const Value& value);
Value positive(const Value& value);
/// sequence[start:stop:step]; none stands for a bound that isn't written.
Value sliced(Budget& budget, const Value& sequence, const Value& start, const Value& stop, const Value& step);
/// text[index] for 0 <= index < length.
Value characterOf(Budget& budget, const Value& text, std::size_t index);
/// range(start, ..., step)[index].
std::int64_t rangeItem(const Range& range, std::int64_t index);
/// The lists of a view: pairs, keys or values.
std::vector<Value> viewItems(Budget& budget, const DictView& view);
/// The one of two origins that isn't trusted, if one isn't.
std::uint32_t mixed(const Value& left, const Value& right);
/// Multiplication and addition that fail instead of overflowing.
std::int64_t checkedAdd(std::int64_t left, std::int64_t right);
std::int64_t checkedSubtract(std::int64_t left, std::int64_t right);
std::int64_t checkedMultiply(std::int64_t left, std::int64_t right);
/// A float cut to an int, as int(x) does.
std::int64_t truncated(double value);

} // namespace alcuin::inference::chat::jinja
