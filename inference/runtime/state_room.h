#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <alcuin/inference/error.h>

#include "runtime/sequence.h"
#include "runtime/step_plan.h"

namespace alcuin::inference {

/// Memory for sequences' states. What is kept in case it is asked for again gives way first, then the states of
/// sequences that are less urgent, which wait and read again. Threads: the executor's.
class StateRoom {
public:
    using TimePoint = Sequence::TimePoint;

    /// `all`: every sequence there is, in order of arrival.
    StateRoom(std::span<const std::unique_ptr<Sequence>> all, TimePoint now) : all_(all), now_(now) {}

    /// Whether other sequences of the same model hold memory that they will give back.
    bool othersHaveStates(const Sequence& sequence) const;

    /// A state for a sequence that waits, with what is kept of its tokens and places for the rest. Sequences of the
    /// step under way keep theirs. False: it has to wait until others give memory back; nobody else lost any.
    /// Errors: kOutOfMemory (nobody else has any).
    Result<bool> start(Sequence& sequence, const StepPlan* underWay);

    /// Makes sure that a sequence has places for `tokens` more. Errors: kOutOfMemory.
    Result<void> reserve(Sequence& sequence, std::size_t tokens, const StepPlan* underWay);

    /// Takes a sequence's state; what it holds is kept as long as nobody needs the memory.
    static void preempt(Sequence& sequence);

private:
    /// Pages that are free, can be evicted or belong to sequences that give way to this one.
    std::size_t pagesFor(const Sequence& sequence, const StepPlan* underWay) const;
    Result<void> reserve(SequenceState& state, const Sequence& sequence, std::size_t tokens, const StepPlan* underWay);
    bool givesWay(const Sequence& sequence, const Sequence& to, bool cameLater) const;
    Sequence* leastUrgent(const Sequence& than, const StepPlan* underWay) const;

    std::span<const std::unique_ptr<Sequence>> all_;
    TimePoint now_;
};

} // namespace alcuin::inference
