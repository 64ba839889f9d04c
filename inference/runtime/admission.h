#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "runtime/sequence.h"
#include "runtime/snapshot_keeper.h"
#include "runtime/state_room.h"

namespace alcuin::inference {

/// Sequences of one priority or higher that have a state at a time.
inline constexpr std::size_t kMaxActive = kAnswerRows;

/// Gives waiting sequences a state, the most urgent first. Less urgent ones that run already don't take their place.
/// Threads: the executor's.
class Admission {
public:
    using TimePoint = Sequence::TimePoint;

    /// `all`: every sequence there is, in order of arrival; `keeper`: or none; `underWay`: the step that reads prompts.
    Admission(std::span<const std::unique_ptr<Sequence>> all, TimePoint now, SnapshotKeeper* keeper,
              std::function<const StepPlan&(const Sequence&)> underWay);

    /// Whether somebody ended or lost memory by it, so that another round may find what this one didn't.
    bool admit();

private:
    void start(Sequence& sequence);
    bool waitsForAnother(const Sequence& sequence) const;
    std::size_t asUrgent(const Sequence& sequence) const;

    std::span<const std::unique_ptr<Sequence>> all_;
    TimePoint now_;
    SnapshotKeeper* keeper_;
    std::function<const StepPlan&(const Sequence&)> underWay_;
    StateRoom room_;
};

} // namespace alcuin::inference
