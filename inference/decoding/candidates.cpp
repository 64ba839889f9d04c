#include "decoding/candidates.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alcuin::inference {

namespace {

/// How many candidates are sorted at first where only a run of them is wanted; four times as many follow each time.
constexpr std::size_t kFirstRun = 256;

bool canHappen(float logit) {
    return logit > -std::numeric_limits<float>::infinity(); // false for NaN too
}

double highestLogit(std::span<const Candidate> candidates) {
    const auto first = std::ranges::min_element(candidates, [](const auto& a, const auto& b) { return a < b; });
    return static_cast<double>(first->logit);
}

/// Keeps the first `count` in a heap whose top is the last of them.
void collectFirst(std::span<const float> logits, std::size_t count, std::vector<Candidate>& candidates) {
    float worst = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < logits.size(); ++i) {
        // Ids ascend, so an equal logit comes after all that are there.
        if (!(logits[i] > worst)) {
            continue;
        }
        if (candidates.size() == count) {
            std::pop_heap(candidates.begin(), candidates.end());
            candidates.pop_back();
        }
        candidates.push_back({logits[i], static_cast<Token>(i)});
        std::push_heap(candidates.begin(), candidates.end());
        if (candidates.size() == count) {
            worst = candidates.front().logit;
        }
    }
}

} // namespace

Token mostLikely(std::span<const float> logits) {
    std::size_t best = 0;
    float bestLogit = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (logits[i] > bestLogit) {
            bestLogit = logits[i];
            best = i;
        }
    }
    return static_cast<Token>(best);
}

void collectCandidates(std::span<const float> logits, std::size_t count, std::vector<Candidate>& candidates) {
    candidates.clear();
    if (count != 0 && count < logits.size()) {
        collectFirst(logits, count, candidates);
        return;
    }
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (canHappen(logits[i])) {
            candidates.push_back({logits[i], static_cast<Token>(i)});
        }
    }
}

void keepTopP(std::vector<Candidate>& candidates, double topP) {
    if (!(topP < 1) || candidates.empty()) {
        return;
    }
    const double highest = highestLogit(candidates);
    const auto weight = [&](const Candidate& candidate) {
        return std::exp(static_cast<double>(candidate.logit) - highest);
    };
    double total = 0;
    for (const auto& candidate : candidates) {
        total += weight(candidate);
    }
    // The run is usually short: sort pieces of it until the sum is reached, not the whole vocabulary.
    double sum = 0;
    std::size_t sorted = 0;
    for (std::size_t kept = 0; kept < candidates.size();) {
        if (kept == sorted) {
            sorted = std::min(candidates.size(), sorted == 0 ? kFirstRun : sorted * 4);
            const auto from = candidates.begin() + static_cast<std::ptrdiff_t>(kept);
            const auto to = candidates.begin() + static_cast<std::ptrdiff_t>(sorted);
            if (to != candidates.end()) {
                std::nth_element(from, to, candidates.end());
            }
            std::sort(from, to);
        }
        sum += weight(candidates[kept]);
        ++kept;
        if (sum >= topP * total) {
            candidates.resize(kept);
            return;
        }
    }
}

void keepMinP(std::vector<Candidate>& candidates, double minP) {
    if (!(minP > 0) || candidates.empty()) {
        return;
    }
    const double least = highestLogit(candidates) + std::log(std::min(minP, 1.0));
    std::erase_if(candidates, [&](const Candidate& candidate) { return static_cast<double>(candidate.logit) < least; });
}

Token drawCandidate(std::span<const Candidate> candidates, double temperature, double point) {
    const double highest = highestLogit(candidates);
    const auto weight = [&](const Candidate& candidate) {
        return std::exp((static_cast<double>(candidate.logit) - highest) / temperature);
    };
    double total = 0;
    for (const auto& candidate : candidates) {
        total += weight(candidate);
    }
    // The same sums in the same order reach exactly `total`, and point is below 1.
    const double target = point * total;
    double sum = 0;
    for (const auto& candidate : candidates) {
        sum += weight(candidate);
        if (sum > target) {
            return candidate.token;
        }
    }
    return candidates.front().token;
}

} // namespace alcuin::inference
