#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include <alcuin/inference/runtime.h>

#include "backends/backend.h"
#include "backends/cpu/kernel_policy.h"
#include "formats/gguf.h"
#include "models/decoder_description.h"
#include "ops/matmul.h"
#include "weights/weight_store.h"

namespace alcuin::inference {

/// One block's weights, with the kernels that multiply by them.
struct LayerWeights {
    std::span<const float> attentionNorm; ///< [E]
    ops::Linear query;                    ///< [H D, E]
    ops::Linear key;                      ///< [Hkv D, E]
    ops::Linear value;                    ///< [Hkv Dv, E]
    std::span<const float> queryBias;     ///< [H D]; empty in architectures without
    std::span<const float> keyBias;       ///< [Hkv D]
    std::span<const float> valueBias;     ///< [Hkv Dv]
    ops::Linear attentionOutput;          ///< [E, H Dv]
    std::span<const float> feedForwardNorm;
    ops::Linear gate; ///< [F, E]
    ops::Linear up;   ///< [F, E]
    ops::Linear down; ///< [E, F]
};

/// All of a decoder's weights. Not movable once built: the parts refer to the store.
struct DecoderWeights {
    WeightStore store;
    const Weight* embedding = nullptr; ///< [V, E]
    std::vector<LayerWeights> layers;
    std::span<const float> outputNorm; ///< [E]
    ops::Linear head;                  ///< [V, E]; the embedding where the file has no output.weight
    std::vector<double> frequencies;   ///< of RoPE, [dimensions / 2]

    /// Whether any block's last product reads activations in f32.
    bool downReadsF32() const;

    struct Options {
        ComputeMode compute = ComputeMode::kFast;
        std::optional<std::uint64_t> availableBytes;
    };

    /// As load, but nothing is read: shapes, layouts and kernels without data; no frequencies.
    Result<void> describe(const GgufFile& file, const DecoderDescription& description, const Placement& placement,
                          const cpu::KernelPolicy& policy, ComputeMode compute);

    /// Errors: as WeightStore::load and Linear::resolve; kUnsupported if the file has tensors that this architecture
    /// doesn't know (their effect would be missing from every answer).
    Result<void> load(const GgufFile& file, const DecoderDescription& description, const Placement& placement,
                      const cpu::KernelPolicy& policy, const Options& options, ThreadPool& pool,
                      const std::function<void(const LoadProgress&)>& progress, std::stop_token cancel);

private:
    /// Takes the store's tensors apart; gives what the file says about frequencies.
    Result<std::span<const float>> bind(std::span<const WeightRequest> requests, const DecoderDescription& description,
                                        const cpu::KernelPolicy& policy, ComputeMode compute);
};

} // namespace alcuin::inference
