#include "json_values.h"

#include <cmath>

namespace alcuin::exchange {

namespace {
constexpr double kLargestExact = 9007199254740991.0; // 2^53 - 1
constexpr double kSecondsBelow = 1e11;
constexpr double kYear10000Ms = 253402300800000.0;
constexpr double kMsPerSecond = 1000.0;
} // namespace

const Json& at(const Json& json, std::string_view key) {
    static const Json kNothing;
    if (!json.is_object()) {
        return kNothing;
    }
    const auto found = json.find(std::string(key));
    return found == json.end() ? kNothing : *found;
}

std::string text(const Json& json) {
    const auto* found = json.get_ptr<const std::string*>();
    return found != nullptr ? *found : std::string();
}

bool truth(const Json& json, std::string_view key) {
    const auto* found = at(json, key).get_ptr<const bool*>();
    return found != nullptr && *found;
}

double number(const Json& json, double otherwise) {
    if (!json.is_number()) {
        return otherwise;
    }
    const auto value = json.get<double>();
    return std::isfinite(value) && std::abs(value) <= kLargestExact ? value : otherwise;
}

std::int64_t integer(const Json& json, std::int64_t otherwise) {
    return static_cast<std::int64_t>(std::llround(number(json, static_cast<double>(otherwise))));
}

storage::TimeMs time(const Json& json) {
    double value = number(json);
    if (value <= 0) {
        return 0;
    }
    if (value < kSecondsBelow) {
        value *= kMsPerSecond;
    }
    return value < kYear10000Ms ? static_cast<storage::TimeMs>(std::llround(value)) : 0;
}

} // namespace alcuin::exchange
