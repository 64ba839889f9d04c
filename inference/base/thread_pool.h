#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <type_traits>

namespace alcuin::inference {

/// A pinned, persistent pool. Whoever gives it work works along as worker 0; several callers take turns. Workers spin
/// briefly for the next piece, then sleep on a futex, so an idle pool uses no processor time.
/// Every worker sets flush-to-zero and denormals-are-zero.
class ThreadPool {
public:
    /// `threads` 0: as many as cores this process may use (affinity and cgroup quota respected).
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int threads() const;

    /// Runs body(begin, end, worker) over chunks of [0, count), taken one by one; returns when all are done.
    /// `body` must be noexcept and must not call the pool. worker is in [0, threads()).
    template <typename Body>
    void parallelFor(std::size_t count, std::size_t chunk, const Body& body) {
        static_assert(std::is_nothrow_invocable_v<const Body&, std::size_t, std::size_t, int>,
                      "work given to the pool must be noexcept");
        run(count, chunk, &body, [](const void* context, std::size_t begin, std::size_t end, int worker) noexcept {
            (*static_cast<const Body*>(context))(begin, end, worker);
        });
    }

    /// Where in [0, count) the run of chunks begins that a worker of parallelFor(count, chunk) takes first; `count` if
    /// it has none. A run ends where the next worker's begins.
    std::size_t runBegin(std::size_t count, std::size_t chunk, int worker) const;

    /// Cores that the calling thread may use: its affinity, and what the control group's quota pays for.
    static int usableCores();
    /// As above, with other places for /proc and /sys/fs/cgroup.
    static int usableCores(const std::filesystem::path& proc, const std::filesystem::path& cgroup);

private:
    using Task = void (*)(const void* context, std::size_t begin, std::size_t end, int worker) noexcept;
    void run(std::size_t count, std::size_t chunk, const void* context, Task task);

    struct Shared;
    std::unique_ptr<Shared> shared_;
};

} // namespace alcuin::inference
