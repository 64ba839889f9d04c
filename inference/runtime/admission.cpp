#include "runtime/admission.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "runtime/bookkeeping.h"
#include "runtime/step_run.h"
#include "tensor/kv_format.h"

namespace alcuin::inference {

namespace {

/// Leading tokens in common that are worth waiting for until another sequence has read them.
constexpr std::size_t kWorthWaiting = kPageTokens;

} // namespace

Admission::Admission(std::span<const std::unique_ptr<Sequence>> all, TimePoint now, SnapshotKeeper* keeper,
                     std::function<const StepPlan&(const Sequence&)> underWay)
    : all_(all), now_(now), keeper_(keeper), underWay_(std::move(underWay)), room_(all, now) {}

bool Admission::admit() {
    std::vector<Sequence*> waiting;
    for (const auto& sequence : all_) {
        if (sequence->phase() == Sequence::Phase::kWaiting && !sequence->paused()) {
            waiting.push_back(sequence.get());
        }
    }
    std::ranges::stable_sort(
        waiting, [this](const Sequence* a, const Sequence* b) { return a->urgency(now_) > b->urgency(now_); });
    for (Sequence* sequence : waiting) {
        if (asUrgent(*sequence) >= kMaxActive) {
            break;
        }
        if (!waitsForAnother(*sequence)) {
            guarded(*sequence, [&] { start(*sequence); });
            refreshCounters(sequence->model(), all_);
        }
    }
    return room_.preempted() || std::ranges::any_of(waiting, [](const Sequence* sequence) {
               return sequence->phase() == Sequence::Phase::kEnded;
           });
}

void Admission::start(Sequence& sequence) {
    auto started = room_.start(sequence, &underWay_(sequence));
    if (!started) {
        sequence.fail(std::move(started.error()));
    } else if (*started && (keeper_ == nullptr || !keeper_->restore(sequence))) {
        sequence.setPhase(Sequence::Phase::kActive);
    }
}

std::size_t Admission::asUrgent(const Sequence& sequence) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        all_, [&](const auto& each) { return each->runnable() && each->urgency(now_) >= sequence.urgency(now_); }));
}

/// Whether another sequence, as urgent, is just reading what this one begins with: then it isn't read twice.
bool Admission::waitsForAnother(const Sequence& sequence) const {
    const auto& cache = sequence.model().cache;
    const auto tokens = sequence.reusable();
    if (!cache || tokens.size() < kWorthWaiting) {
        return false;
    }
    const std::size_t kept = cache->matching(tokens, sequence.options().reproducible);
    return std::ranges::any_of(all_, [&](const auto& each) {
        if (&each->model() != &sequence.model() || !each->runnable() || each->writes() ||
            each->urgency(now_) < sequence.urgency(now_)) {
            return false;
        }
        const auto common = std::ranges::mismatch(tokens, each->prompt()).in1 - tokens.begin();
        return static_cast<std::size_t>(common) >= kept + kWorthWaiting;
    });
}

} // namespace alcuin::inference
