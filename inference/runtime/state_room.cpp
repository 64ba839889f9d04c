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
    return sequence.paused() ? -1 : sequence.urgency(now);
}

constexpr std::size_t pagesOf(std::size_t tokens) {
    return (tokens + kPageTokens - 1) / kPageTokens;
}

} // namespace

std::vector<Sequence*> StateRoom::thoseThatGiveWay(const Sequence& to, const StepPlan* underWay) const {
    std::vector<Sequence*> all;
    bool cameLater = false;
    for (const auto& each : all_) {
        if (givesWay(*each, to, cameLater) && (underWay == nullptr || !underWay->has(*each))) {
            all.push_back(each.get());
        }
        cameLater = cameLater || each.get() == &to;
    }
    return all;
}

std::size_t StateRoom::mostPagesFor(const Sequence& sequence, const StepPlan* underWay) const {
    const LoadedModel& model = sequence.model();
    const PagePool& pool = *model.model->pagePool();
    std::size_t pages = pool.maxPages() - pool.pagesInUse() + (model.cache ? model.cache->evictable() : 0);
    for (const Sequence* each : thoseThatGiveWay(sequence, underWay)) {
        pages += each->state().bytes() / pool.pageBytes();
    }
    return pages;
}

bool StateRoom::thereAre(std::size_t pages, const PagedState& state, const Sequence& sequence,
                         const StepPlan* underWay) const {
    const LoadedModel& model = sequence.model();
    const PagePool& pool = *model.model->pagePool();
    std::size_t there = pool.maxPages() - pool.pagesInUse() + (model.cache ? model.cache->evictable() : 0);
    if (pages <= there) {
        return true; // nobody has to give way
    }
    PrefixCache::GivenUp given;
    for (const Sequence* each : thoseThatGiveWay(sequence, underWay)) {
        if (const auto* paged = dynamic_cast<const PagedState*>(&each->state())) {
            for (std::size_t i = 0; i < paged->pageCount(); ++i) {
                ++given[paged->pages()[i]];
            }
        }
    }
    if (const auto* writtenNext = state.lastPartPage()) {
        ++given[writtenNext]; // is written on where it is, if everybody else gives it up
    }
    there = pool.maxPages() - pool.pagesInUse() + (model.cache ? model.cache->evictableWithout(given) : 0);
    there += static_cast<std::size_t>(
        std::ranges::count_if(given, [&](const auto& each) { return pool.references(each.first) == each.second; }));
    return pages <= there;
}

bool StateRoom::othersWillGive(const Sequence& sequence, const StepPlan* underWay) const {
    const auto willGive = [&](const Sequence& each) {
        return each.phase() != Sequence::Phase::kActive || !each.paused() ||
               (underWay != nullptr && underWay->has(each));
    };
    return sequence.model().pagesAtDisk > 0 || std::ranges::any_of(all_, [&](const auto& each) {
               return &each->model() == &sequence.model() && each.get() != &sequence && each->hasState() &&
                      willGive(*each);
           });
}

/// It is tried again when there are more than `pages`.
Result<bool> StateRoom::refuse(Sequence& sequence, std::size_t pages) {
    sequence.setRefusedAt(pages);
    return false;
}

Result<bool> StateRoom::start(Sequence& sequence, const StepPlan* underWay) {
    const LoadedModel& model = sequence.model();
    const bool mayWait = othersWillGive(sequence, underWay);
    const std::size_t before = model.model->pagePool() ? mostPagesFor(sequence, underWay) : 0;
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
    // Its last page, partly filled, is copied if others have it too.
    const std::size_t wanted = pagesOf(sequence.expectedTokens()) - cached / kPageTokens;
    if (mayWait && paged != nullptr && !thereAre(wanted, *paged, sequence, underWay)) {
        return refuse(sequence, before);
    }
    if (auto reserved = reserve(**state, sequence, sequence.expectedTokens() - cached, underWay); !reserved) {
        // Those that could be waited for may have given way meanwhile.
        if (reserved.error().code == ErrorCode::kOutOfMemory && othersWillGive(sequence, underWay)) {
            return refuse(sequence, before);
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
        if (!cache || cache->evict(pagesOf(tokens) + 1, dynamic_cast<const PagedState*>(&state)) == 0) {
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
    preempted_ = true;
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
    for (Sequence* each : thoseThatGiveWay(than, underWay)) {
        if (least == nullptr || standing(*each, now_) <= standing(*least, now_)) {
            least = each;
        }
    }
    return least;
}

} // namespace alcuin::inference
