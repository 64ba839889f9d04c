#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <alcuin/inference/error.h>
#include <alcuin/inference/runtime.h>

#include "backends/backend.h"
#include "formats/gguf.h"
#include "tensor/weight_layout.h"

namespace alcuin::inference {

class ThreadPool;

/// A matrix of weights, y = W x: `outputs` x `depth`, as kernels read it.
struct Weight {
    WeightLayout layout = WeightLayout::kPanelF32;
    std::size_t outputs = 0;
    std::size_t depth = 0;
    Device device;
    const std::byte* data = nullptr;
    std::size_t bytes = 0;
};

/// A tensor that a model needs and the shape it must have; a vector has depth 0 and is kept as f32.
struct WeightRequest {
    std::string name;
    std::size_t outputs = 0;
    std::size_t depth = 0;
    Device device;
};

/// A model's weights in memory: read once, laid out for kernels, const afterwards.
/// Threads: const functions from any.
class WeightStore {
public:
    struct Options {
        std::optional<std::uint64_t> availableBytes; ///< nothing: what the system has
    };

    /// Checks every request against the file and says how the tensors would lie; nothing is read or taken, and there is
    /// no data behind the weights. Errors: as load, but for kOutOfMemory, kIo and kCancelled.
    static Result<WeightStore> describe(const GgufFile& file, std::span<const WeightRequest> requests);

    /// Checks every request against the file and all sizes against free memory, then reads and repacks in parallel.
    /// Errors: kCorrupt (a tensor is missing or has another shape), kUnsupported (its type can't have this role),
    /// kOutOfMemory (needed and available figures), kIo, kCancelled.
    static Result<WeightStore> load(const GgufFile& file, std::span<const WeightRequest> requests,
                                    const Options& options, ThreadPool& pool,
                                    const std::function<void(const LoadProgress&)>& progress,
                                    const std::stop_token& cancel);

    /// The matrix that the request of this index asked for.
    const Weight& matrix(std::size_t request) const {
        return weights_[request];
    }

    /// The vector that the request of this index asked for.
    std::span<const float> vector(std::size_t request) const {
        const Weight& weight = weights_[request];
        return {reinterpret_cast<const float*>(weight.data), weight.outputs};
    }

    std::size_t bytes() const {
        return bytes_;
    }

    /// Of the tensors' bytes in the file and the metadata that results follow from (see weight_identity.h): the same
    /// for every load of a file and of its copies. 0 where nothing was read.
    std::uint64_t identity() const {
        return identity_;
    }

private:
    std::vector<Weight> weights_;
    std::size_t bytes_ = 0;
    std::uint64_t identity_ = 0;
    Buffer memory_; ///< of all tensors: one block, so that it lies in huge pages
};

} // namespace alcuin::inference
