#include "base/memory_bandwidth.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>

#include "base/aligned_buffer.h"
#include "base/thread_pool.h"

namespace alcuin::inference {

namespace {

constexpr std::size_t kBytesPerThread = std::size_t{256} << 20U; ///< many times any core's share of the caches
constexpr std::size_t kLine = 64;
constexpr std::size_t kAhead = 2048; ///< of prefetching, in bytes
constexpr int kRepetitions = 3;

/// Reads `bytes` as so many streams side by side; what it returns only keeps the reading from being left out.
std::uint64_t readStreams(const std::byte* data, std::size_t bytes, std::size_t streams) noexcept {
    const std::size_t each = bytes / streams / kLine * kLine;
    std::array<std::uint64_t, kLine / sizeof(std::uint64_t)> sum{};
    for (std::size_t at = 0; at < each; at += kLine) {
        for (std::size_t stream = 0; stream < streams; ++stream) {
            const std::byte* line = data + stream * each + at;
            __builtin_prefetch(line + kAhead);
            std::array<std::uint64_t, kLine / sizeof(std::uint64_t)> words;
            std::memcpy(words.data(), line, kLine);
            for (std::size_t i = 0; i < words.size(); ++i) {
                sum[i] += words[i];
            }
        }
    }
    std::uint64_t all = 0;
    for (const auto word : sum) {
        all += word;
    }
    return all;
}

double secondsOf(ThreadPool& pool, const AlignedBuffer& buffer, std::size_t streams, std::atomic<std::uint64_t>& sink) {
    const auto threads = static_cast<std::size_t>(pool.threads());
    const auto begin = std::chrono::steady_clock::now();
    pool.parallelFor(threads, 1, [&](std::size_t first, std::size_t last, int) noexcept {
        for (std::size_t part = first; part < last; ++part) {
            sink += readStreams(buffer.data() + part * kBytesPerThread, kBytesPerThread, streams);
        }
    });
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

Result<double> measureReadBandwidth(ThreadPool& pool) {
    const std::size_t bytes = static_cast<std::size_t>(pool.threads()) * kBytesPerThread;
    auto buffer = AlignedBuffer::allocate(bytes + kAhead);
    if (!buffer) {
        return tl::unexpected(std::move(buffer).error());
    }
    std::memset(buffer->data(), 1, buffer->size()); // pages of their own, not the system's one page of zeros
    std::atomic<std::uint64_t> sink{0};
    double best = 0;
    for (int repetition = 0; repetition < kRepetitions; ++repetition) {
        for (const std::size_t streams : {1U, 2U, 4U, 8U}) {
            best = std::max(best, static_cast<double>(bytes) / secondsOf(pool, *buffer, streams, sink));
        }
    }
    return best;
}

} // namespace alcuin::inference
