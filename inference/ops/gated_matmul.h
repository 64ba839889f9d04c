#pragma once

#include <cstddef>
#include <span>

#include <alcuin/inference/error.h>

#include "ops/matmul.h"

namespace alcuin::inference::ops {

/// The two products of a gated feed-forward part: silu(x Wgate) * (x Wup). Both [F, K].
struct GatedProducts {
    const Linear* gate = nullptr;
    const Linear* up = nullptr;
};

/// Where the activated rows [R, F] go: in the formats that `next` wants for their class. None of it is the input's.
struct GatedResult {
    const cpu::SwigluKernel* swiglu = nullptr;
    InputKernels input;
    float* x = nullptr; ///< [R, F]; may be null where no class of rows is wanted in f32
    MatmulInput rows;   ///< room for the other formats
    std::span<const MatmulOutput> next;
};

/// Scratch memory of a worker for gatedMatmul: that of products, and a block of both products' results.
std::size_t gatedScratchBytes();

/// What gatedMatmul reads first. `both` are gate and up.
Upcoming upcomingGated(std::span<const MatmulOutput> both, std::span<const RowSpan> rows, int threads);

/// Panels [panelBegin, panelEnd) of both matrices: the worker that has a block of gate and up activates it and brings
/// it into the formats of the next product, before it leaves the core's caches. panelBegin is even, panelEnd too unless
/// it is the last.
/// silu(z) = z / (1 + exp(-z)). Numerics: as matmul; where the work is cut changes no bit. Errors: as matmul.
/// Source: Shazeer 2020, arXiv:2002.05202.
Result<void> gatedMatmul(Stream& stream, const MatmulInput& input, const GatedProducts& products,
                         const GatedResult& result, std::span<const RowSpan> rows, std::size_t panelBegin,
                         std::size_t panelEnd, const Upcoming& upcoming = {});

} // namespace alcuin::inference::ops
