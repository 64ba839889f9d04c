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

/// Longer than the gap between two operations of a step, and than sampling between two steps; far too short to be seen
/// as load.
constexpr std::chrono::microseconds kSpin{200};

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

/// One job at a time. Its chunks are dealt out in equal runs, one for each worker, so that neighbours in memory are one
/// worker's and taking a chunk is an addition in the worker's own cache line; whoever is through with its run helps the
/// others with theirs. A run's place and end share one word: a chunk is taken where the place was before the end, and a
/// worker that comes late finds runs that are used up, or takes part in the next job.
/// A job is over when all its chunks are counted; nothing of it changes before. It waits for chunks, never for a
/// worker: one whose processor was taken away before it took a chunk doesn't hold anybody up.
struct ThreadPool::Shared {
    static constexpr std::uint32_t kMostChunks = 1U << 30U;

    /// What a worker is told, all in one cache line: cores hand a line to each other in about 80 ns.
    struct alignas(64) Run {
        std::atomic<std::uint32_t> job{0};  ///< changes with every job, last of all
        std::atomic<std::uint64_t> word{0}; ///< end (high half) and next chunk (low half)
        std::atomic<std::size_t> count{0};
        std::atomic<std::size_t> chunk{1};
        std::atomic<const void*> context{nullptr};
        std::atomic<Task> task{nullptr};
    };
    /// What a worker tells.
    struct alignas(64) Tally {
        std::atomic<std::uint32_t> ran{0}; ///< chunks that it has finished since it began
        std::thread thread;                ///< none for the caller
    };

    std::vector<Run> runs; ///< by worker
    std::vector<Tally> tallies;
    // Read by all, seldom written.
    alignas(64) std::atomic<std::uint32_t> sleepers{0};
    std::atomic<std::uint32_t> wakeUps{0}; ///< workers sleep on it
    std::atomic<bool> stopping{false};
    std::atomic<bool> callerSleeps{false};
    std::atomic<std::uint32_t> news{0}; ///< the caller sleeps on it
    // The caller's own.
    alignas(64) std::mutex callers; ///< held by the one whose job is open
    std::uint32_t finished = 0;     ///< chunks of all jobs so far that workers ran

    explicit Shared(int threads)
        : runs(static_cast<std::size_t>(threads)), tallies(static_cast<std::size_t>(threads)) {}

    /// Runs what is left of a run; says how many chunks that were.
    static std::uint32_t workOn(Run& run, std::size_t worker) noexcept;
    /// Runs what is left of the others' runs.
    std::uint32_t help(std::size_t worker) noexcept;
    /// Counts chunks that a worker has finished. The job can end with that: nothing of it is touched afterwards.
    void tell(std::size_t worker, std::uint32_t ran) noexcept;
    void loop(std::size_t worker, int processor) noexcept;
    /// Waits for another job than the one seen last; gives its number.
    std::uint32_t nextJob(std::size_t worker, std::uint32_t seen) noexcept;
    /// Of a worker's run.
    std::uint32_t firstChunk(std::uint32_t chunks, std::uint32_t worker) const noexcept;
    void publish(std::size_t count, std::size_t chunk, std::uint32_t chunks, const void* context, Task task) noexcept;
    void wakeSleepers() noexcept;
    void awaitWorkers(std::uint32_t chunks) noexcept;
};

std::uint32_t ThreadPool::Shared::workOn(Run& run, std::size_t worker) noexcept {
    const auto usedUp = [](std::uint64_t word) { return static_cast<std::uint32_t>(word) >= word >> 32U; };
    std::uint32_t ran = 0;
    // Looking first keeps the place from growing without end.
    while (!usedUp(run.word.load(std::memory_order_relaxed))) {
        const std::uint64_t taken = run.word.fetch_add(1, std::memory_order_acq_rel);
        if (usedUp(taken)) {
            break;
        }
        const std::size_t size = run.chunk.load(std::memory_order_relaxed);
        const std::size_t begin = static_cast<std::uint32_t>(taken) * size;
        const std::size_t end = std::min(run.count.load(std::memory_order_relaxed), begin + size);
        run.task.load(std::memory_order_relaxed)(run.context.load(std::memory_order_relaxed), begin, end,
                                                 static_cast<int>(worker));
        ++ran;
    }
    return ran;
}

