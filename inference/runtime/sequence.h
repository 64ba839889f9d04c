#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <alcuin/inference/generation.h>

#include "decoding/sampler.h"
#include "models/step.h"
#include "runtime/answer_clock.h"
#include "runtime/loaded_model.h"
#include "runtime/output_writer.h"
#include "runtime/prompt.h"
#include "runtime/request.h"
#include "state/snapshot_store.h"

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

/// One answer under way on the executor's thread: its tokens, its state in the model, its sampler and its text.
/// Exactly one of finish() and fail() ends it; both do nothing after that. One that is destroyed unended is cancelled.
class Sequence {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    enum class Phase : std::uint8_t {
        kPreparing, ///< the prompt is being made
        kLooking,   ///< has a prompt; it is looked up what of it is on disk
        kWaiting,   ///< has no state yet, or has none any more
        kRestoring, ///< pages of its state are read from disk
        kActive,    ///< reads or writes
        kEnded,
    };

    /// Tokens that come next, all of one class.
    struct Run {
        std::span<const Token> tokens;
        RowClass rowClass = RowClass::kPrefill;
    };

    Sequence(std::shared_ptr<Request> request, std::shared_ptr<LoadedModel> model, GenerationOptions options,
             TimePoint submitted);
    ~Sequence();
    Sequence(const Sequence&) = delete;
    Sequence& operator=(const Sequence&) = delete;

    const Request& request() const {
        return *request_;
    }
    std::shared_ptr<const Request> sharedRequest() const {
        return request_;
    }
    LoadedModel& model() const {
        return *model_;
    }
    const std::shared_ptr<LoadedModel>& sharedModel() const {
        return model_;
    }
    const GenerationOptions& options() const {
        return options_;
    }
    Phase phase() const {
        return phase_;
    }
    bool runnable() const {
        return phase_ == Phase::kActive && !paused_;
    }
    bool paused() const {
        return paused_;
    }
    Priority priority() const {
        return priority_;
    }
    /// Learns what its caller wishes now. A round of the executor decides everything by what was noted at its start.
    void noteWishes();
    /// All but its newest token is in the state: a step writes the next one. Otherwise a step reads.
    bool writes() const;

    /// Waiting raises a priority by one class every five seconds, so that nothing starves.
    int urgency(TimePoint now) const;

    /// When something was last done for it.
    TimePoint served() const {
        return served_;
    }

    /// All tokens: the prompt's and those generated.
    std::span<const Token> tokens() const {
        return tokens_;
    }
    std::span<const Token> prompt() const {
        return std::span(tokens_).first(promptLength_);
    }
    /// Those that are in the state.
    std::span<const Token> tokensInState() const {
        return std::span(tokens_).first(state_->length());
    }
    /// Those that a state may be given instead of reading them: not the last one, which is read for its logits, and
    /// where the answer must be reproducible nothing of it, since others may have read the same tokens as a prompt.
    std::span<const Token> reusable() const {
        return std::span(tokens_).first(
            std::min(tokens_.size() - 1, options_.reproducible ? promptLength_ : tokens_.size()));
    }
    /// Places that it wants to be sure of when it starts.
    std::size_t expectedTokens() const;

    bool hasState() const {
        return state_ != nullptr;
    }
    SequenceState& state() const {
        return *state_;
    }

    /// Ends the sequence where the prompt is empty or longer than the context; otherwise it is kWaiting.
    void setPrompt(Prompt prompt);

    /// Does nothing once it has ended.
    void setPhase(Phase phase);
    /// Takes its state, of which so many tokens were read earlier.
    void start(std::unique_ptr<SequenceState> state, std::size_t cached);

    /// Pages there were to be had when there weren't enough for it; it waits for more.
    std::optional<std::size_t> refusedAt() const {
        return refusedAt_;
    }
    void setRefusedAt(std::optional<std::size_t> pages) {
        refusedAt_ = pages;
    }

    /// What the disk was found to have of its tokens.
    void setOnDisk(SnapshotStore::Restore found) {
        onDisk_ = std::move(found);
    }
    SnapshotStore::Restore takeOnDisk() {
        return std::exchange(onDisk_, {});
    }
    /// Its state now holds so many tokens that needn't be read.
    void noteRestored(std::size_t length);
    /// Nothing is kept of it on disk.
    void forgetOwner() {
        options_.snapshotOwner.clear();
    }

    /// Gives its state up and waits for another; what was generated stays.
    std::unique_ptr<SequenceState> preempt();

    Run run() const;

    void stepBegins(TimePoint now);

    /// Picks the next token of logits [V]. May run beside the same of other sequences, on any thread.
    void sample(std::span<const float> logits) noexcept;

    /// A step with the first `rows` of run() is complete; where they were all that is known, sample() was called.
    void stepDone(std::size_t rows, TimePoint now);

    /// A step failed that it shared with others: it is tried alone.
    void suspect(bool suspected) {
        suspected_ = suspected;
    }
    bool suspected() const {
        return suspected_;
    }

    void finish(FinishReason reason);
    void fail(Error error) noexcept;
    bool failed() const {
        return failed_;
    }

private:
    void take(Token token, TimePoint now);
    void post(std::vector<TextDelta> deltas);
    void logSpeed() const;
    Usage usage() const;

    std::shared_ptr<Request> request_;
    std::shared_ptr<LoadedModel> model_;
    std::unique_ptr<SequenceState> state_;
    GenerationOptions options_;
    Sampler sampler_;
    std::optional<OutputWriter> writer_;
    Phase phase_ = Phase::kPreparing;
    std::vector<Token> tokens_;
    std::size_t promptLength_ = 0;
    std::size_t generated_ = 0;
    std::size_t cached_ = 0;
    std::size_t restored_ = 0;
    SnapshotStore::Restore onDisk_;
    std::optional<std::size_t> refusedAt_;
    bool suspected_ = false;
    bool failed_ = false;
    std::optional<Error> samplingError_;
    Token sampled_ = 0;
    AnswerClock clock_;
    TimePoint served_;
    bool paused_ = false;
    Priority priority_;
};

} // namespace alcuin::inference
