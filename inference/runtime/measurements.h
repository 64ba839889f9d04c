#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include <alcuin/inference/metrics.h>

#include "backends/backend.h"
#include "base/histogram.h"

namespace alcuin::inference {

/// A duration as histograms here count it: in whole microseconds.
std::uint64_t microseconds(std::chrono::steady_clock::duration duration);
constexpr double kMsPerMicrosecond = 0.001;

/// What all requests of one model waited, and what its steps held. Threads: any.
class Measurements {
public:
    using Duration = std::chrono::steady_clock::duration;

    void queued(Duration untilFirstStep);
    void firstToken(Duration sinceSubmitted);
    void nextToken(Duration sinceTheOneBefore);
    /// A step that ran to its end, with so many rows, and among them so many of sequences that write.
    void step(Duration took, std::size_t rows, std::size_t writing);

    /// Forgets everything: a new period begins.
    void reset();

    /// What the prefix cache counts now.
    void cache(const CacheMetrics& now);
    /// A prompt of so many tokens was looked for.
    void prompt(std::size_t tokens);
    /// What the model's kernels did so far, and the bytes of state that were copied.
    void work(const StepTraffic& traffic, std::uint64_t copiedBytes);
    /// Tokens whose state went to disk, and came back from there.
    void saved(std::size_t tokens);
    void restored(std::size_t tokens);

    /// Fills in everything but what the counters of a model say.
    void fill(EngineMetrics& metrics) const;

private:
    mutable std::mutex mutex_;
    Histogram queue_;
    Histogram firstToken_;
    Histogram betweenTokens_;
    Duration inSteps_{0};
    std::uint64_t decodeSteps_ = 0;
    std::uint64_t decodeRows_ = 0;
    std::size_t maxDecodeRows_ = 0;
    CacheMetrics cache_;
    std::uint64_t promptTokens_ = 0;
    StepTraffic traffic_;
    StepTraffic trafficBefore_; ///< when the period began
    std::uint64_t tokens_ = 0;  ///< of all steps
    std::uint64_t copiedBytes_ = 0;
    SnapshotMetrics snapshots_;
};

} // namespace alcuin::inference
