#pragma once

#include <span>

#include "ops/attention.h"
#include "ops/matmul.h"
#include "ops/row_ops.h"

/// Operations on each row by itself that follow each other, done in one pass while a row is in the caches: one round of
/// the pool instead of several. They are reentrant over different memory and can't fail: shapes are fixed when a model
/// is built, and asserted.
namespace alcuin::inference::ops {

/// RMS normalisation over the last dimension, after adding `delta` to the residual stream if it isn't empty; then the
/// formats that the products which read the result want:
///   x[r,e] += delta[r,e];   y[r,e] = x[r,e] * gamma[e] / sqrt(mean_e(x[r,e]^2) + eps)
/// Shapes: x, delta [R, E], gamma [E]; y as MatmulInput has it, y.x being `normed` [R, E], where rows that are wanted
/// as bf16 tiles alone aren't left.
/// Source: Zhang & Sennrich 2019, arXiv:1910.07467.
void normalise(Stream& stream, const cpu::RmsNormKernel& kernel, const InputKernels& input, std::span<float> x,
               std::span<const float> delta, std::span<const float> gamma, float epsilon, std::span<float> normed,
               const MatmulInput& y, std::span<const MatmulOutput> products, std::span<const RowSpan> rows);

/// Queries, keys and values of one layer and what is added to them.
struct QueryKeyValue {
    std::span<float> query;           ///< [R, H * D]
    std::span<float> key;             ///< [R, Hkv * D]
    std::span<float> value;           ///< [R, Hkv * Dv]
    std::span<const float> queryBias; ///< [H * D], or empty
    std::span<const float> keyBias;   ///< [Hkv * D], or empty
    std::span<const float> valueBias; ///< [Hkv * Dv], or empty
};

/// Adds the biases, turns the first 2P numbers of every head of queries and keys by the row's angles (rotary position
/// embedding), and writes keys and values into the sequences' pages.
/// Source: Su et al. 2021, arXiv:2104.09864.
void rotateAndStore(Stream& stream, const cpu::RopeKernel& rope, const cpu::KvStoreKernel& store,
                    const AttentionGeometry& geometry, std::span<const SequenceRows> sequences,
                    const QueryKeyValue& rows, const RopeAngles& angles, bool halfSplit);

} // namespace alcuin::inference::ops
