#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace alcuin::inference {

/// A thread that does what neither a caller nor the executor can wait for: prompts are made on one, states read and
/// written on another. Jobs run in the order they came. Threads: post() from any thread.
class JobThread {
public:
    enum class AtEnd { kDrop, kFinish };

    /// `atEnd`: what becomes of the jobs that haven't begun when this is destroyed. The one under way is waited for.
    explicit JobThread(AtEnd atEnd);
    ~JobThread();
    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;

    /// `job` must not throw.
    void post(std::function<void()> job);

private:
    void run() noexcept;

    AtEnd atEnd_;
    std::mutex mutex_;
    std::condition_variable condition_;
    std::deque<std::function<void()>> jobs_;
    bool stopping_ = false;
    std::thread thread_; ///< last: starts when everything else is there
};

} // namespace alcuin::inference
