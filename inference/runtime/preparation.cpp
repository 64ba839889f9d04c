#include "runtime/preparation.h"

#include <utility>

namespace alcuin::inference {

PreparationThread::PreparationThread() : thread_([this] { run(); }) {}

PreparationThread::~PreparationThread() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    condition_.notify_one();
    thread_.join();
}

void PreparationThread::post(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    condition_.notify_one();
}

void PreparationThread::run() noexcept {
    while (true) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            condition_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (stopping_) {
                return;
            }
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

} // namespace alcuin::inference
