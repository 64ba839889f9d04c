#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/method_tables.h"
#include "chat/jinja/text_operations.h"

namespace alcuin::inference::chat::jinja {

namespace {

Value absolute(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("abs", arguments, {}, 0);
    requireDefined(self);
    if (self.isIntegral()) {
        return Value::integer(self.asInt() < 0 ? checkedSubtract(0, self.asInt()) : self.asInt(), self.origin());
    }
    if (self.is(Kind::kFloat)) {
        return Value::real(std::abs(self.asDouble()), self.origin());
    }
    raise(fmt::format("bad operand type for abs(): '{}'", typeName(self)));
}

Value toInteger(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("int", arguments, {"default", "base"}, 0);
    requireDefined(self);
    const Value otherwise = bound.valueOr(0, Value::integer(0));
    if (self.isIntegral()) {
        return Value::integer(self.asInt(), self.origin());
    }
    if (self.is(Kind::kBigInt)) {
        return self;
    }
    double real = 0;
    if (self.isString()) {
        // A base that isn't one makes the text no integer; it may still be a float.
        const std::int64_t base = bound.has(1) && !bound[1].isIntegral() ? -1 : bound.integerOr(1, 10);
        if (base == 0 || (base >= 2 && base <= 36)) {
            if (const auto value = parseInteger(self.view(), static_cast<int>(base))) {
                return Value::integer(*value, self.origin());
            }
        }
        const auto value = parseReal(self.view());
        if (!value) {
            return otherwise;
        }
        real = *value;
    } else if (self.is(Kind::kFloat)) {
        real = self.asDouble();
    } else {
        return otherwise;
    }
    return std::isfinite(real) ? Value::integer(truncated(real), self.origin()) : otherwise;
}

Value toReal(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("float", arguments, {"default"}, 0);
    requireDefined(self);
    if (self.isNumber()) {
        return Value::real(self.asDouble(), self.origin());
    }
    const auto value = self.isString() ? parseReal(self.view()) : std::nullopt;
    return value ? Value::real(*value, self.origin()) : bound.valueOr(0, Value::real(0));
}

/// Python's round(): to the nearest decimal of so many digits, exactly as the double's own value lies.
double roundedReal(double value, std::int64_t digits) {
    constexpr std::int64_t kAllDigits = 323; // a double has no decimals beyond
    if (!std::isfinite(value) || digits > kAllDigits) {
        return value;
    }
    if (digits < -308) {
        return std::copysign(0.0, value);
    }
    if (digits >= 0) {
        const std::string text = fmt::format("{:.{}f}", value, static_cast<int>(digits));
        return parseReal(text).value_or(value);
    }
    const double scale = std::pow(10.0, static_cast<double>(-digits));
    return std::nearbyint(value / scale) * scale;
}

std::int64_t roundedInteger(std::int64_t value, std::int64_t digits) {
    if (digits >= 0) {
        return value;
    }
    if (digits < -18) {
        return 0;
    }
    std::int64_t scale = 1;
    for (std::int64_t i = 0; i < -digits; ++i) {
        scale *= 10;
    }
    std::int64_t quotient = value / scale;
    const std::int64_t rest = std::abs(value % scale);
    const bool up = rest * 2 > scale || (rest * 2 == scale && quotient % 2 != 0);
    quotient += up ? (value < 0 ? -1 : 1) : 0;
    return checkedMultiply(quotient, scale);
}

Value round(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("round", arguments, {"precision", "method"}, 0);
    requireDefined(self);
    const std::int64_t digits = bound.integerOr(0, 0);
    const std::string_view method = bound.has(1) ? requireText(bound[1], "round")->view() : "common";
    if (method != "common" && method != "ceil" && method != "floor") {
        raise("method must be common, ceil or floor");
    }
    if (!self.isNumber() || self.is(Kind::kBigInt)) {
        raise(fmt::format("type {} can't be rounded", typeName(self)));
    }
    if (method == "common") {
        return self.isIntegral() ? Value::integer(roundedInteger(self.asInt(), digits), self.origin())
                                 : Value::real(roundedReal(self.asDouble(), digits), self.origin());
    }
    if (digits > 308 || digits < -308) {
        raise("round can't compute that many digits");
    }
    const double scale = std::pow(10.0, static_cast<double>(digits));
    const double scaled = self.asDouble() * scale;
    return Value::real((method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / scale, self.origin());
}

Value fileSize(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("filesizeformat", arguments, {"binary"}, 0);
    requireDefined(self);
    const bool binary = bound.flagOr(0, false);
    const auto parsed = self.isString() ? parseReal(self.view()) : std::nullopt;
    if (!self.isNumber() && !parsed) {
        raise("filesizeformat needs a number");
    }
    const double bytes = parsed ? *parsed : self.asDouble();
    const double base = binary ? 1024 : 1000;
    if (bytes == 1) {
        return string(evaluator.budget(), "1 Byte", self.origin());
    }
    if (bytes < base) {
        return string(evaluator.budget(), fmt::format("{} Bytes", truncated(bytes)), self.origin());
    }
    static constexpr std::string_view kPrefixes = "kMGTPEZY";
    double unit = base;
    for (std::size_t i = 0; i < kPrefixes.size(); ++i) {
        unit *= base;
        if (bytes < unit || i + 1 == kPrefixes.size()) {
            const char prefix = binary && i == 0 ? 'K' : kPrefixes[i];
            return string(evaluator.budget(),
                          fmt::format("{:.1f} {}{}", base * bytes / unit, prefix, binary ? "iB" : "B"), self.origin());
        }
    }
    return {};
}

constexpr std::array<Method, 5> kFilters = {{
    {"abs", absolute},
    {"filesizeformat", fileSize},
    {"float", toReal},
    {"int", toInteger},
    {"round", round},
}};

} // namespace

std::span<const Method> numberFilters() {
    return kFilters;
}

} // namespace alcuin::inference::chat::jinja
