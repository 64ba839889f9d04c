#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <alcuin/inference/generation.h>

#include "decoding/candidates.h"

namespace alcuin::inference {

/// Picks tokens for one sequence. Reproducible: the same parameters, seed and logits give the same tokens.
/// Filters in the order SamplingParameters names them; ties go to the lower id.
class Sampler {
public:
    /// `seed` is used where the parameters carry none.
    Sampler(const SamplingParameters& parameters, std::uint64_t seed);

    /// Notes a token as seen: of the prompt or generated.
    void accept(Token token);

    /// logits [V], V >= 1; not changed. NaN counts as minus infinity.
    Token sample(std::span<const float> logits);

    std::uint64_t seed() const;

private:
    /// `logits` themselves where no penalty applies.
    std::span<const float> penalised(std::span<const float> logits);

    SamplingParameters parameters_;
    std::uint64_t seed_;
    std::uint64_t state_;
    std::vector<Token> seen_;
    std::size_t seenNext_ = 0;
    std::vector<float> penalised_;
    std::vector<Candidate> candidates_;
};

} // namespace alcuin::inference
