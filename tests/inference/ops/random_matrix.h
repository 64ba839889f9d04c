#pragma once

#include <memory>
#include <stdexcept>
#include <vector>

#include "backends/cpu/kernel_policy.h"
#include "base/aligned_buffer.h"
#include "ops/matmul.h"
#include "support/numbers.h"
#include "weights/repack.h"

namespace alcuin::tests {

/// A matrix of f32 with the kernels that multiply by it.
struct RandomMatrix {
    std::vector<float> exact; ///< [N, K]
    inference::AlignedBuffer panels;
    inference::Weight weight;
    inference::ops::Linear linear;

    RandomMatrix(std::size_t outputs, std::size_t depth, unsigned seed)
        : exact(randomNumbers(outputs * depth, seed, 0.2F)) {
        using namespace inference;
        const std::size_t bytes = *layoutBytes(WeightLayout::kPanelF32, outputs, depth);
        panels = std::move(*AlignedBuffer::allocate(bytes));
        repack(WeightLayout::kPanelF32, reinterpret_cast<const std::byte*>(exact.data()), outputs, depth,
               panels.data());
        weight = {WeightLayout::kPanelF32, outputs, depth, {}, panels.data(), bytes};
        auto resolved = ops::Linear::resolve(weight, ComputeMode::kF32, *cpu::KernelPolicy::fromEnvironment(), "test");
        if (!resolved) {
            throw std::runtime_error(resolved.error().message);
        }
        linear = *resolved;
    }
    RandomMatrix(const RandomMatrix&) = delete;
    RandomMatrix& operator=(const RandomMatrix&) = delete;

    double product(const float* row, std::size_t n) const {
        double sum = 0;
        for (std::size_t k = 0; k < weight.depth; ++k) {
            sum += static_cast<double>(row[k]) * static_cast<double>(exact[n * weight.depth + k]);
        }
        return sum;
    }
};

} // namespace alcuin::tests
