#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include <alcuin/inference/error.h>

#include "runtime/executor_signal.h"
#include "runtime/prompt.h"
#include "runtime/request.h"
#include "runtime/sequence.h"
#include "runtime/step_plan.h"

namespace alcuin::inference {

/// One device's thread: owns the states of all sequences of all models on it and steps the models, one step at a
/// time. Sequences of one model that have something to do share a step: all that write, and as much of the prompts of
/// others as keeps the step short for those that write. A request that is cancelled ends before the next piece of the
/// step under way; where the step reads its prompt, the step is dropped and planned anew.
/// Sleeps while there is nothing to do. Threads: every public function may be called from any thread.
class Executor {
public:
    /// Rows of prompts that share a step with sequences that write: about 25 ms of a 135M model on two cores.
    static constexpr std::size_t kPromptRowsBesideDecode = 64;
    /// Sequences of one priority or higher that have a state at a time: one group of rows of a decode kernel.
    static constexpr std::size_t kMaxActive = 16;

    Executor();
    /// Ends every request that is under way (as cancelled) and joins the thread.
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// Takes a request on; its prompt follows through prepared(). Until then it can be cancelled already.
    std::shared_ptr<Request> add(std::shared_ptr<LoadedModel> model, GenerationOptions options, Priority priority);

    /// The prompt of a request, or why there is none.
    void prepared(const std::shared_ptr<Request>& request, Result<Prompt> prompt);

private:
    struct Preparation {
        std::shared_ptr<Request> request;
        Result<Prompt> prompt;
    };

    void run() noexcept;
    bool iterate();
    void receive();
    void endCancelled();
    void sweep();
    void admit();
    bool plan();
    void planFor(LoadedModel& model, bool somebodyWrites);
    void step();
    Result<void> execute(const StepPlan& plan);
    Result<void> executeUnguarded(const StepPlan& plan);
    bool reserve(const StepPlan& plan);
    Result<void> advanceToEnd(const StepPlan& plan, StepCursor& cursor, bool& dropped);
    bool shouldDrop(const StepPlan& plan);
    void settle(const StepPlan& plan, std::span<const float> logits);
    void refreshCounters(LoadedModel& model) const;
    void failCurrent(ErrorCode code, const char* message) noexcept;
    void endAll() noexcept;

    std::shared_ptr<ExecutorSignal> signal_ = std::make_shared<ExecutorSignal>();
    std::mutex inboxMutex_;
    std::vector<std::unique_ptr<Sequence>> newSequences_; ///< guarded by inboxMutex_
    std::vector<Preparation> newPrompts_;                 ///< guarded by inboxMutex_
    std::atomic<bool> stopping_{false};

    // The executor's thread only.
    std::vector<std::unique_ptr<Sequence>> sequences_; ///< in order of arrival
    StepPlan plan_;
    std::uint64_t turns_ = 0; ///< steps planned so far
    std::vector<Sequence*> order_;

    std::thread thread_; ///< last: starts when everything else is there
};

} // namespace alcuin::inference
