#include "chat/jinja/operators.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "chat/jinja/formatting.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

[[noreturn]] void raiseTooLarge() {
    raise("an integer leaves the range of 64 bits");
}

[[noreturn]] void raiseUnsupported(const char* symbol, const Value& left, const Value& right) {
    raise(fmt::format("unsupported operand type(s) for {}: '{}' and '{}'", symbol, typeName(left), typeName(right)));
}

const char* symbolOf(Operator op) {
    switch (op) {
    case Operator::kAdd:
        return "+";
    case Operator::kSubtract:
        return "-";
    case Operator::kMultiply:
        return "*";
    case Operator::kDivide:
        return "/";
    case Operator::kFloorDivide:
        return "//";
    case Operator::kModulo:
        return "%";
    default:
        return "**";
    }
}

std::int64_t floorDivide(std::int64_t left, std::int64_t right) {
    if (right == -1) {
        return checkedSubtract(0, left);
    }
    const std::int64_t quotient = left / right;
    return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
}

std::int64_t floorModulo(std::int64_t left, std::int64_t right) {
    if (right == -1) {
        return 0;
    }
    const std::int64_t rest = left % right;
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
}

double floorModulo(double left, double right) {
    double rest = std::fmod(left, right);
    if (rest != 0) {
        return (right < 0) != (rest < 0) ? rest + right : rest;
    }
    return std::copysign(0.0, right);
}

double floorDivide(double left, double right) {
    const double rest = floorModulo(left, right);
    const double quotient = (left - rest) / right;
    if (quotient == 0) {
        return std::copysign(0.0, left / right);
    }
    const double floor = std::floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
}

std::int64_t power(std::int64_t base, std::int64_t exponent) {
    std::int64_t result = 1;
    while (exponent > 0) {
        if (exponent % 2 != 0) {
            result = checkedMultiply(result, base);
        }
        exponent /= 2;
        if (exponent > 0) {
            base = checkedMultiply(base, base);
        }
    }
    return result;
}

Value integerArithmetic(Operator op, std::int64_t left, std::int64_t right, std::uint32_t origin) {
    switch (op) {
    case Operator::kAdd:
        return Value::integer(checkedAdd(left, right), origin);
    case Operator::kSubtract:
        return Value::integer(checkedSubtract(left, right), origin);
    case Operator::kMultiply:
        return Value::integer(checkedMultiply(left, right), origin);
    case Operator::kPower:
        if (right < 0) {
            if (left == 0) {
                raise("0.0 cannot be raised to a negative power");
            }
            return Value::real(std::pow(static_cast<double>(left), static_cast<double>(right)), origin);
        }
        return Value::integer(power(left, right), origin);
    default:
        break;
    }
    if (right == 0) {
        raise(op == Operator::kDivide ? "division by zero" : "integer division or modulo by zero");
    }
    switch (op) {
    case Operator::kDivide:
        return Value::real(static_cast<double>(left) / static_cast<double>(right), origin);
    case Operator::kFloorDivide:
        return Value::integer(floorDivide(left, right), origin);
    default:
        return Value::integer(floorModulo(left, right), origin);
    }
}

Value realArithmetic(Operator op, double left, double right, std::uint32_t origin) {
    switch (op) {
    case Operator::kAdd:
        return Value::real(left + right, origin);
    case Operator::kSubtract:
        return Value::real(left - right, origin);
    case Operator::kMultiply:
        return Value::real(left * right, origin);
    case Operator::kPower: {
        if (left == 0 && right < 0) {
            raise("0.0 cannot be raised to a negative power");
        }
        const double result = std::pow(left, right);
        if (std::isnan(result) && !std::isnan(left) && !std::isnan(right)) {
            raise("complex numbers aren't supported");
        }
        if (std::isinf(result) && !std::isinf(left) && !std::isinf(right)) {
            raise("a power is too large for a float");
        }
        return Value::real(result, origin);
    }
    default:
        break;
    }
    if (right == 0) {
        raise(op == Operator::kDivide ? "float division by zero" : "float modulo or floor division by zero");
    }
    switch (op) {
    case Operator::kDivide:
        return Value::real(left / right, origin);
    case Operator::kFloorDivide:
        return Value::real(floorDivide(left, right), origin);
    default:
        return Value::real(floorModulo(left, right), origin);
    }
}

Value concatenate(Budget& budget, const Value& left, const Value& right) {
    if (left.isString()) {
        const bool markup = left.isMarkup() || right.isMarkup();
        const Value first = markup && !left.isMarkup() ? escaped(budget, left) : left;
        const Value second = markup && !right.isMarkup() ? escaped(budget, right) : right;
        TextBuilder builder(budget);
        builder.add(*first.text());
        builder.add(*second.text());
        return Value::string(builder.finish(left.text()->size() == 0 ? right.origin() : left.origin()), markup);
    }
    std::vector<Value> all = left.as<List>().items;
    const auto& more = right.as<List>().items;
    budget.step(all.size() + more.size());
    all.insert(all.end(), more.begin(), more.end());
    return left.is(Kind::kList) ? list(budget, std::move(all), mixed(left, right))
                                : tuple(budget, std::move(all), mixed(left, right));
}

