#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace alcuin::inference {

/// Tells the executor that something changed: a request came, was cancelled, paused or changed. Requests share it, so
/// that they may outlive the executor. Threads: raise() from any thread, the rest from the executor's.
class ExecutorSignal {
public:
    void raise();
    /// Whether anything changed since the last call. Cheap: asked between any two pieces of a step.
    bool take();
    /// As take(), but leaves it for whoever comes next.
    bool isRaised() const {
        return raised_.load();
    }
    /// Sleeps until something changed; doesn't take it.
    void wait();

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    std::atomic<bool> raised_{false};
};

} // namespace alcuin::inference
