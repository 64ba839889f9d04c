#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <alcuin/inference/error.h>

#include "runtime/sequence.h"
#include "runtime/step_plan.h"

namespace alcuin::inference {

class PagedState;

/// Memory for sequences' states. What is kept in case it is asked for again gives way first, then the states of
/// sequences that are less urgent, which wait and read again. Threads: the executor's.
class StateRoom {
public:
    using TimePoint = Sequence::TimePoint;

    /// `all`: every sequence there is, in order of arrival.
    StateRoom(std::span<const std::unique_ptr<Sequence>> all, TimePoint now) : all_(all), now_(now) {}

    /// Whether there is something to wait for: memory of the same model that comes back without anybody giving way,
    /// from other sequences that go on and so end, or from the disk. A paused one has to be told to give.
    bool othersWillGive(const Sequence& sequence, const StepPlan* underWay) const;

    /// A state for a sequence that waits, with what is kept of its tokens and places for the rest. Sequences of the
    /// step under way keep theirs. False: it has to wait until others give memory back; nobody else lost any.
    /// Errors: kOutOfMemory (nobody else has any).
    Result<bool> start(Sequence& sequence, const StepPlan* underWay);

    /// Makes sure that a sequence has places for `tokens` more. Errors: kOutOfMemory.
    Result<void> reserve(Sequence& sequence, std::size_t tokens, const StepPlan* underWay);

    /// Takes a sequence's state; what it holds is kept as long as nobody needs the memory.
    void preempt(Sequence& sequence);
    /// Whether any sequence has lost its state.
    bool preempted() const {
        return preempted_;
    }

private:
    /// Pages that are free, can be evicted or belong to sequences that give way to this one; those that several of
    /// them have count several times.
    std::size_t mostPagesFor(const Sequence& sequence, const StepPlan* underWay) const;
    /// Whether there are so many pages for it, which has `state` already: exactly those that reserve() could take.
    bool thereAre(std::size_t pages, const PagedState& state, const Sequence& sequence, const StepPlan* underWay) const;
    std::vector<Sequence*> thoseThatGiveWay(const Sequence& to, const StepPlan* underWay) const;
    Result<void> reserve(SequenceState& state, const Sequence& sequence, std::size_t tokens, const StepPlan* underWay);
    bool givesWay(const Sequence& sequence, const Sequence& to, bool cameLater) const;
    Sequence* leastUrgent(const Sequence& than, const StepPlan* underWay) const;
    Result<bool> refuse(Sequence& sequence, std::size_t pages);

    std::span<const std::unique_ptr<Sequence>> all_;
    TimePoint now_;
    bool preempted_ = false;
};

} // namespace alcuin::inference