std::uint32_t ThreadPool::Shared::help(std::size_t worker) noexcept {
    std::uint32_t ran = 0;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        const std::size_t other = worker + i;
        ran += workOn(runs[other < runs.size() ? other : other - runs.size()], worker);
    }
    return ran;
}

void ThreadPool::Shared::tell(std::size_t worker, std::uint32_t ran) noexcept {
    std::atomic<std::uint32_t>& tally = tallies[worker].ran;
    tally.store(tally.load(std::memory_order_relaxed) + ran, std::memory_order_seq_cst);
    if (callerSleeps.load(std::memory_order_seq_cst)) {
        news.fetch_add(1, std::memory_order_release);
        news.notify_one();
    }
}

std::uint32_t ThreadPool::Shared::nextJob(std::size_t worker, std::uint32_t seen) noexcept {
    const std::atomic<std::uint32_t>& job = runs[worker].job;
    const auto changed = [&] { return job.load(std::memory_order_acquire) != seen; };
    while (!spinUntil(changed)) {
        // Either this thread sees the job, or whoever publishes it sees the sleeper.
        const std::uint32_t before = wakeUps.load(std::memory_order_acquire);
        sleepers.fetch_add(1, std::memory_order_seq_cst);
        if (job.load(std::memory_order_seq_cst) == seen) {
            wakeUps.wait(before, std::memory_order_acquire);
        }
        sleepers.fetch_sub(1, std::memory_order_relaxed);
    }
    return job.load(std::memory_order_acquire);
}

void ThreadPool::Shared::wakeSleepers() noexcept {
    // Changes nothing, but takes its place among the sleepers' own changes: one that comes later sees the job.
    if (sleepers.fetch_add(0, std::memory_order_seq_cst) > 0) {
        wakeUps.fetch_add(1, std::memory_order_release);
        wakeUps.notify_all();
    }
}

void ThreadPool::Shared::loop(std::size_t worker, int processor) noexcept {
    if (processor >= 0) {
        pinTo(processor);
    }
    giveWayToTheWindow();
    const FlushDenormals flush;
    std::uint32_t seen = 0;
    for (;;) {
        seen = nextJob(worker, seen);
        if (stopping.load(std::memory_order_acquire)) {
            return;
        }
        if (const std::uint32_t ran = workOn(runs[worker], worker); ran > 0) {
            tell(worker, ran);
        }
        if (const std::uint32_t ran = help(worker); ran > 0) {
            tell(worker, ran);
        }
    }
}

std::uint32_t ThreadPool::Shared::firstChunk(std::uint32_t chunks, std::uint32_t worker) const noexcept {
    const auto shares = static_cast<std::uint32_t>(runs.size());
    return worker * (chunks / shares) + std::min(worker, chunks % shares);
}

