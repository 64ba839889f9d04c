#include "decoding/candidates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iterator>
#include <limits>

namespace alcuin::inference {

namespace {

// Candidates are sorted roughly by how far they lie below the best: in steps of 1/64, from 32 on all alike.
constexpr std::size_t kSteps = 2048;
constexpr double kStepsPerUnit = 64;

bool canHappen(float logit) {
    return logit > -std::numeric_limits<float>::infinity(); // false for NaN too
}

double highestLogit(std::span<const Candidate> candidates) {
    const auto first = std::ranges::min_element(candidates, [](const auto& a, const auto& b) { return a < b; });
    return static_cast<double>(first->logit);
}

constexpr float kNever = -std::numeric_limits<float>::infinity();
/// Few tokens of a vocabulary can matter: blocks of this many are looked over for their highest logit first.
constexpr std::size_t kBlock = 64;
constexpr std::size_t kLanes = 16;

std::span<const float> blockOf(std::span<const float> logits, std::size_t block) {
    return logits.subspan(block * kBlock, std::min(kBlock, logits.size() - block * kBlock));
}

/// NaN counts as minus infinity.
float highestOf(std::span<const float> block) {
    std::array<float, kLanes> highest;
    highest.fill(kNever);
    std::size_t first = 0;
    for (; first + kLanes <= block.size(); first += kLanes) {
        const float* const at = block.data() + first; // so that the compiler sees lanes
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            highest[lane] = at[lane] > highest[lane] ? at[lane] : highest[lane];
        }
    }
    for (; first < block.size(); ++first) {
        highest[0] = block[first] > highest[0] ? block[first] : highest[0];
    }
    return *std::ranges::max_element(highest);
}

/// Keeps the first `count` in a heap whose top is the last of them.
void collectFirst(std::span<const float> logits, std::size_t count, std::vector<Candidate>& candidates) {
    std::vector<float> highest((logits.size() + kBlock - 1) / kBlock);
    for (std::size_t block = 0; block < highest.size(); ++block) {
        highest[block] = highestOf(blockOf(logits, block));
    }
    // `count` blocks hold a token as good as this, so no worse one can be among the first.
    float least = kNever;
    if (count < highest.size()) {
        auto sorted = highest;
        const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(count) - 1;
        std::ranges::nth_element(sorted, nth, std::greater<>());
        least = *nth;
    }
    float worst = kNever;
    for (std::size_t block = 0; block < highest.size(); ++block) {
        if (highest[block] < least || !(highest[block] > worst)) {
            continue;
        }
        for (std::size_t i = block * kBlock; i < block * kBlock + blockOf(logits, block).size(); ++i) {
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
}

} // namespace

Token mostLikely(std::span<const float> logits) {
    float highest = kNever;
    std::size_t best = 0;
    for (std::size_t block = 0; block * kBlock < logits.size(); ++block) {
        const float ofBlock = highestOf(blockOf(logits, block));
        if (ofBlock > highest) {
            highest = ofBlock;
            best = block;
        }
    }
    if (highest == kNever) {
        return 0;
    }
    const auto inBlock = blockOf(logits, best);
    return static_cast<Token>(best * kBlock) +
           static_cast<Token>(std::ranges::find(inBlock, highest) - inBlock.begin());
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
    const auto stepOf = [&](const Candidate& candidate) {
        const double below = (highest - static_cast<double>(candidate.logit)) * kStepsPerUnit;
        return below < static_cast<double>(kSteps - 1) ? static_cast<std::size_t>(below) : kSteps - 1;
    };
    // The run ends inside one step: only what lies in that one is sorted, never the whole vocabulary.
    std::vector<double> weightOfStep(kSteps, 0.0);
    double total = 0;
    for (const auto& candidate : candidates) {
        const double own = weight(candidate);
        weightOfStep[stepOf(candidate)] += own;
        total += own;
    }
    const double wanted = topP * total;
    std::size_t lastStep = 0;
    double sum = 0;
    while (lastStep + 1 < kSteps && sum + weightOfStep[lastStep] < wanted) {
        sum += weightOfStep[lastStep++];
    }
    std::vector<Candidate> border;
    std::ranges::copy_if(candidates, std::back_inserter(border),
                         [&](const Candidate& candidate) { return stepOf(candidate) == lastStep; });
    if (border.empty()) {
        return; // rounding left the sum of all just below `wanted`
    }
    std::sort(border.begin(), border.end());
    std::size_t last = 0;
    for (sum += weight(border[0]); sum < wanted && last + 1 < border.size();) {
        sum += weight(border[++last]);
    }
    std::erase_if(candidates, [&](const Candidate& candidate) { return border[last] < candidate; });
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
