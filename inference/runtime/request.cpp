#include "runtime/request.h"

#include <utility>

namespace alcuin::inference {

Request::Request(std::shared_ptr<ExecutorSignal> signal, Priority priority)
    : signal_(std::move(signal)), priority_(priority) {}

void Request::cancel() {
    if (!cancelled_.exchange(true)) {
        signal_->raise();
    }
}

void Request::pause() {
    paused_.store(true);
    signal_->raise();
}

void Request::resume() {
    paused_.store(false);
    signal_->raise();
}

void Request::setPriority(Priority priority) {
    priority_.store(priority);
    signal_->raise();
}

} // namespace alcuin::inference
