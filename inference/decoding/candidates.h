#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// A token that may come next.
struct Candidate {
    float logit;
    Token token;

    /// The order that everything here goes by: higher logits first, equal ones by the lower id.
    friend bool operator<(const Candidate& a, const Candidate& b) {
        return a.logit != b.logit ? a.logit > b.logit : a.token < b.token;
    }
};

/// The token with the highest logit, of equal ones the lowest; NaN counts as minus infinity. logits [V], V >= 1.
Token mostLikely(std::span<const float> logits);

/// The `count` first tokens, or all for 0, without those of minus infinity or NaN; in no order.
/// logits [V]. Time: one pass, and a heap of `count`.
void collectCandidates(std::span<const float> logits, std::size_t count, std::vector<Candidate>& candidates);

/// Keeps the shortest run of the first candidates whose probabilities sum up to topP, and at least one, in the order
/// they have; does nothing for 1 and more. Logits are finite.
void keepTopP(std::vector<Candidate>& candidates, double topP);

/// Keeps candidates with at least minP times the highest probability, in the order they have; does nothing for 0.
/// Logits are finite.
void keepMinP(std::vector<Candidate>& candidates, double minP);

/// The candidate that `point` in [0, 1) falls to when each gets a share in proportion to exp(logit / temperature), in
/// the order they have. candidates not empty, logits finite, temperature > 0.
Token drawCandidate(std::span<const Candidate> candidates, double temperature, double point);

} // namespace alcuin::inference
