#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "runtime/loaded_model.h"
#include "runtime/step_run.h"

namespace alcuin::inference {

/// What the executor has to do for one model, and the step under way that reads prompts; plans the next ones.
/// The most urgent come first and among equals the one that came first. Threads: the executor's.
class ModelWork {
public:
    using TimePoint = Sequence::TimePoint;

    explicit ModelWork(std::shared_ptr<LoadedModel> model) : model_(std::move(model)) {}

    LoadedModel& model() const {
        return *model_;
    }
    const std::shared_ptr<LoadedModel>& sharedModel() const {
        return model_;
    }
    Pace& pace() const {
        return model_->pace;
    }
    StepRun& prompts() {
        return prompts_;
    }
    StepRun& answers() {
        return answers_;
    }

    /// Notes which of all sequences write and read now.
    void gather(std::span<const std::unique_ptr<Sequence>> sequences, TimePoint now);

    bool hasWriters() const {
        return !writers_.empty();
    }
    bool hasReaders() const {
        return prompts_.underWay() || !readers_.empty();
    }

    /// A row for each sequence that writes. Where any of them is interactive, only as many others as keep the target.
    void planAnswers();
    /// As many rows of prompts as a step holds, or as about a second's work.
    void planPrompts();
    /// Rows of prompts that are more urgent than the step under way, for a step of so many milliseconds beside it.
    /// False: there are none.
    bool planUrgent(double ms);

    /// How long prompts may be read until the next step of answers, which was of so many rows.
    double sliceMs(std::size_t rows) const;

    std::uint64_t lastTurn = 0; ///< the executor's: when it was this model's turn last

private:
    void planReaders(StepPlan& plan, std::size_t rows, int leastUrgency) const;
    /// A step that failed is tried again with each of its sequences alone.
    static bool planSuspect(StepPlan& plan, std::span<Sequence* const> candidates, std::size_t rows);

    std::shared_ptr<LoadedModel> model_;
    StepRun prompts_{StepLane::kPrompt};
    StepRun answers_{StepLane::kAnswer};
    TimePoint now_{};
    std::vector<Sequence*> writers_;
    std::vector<Sequence*> readers_; ///< without those in the step under way
};

} // namespace alcuin::inference
