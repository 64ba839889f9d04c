#include "ops/row_ops.h"

#include <cassert>
#include <cmath>

#include "base/thread_pool.h"
#include "ops/rows.h"

namespace alcuin::inference::ops {

void ropeAngles(Stream& stream, std::span<const std::int32_t> positions, std::span<const double> frequencies,
                const RopeAngles& out) {
    assert(out.pairs == frequencies.size() && out.cosine.size() == positions.size() * out.pairs);
    constexpr std::size_t kCost = 100; // a sine and a cosine, in multiply-adds
    const std::size_t chunk = chunkOf(positions.size(), out.pairs * kCost, stream.pool().threads());
    stream.pool().parallelFor(positions.size(), chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        for (std::size_t r = begin; r < end; ++r) {
            for (std::size_t i = 0; i < out.pairs; ++i) {
                const double angle = positions[r] * frequencies[i];
                out.cosine[r * out.pairs + i] = static_cast<float>(std::cos(angle));
                out.sine[r * out.pairs + i] = static_cast<float>(std::sin(angle));
            }
        }
    });
}

void embedding(Stream& stream, const cpu::EmbeddingKernel& kernel, const Weight& weight,
               std::span<const std::int32_t> tokens, std::span<float> y) {
    assert(y.size() == tokens.size() * weight.depth);
    cpu::EmbeddingArgs args{};
    args.weights = weight.data;
    args.depth = weight.depth;
    args.tokens = tokens.data();
    args.y = y.data();
    const std::size_t chunk = chunkOf(tokens.size(), 4 * weight.depth, stream.pool().threads());
    stream.pool().parallelFor(tokens.size(), chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        cpu::EmbeddingArgs mine = args;
        mine.rowBegin = begin;
        mine.rowEnd = end;
        kernel.run(mine);
    });
}

} // namespace alcuin::inference::ops
