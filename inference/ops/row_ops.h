#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <alcuin/inference/error.h>

#include "backends/backend.h"
#include "backends/cpu/kernel_table.h"
#include "ops/rows.h"
#include "weights/weight_store.h"

/// Operations on each row by itself. All are reentrant over different memory and can't fail: shapes are fixed when a
/// model is built, and asserted.
namespace alcuin::inference::ops {

/// q = round(x / scale), scale = max |x| / 127 in groups of 32 numbers, of the rows of a span.
/// Shapes: x [R, K], K a multiple of 32.
void quantise(Stream& stream, const cpu::QuantiseKernel& kernel, const float* x, std::size_t depth, const RowSpan& rows,
              const cpu::QuantisedRows& out);

/// The rows of a span in bf16, as tiles [R / 16][K / 32][16][32]. Shapes: x [R, K], K a multiple of 32.
void pack(Stream& stream, const cpu::PackKernel& kernel, const float* x, std::size_t depth, const RowSpan& rows,
          std::uint16_t* tiles);

/// RMS normalisation over the last dimension, after adding `delta` to the residual stream if it isn't empty:
///   x[r,e] += delta[r,e];   y[r,e] = x[r,e] * gamma[e] / sqrt(mean_e(x[r,e]^2) + eps)
/// Shapes:  x, delta, y [R, E]; gamma [E].    Alias: none.
/// Source:  Zhang & Sennrich 2019, arXiv:1910.07467.
void rmsNorm(Stream& stream, const cpu::RmsNormKernel& kernel, std::span<float> x, std::span<const float> delta,
             std::span<const float> gamma, float epsilon, std::span<float> y);

/// x[r,n] += bias[n]. Shapes: x [R, N]; bias [N].
void addBias(Stream& stream, std::span<float> x, std::span<const float> bias);

/// Angles of a step's rows: cosine, sine [R, P].
struct RopeAngles {
    std::span<float> cosine;
    std::span<float> sine;
    std::size_t pairs = 0;
};

/// cosine[r,i] = cos(position[r] * frequency[i]) and so on, computed in double.
void ropeAngles(Stream& stream, std::span<const std::int32_t> positions, std::span<const double> frequencies,
                const RopeAngles& out);

/// Rotary position embedding of the first 2P numbers of every head. Shapes: x [R, H * D], in place.
/// Source: Su et al. 2021, arXiv:2104.09864.
void rope(Stream& stream, const cpu::RopeKernel& kernel, std::span<float> x, std::size_t rows, std::size_t heads,
          std::size_t headSize, const RopeAngles& angles, bool halfSplit);

/// gate = silu(gate) * up. Shapes: both [R, F]. Source: Shazeer 2020, arXiv:2002.05202.
void swiglu(Stream& stream, const cpu::SwigluKernel& kernel, std::span<float> gate, std::span<const float> up);

/// y[r] = row tokens[r] of the matrix. Shapes: y [R, E]. Tokens are below the matrix's outputs.
void embedding(Stream& stream, const cpu::EmbeddingKernel& kernel, const Weight& weight,
               std::span<const std::int32_t> tokens, std::span<float> y);

} // namespace alcuin::inference::ops
