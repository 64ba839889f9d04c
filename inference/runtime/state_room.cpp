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

constexpr std::size_t pagesOf(std::size_t tokens) {
    return (tokens + kPageTokens - 1) / kPageTokens;
}

} // namespace

std::size_t StateRoom::pagesFor(const Sequence& sequence, const StepPlan* underWay) const {
    const LoadedModel& model = sequence.model();
    const PagePool& pool = *model.model->pagePool();
    std::size_t pages = pool.maxPages() - pool.pagesInUse() + (model.cache ? model.cache->evictable() : 0);
    bool cameLater = false;
    for (const auto& each : all_) {
        if (givesWay(*each, sequence, cameLater) && (underWay == nullptr || !underWay->has(*each))) {
            pages += each->state().bytes() / pool.pageBytes();
        }
        cameLater = cameLater || each.get() == &sequence;
    }
    return pages;
}

bool StateRoom::othersHaveStates(const Sequence& sequence) const {
    return std::ranges::any_of(all_, [&](const auto& each) {
        return &each->model() == &sequence.model() && each.get() != &sequence && each->hasState();
    });
}

Result<bool> StateRoom::start(Sequence& sequence, const StepPlan* underWay) {
    const LoadedModel& model = sequence.model();
    const bool mayWait = othersHaveStates(sequence);
    const std::size_t before = model.model->pagePool() ? pagesFor(sequence, underWay) : 0;
    if (mayWait && sequence.refusedAt() && before <= *sequence.refusedAt()) {
        return false;
    }
    auto state = model.model->createState();
    if (!state) {
        return tl::unexpected(std::move(state.error()));
    }
    std::size_t cached = 0;
    auto* paged = dynamic_cast<PagedState*>(state->get());
    if (model.cache && paged != nullptr) {
        cached = model.cache->adopt(*paged, sequence.reusable(), sequence.options().reproducible);
    }
    // Its last page is copied if others have it too.
    const std::size_t wanted = pagesOf(sequence.expectedTokens()) - cached / kPageTokens;
    if (mayWait && paged != nullptr && wanted > pagesFor(sequence, underWay)) {
        sequence.setRefusedAt(before);
        return false;
    }
    if (auto reserved = reserve(**state, sequence, sequence.expectedTokens() - cached, underWay); !reserved) {
        if (mayWait && reserved.error().code == ErrorCode::kOutOfMemory) {
            sequence.setRefusedAt(before);
            return false;
        }
        return tl::unexpected(std::move(reserved.error()));
    }
    sequence.setRefusedAt(std::nullopt);
    sequence.start(std::move(*state), cached);
    return true;
}

Result<void> StateRoom::reserve(Sequence& sequence, std::size_t tokens, const StepPlan* underWay) {
    return reserve(sequence.state(), sequence, tokens, underWay);
}

Result<void> StateRoom::reserve(SequenceState& state, const Sequence& sequence, std::size_t tokens,
                                const StepPlan* underWay) {
    auto reserved = state.reserve(tokens);
    while (!reserved && reserved.error().code == ErrorCode::kOutOfMemory) {
        const auto& cache = sequence.model().cache;
        if (!cache || cache->evict(pagesOf(tokens) + 1) == 0) {
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
