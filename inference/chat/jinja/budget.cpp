#include "chat/jinja/budget.h"

#include <fmt/format.h>

namespace alcuin::inference::chat::jinja {

namespace {

/// A rendering's values together may take this many times the longest output (256 MiB as the limits stand), and
/// never less than the second figure.
constexpr std::size_t kHeldPerOutput = 32;
constexpr std::size_t kLeastHeld = 16U << 20U;

} // namespace

Budget::Budget(const TemplateLimits& limits)
    : limits_(limits)
    , deadline_(std::chrono::steady_clock::now() + limits.time)
    , maxHeld_(std::max(limits.outputBytes * kHeldPerOutput, kLeastHeld)) {
    // Runs count bytes in 32 bits.
    limits_.outputBytes = std::min<std::size_t>(limits_.outputBytes, 1U << 30U);
}

Budget::Descent::Descent(Budget& budget) : budget_(budget) {
    if (budget.depth_ >= budget.limits_.depth) {
        raise(fmt::format("the template goes more than {} levels deep", budget.limits_.depth));
    }
    ++budget.depth_;
}

void Budget::look() {
    if (spent_ > limits_.steps) {
        raise(fmt::format("the template takes more than {} steps", limits_.steps));
    }
    if (std::chrono::steady_clock::now() > deadline_) {
        raise(fmt::format("the template takes longer than {} ms", limits_.time.count()));
    }
    nextLook_ = std::min(spent_ + kStepsPerLook, limits_.steps + 1);
}

void Budget::checkText(std::size_t bytes) const {
    if (bytes > limits_.outputBytes) {
        raise(fmt::format("the template makes a text of more than {} bytes", limits_.outputBytes));
    }
}

void Budget::hold(std::size_t bytes) {
    if (bytes > maxHeld_ || held_ > maxHeld_ - bytes) {
        raise(fmt::format("the template's values take more than {} bytes of memory", maxHeld_));
    }
    held_ += bytes;
}

} // namespace alcuin::inference::chat::jinja
