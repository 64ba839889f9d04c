#include "runtime/stop_matcher.h"

#include <algorithm>
#include <utility>

namespace alcuin::inference {

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {}

std::string StopMatcher::push(std::string_view text) {
    if (found_) {
        return {};
    }
    pending_ += text;
    std::size_t first = std::string::npos;
    for (const auto& stop : stops_) {
        first = std::min(first, pending_.find(stop));
    }
    if (first != std::string::npos) {
        found_ = true;
        pending_.resize(first);
        return std::exchange(pending_, {});
    }
    const auto shown = pending_.size() - heldBack();
    std::string result = pending_.substr(0, shown);
    pending_.erase(0, shown);
    return result;
}

std::string StopMatcher::finish() {
    return std::exchange(pending_, {});
}

/// Bytes at the end of `pending_` that are the beginning of a stop string.
std::size_t StopMatcher::heldBack() const {
    std::size_t held = 0;
    const std::string_view pending = pending_;
    for (const auto& stop : stops_) {
        for (auto length = std::min(stop.size() - 1, pending.size()); length > held; --length) {
            if (pending.ends_with(std::string_view(stop).substr(0, length))) {
                held = length;
                break;
            }
        }
    }
    return held;
}

} // namespace alcuin::inference