void ThreadPool::Shared::publish(std::size_t count, std::size_t chunk, std::uint32_t chunks, const void* context,
                                 Task task) noexcept {
    // The caller's run last: the others are being told meanwhile.
    const auto shares = static_cast<std::uint32_t>(runs.size());
    std::uint32_t end = chunks;
    for (std::uint32_t i = shares; i-- > 0;) {
        Run& run = runs[i];
        const std::uint32_t first = firstChunk(chunks, i);
        run.count.store(count, std::memory_order_relaxed);
        run.chunk.store(chunk, std::memory_order_relaxed);
        run.context.store(context, std::memory_order_relaxed);
        run.task.store(task, std::memory_order_relaxed);
        run.word.store(std::uint64_t{end} << 32U | first, std::memory_order_release);
        run.job.store(run.job.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        end = first;
    }
    wakeSleepers();
}

void ThreadPool::Shared::awaitWorkers(std::uint32_t chunks) noexcept {
    finished += chunks;
    const auto done = [this] {
        std::uint32_t ran = 0;
        for (const Tally& tally : tallies) {
            ran += tally.ran.load(std::memory_order_seq_cst);
        }
        return ran == finished;
    };
    while (!spinUntil(done)) {
        // Either this thread sees the last chunk counted, or the worker that counts it sees the sleeper.
        const std::uint32_t before = news.load(std::memory_order_acquire);
        callerSleeps.store(true, std::memory_order_seq_cst);
        if (!done()) {
            news.wait(before, std::memory_order_acquire);
        }
        callerSleeps.store(false, std::memory_order_relaxed);
    }
}

ThreadPool::ThreadPool(int threads) : shared_(std::make_unique<Shared>(threads > 0 ? threads : usableCores())) {
    const std::size_t total = shared_->runs.size();
    const std::vector<int> processors = allowedProcessors();
    for (std::size_t worker = 1; worker < total; ++worker) {
        // The first processor stays free for the caller; more threads than processors aren't pinned.
        const int processor = total <= processors.size() ? processors[worker] : -1;
        shared_->tallies[worker].thread =
            std::thread([shared = shared_.get(), worker, processor] { shared->loop(worker, processor); });
    }
}

ThreadPool::~ThreadPool() {
    shared_->stopping.store(true, std::memory_order_release);
    for (Shared::Run& run : shared_->runs) {
        run.job.fetch_add(1, std::memory_order_release);
    }
    shared_->wakeSleepers();
    for (Shared::Tally& tally : shared_->tallies) {
        if (tally.thread.joinable()) {
            tally.thread.join();
        }
    }
}

namespace {

/// Items of a chunk as the pool cuts them: no more chunks than a run's word can count.
std::size_t chunkSize(std::size_t count, std::size_t chunk, std::size_t mostChunks) {
    return std::max({chunk, std::size_t{1}, count / mostChunks + 1});
}

} // namespace

std::size_t ThreadPool::runBegin(std::size_t count, std::size_t chunk, int worker) const {
    const std::size_t size = chunkSize(count, chunk, Shared::kMostChunks);
    const std::size_t chunks = (count + size - 1) / size;
    const std::size_t first =
        shared_->firstChunk(static_cast<std::uint32_t>(chunks), static_cast<std::uint32_t>(worker));
    return std::min(count, first * size);
}

int ThreadPool::threads() const {
    return static_cast<int>(shared_->runs.size());
}

void ThreadPool::run(std::size_t count, std::size_t chunk, const void* context, Task task) {
    if (count == 0) {
        return;
    }
    const std::lock_guard turn(shared_->callers);
    const FlushDenormals flush;
    const std::size_t size = chunkSize(count, chunk, Shared::kMostChunks);
    const std::size_t chunks = (count + size - 1) / size;
    if (chunks == 1 || shared_->runs.size() == 1) {
        for (std::size_t begin = 0; begin < count; begin += size) {
            task(context, begin, std::min(count, begin + size), 0);
        }
        return;
    }
    const auto total = static_cast<std::uint32_t>(chunks);
    shared_->publish(count, size, total, context, task);
    const std::uint32_t own = Shared::workOn(shared_->runs[0], 0);
    shared_->awaitWorkers(total - own - shared_->help(0));
}

int ThreadPool::usableCores() {
    return usableCores("/proc", "/sys/fs/cgroup");
}

int ThreadPool::usableCores(const std::filesystem::path& proc, const std::filesystem::path& cgroup) {
    const auto allowed = static_cast<double>(std::max<std::size_t>(1, allowedProcessors().size()));
    const double quota = processorQuota(proc, cgroup).value_or(allowed);
    // Rounded down: a thread more than the quota pays for is stopped in the middle of its work.
    return std::max(1, static_cast<int>(std::floor(std::min(allowed, quota))));
}

} // namespace alcuin::inference
