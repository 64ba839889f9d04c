#include "base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sched.h>

#include "base/control_group.h"
#include "base/flush_denormals.h"
#include "base/thread_priority.h"

namespace alcuin::inference {

namespace {

/// Longer than the gap between two operations of a step, shorter than anyone would notice as load.
constexpr std::chrono::microseconds kSpin{50};

std::vector<int> allowedProcessors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> processors;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        for (int i = 0; i < CPU_SETSIZE; ++i) {
            if (CPU_ISSET(i, &set)) {
                processors.push_back(i);
            }
        }
    }
    return processors;
}

void pinTo(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    (void)pthread_setaffinity_np(pthread_self(), sizeof set, &set); // an unpinned worker is slower, not wrong
}

/// Spins until `done()` or for kSpin; true: done.
template <typename Done>
bool spinUntil(const Done& done) {
    const auto end = std::chrono::steady_clock::now() + kSpin;
    do {
        for (int i = 0; i < 32; ++i) {
            if (done()) {
                return true;
            }
            __builtin_ia32_pause();
        }
    } while (std::chrono::steady_clock::now() < end);
    return done();
}

} // namespace

/// One job at a time. `ticket` holds the job's number (high half) and its next chunk (low half), so that taking a chunk
/// is one compare-and-swap that fails once the job is over; a worker that comes late finds nothing and harms nothing.
/// While the fields of a job are being written the low half is kClosed. The job waits for its chunks, never for a
/// worker: one whose processor was taken away before it took a chunk doesn't hold anybody up.
struct ThreadPool::Shared {
    static constexpr std::uint32_t kClosed = 0xffffffffU;

    alignas(64) std::atomic<std::uint64_t> ticket{kClosed};
    alignas(64) std::atomic<std::uint32_t> done{0};  ///< chunks finished; the caller sleeps on it
    alignas(64) std::atomic<std::uint32_t> epoch{0}; ///< counts jobs; workers sleep on it
    std::atomic<bool> stopping{false};
    std::atomic<std::uint32_t> chunks{0};
    std::atomic<std::size_t> count{0};
    std::atomic<std::size_t> chunk{1};
    std::atomic<const void*> context{nullptr};
    std::atomic<Task> task{nullptr};
    std::vector<std::thread> workers;
    std::mutex callers; ///< held by the one whose job is open

    /// Takes and runs chunks of the open job until none is left.
    void work(int worker) noexcept;
    void loop(int worker, int processor) noexcept;
    void publish(std::size_t count, std::size_t chunk, std::uint32_t chunks, const void* context, Task task);
};

void ThreadPool::Shared::work(int worker) noexcept {
    std::uint64_t seen = ticket.load(std::memory_order_acquire);
    for (;;) {
        const auto index = static_cast<std::uint32_t>(seen);
        if (index == kClosed) {
            return;
        }
        // If the job ended meanwhile these may be the next one's; then the exchange below fails.
        const std::uint32_t total = chunks.load(std::memory_order_relaxed);
        const std::size_t size = chunk.load(std::memory_order_relaxed);
        const std::size_t end = count.load(std::memory_order_relaxed);
        const void* argument = context.load(std::memory_order_relaxed);
        const Task function = task.load(std::memory_order_relaxed);
        if (index >= total) {
            return;
        }
        if (!ticket.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel, std::memory_order_acquire)) {
            continue;
        }
        function(argument, index * size, std::min(end, (index + std::size_t{1}) * size), worker);
        // The job can end as soon as the last chunk is counted: nothing of it is touched after that.
        if (done.fetch_add(1, std::memory_order_acq_rel) + 1 == total) {
            done.notify_one();
        }
        seen = ticket.load(std::memory_order_acquire);
    }
}

