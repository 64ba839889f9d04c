#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <alcuin/inference/percentiles.h>

namespace alcuin::inference {

/// What requests found already read, in memory.
struct CacheMetrics {
    std::uint64_t lookups = 0;      ///< prompts that were looked for
    std::uint64_t promptTokens = 0; ///< of all prompts
    std::uint64_t hitTokens = 0;    ///< of these, found; what snapshots gave back comes on top
    std::size_t pages = 0;          ///< kept now
    std::size_t pinnedPages = 0;    ///< of these, held by a pin
    std::uint64_t evictedPages = 0;
};

/// What went to disk and came back, in tokens.
struct SnapshotMetrics {
    std::uint64_t savedTokens = 0;
    std::uint64_t restoredTokens = 0;
};

/// Sequences that write in one step; of steps in which any does.
struct BatchMetrics {
    double mean = 0;
    std::size_t max = 0;
};

/// What the model's kernels did. Bytes are those of weight panels and pages handed to a kernel's pass, so a weight that
/// stays in a cache for several groups of rows counts once.
struct WorkMetrics {
    double flopsPerToken = 0;      ///< two a multiply-add, prompts' tokens included
    std::uint64_t bytesRead = 0;   ///< of weights and states
    std::uint64_t copiedBytes = 0; ///< of states: pages that were shared and then written by one
    double stepMs = 0;             ///< time spent in steps
    double bytesReadPerSecond = 0; ///< while stepping
};

/// Counters of one loaded model since it was loaded. Times are in milliseconds.
struct EngineMetrics {
    std::string device; ///< "CPU, 2 threads, AVX2"
    std::size_t weightBytes = 0;
    std::size_t stateBytes = 0; ///< memory held for sequences now
    std::size_t activeRequests = 0;
    std::size_t queuedRequests = 0;
    std::uint64_t steps = 0;
    std::uint64_t prefillTokens = 0;
    std::uint64_t decodeTokens = 0;

    Percentiles queueMs;            ///< of each request, until its first step began
    Percentiles timeToFirstTokenMs; ///< of each request
    Percentiles betweenTokensMs;    ///< of every token after a request's first
    BatchMetrics batch;
    CacheMetrics cache;
    SnapshotMetrics snapshots;
    WorkMetrics work;
};

} // namespace alcuin::inference
