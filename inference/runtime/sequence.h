#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <alcuin/inference/generation.h>

#include "base/histogram.h"
#include "decoding/sampler.h"
#include "models/step.h"
#include "runtime/loaded_model.h"
#include "runtime/output_writer.h"
#include "runtime/prompt.h"
#include "runtime/request.h"

namespace alcuin::inference {

/// How one answer is to be generated; ranges were checked before (parameters.h).
struct GenerationOptions {
    SamplingParameters sampling;
    std::uint64_t freshSeed = 0; ///< used where `sampling` carries none
    std::int32_t maxTokens = -1;
    std::vector<std::string> stops;
    bool reproducible = false;          ///< as GenerationRequest has it
    bool ignoreEndOfGeneration = false; ///< writes maxTokens tokens whatever they are: for measuring
    std::string snapshotOwner{};
    std::shared_ptr<StatePin> pin{};
};

/// One answer under way on the executor's thread: its prompt, its state in the model, its sampler and its text.
/// Exactly one of finish() and fail() ends it; both do nothing after that. One that is destroyed unended is cancelled.
class Sequence {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    enum class Phase : std::uint8_t {
        kPreparing, ///< the prompt is being made
        kWaiting,   ///< has a prompt, no state yet
        kPrefill,   ///< reading the prompt
        kDecode,    ///< writing
        kEnded,
    };

    Sequence(std::shared_ptr<Request> request, std::shared_ptr<LoadedModel> model, GenerationOptions options,
             TimePoint submitted);
    ~Sequence();
    Sequence(const Sequence&) = delete;
    Sequence& operator=(const Sequence&) = delete;

    const Request& request() const {
        return *request_;
    }
    LoadedModel& model() const {
        return *model_;
    }
    const std::shared_ptr<LoadedModel>& sharedModel() const {
        return model_;
    }
    Phase phase() const {
        return phase_;
    }
    bool active() const {
        return phase_ == Phase::kPrefill || phase_ == Phase::kDecode;
    }
    bool runnable() const {
        return active() && !request_->paused();
    }
    SequenceState& state() const {
        return *state_;
    }

    /// kPreparing -> kWaiting; ends the sequence where the prompt is empty or longer than the context.
    void setPrompt(Prompt prompt);

    /// kWaiting -> kPrefill. Errors: kOutOfMemory.
    Result<void> admit();

    /// Tokens that are known but not in the state yet, and their class.
    std::span<const Token> pending() const;
    RowClass rowClass() const {
        return phase_ == Phase::kPrefill ? RowClass::kPrefill : RowClass::kDecode;
    }

    void stepBegins(TimePoint now);

    /// A step with the first `rows` of pending() is complete. `logits` [V] are those of the last pending token where
    /// the step held all of them; empty otherwise.
    void stepDone(std::size_t rows, std::span<const float> logits, TimePoint now);

    void finish(FinishReason reason);
    void fail(Error error) noexcept;

private:
    void readPrompt(std::size_t rows);
    void take(Token token, TimePoint now);
    void post(std::vector<TextDelta> deltas);
    void logSpeed() const;
    Usage usage() const;
    Timings timings() const;

    std::shared_ptr<Request> request_;
    std::shared_ptr<LoadedModel> model_;
    std::unique_ptr<SequenceState> state_;
    GenerationOptions options_;
    Sampler sampler_;
    std::optional<OutputWriter> writer_;
    Phase phase_ = Phase::kPreparing;
    std::vector<Token> prompt_;
    std::size_t promptRead_ = 0;
    Token next_ = 0; ///< kDecode: generated, not in the state yet
    std::size_t generated_ = 0;
    TimePoint submitted_;
    std::optional<TimePoint> firstStep_;
    std::optional<TimePoint> promptDone_;
    std::optional<TimePoint> firstToken_;
    std::optional<TimePoint> lastToken_;
    Histogram betweenTokens_; ///< microseconds
};

} // namespace alcuin::inference
