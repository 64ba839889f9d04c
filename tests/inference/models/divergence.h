#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace alcuin::tests {

inline double logSumExp(std::span<const float> logits) {
    const double max = static_cast<double>(*std::ranges::max_element(logits));
    double sum = 0;
    for (const float logit : logits) {
        sum += std::exp(static_cast<double>(logit) - max);
    }
    return max + std::log(sum);
}

/// Mean over positions of KL(reference || other), from full rows of logits.
inline double divergence(std::span<const float> reference, std::span<const float> other, std::size_t vocabulary) {
    double total = 0;
    const std::size_t positions = reference.size() / vocabulary;
    for (std::size_t p = 0; p < positions; ++p) {
        const auto a = reference.subspan(p * vocabulary, vocabulary);
        const auto b = other.subspan(p * vocabulary, vocabulary);
        const double sumA = logSumExp(a);
        const double sumB = logSumExp(b);
        for (std::size_t i = 0; i < vocabulary; ++i) {
            const double logA = static_cast<double>(a[i]) - sumA;
            total += std::exp(logA) * (logA - (static_cast<double>(b[i]) - sumB));
        }
    }
    return total / static_cast<double>(positions);
}

} // namespace alcuin::tests
