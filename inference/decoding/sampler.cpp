#include "decoding/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alcuin::inference {

namespace {

/// One step of SplitMix64; the same on every machine.
/// Source: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators".
std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d0'49bb'1331'11ebULL;
    return value ^ (value >> 31);
}
constexpr std::uint64_t kStep = 0x9e37'79b9'7f4a'7c15ULL; // 2^64 divided by the golden ratio

/// The upper 53 bits as a number in [0, 1).
double unitInterval(std::uint64_t bits) {
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

} // namespace

Sampler::Sampler(const SamplingParameters& parameters, std::uint64_t seed)
    : parameters_(parameters), seed_(parameters.seed.value_or(seed)), state_(mix(seed_ + kStep)) {}

void Sampler::accept(Token token) {
    const auto window = static_cast<std::size_t>(std::max(parameters_.penaltyWindow, 0));
    if (window == 0 || parameters_.repetitionPenalty == 1.0F) {
        return;
    }
    if (seen_.size() < window) {
        seen_.push_back(token);
        return;
    }
    seen_[seenNext_] = token;
    seenNext_ = (seenNext_ + 1) % window;
}

std::span<const float> Sampler::penalised(std::span<const float> logits) {
    const float penalty = parameters_.repetitionPenalty;
    if (seen_.empty() || !(penalty > 0)) {
        return logits;
    }
    penalised_.assign(logits.begin(), logits.end());
    for (const Token token : seen_) {
        const auto index = static_cast<std::size_t>(token);
        if (token < 0 || index >= logits.size()) {
            continue;
        }
        // From the untouched logit, so that a token seen twice is penalised once.
        const float logit = logits[index];
        penalised_[index] = logit > 0 ? logit / penalty : logit * penalty;
    }
    return penalised_;
}

Token Sampler::sample(std::span<const float> logits) {
    const auto adjusted = penalised(logits);
    if (!(parameters_.temperature > 0)) {
        return mostLikely(adjusted);
    }
    collectCandidates(adjusted, static_cast<std::size_t>(std::max(parameters_.topK, 0)), candidates_);
    if (parameters_.topK > 0) {
        // Out of its heap and into an order that is the same everywhere, and with it every sum over it.
        std::sort(candidates_.begin(), candidates_.end());
    }
    // Infinite logits leave nothing to draw: all tokens at minus infinity, or one that takes everything.
    const Token first = parameters_.topK > 0 && !candidates_.empty() ? candidates_.front().token : mostLikely(adjusted);
    if (!std::isfinite(adjusted[static_cast<std::size_t>(first)])) {
        return first;
    }
    keepTopP(candidates_, static_cast<double>(parameters_.topP));
    keepMinP(candidates_, static_cast<double>(parameters_.minP));
    state_ += kStep;
    return drawCandidate(candidates_, static_cast<double>(parameters_.temperature), unitInterval(mix(state_)));
}

std::uint64_t Sampler::seed() const {
    return seed_;
}

} // namespace alcuin::inference
