#include "runtime/step_run.h"

#include <exception>
#include <new>
#include <utility>
#include <vector>

#include "base/thread_pool.h"

namespace alcuin::inference {

namespace {

template <typename Action>
auto caught(const Action& action) -> decltype(action()) {
    try {
        return action();
    } catch (const std::bad_alloc&) {
        return tl::unexpected(makeError(ErrorCode::kOutOfMemory, kNoMemory));
    } catch (const std::exception& error) {
        return tl::unexpected(makeError(ErrorCode::kInternal, error.what()));
    }
}

} // namespace

Error makeError(ErrorCode code, const char* message) noexcept {
    Error error{code, {}};
    try {
        error.message = message;
    } catch (const std::bad_alloc&) {
        error.code = ErrorCode::kOutOfMemory;
    }
    return error;
}

void guarded(Sequence& sequence, const std::function<void()>& action) noexcept {
    try {
        action();
    } catch (const std::bad_alloc&) {
        sequence.fail(makeError(ErrorCode::kOutOfMemory, kNoMemory));
    } catch (const std::exception& error) {
        sequence.fail(makeError(ErrorCode::kInternal, error.what()));
    }
}

Result<void> StepRun::begin(const SteadyNow& now) {
    return caught([this, &now]() -> Result<void> {
        now_ = now;
        const auto before = now_();
        worked_ = {};
        for (const auto& member : plan_.members()) {
            member.sequence->stepBegins(before);
        }
        auto cursor = plan_.members().front().sequence->model().model->begin(plan_.input());
        if (!cursor) {
            return tl::unexpected(std::move(cursor.error()));
        }
        cursor_ = std::move(*cursor);
        worked_ += now_() - before;
        return {};
    });
}

Result<bool> StepRun::advance() {
    const auto before = now_();
    auto complete = caught([this] { return cursor_->advance(); });
    worked_ += now_() - before;
    return complete;
}

void StepRun::settle() {
    sample();
    cursor_.reset();
    const auto now = now_();
    for (const auto& [sequence, rows, wantsLogits] : plan_.members()) {
        guarded(*sequence, [&member = *sequence, count = rows, now] { member.stepDone(count, now); });
    }
    plan_.clear();
}

/// A large vocabulary takes a noticeable part of a millisecond, so sequences are sampled side by side.
void StepRun::sample() {
    std::vector<Sequence*> wanting;
    for (const auto& member : plan_.members()) {
        if (member.wantsLogits) {
            wanting.push_back(member.sequence);
        }
    }
    if (wanting.empty()) {
        return;
    }
    LoadedModel& model = wanting.front()->model();
    const auto logits = cursor_->logits();
    const std::size_t vocabulary = model.model->vocabularySize();
    const auto one = [&](std::size_t begin, std::size_t end, int) noexcept {
        for (std::size_t i = begin; i < end; ++i) {
            wanting[i]->sample(logits.subspan(i * vocabulary, vocabulary));
        }
    };
    if (model.pool) {
        model.pool->parallelFor(wanting.size(), 1, one);
    } else {
        one(0, wanting.size(), 0);
    }
}

void StepRun::drop() {
    cursor_.reset();
    plan_.clear();
}

} // namespace alcuin::inference
