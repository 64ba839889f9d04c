#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "models/model.h"

namespace alcuin::tests {

/// Takes the value out of a Result; a test that meets an error it didn't expect fails with its words.
template <typename T>
T expectValue(inference::Result<T> result) {
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

/// One sequence's part of a step.
struct Part {
    inference::SequenceState* state = nullptr;
    std::vector<inference::Token> tokens;
    inference::RowClass rowClass = inference::RowClass::kPrefill;
    bool allLogits = true; ///< or of the last row only
};

/// Arrays behind a StepInput.
struct Step {
    std::vector<inference::Token> tokens;
    std::vector<inference::Position> positions;
    std::vector<inference::RowClass> rowClass;
    std::vector<std::uint32_t> rowStart{0};
    std::vector<std::uint32_t> logitRows;
    std::vector<inference::StateRef> state;
    inference::StepLane lane;

    explicit Step(const std::vector<Part>& parts, inference::StepLane in = inference::StepLane::kPrompt) : lane(in) {
        for (const Part& part : parts) {
            for (std::size_t i = 0; i < part.tokens.size(); ++i) {
                const auto at = static_cast<std::int32_t>(part.state->length() + i);
                if (part.allLogits || i + 1 == part.tokens.size()) {
                    logitRows.push_back(static_cast<std::uint32_t>(tokens.size()));
                }
                tokens.push_back(part.tokens[i]);
                positions.push_back({at, at, at});
                rowClass.push_back(part.rowClass);
            }
            rowStart.push_back(static_cast<std::uint32_t>(tokens.size()));
            state.push_back(part.state);
        }
    }

    inference::StepInput input() const {
        return {tokens, positions, rowClass, rowStart, logitRows, state, {}, lane};
    }
};

/// Runs a step to its end, commits all rows and returns the logits [L, V].
inline std::vector<float> runStep(inference::Model& model, const std::vector<Part>& parts,
                                  inference::StepLane lane = inference::StepLane::kPrompt) {
    const Step step(parts, lane);
    const auto cursor = expectValue(model.begin(step.input()));
    while (!expectValue(cursor->advance())) {
    }
    for (const Part& part : parts) {
        part.state->commit(part.tokens.size(), part.rowClass);
    }
    const auto logits = cursor->logits();
    return {logits.begin(), logits.end()};
}

/// Logits of one sequence's tokens, prefilled in steps of at most `chunk`.
inline std::vector<float> prefill(inference::Model& model, inference::SequenceState& state,
                                  std::span<const inference::Token> tokens, std::size_t chunk) {
    std::vector<float> all;
    for (std::size_t begin = 0; begin < tokens.size(); begin += chunk) {
        const auto some = tokens.subspan(begin, std::min(chunk, tokens.size() - begin));
        const auto logits = runStep(model, {{&state, {some.begin(), some.end()}}});
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

/// Random ids below `vocabulary`, the same for the same seed.
inline std::vector<inference::Token> someTokens(std::size_t count, std::size_t vocabulary, unsigned seed = 1) {
    std::mt19937 engine(seed);
    std::uniform_int_distribution<inference::Token> uniform(0, static_cast<inference::Token>(vocabulary) - 1);
    std::vector<inference::Token> tokens(count);
    for (inference::Token& token : tokens) {
        token = uniform(engine);
    }
    return tokens;
}

inline bool sameBits(std::span<const float> a, std::span<const float> b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

inline inference::Token argmax(std::span<const float> logits) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < logits.size(); ++i) {
        best = logits[i] > logits[best] ? i : best;
    }
    return static_cast<inference::Token>(best);
}

} // namespace alcuin::tests
