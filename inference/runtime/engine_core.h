#pragma once

#include <memory>
#include <utility>

#include "base/thread_pool.h"
#include "runtime/executor.h"
#include "runtime/job_thread.h"

namespace alcuin::inference {

/// What all engines of a runtime share. The last of runtime and engines to go takes it down, in its own thread: first
/// no more prompts are made, then every request ends, then the pool stops.
struct EngineCore {
    explicit EngineCore(std::shared_ptr<ThreadPool> workers, ExecutorOptions options = {})
        : pool(std::move(workers)), executor(std::move(options)) {}

    std::shared_ptr<ThreadPool> pool;
    Executor executor;
    JobThread preparation{JobThread::AtEnd::kDrop};
};

} // namespace alcuin::inference
