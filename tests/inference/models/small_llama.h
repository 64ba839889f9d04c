#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "formats/gguf.h"
#include "formats/gguf_writer.h"
#include "models/model.h"

namespace alcuin::tests {

/// A llama with random weights, small enough for a double-precision reference, scaled so that every block changes the
/// residual stream by O(1) and attention is far from uniform.
struct SmallLlama {
    std::size_t embedding = 64;
    std::size_t vocabulary = 70;
    std::size_t context = 2048;
    std::size_t headSize = 32;
    std::vector<std::size_t> heads{4, 4, 6};
    std::vector<std::size_t> kvHeads{2, 1, 3};
    std::vector<std::size_t> feedForward{96, 160, 64};
    double ropeBase = 500;
    std::size_t ropeDimensions = 32;
    double ropeStretch = 1;
    bool frequencyFactors = true;
    bool ownHead = true;
    inference::DType matrices = inference::DType::kF32;
    std::vector<inference::DType> mixture; ///< where there is one: the matrices' types, again and again

    /// As the file stores them, widened: [outputs, depth] by tensor name.
    std::map<std::string, std::vector<float>> tensors;

    /// Fills a writer with the whole model; fills `tensors` too.
    inference::GgufWriter write();
};

/// What the forward pass may leave out, for showing that each part matters.
struct Without {
    bool rope = false;
    bool frequencyFactors = false;
    bool causality = false;
    bool grouping = false; ///< query head h reads KV head h % Hkv instead of h / (H / Hkv)
    bool norms = false;
    bool gate = false;
    bool scaling = false;
};

/// The residual stream after each block, and the logits, in double, by the plainest program that computes them.
struct ReferenceRun {
    std::vector<std::vector<double>> hidden; ///< per block [T, E]
    std::vector<double> logits;              ///< [T, V]
};
ReferenceRun runReference(const SmallLlama& model, const std::vector<std::int32_t>& tokens, const Without& without);

} // namespace alcuin::tests
