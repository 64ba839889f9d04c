#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <alcuin/inference/error.h>

#include "models/model.h"
#include "runtime/step_plan.h"

namespace alcuin::inference {

/// Tells the time; tests have their own.
using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

/// A step of one model under way: planned, begun, advanced piece by piece, and settled; or dropped, which leaves every
/// state as it was. No exception leaves its functions but settle(). Threads: the executor's.
class StepRun {
public:
    explicit StepRun(StepLane lane) : plan_(lane) {}

    StepPlan& plan() {
        return plan_;
    }
    const StepPlan& plan() const {
        return plan_;
    }
    bool underWay() const {
        return cursor_ != nullptr;
    }

    /// Errors: the model's; kInternal and kOutOfMemory for what was thrown.
    Result<void> begin(const SteadyNow& now);
    /// True: complete. Errors as begin().
    Result<bool> advance();

    /// Of a complete step: picks the next tokens, tells the sequences and forgets the step.
    void settle();
    void drop();

    /// Time spent in it, without the pauses.
    std::chrono::steady_clock::duration worked() const {
        return worked_;
    }

private:
    void sample();

    StepPlan plan_;
    std::unique_ptr<StepCursor> cursor_;
    SteadyNow now_;
    std::chrono::steady_clock::duration worked_{0};
};

/// What goes wrong for one sequence is that sequence's error, and nobody else's.
void guarded(Sequence& sequence, const std::function<void()>& action) noexcept;

/// Making the message may itself lack memory: then the code alone has to do.
Error makeError(ErrorCode code, const char* message) noexcept;

inline constexpr const char* kNoMemory = "There wasn't enough memory to go on with this answer.";

} // namespace alcuin::inference
