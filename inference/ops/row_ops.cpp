#include "ops/row_ops.h"

#include <cassert>
#include <cmath>

#include "base/thread_pool.h"
#include "ops/rows.h"

namespace alcuin::inference::ops {

namespace {

/// Runs a kernel over rows in parallel; `cost` is what a row takes, in multiply-adds.
template <typename Kernel, typename Args>
void overRows(Stream& stream, const Kernel& kernel, const Args& args, const RowSpan& rows, std::size_t cost) {
    const std::size_t count = rows.end - rows.begin;
    const std::size_t chunk = chunkOf(count, cost, stream.pool().threads());
    stream.pool().parallelFor(count, chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        Args mine = args;
        mine.rowBegin = rows.begin + begin;
        mine.rowEnd = rows.begin + end;
        kernel.run(mine);
    });
}

template <typename Kernel, typename Args>
void overRows(Stream& stream, const Kernel& kernel, const Args& args, std::size_t rows, std::size_t cost) {
    overRows(stream, kernel, args, RowSpan{0, rows}, cost);
}

} // namespace

void quantise(Stream& stream, const cpu::QuantiseKernel& kernel, const float* x, std::size_t depth, const RowSpan& rows,
              const cpu::QuantisedRows& out) {
    assert(depth % cpu::kGroup == 0);
    cpu::QuantiseArgs args{};
    args.x = x;
    args.out = out;
    args.depth = depth;
    overRows(stream, kernel, args, rows, depth);
}

void pack(Stream& stream, const cpu::PackKernel& kernel, const float* x, std::size_t depth, const RowSpan& rows,
          std::uint16_t* tiles) {
    assert(depth % cpu::kGroup == 0);
    cpu::PackArgs args{};
    args.x = x;
    args.tiles = tiles;
    args.depth = depth;
    overRows(stream, kernel, args, rows, depth);
}

void rmsNorm(Stream& stream, const cpu::RmsNormKernel& kernel, std::span<float> x, std::span<const float> delta,
             std::span<const float> gamma, float epsilon, std::span<float> y) {
    assert(x.size() % gamma.size() == 0 && y.size() == x.size() && (delta.empty() || delta.size() == x.size()));
    cpu::RmsNormArgs args{};
    args.residual = x.data();
    args.delta = delta.empty() ? nullptr : delta.data();
    args.gamma = gamma.data();
    args.y = y.data();
    args.width = gamma.size();
    args.epsilon = epsilon;
    overRows(stream, kernel, args, x.size() / gamma.size(), 2 * gamma.size());
}

void addBias(Stream& stream, std::span<float> x, std::span<const float> bias) {
    assert(x.size() % bias.size() == 0);
    const std::size_t rows = x.size() / bias.size();
    const std::size_t chunk = chunkOf(rows, bias.size(), stream.pool().threads());
    stream.pool().parallelFor(rows, chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        for (std::size_t r = begin; r < end; ++r) {
            float* row = x.data() + r * bias.size();
            for (std::size_t n = 0; n < bias.size(); ++n) {
                row[n] += bias[n];
            }
        }
    });
}

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

void rope(Stream& stream, const cpu::RopeKernel& kernel, std::span<float> x, std::size_t rows, std::size_t heads,
          std::size_t headSize, const RopeAngles& angles, bool halfSplit) {
    assert(x.size() == rows * heads * headSize && 2 * angles.pairs <= headSize);
    cpu::RopeArgs args{};
    args.x = x.data();
    args.stride = heads * headSize;
    args.heads = heads;
    args.headSize = headSize;
    args.pairs = angles.pairs;
    args.cosine = angles.cosine.data();
    args.sine = angles.sine.data();
    args.halfSplit = halfSplit;
    overRows(stream, kernel, args, rows, heads * headSize);
}

void swiglu(Stream& stream, const cpu::SwigluKernel& kernel, std::span<float> gate, std::span<const float> up) {
    assert(gate.size() == up.size());
    constexpr std::size_t kCost = 8; // an exponential and a division, in multiply-adds
    constexpr std::size_t kPiece = 64;
    const std::size_t pieces = (gate.size() + kPiece - 1) / kPiece;
    const std::size_t chunk = chunkOf(pieces, kPiece * kCost, stream.pool().threads());
    stream.pool().parallelFor(pieces, chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        kernel.run({gate.data(), up.data(), begin * kPiece, std::min(end * kPiece, gate.size())});
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
    overRows(stream, kernel, args, tokens.size(), 4 * weight.depth);
}

} // namespace alcuin::inference::ops
