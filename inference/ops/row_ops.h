#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <alcuin/inference/error.h>

#include "backends/backend.h"
#include "backends/cpu/kernel_table.h"
#include "ops/rows.h"
#include "weights/weight_store.h"

/// What is done once for the rows of a step. Both are reentrant over different memory and can't fail: shapes are fixed
/// when a model is built, and asserted.
namespace alcuin::inference::ops {

/// Angles of a step's rows: cosine, sine [R, P].
struct RopeAngles {
    std::span<float> cosine;
    std::span<float> sine;
    std::size_t pairs = 0;
};

/// cosine[r,i] = cos(position[r] * frequency[i]) and so on, computed in double.
void ropeAngles(Stream& stream, std::span<const std::int32_t> positions, std::span<const double> frequencies,
                const RopeAngles& out);

/// y[r] = row tokens[r] of the matrix. Shapes: y [R, E]. Tokens are below the matrix's outputs.
void embedding(Stream& stream, const cpu::EmbeddingKernel& kernel, const Weight& weight,
               std::span<const std::int32_t> tokens, std::span<float> y);

} // namespace alcuin::inference::ops
