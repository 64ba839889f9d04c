#include "runtime/measurements.h"

#include <algorithm>

namespace alcuin::inference {

std::uint64_t microseconds(std::chrono::steady_clock::duration duration) {
    const auto count = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

void Measurements::queued(Duration untilFirstStep) {
    const std::lock_guard lock(mutex_);
    queue_.record(microseconds(untilFirstStep));
}

void Measurements::firstToken(Duration sinceSubmitted) {
    const std::lock_guard lock(mutex_);
    firstToken_.record(microseconds(sinceSubmitted));
}

void Measurements::nextToken(Duration sinceTheOneBefore) {
    const std::lock_guard lock(mutex_);
    betweenTokens_.record(microseconds(sinceTheOneBefore));
}

void Measurements::step(Duration took, std::size_t rows, std::size_t writing) {
    const std::lock_guard lock(mutex_);
    inSteps_ += took;
    tokens_ += rows;
    if (writing > 0) {
        ++decodeSteps_;
        decodeRows_ += writing;
        maxDecodeRows_ = std::max(maxDecodeRows_, writing);
    }
}

void Measurements::reset() {
    const std::lock_guard lock(mutex_);
    queue_ = {};
    firstToken_ = {};
    betweenTokens_ = {};
    inSteps_ = {};
    decodeSteps_ = 0;
    decodeRows_ = 0;
    maxDecodeRows_ = 0;
    promptTokens_ = 0;
    tokens_ = 0;
    trafficBefore_ = traffic_;
}

void Measurements::cache(const CacheMetrics& now) {
    const std::lock_guard lock(mutex_);
    cache_ = now;
}

void Measurements::prompt(std::size_t tokens) {
    const std::lock_guard lock(mutex_);
    promptTokens_ += tokens;
}

void Measurements::work(const StepTraffic& traffic, std::uint64_t copiedBytes) {
    const std::lock_guard lock(mutex_);
    traffic_ = traffic;
    copiedBytes_ = copiedBytes;
}

void Measurements::saved(std::size_t tokens) {
    const std::lock_guard lock(mutex_);
    snapshots_.savedTokens += tokens;
}

void Measurements::restored(std::size_t tokens) {
    const std::lock_guard lock(mutex_);
    snapshots_.restoredTokens += tokens;
}

void Measurements::fill(EngineMetrics& metrics) const {
    const std::lock_guard lock(mutex_);
    metrics.queueMs = queue_.percentiles(kMsPerMicrosecond);
    metrics.timeToFirstTokenMs = firstToken_.percentiles(kMsPerMicrosecond);
    metrics.betweenTokensMs = betweenTokens_.percentiles(kMsPerMicrosecond);
    metrics.work.stepMs = std::chrono::duration<double, std::milli>(inSteps_).count();
    metrics.batch.max = maxDecodeRows_;
    metrics.cache = cache_;
    metrics.cache.promptTokens = promptTokens_;
    metrics.work.copiedBytes = copiedBytes_;
    metrics.work.bytesRead =
        traffic_.weightBytes + traffic_.stateBytes - trafficBefore_.weightBytes - trafficBefore_.stateBytes;
    if (tokens_ > 0) {
        const auto multiplyAdds = static_cast<double>(traffic_.multiplyAdds - trafficBefore_.multiplyAdds);
        metrics.work.flopsPerToken = 2 * multiplyAdds / static_cast<double>(tokens_);
        metrics.work.bytesReadPerSecond =
            static_cast<double>(metrics.work.bytesRead) / std::chrono::duration<double>(inSteps_).count();
    }
    metrics.snapshots = snapshots_;
    if (decodeSteps_ > 0) {
        metrics.batch.mean = static_cast<double>(decodeRows_) / static_cast<double>(decodeSteps_);
    }
}

} // namespace alcuin::inference
