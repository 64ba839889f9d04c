#include "runtime/state_room.h"

#include <algorithm>
#include <utility>

#include "runtime/step_plan.h"
#include "state/paged_state.h"
#include "state/prefix_cache.h"
#include "tensor/kv_format.h"

namespace alcuin::inference {

namespace {

/// A paused sequence gives way to any other.
int standing(const Sequence& sequence, StateRoom::TimePoint now) {
    return sequence.request().paused() ? -1 : sequence.urgency(now);
}

constexpr std::size_t pagesFor(std::size_t tokens) {
    return (tokens + kPageTokens - 1) / kPageTokens;
}

} // namespace

bool StateRoom::hasRoomFor(const Sequence& sequence) const {
    const LoadedModel& model = sequence.model();
    const auto& pool = model.model->pagePool();
    if (!pool || !othersHaveStates(sequence)) {
        return true;
    }
    std::size_t room = pool->maxPages() - pool->pagesInUse();
    std::size_t cached = 0;
    if (model.cache) {
        room += model.cache->evictable();
        cached = model.cache->matching(sequence.reusable(), sequence.options().reproducible);
    }
    bool cameLater = false;
    for (const auto& each : all_) {
        if (givesWay(*each, sequence, cameLater)) {
            room += each->state().bytes() / pool->pageBytes();
        }
        cameLater = cameLater || each.get() == &sequence;
    }
    return pagesFor(sequence.expectedTokens() - cached) <= room;
}

bool StateRoom::othersHaveStates(const Sequence& sequence) const {
    return std::ranges::any_of(all_, [&](const auto& each) {
        return &each->model() == &sequence.model() && each.get() != &sequence && each->hasState();
    });
}

Result<void> StateRoom::start(Sequence& sequence, const StepPlan* underWay) {
    const LoadedModel& model = sequence.model();
    auto state = model.model->createState();
    if (!state) {
        return tl::unexpected(std::move(state.error()));
    }
    std::size_t cached = 0;
    auto* paged = dynamic_cast<PagedState*>(state->get());
    if (model.cache && paged != nullptr) {
        cached = model.cache->adopt(*paged, sequence.reusable(), sequence.options().reproducible);
    }
    if (auto reserved = reserve(**state, sequence, sequence.expectedTokens() - cached, underWay); !reserved) {
        return reserved;
    }
    sequence.start(std::move(*state), cached);
    return {};
}

Result<void> StateRoom::reserve(Sequence& sequence, std::size_t tokens, const StepPlan* underWay) {
    return reserve(sequence.state(), sequence, tokens, underWay);
}

Result<void> StateRoom::reserve(SequenceState& state, const Sequence& sequence, std::size_t tokens,
                                const StepPlan* underWay) {
    auto reserved = state.reserve(tokens);
    while (!reserved && reserved.error().code == ErrorCode::kOutOfMemory) {
        const auto& cache = sequence.model().cache;
        if (!cache || cache->evict(pagesFor(tokens) + 1) == 0) {
            Sequence* victim = leastUrgent(sequence, underWay);
            if (victim == nullptr) {
                return reserved;
            }
            preempt(*victim);
        }
        reserved = state.reserve(tokens);
    }
    return reserved;
}

void StateRoom::preempt(Sequence& sequence) {
    const auto state = sequence.preempt();
    auto* paged = dynamic_cast<PagedState*>(state.get());
    if (sequence.model().cache && paged != nullptr) {
        sequence.model().cache->keep(*paged, sequence.tokens().first(paged->length()), true);
    }
}

bool StateRoom::givesWay(const Sequence& sequence, const Sequence& to, bool cameLater) const {
    if (&sequence == &to || &sequence.model() != &to.model() || sequence.phase() != Sequence::Phase::kActive) {
        return false;
    }
    const int urgency = standing(sequence, now_);
    const int other = standing(to, now_);
    return urgency < other || (urgency == other && cameLater);
}

Sequence* StateRoom::leastUrgent(const Sequence& than, const StepPlan* underWay) const {
    Sequence* least = nullptr;
    bool cameLater = false;
    for (const auto& each : all_) {
        if (givesWay(*each, than, cameLater) && (underWay == nullptr || !underWay->has(*each)) &&
            (least == nullptr || standing(*each, now_) <= standing(*least, now_))) {
            least = each.get();
        }
        cameLater = cameLater || each.get() == &than;
    }
    return least;
}

} // namespace alcuin::inference
