#include "runtime/job_thread.h"

#include <utility>

namespace alcuin::inference {

JobThread::JobThread(AtEnd atEnd) : atEnd_(atEnd), thread_([this] { run(); }) {}

JobThread::~JobThread() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    condition_.notify_one();
    thread_.join();
}

void JobThread::post(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    condition_.notify_one();
}

void JobThread::run() noexcept {
    while (true) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            condition_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (stopping_ && (jobs_.empty() || atEnd_ == AtEnd::kDrop)) {
                return;
            }
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

} // namespace alcuin::inference
