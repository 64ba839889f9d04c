#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace alcuin::inference {

/// A thread that makes prompts, so that neither a caller nor the executor waits for a template or a tokenizer.
/// Jobs run in the order they came. Threads: post() from any thread.
class PreparationThread {
public:
    PreparationThread();
    /// Drops the jobs that haven't begun and waits for the one that has.
    ~PreparationThread();
    PreparationThread(const PreparationThread&) = delete;
    PreparationThread& operator=(const PreparationThread&) = delete;

    /// `job` must not throw.
    void post(std::function<void()> job);

private:
    void run() noexcept;

    std::mutex mutex_;
    std::condition_variable condition_;
    std::deque<std::function<void()>> jobs_;
    bool stopping_ = false;
    std::thread thread_; ///< last: starts when everything else is there
};

} // namespace alcuin::inference