void ThreadPool::Shared::loop(int worker, int processor) noexcept {
    if (processor >= 0) {
        pinTo(processor);
    }
    giveWayToTheWindow();
    const FlushDenormals flush;
    std::uint32_t seen = 0;
    for (;;) {
        const auto changed = [&] { return epoch.load(std::memory_order_acquire) != seen; };
        if (!spinUntil(changed)) {
            epoch.wait(seen, std::memory_order_acquire);
        }
        seen = epoch.load(std::memory_order_acquire);
        if (stopping.load(std::memory_order_acquire)) {
            return;
        }
        work(worker);
    }
}

void ThreadPool::Shared::publish(std::size_t newCount, std::size_t newChunk, std::uint32_t newChunks,
                                 const void* newContext, Task newTask) {
    const std::uint64_t number = (ticket.load(std::memory_order_relaxed) >> 32U) + 1;
    ticket.store(number << 32U | kClosed, std::memory_order_seq_cst);
    done.store(0, std::memory_order_relaxed);
    count.store(newCount, std::memory_order_relaxed);
    chunk.store(newChunk, std::memory_order_relaxed);
    chunks.store(newChunks, std::memory_order_relaxed);
    context.store(newContext, std::memory_order_relaxed);
    task.store(newTask, std::memory_order_relaxed);
    ticket.store(number << 32U, std::memory_order_release);
    epoch.fetch_add(1, std::memory_order_seq_cst);
    epoch.notify_all();
}

ThreadPool::ThreadPool(int threads) : shared_(std::make_unique<Shared>()) {
    const int total = threads > 0 ? threads : usableCores();
    const std::vector<int> processors = allowedProcessors();
    shared_->workers.reserve(static_cast<std::size_t>(total - 1));
    for (int worker = 1; worker < total; ++worker) {
        // The first processor stays free for the caller; more threads than processors aren't pinned.
        const bool pinned = static_cast<std::size_t>(total) <= processors.size();
        const int processor = pinned ? processors[static_cast<std::size_t>(worker)] : -1;
        shared_->workers.emplace_back([shared = shared_.get(), worker, processor] { shared->loop(worker, processor); });
    }
}

ThreadPool::~ThreadPool() {
    shared_->stopping.store(true, std::memory_order_release);
    shared_->epoch.fetch_add(1, std::memory_order_seq_cst);
    shared_->epoch.notify_all();
    for (std::thread& worker : shared_->workers) {
        worker.join();
    }
}

int ThreadPool::threads() const {
    return static_cast<int>(shared_->workers.size()) + 1;
}

void ThreadPool::run(std::size_t count, std::size_t chunk, const void* context, Task task) {
    if (count == 0) {
        return;
    }
    const std::lock_guard turn(shared_->callers);
    const FlushDenormals flush;
    // Chunk numbers have 32 bits.
    const std::size_t size = std::max({chunk, std::size_t{1}, count / (Shared::kClosed / 2) + 1});
    const std::size_t chunks = (count + size - 1) / size;
    if (chunks == 1 || shared_->workers.empty()) {
        for (std::size_t begin = 0; begin < count; begin += size) {
            task(context, begin, std::min(count, begin + size), 0);
        }
        return;
    }
    const auto total = static_cast<std::uint32_t>(chunks);
    shared_->publish(count, size, total, context, task);
    shared_->work(0);
    const auto finished = [&] { return shared_->done.load(std::memory_order_acquire) == total; };
    while (!spinUntil(finished)) {
        const std::uint32_t done = shared_->done.load(std::memory_order_acquire);
        if (done != total) {
            shared_->done.wait(done, std::memory_order_acquire);
        }
    }
}

int ThreadPool::usableCores() {
    const auto allowed = static_cast<double>(std::max<std::size_t>(1, allowedProcessors().size()));
    const double quota = processorQuota("/proc", "/sys/fs/cgroup").value_or(allowed);
    // Rounded down: a thread more than the quota pays for is stopped in the middle of its work.
    return std::max(1, static_cast<int>(std::floor(std::min(allowed, quota))));
}

} // namespace alcuin::inference
