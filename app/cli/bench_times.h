#pragma once

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alcuin/inference/percentiles.h>

namespace alcuin::cli {

/// {"p50": 1.5, "p90": ..., "p99": ..., "max": ..., "count": 12}
inline nlohmann::ordered_json toJson(const inference::Percentiles& times) {
    return {{"p50", times.p50}, {"p90", times.p90}, {"p99", times.p99}, {"max", times.max}, {"count", times.count}};
}

/// "12.3"; a dash where there were no cases.
inline std::string shown(double time, const inference::Percentiles& times) {
    return times.count > 0 ? fmt::format("{:.1f}", time) : "-";
}

/// How benches print an object: names of models and devices may hold any bytes.
inline std::string printed(const nlohmann::ordered_json& json) {
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace alcuin::cli
