#include "backends/backend.h"

#include <utility>

#include <fmt/format.h>

#include "base/thread_pool.h"

namespace alcuin::inference {

Result<Buffer> Buffer::allocate(Device device, std::size_t bytes) {
    auto memory = AlignedBuffer::allocate(bytes);
    if (!memory) {
        return tl::unexpected(std::move(memory).error());
    }
    Buffer buffer;
    buffer.device_ = device;
    buffer.memory_ = std::move(*memory);
    return buffer;
}

Stream::Stream(Device device, ThreadPool& pool)
    : device_(device), pool_(&pool), counts_(static_cast<std::size_t>(pool.threads())) {}

StepTraffic Stream::traffic() const {
    StepTraffic sum;
    for (const Count& each : counts_) {
        sum += each.sum;
    }
    return sum;
}

Result<void> Stream::reserveScratch(std::size_t bytesPerWorker) {
    scratch_.resize(static_cast<std::size_t>(pool_->threads()));
    for (Buffer& scratch : scratch_) {
        if (scratch.size() >= bytesPerWorker) {
            continue;
        }
        auto larger = Buffer::allocate(device_, bytesPerWorker);
        if (!larger) {
            return tl::unexpected(std::move(larger).error());
        }
        scratch = std::move(*larger);
    }
    return {};
}

Result<void> allReduce(std::span<Stream* const> streams, std::span<float* const> parts, std::size_t count) {
    if (streams.size() > 1 || parts.size() != streams.size()) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("Sums of {} numbers over {} devices aren't supported.", count, streams.size()));
    }
    return {};
}

} // namespace alcuin::inference
