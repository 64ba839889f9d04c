#include "abi/submitted_request.h"

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

namespace alcuin::inference::abi {

namespace {

/// Waiting longer than this is waiting without a limit; it also keeps the clock from overflowing.
constexpr std::int64_t kLongestWaitMs = std::int64_t{1000} * 60 * 60 * 24 * 365;

} // namespace

SubmittedRequest::SubmittedRequest(std::shared_ptr<TextEngine> engine, std::shared_ptr<Delivery> delivery,
                                   alcuin_event_callback callback, void* userData)
    : engine_(std::move(engine)), delivery_(std::move(delivery)), teller_(callback, userData) {}

void SubmittedRequest::accept(RequestHandle handle) {
    handle_.emplace(std::move(handle));
    wake_ = [weak = weak_from_this(), queue = delivery_->queue()] {
        if (auto self = weak.lock()) {
            queue->add(std::move(self));
        }
    };
}

void SubmittedRequest::start() {
    handle_->onReady(std::move(wake_));
}

void SubmittedRequest::cancel() {
    handle_->cancel();
}

void SubmittedRequest::pause() {
    handle_->pause();
}

void SubmittedRequest::resume() {
    handle_->resume();
}

void SubmittedRequest::setPriority(Priority priority) {
    handle_->setPriority(priority);
}

std::optional<Outcome> SubmittedRequest::wait(std::int64_t timeoutMs) {
    std::unique_lock lock(endMutex_);
    const auto ended = [this] { return outcome_.ended; };
    if (timeoutMs < 0 || timeoutMs > kLongestWaitMs) {
        ended_.wait(lock, ended);
    } else if (!ended_.wait_for(lock, std::chrono::milliseconds(timeoutMs), ended)) {
        return std::nullopt;
    }
    return outcome_;
}

void SubmittedRequest::close() {
    cancel();
    if (onCallbackThread() && inCallback_) {
        closedInside_ = true; // deliver() lets go
        closed_.store(true);
        return;
    }
    closed_.store(true);
    const std::lock_guard lock(callbackMutex_);
    letGo();
}

/// Under callbackMutex_. The engine goes last: what it ends may still want to wake this request.
void SubmittedRequest::letGo() {
    handle_.reset();
    engine_.reset();
    delivery_.reset();
}

void SubmittedRequest::deliver() noexcept {
    const std::lock_guard lock(callbackMutex_);
    if (!handle_) {
        return;
    }
    inCallback_ = true;
    try {
        tellAll();
    } catch (...) { // the events couldn't be taken over for lack of memory
        handle_->cancel();
        teller_.tell(Error{ErrorCode::kOutOfMemory, {}});
    }
    inCallback_ = false;
    if (teller_.outcome().ended) {
        publishEnd();
    }
    if (closedInside_) {
        letGo();
    }
}

void SubmittedRequest::tellAll() {
    for (const auto& event : handle_->drain()) {
        if (closed_.load() || teller_.outcome().ended) {
            return;
        }
        if (teller_.tell(event)) {
            handle_->cancel();
        }
    }
}

void SubmittedRequest::publishEnd() {
    const std::lock_guard lock(endMutex_);
    outcome_ = teller_.outcome();
    ended_.notify_all();
}

} // namespace alcuin::inference::abi