Value repeat(Budget& budget, const Value& sequence, std::int64_t times) {
    const std::size_t count = times > 0 ? static_cast<std::size_t>(times) : 0;
    if (sequence.isString()) {
        const std::size_t size = sequence.text()->size();
        if (size > 0 && count > budget.maxText() / size) {
            budget.checkText(budget.maxText() + 1);
        }
        if (sequence.text()->runs().empty()) {
            budget.work(size * count);
            std::string all;
            all.reserve(size * count);
            for (std::size_t i = 0; size > 0 && i < count; ++i) {
                all.append(sequence.view());
            }
            return Value::string(makeText(budget, std::move(all), sequence.origin()), sequence.isMarkup());
        }
        TextBuilder builder(budget);
        for (std::size_t i = 0; i < count; ++i) {
            builder.add(*sequence.text());
        }
        return Value::string(builder.finish(sequence.origin()), sequence.isMarkup());
    }
    const auto& once = sequence.as<List>().items;
    std::vector<Value> all;
    for (std::size_t i = 0; !once.empty() && i < count; ++i) {
        budget.step(once.size());
        all.insert(all.end(), once.begin(), once.end());
    }
    return sequence.is(Kind::kList) ? list(budget, std::move(all), sequence.origin())
                                    : tuple(budget, std::move(all), sequence.origin());
}

} // namespace

std::uint32_t mixed(const Value& left, const Value& right) {
    return left.origin() != TextRun::kTrusted ? left.origin() : right.origin();
}

std::int64_t checkedAdd(std::int64_t left, std::int64_t right) {
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    if (right > 0 ? left > kMax - right : left < kMin - right) {
        raiseTooLarge();
    }
    return left + right;
}

std::int64_t checkedSubtract(std::int64_t left, std::int64_t right) {
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    if (right < 0 ? left > kMax + right : left < kMin + right) {
        raiseTooLarge();
    }
    return left - right;
}

std::int64_t checkedMultiply(std::int64_t left, std::int64_t right) {
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    if (left == 0 || right == 0) {
        return 0;
    }
    if ((left == -1 && right == kMin) || (right == -1 && left == kMin)) {
        raiseTooLarge();
    }
    const bool positiveResult = (left > 0) == (right > 0);
    const bool overflow = positiveResult ? (left > 0 ? left > kMax / right : left < kMax / right)
                                         : (left > 0 ? right < kMin / left : left < kMin / right);
    if (overflow) {
        raiseTooLarge();
    }
    return left * right;
}

std::int64_t truncated(double value) {
    if (std::isnan(value)) {
        raise("cannot convert float NaN to integer");
    }
    if (!(value > -9.2233720368547758e18 && value < 9.2233720368547758e18)) {
        raise("a float is too large for an integer of 64 bits");
    }
    return static_cast<std::int64_t>(value);
}

std::int64_t rangeItem(const Range& range, std::int64_t index) {
    return range.start + index * range.step;
}

std::vector<Value> viewItems(Budget& budget, const DictView& view) {
    std::vector<Value> all;
    const auto& entries = view.dict.as<Dict>().entries();
    budget.step(entries.size());
    all.reserve(entries.size());
    for (const auto& [key, value] : entries) {
        if (view.what == DictView::What::kItems) {
            all.push_back(tuple(budget, {key, value}, view.dict.origin()));
        } else {
            all.push_back(view.what == DictView::What::kKeys ? key : value);
        }
    }
    return all;
}

Value arithmetic(Budget& budget, Operator op, const Value& left, const Value& right) {
    requireDefined(left);
    if (op == Operator::kModulo && left.isString()) { // an undefined value prints as nothing here too
        return formatPercent(budget, left, right);
    }
    requireDefined(right);
    if (left.isIntegral() && right.isIntegral()) {
        return integerArithmetic(op, left.asInt(), right.asInt(), mixed(left, right));
    }
    if (left.isNumber() && right.isNumber()) {
        if (left.is(Kind::kBigInt) || right.is(Kind::kBigInt)) {
            raiseTooLarge();
        }
        return realArithmetic(op, left.asDouble(), right.asDouble(), mixed(left, right));
    }
    if (op == Operator::kAdd && left.isString() && right.isString()) {
        return concatenate(budget, left, right);
    }
    if (op == Operator::kAdd && left.isArray() && left.kind() == right.kind()) {
        return concatenate(budget, left, right);
    }
    if (op == Operator::kMultiply && (left.isString() || left.isArray()) && right.isIntegral()) {
        return repeat(budget, left, right.asInt());
    }
    if (op == Operator::kMultiply && (right.isString() || right.isArray()) && left.isIntegral()) {
        return repeat(budget, right, left.asInt());
    }
    raiseUnsupported(symbolOf(op), left, right);
}

Value negate(const Value& value) {
    requireDefined(value);
    if (value.isIntegral()) {
        return Value::integer(checkedSubtract(0, value.asInt()), value.origin());
    }
    if (value.is(Kind::kFloat)) {
        return Value::real(-value.asDouble(), value.origin());
    }
    raise(fmt::format("bad operand type for unary -: '{}'", typeName(value)));
}

Value positive(const Value& value) {
    requireDefined(value);
    if (value.isIntegral()) {
        return Value::integer(value.asInt(), value.origin());
    }
    if (value.is(Kind::kFloat) || value.is(Kind::kBigInt)) {
        return value;
    }
    raise(fmt::format("bad operand type for unary +: '{}'", typeName(value)));
}

} // namespace alcuin::inference::chat::jinja
