#pragma once

#include <cstddef>
#include <cstdint>

#include <alcuin/inference/error.h>
#include <alcuin/inference/runtime.h>

#include "backends/cpu/kernel_policy.h"
#include "formats/gguf.h"
#include "models/decoder_description.h"
#include "models/model.h"

namespace alcuin::inference {

/// What a model is to be used for.
struct MemoryRequest {
    ComputeMode compute = ComputeMode::kFast;
    std::size_t contextLength = 0; ///< tokens of every sequence; 0: the model's own
    std::size_t sequences = 1;     ///< at a time
    std::size_t maxRows = 512;     ///< of a step in the prompts' lane
    int threads = 1;
    KvType kv = KvType::kDefault;
};

/// Physical memory that a model takes in use, every sequence having filled its context, in bytes.
struct MemoryPlan {
    std::size_t contextLength = 0; ///< of each sequence
    std::uint64_t weights = 0;
    std::uint64_t state = 0;     ///< keys and values
    std::uint64_t workspace = 0; ///< activations of a step in each lane, logits
    std::uint64_t scratch = 0;   ///< of the workers
    std::uint64_t fixed = 0;     ///< vocabulary, metadata, threads
    std::uint64_t total() const {
        return weights + state + workspace + scratch + fixed;
    }
};

/// Reckons it from a file's header alone: nothing large is taken, no weight is read.
/// Errors: as loadModel, but for kOutOfMemory, kIo and kCancelled; kInvalidArgument (a context longer than the model
/// was trained for, no sequence).
Result<MemoryPlan> planMemory(const GgufFile& file, const MemoryRequest& request);

/// What a load may use: the length of contexts, and pages of state for all sequences together.
struct StateRoom {
    std::size_t contextLength = 0;
    std::size_t pages = 0;
};

/// Settles it before anything is allocated: the context asked for, or as much of the model's own as fits.
/// Errors: as planMemory; kOutOfMemory (needed and available figures).
Result<StateRoom> planState(const GgufFile& file, const DecoderDescription& description, const ModelOptions& options,
                            const cpu::KernelPolicy& policy, int threads, std::uint64_t available);

} // namespace alcuin::inference
