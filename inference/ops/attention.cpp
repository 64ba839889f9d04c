#include "ops/attention.h"

#include <algorithm>
#include <cmath>

#include "base/thread_pool.h"
#include "ops/rows.h"

namespace alcuin::inference::ops {

namespace {

using cpu::kAttentionSplit;

/// Fewer pieces of work than this leave workers idle at the end of a layer.
constexpr std::size_t kTilesPerThread = 4;

std::size_t mostRows(const cpu::AttentionKernel& kernel, std::size_t group) {
    return std::max<std::size_t>(1, kernel.vectorsTogether / group);
}

/// Multiply-adds of AVX2 in a tile: some milliseconds on two cores, so that a step can wait between any two tiles.
constexpr std::size_t kMostCost = std::size_t{1} << 28U;

/// Rows of a tile: as many as the kernel likes, fewer where that gives too few tiles, but not so few that keys and
/// values are read again and again; and no more than go over all keys in a few milliseconds. `rowCost`: multiply-adds
/// of a row and key.
std::size_t tileRows(const SequenceRows& sequence, const AttentionKernels& kernels, std::size_t kvHeads,
                     std::size_t group, std::size_t wantedTiles, std::size_t rowCost) {
    constexpr std::size_t kLeastVectors = 48;
    const std::size_t rows = sequence.rowEnd - sequence.rowBegin;
    std::size_t tileRows = mostRows(kernels.of(sequence.rowClass), group);
    while (tileRows * group >= 2 * kLeastVectors && (rows + tileRows - 1) / tileRows * kvHeads < wantedTiles) {
        tileRows = (tileRows + 1) / 2;
    }
    const std::size_t cost = (sequence.length + rows) * rowCost / kernels.of(sequence.rowClass).speed;
    while (tileRows > 1 && tileRows * cost > kMostCost) {
        tileRows = (tileRows + 1) / 2;
    }
    return tileRows;
}

std::size_t keysSeen(const AttentionPlan::Tile& tile) {
    return tile.firstVisible + tile.rows - 1;
}

} // namespace

AttentionPlan::AttentionPlan(std::span<const SequenceRows> sequences, const AttentionKernels& kernels,
                             std::size_t heads, std::size_t kvHeads, std::size_t group, std::size_t valueSize,
                             int threads) {
    const std::size_t wanted = kTilesPerThread * static_cast<std::size_t>(threads);
    for (const SequenceRows& sequence : sequences) {
        const std::size_t rows = tileRows(sequence, kernels, kvHeads, group, wanted, 2 * heads * valueSize);
        for (std::size_t row = sequence.rowBegin; row < sequence.rowEnd; row += rows) {
            Tile tile;
            tile.sequence = &sequence;
            tile.rowBegin = row;
            tile.rows = std::min(rows, sequence.rowEnd - row);
            tile.firstVisible = sequence.length + (row - sequence.rowBegin) + 1;
            tile.splits = (keysSeen(tile) + kAttentionSplit - 1) / kAttentionSplit;
            tiles_.push_back(tile);
        }
    }
    const bool inParts = tiles_.size() * kvHeads < wanted;
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
        Tile& tile = tiles_[i];
        tile.inParts = inParts && tile.splits > 1;
        if (!tile.inParts) {
            items_.push_back({i, 0, tile.splits});
            continue;
        }
        tile.partial = partialFloats_;
        partialFloats_ += tile.rows * heads * tile.splits * (valueSize + 2);
        for (std::size_t split = 0; split < tile.splits; ++split) {
            items_.push_back({i, split, split + 1});
        }
    }
}

std::size_t AttentionPlan::maxVectors(const AttentionKernels& kernels, std::size_t group) {
    return std::max(mostRows(*kernels.decode, group), mostRows(*kernels.prefill, group)) * group;
}

std::size_t AttentionPlan::cost(std::size_t item) const {
    const Item& work = items_[item];
    const Tile& tile = tiles_[work.tile];
    const std::size_t end = std::min(work.splitEnd * kAttentionSplit, keysSeen(tile));
    return 2 * tile.rows * (end - work.splitBegin * kAttentionSplit);
}

