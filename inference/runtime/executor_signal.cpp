#include "runtime/executor_signal.h"

namespace alcuin::inference {

void ExecutorSignal::raise() {
    {
        const std::lock_guard lock(mutex_);
        raised_.store(true);
    }
    condition_.notify_one();
}

bool ExecutorSignal::take() {
    return raised_.load(std::memory_order_relaxed) && raised_.exchange(false);
}

void ExecutorSignal::wait() {
    std::unique_lock lock(mutex_);
    condition_.wait(lock, [this] { return raised_.load(); });
}

} // namespace alcuin::inference
