#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <alcuin/inference/error.h>

#include "base/aligned_buffer.h"

namespace alcuin::inference {

class ThreadPool;

enum class DeviceKind : std::uint8_t { kCpu };

/// Something that holds tensors and computes on them.
struct Device {
    DeviceKind kind = DeviceKind::kCpu;
    int index = 0;
    bool operator==(const Device&) const = default;
};

/// Memory on a device; all zero at first.
class Buffer {
public:
    Buffer() = default;
    /// Errors: kOutOfMemory.
    static Result<Buffer> allocate(Device device, std::size_t bytes);

    Device device() const {
        return device_;
    }
    std::size_t size() const {
        return memory_.size();
    }
    std::byte* data() {
        return memory_.data();
    }
    const std::byte* data() const {
        return memory_.data();
    }
    /// The buffer as an array; `T` is plain data.
    template <typename T>
    std::span<T> as() {
        return {reinterpret_cast<T*>(memory_.data()), memory_.size() / sizeof(T)};
    }

private:
    Device device_;
    AlignedBuffer memory_;
};

/// What kernels were handed to read and to compute, counted where they are called.
struct StepTraffic {
    std::uint64_t weightBytes = 0;  ///< of panels, once for each pass of a kernel over them
    std::uint64_t stateBytes = 0;   ///< of keys and values, once for each group of heads that reads them together
    std::uint64_t multiplyAdds = 0; ///< of products, scores and values

    StepTraffic& operator+=(const StepTraffic& other) {
        weightBytes += other.weightBytes;
        stateBytes += other.stateBytes;
        multiplyAdds += other.multiplyAdds;
        return *this;
    }
};

/// Where a device's work is put, in order. The CPU's is a worker pool with scratch memory for each worker; work has
/// been done when the call that put it there returns.
class Stream {
public:
    Stream(Device device, ThreadPool& pool);

    Device device() const {
        return device_;
    }
    ThreadPool& pool() const {
        return *pool_;
    }

    /// Gives every worker at least this much scratch memory. Errors: kOutOfMemory.
    Result<void> reserveScratch(std::size_t bytesPerWorker);
    std::byte* scratch(int worker) {
        return scratch_[static_cast<std::size_t>(worker)].data();
    }

    /// Called by a worker for what it hands to a kernel.
    void count(int worker, const StepTraffic& handed) noexcept {
        counts_[static_cast<std::size_t>(worker)].sum += handed;
    }
    /// Of all workers since the stream was made; not while work is under way.
    StepTraffic traffic() const;

private:
    Device device_;
    ThreadPool* pool_;
    std::vector<Buffer> scratch_;
    struct alignas(64) Count { ///< a line for each worker
        StepTraffic sum;
    };
    std::vector<Count> counts_;
};

/// Which layer lives where.
class Placement {
public:
    /// All of a model on one device.
    Placement(Device device, std::size_t layers) : layers_(layers, device), ends_(device) {}

    Device ofLayer(std::size_t layer) const {
        return layers_.at(layer);
    }
    /// Embedding, output norm and head.
    Device ofEnds() const {
        return ends_;
    }

private:
    std::vector<Device> layers_;
    Device ends_;
};

/// Replaces every device's partial sums by their total; parts[i] lies on streams[i]'s device. With one device the part
/// is the total. Errors: kUnsupported (more than one device).
Result<void> allReduce(std::span<Stream* const> streams, std::span<float* const> parts, std::size_t count);

} // namespace alcuin::inference
