#include <alcuin/inference/mailbox.h>

#include <utility>

namespace alcuin::inference {

namespace {

bool isLast(const Event& event) {
    return std::holds_alternative<Finished>(event) || std::holds_alternative<Error>(event);
}

/// Merges `next` into `last` where both are text of one channel or both are progress.
bool mergeInto(Event& last, const Event& next) {
    if (auto* lastText = std::get_if<TextDelta>(&last)) {
        const auto* nextText = std::get_if<TextDelta>(&next);
        if (nextText == nullptr || nextText->channel != lastText->channel) {
            return false;
        }
        lastText->text += nextText->text;
        lastText->tokens.insert(lastText->tokens.end(), nextText->tokens.begin(), nextText->tokens.end());
        return true;
    }
    if (auto* lastProgress = std::get_if<Progress>(&last)) {
        if (const auto* nextProgress = std::get_if<Progress>(&next)) {
            *lastProgress = *nextProgress;
            return true;
        }
    }
    return false;
}

} // namespace

void Mailbox::post(Event event) {
    bool wasEmpty = false;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            return;
        }
        wasEmpty = events_.empty();
        if (isLast(event)) {
            closed_ = true;
            last_.emplace(std::move(event));
        } else if (wasEmpty || !mergeInto(events_.back(), event)) {
            events_.push_back(std::move(event));
        }
    }
    if (wasEmpty) {
        const std::lock_guard lock(wakeMutex_);
        if (wake_) {
            wake_();
        }
    }
}

void Mailbox::onReady(std::function<void()> wake) {
    const std::lock_guard wakeLock(wakeMutex_);
    wake_ = std::move(wake);
    bool ready = false;
    {
        const std::lock_guard lock(mutex_);
        ready = !events_.empty() || last_;
    }
    if (wake_ && ready) {
        wake_();
    }
}

std::vector<Event> Mailbox::drain() {
    const std::lock_guard lock(mutex_);
    if (last_) {
        events_.push_back(std::move(*last_));
        last_.reset();
    }
    return std::exchange(events_, {});
}

} // namespace alcuin::inference
