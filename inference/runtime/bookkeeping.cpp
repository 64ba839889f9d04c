#include "runtime/bookkeeping.h"

#include "state/paged_state.h"

namespace alcuin::inference {

void keepState(Sequence& sequence, bool tail) {
    const auto& cache = sequence.model().cache;
    if (!cache || !sequence.hasState() || sequence.failed()) {
        return;
    }
    if (auto* paged = dynamic_cast<PagedState*>(&sequence.state())) {
        cache->keep(*paged, sequence.tokensInState(), tail);
    }
}

void pinPrompt(Sequence& sequence) {
    const auto& cache = sequence.model().cache;
    const auto& pin = sequence.options().pin;
    if (cache && pin && sequence.hasState() && sequence.state().length() >= sequence.prompt().size()) {
        keepState(sequence, true);
        pin->hold(cache->pin(sequence.prompt()));
    }
}

void refreshCounters(LoadedModel& model, std::span<const std::unique_ptr<Sequence>> all) {
    std::size_t active = 0;
    std::size_t queued = 0;
    std::size_t bytes = 0;
    for (const auto& sequence : all) {
        if (&sequence->model() != &model || sequence->phase() == Sequence::Phase::kEnded) {
            continue;
        }
        if (sequence->hasState()) {
            ++active;
            bytes += sequence->state().bytes();
        } else {
            ++queued;
        }
    }
    model.counters.active = active;
    model.counters.queued = queued;
    model.counters.stateBytes = bytes;
    if (model.cache) {
        const auto stats = model.cache->stats();
        model.measurements.cache({.lookups = stats.hits + stats.misses,
                                  .hitTokens = stats.hitTokens,
                                  .pages = stats.pages,
                                  .pinnedPages = stats.pinnedPages,
                                  .evictedPages = stats.evictedPages});
    }
    const auto& pages = model.model->pagePool();
    model.measurements.work(model.model->traffic(), pages ? pages->copiedBytes() : 0);
}

} // namespace alcuin::inference
