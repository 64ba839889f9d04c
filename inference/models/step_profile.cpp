#include "models/step_profile.h"

#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(StepPart::kHead) + 1> kNames{
    "embedding",          "norm", "prepare", "query, key, value", "bias, RoPE, store", "attention", "attention output",
    "gate, up, activate", "down", "head"};

using Milliseconds = std::chrono::duration<double, std::milli>;

} // namespace

StepProfile::Measurement::Measurement(StepProfile& profile, StepPart part, std::size_t multiplyAdds)
    : profile_(profile.on_ ? &profile : nullptr) {
    if (profile_ != nullptr) {
        outer_ = profile_->open_;
        profile_->open_ = this;
        part_ = part;
        profile_->kinds_.at(profile_->prefill_ ? 1 : 0).parts.at(static_cast<std::size_t>(part)).multiplyAdds +=
            multiplyAdds;
        begin_ = std::chrono::steady_clock::now();
    }
}

StepProfile::Measurement::~Measurement() {
    if (profile_ != nullptr) {
        const auto took = std::chrono::steady_clock::now() - begin_;
        profile_->kinds_[profile_->prefill_ ? 1 : 0].parts[static_cast<std::size_t>(part_)].time += took - inside_;
        profile_->open_ = outer_;
        if (outer_ != nullptr) {
            outer_->inside_ += took;
        }
    }
}

StepProfile StepProfile::fromEnvironment() {
    const char* value = std::getenv("ALCUIN_PROFILE");
    return StepProfile(value != nullptr && *value != '\0' && std::string_view(value) != "0");
}

void StepProfile::beginStep(bool prefill, std::size_t rows) {
    if (!on_) {
        return;
    }
    prefill_ = prefill;
    Kind& kind = kinds_.at(prefill ? 1 : 0);
    ++kind.steps;
    kind.rows += rows;
}

std::string StepProfile::table() const {
    std::string text;
    for (const bool prefill : {true, false}) {
        const Kind& kind = kinds_.at(prefill ? 1 : 0);
        if (kind.steps == 0) {
            continue;
        }
        const auto steps = static_cast<double>(kind.steps);
        double whole = 0;
        for (const Sum& sum : kind.parts) {
            whole += Milliseconds(sum.time).count();
        }
        text += fmt::format("{} of {:.1f} rows, {} times: {:.3f} ms\n", prefill ? "prefill" : "decode",
                            static_cast<double>(kind.rows) / steps, kind.steps, whole / steps);
        for (std::size_t part = 0; part < kind.parts.size(); ++part) {
            const Sum& sum = kind.parts.at(part);
            const double ms = Milliseconds(sum.time).count();
            if (ms == 0) {
                continue;
            }
            text += fmt::format("  {:<22}{:>10.3f} ms{:>7.1f}%", kNames.at(part), ms / steps, ms / whole * 100);
            // Two operations a multiply-add; 1e9 of them in a millisecond are a TFLOP/s.
            text += sum.multiplyAdds == 0
                        ? std::string("\n")
                        : fmt::format("{:>8.3f} TFLOP/s\n", 2e-9 * static_cast<double>(sum.multiplyAdds) / ms);
        }
    }
    return text;
}

} // namespace alcuin::inference