StepTraffic AttentionPlan::traffic(const Item& item, const AttentionGeometry& geometry) const {
    const Tile& tile = tiles_[item.tile];
    const std::size_t keys =
        std::min(item.splitEnd * kAttentionSplit, keysSeen(tile)) - item.splitBegin * kAttentionSplit;
    const std::size_t group = geometry.heads / geometry.kvHeads;
    const std::size_t bytes = (geometry.keyBytesPerHead() + geometry.valueBytesPerHead()) / kPageTokens;
    return {0, keys * bytes, tile.rows * keys * group * (geometry.headSize + geometry.valueSize)};
}

void attention(Stream& stream, const AttentionKernels& kernels, const AttentionPlan& plan,
               const AttentionGeometry& geometry, std::span<const float> q, std::span<float> out,
               std::span<float> partial, std::size_t itemBegin, std::size_t itemEnd) {
    const std::size_t group = geometry.heads / geometry.kvHeads;
    const std::size_t width = geometry.valueSize + 2;
    const std::size_t count = (itemEnd - itemBegin) * geometry.kvHeads;
    const std::size_t cost = itemBegin < itemEnd ? plan.cost(itemEnd - 1) * group * geometry.headSize : 0;
    stream.pool().parallelFor(count, chunkOf(count, cost, stream.pool().threads()),
                              [&](std::size_t begin, std::size_t end, int worker) noexcept {
                                  for (std::size_t i = begin; i < end; ++i) {
                                      const AttentionPlan::Item& item = plan.item(itemBegin + i / geometry.kvHeads);
                                      const AttentionPlan::Tile& tile = plan.tiles()[item.tile];
                                      const std::size_t kvHead = i % geometry.kvHeads;
                                      cpu::AttentionArgs args{};
                                      args.qStride = geometry.heads * geometry.headSize;
                                      args.q = q.data() + tile.rowBegin * args.qStride;
                                      args.rows = tile.rows;
                                      args.firstVisible = tile.firstVisible;
                                      args.firstHead = kvHead * group;
                                      args.groupHeads = group;
                                      args.headSize = geometry.headSize;
                                      args.valueSize = geometry.valueSize;
                                      args.scale = 1.0F / std::sqrt(static_cast<float>(geometry.headSize));
                                      args.pages = tile.sequence->pages;
                                      args.keyOffset = geometry.keyOffset + kvHead * geometry.keyBytesPerHead();
                                      args.valueOffset = geometry.valueOffset + kvHead * geometry.valueBytesPerHead();
                                      args.splitBegin = item.splitBegin;
                                      args.splitEnd = item.splitEnd;
                                      args.outStride = geometry.heads * geometry.valueSize;
                                      args.out = out.data() + tile.rowBegin * args.outStride;
                                      if (tile.inParts) {
                                          // [kvHead][row, head of the group][split][width]
                                          args.partialStride = tile.splits * width;
                                          args.partial = partial.data() + tile.partial +
                                                         kvHead * tile.rows * group * args.partialStride +
                                                         item.splitBegin * width;
                                      }
                                      args.scratch = reinterpret_cast<float*>(stream.scratch(worker));
                                      kernels.of(tile.sequence->rowClass).run(args);
                                      stream.count(worker, plan.traffic(item, geometry));
                                  }
                              });
}

void mergeAttention(Stream& stream, const AttentionKernels& kernels, const AttentionPlan& plan,
                    const AttentionGeometry& geometry, std::span<const float> partial, std::span<float> out) {
    const std::size_t group = geometry.heads / geometry.kvHeads;
    const std::size_t width = geometry.valueSize + 2;
    for (const AttentionPlan::Tile& tile : plan.tiles()) {
        if (!tile.inParts) {
            continue;
        }
        const std::size_t count = tile.rows * geometry.heads;
        const std::size_t chunk = chunkOf(count, tile.splits * width, stream.pool().threads());
        stream.pool().parallelFor(count, chunk, [&](std::size_t begin, std::size_t end, int worker) noexcept {
            for (std::size_t i = begin; i < end; ++i) {
                const std::size_t kvHead = i / (tile.rows * group);
                const std::size_t vector = i % (tile.rows * group);
                const std::size_t row = tile.rowBegin + vector / group;
                const std::size_t head = kvHead * group + vector % group;
                kernels.of(tile.sequence->rowClass)
                    .merge({partial.data() + tile.partial + i * tile.splits * width, tile.splits, width,
                            geometry.valueSize, out.data() + (row * geometry.heads + head) * geometry.valueSize,
                            reinterpret_cast<float*>(stream.scratch(worker))});
            }
        });
    }
}

} // namespace alcuin::inference::ops
