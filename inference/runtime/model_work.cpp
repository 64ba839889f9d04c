#include "runtime/model_work.h"

#include <algorithm>

namespace alcuin::inference {

namespace {

/// Work of a step that reads prompts: long enough that weights are unpacked for many rows at a time, short enough that
/// little is lost where it is dropped.
constexpr double kPromptStepMs = 1000;
constexpr std::size_t kLeastPromptRows = 256;
constexpr std::size_t kMostSlices = 4;
constexpr int kInteractive = static_cast<int>(Priority::kInteractive);

} // namespace

void ModelWork::gather(std::span<const std::unique_ptr<Sequence>> sequences, TimePoint now) {
    now_ = now;
    writers_.clear();
    readers_.clear();
    for (const auto& sequence : sequences) {
        if (&sequence->model() != model_.get() || !sequence->runnable()) {
            continue;
        }
        if (sequence->writes()) {
            writers_.push_back(sequence.get());
        } else if (!prompts_.plan().has(*sequence)) {
            readers_.push_back(sequence.get());
        }
    }
    const auto moreUrgent = [now](const Sequence* a, const Sequence* b) { return a->urgency(now) > b->urgency(now); };
    // Those that got no place in the last step are first in the next.
    std::ranges::stable_sort(writers_, {}, &Sequence::served);
    std::ranges::stable_sort(writers_, moreUrgent);
    std::ranges::stable_sort(readers_, moreUrgent);
}

bool ModelWork::planSuspect(StepPlan& plan, std::span<Sequence* const> candidates, std::size_t rows) {
    const auto suspect = std::ranges::find_if(candidates, &Sequence::suspected);
    if (suspect == candidates.end()) {
        return false;
    }
    plan.add(**suspect, std::min(rows, (*suspect)->run().tokens.size()));
    return true;
}

void ModelWork::planAnswers() {
    StepPlan& plan = answers_.plan();
    plan.clear();
    if (planSuspect(plan, writers_, 1)) {
        return;
    }
    const auto interactive = static_cast<std::size_t>(
        std::ranges::count_if(writers_, [&](const Sequence* each) { return each->urgency(now_) >= kInteractive; }));
    std::size_t rows = std::min(writers_.size(), kAnswerRows);
    if (interactive > 0) {
        rows = std::min(rows, std::max(interactive, pace().answersBesideInteractive(rows)));
    }
    for (std::size_t i = 0; i < rows; ++i) {
        plan.add(*writers_[i], 1);
    }
}

void ModelWork::planPrompts() {
    const std::size_t most = model_->model->maxRows();
    const std::size_t rows = std::max(std::min(kLeastPromptRows, most), pace().promptRows(kPromptStepMs, most));
    planReaders(prompts_.plan(), rows, 0);
}

bool ModelWork::planUrgent(double ms) {
    int reading = 0;
    for (const auto& member : prompts_.plan().members()) {
        reading = std::max(reading, member.sequence->urgency(now_));
    }
    if (readers_.empty() || readers_.front()->urgency(now_) <= reading) {
        return false;
    }
    planReaders(answers_.plan(), pace().promptRows(ms, std::min(kAnswerRows, model_->model->maxRows())), reading + 1);
    return true;
}

void ModelWork::planReaders(StepPlan& plan, std::size_t rows, int leastUrgency) const {
    plan.clear();
    if (planSuspect(plan, readers_, rows)) {
        return;
    }
    for (Sequence* sequence : readers_) {
        const std::size_t wanted = std::min(rows - plan.rows(), sequence->run().tokens.size());
        if (wanted == 0 || sequence->urgency(now_) < leastUrgency) {
            break;
        }
        plan.add(*sequence, wanted);
    }
}

double ModelWork::sliceMs(std::size_t rows) const {
    const auto isInteractive = [](const Sequence* each) { return each->priority() == Priority::kInteractive; };
    const bool interactive = std::ranges::any_of(writers_, isInteractive);
    const auto waiting = static_cast<std::size_t>(std::ranges::count_if(readers_, isInteractive));
    // Where many wait for their first token, those that have theirs wait a little longer for the next.
    const std::size_t times = std::clamp<std::size_t>(waiting / 2, 1, kMostSlices);
    return static_cast<double>(times) * pace().sliceMs(rows, interactive);
}

} // namespace alcuin::inference
