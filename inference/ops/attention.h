#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "backends/backend.h"
#include "backends/cpu/kernel_table.h"

namespace alcuin::inference::ops {

/// Heads of one layer and where their keys and values lie in a page.
struct AttentionGeometry {
    std::size_t heads = 0;   ///< H
    std::size_t kvHeads = 0; ///< Hkv; H / Hkv query heads share one
    std::size_t headSize = 0;
    std::size_t valueSize = 0;
    std::size_t keyOffset = 0; ///< bytes from the start of a page
    std::size_t valueOffset = 0;
    KvFormat format = KvFormat::kF32;

    std::size_t keyBytesPerHead() const {
        return pageBytesOf(format, headSize);
    }
    std::size_t valueBytesPerHead() const {
        return pageBytesOf(format, valueSize);
    }
    /// Of keys and values in a page.
    std::size_t bytes() const {
        return kvHeads * (keyBytesPerHead() + valueBytesPerHead());
    }
};

/// A sequence's rows in a step.
struct SequenceRows {
    unsigned char* const* pages = nullptr; ///< block table, long enough for all its tokens and these rows
    std::size_t length = 0;                ///< tokens before the step
    std::size_t rowBegin = 0;
    std::size_t rowEnd = 0;
    RowClass rowClass = RowClass::kDecode; ///< of all of them
};

/// One kernel for each class of rows.
struct AttentionKernels {
    const cpu::AttentionKernel* decode = nullptr;
    const cpu::AttentionKernel* prefill = nullptr;

    const cpu::AttentionKernel& of(RowClass rowClass) const {
        return rowClass == RowClass::kDecode ? *decode : *prefill;
    }
};

/// How a step's attention is cut into pieces of work: tiles of rows, and where there are too few of them to occupy the
/// workers, parts of the keys too. Parts are fixed blocks of 512 keys merged in order either way, so the cut changes
/// no bit.
class AttentionPlan {
public:
    struct Tile {
        const SequenceRows* sequence = nullptr;
        std::size_t rowBegin = 0; ///< in the step
        std::size_t rows = 0;
        std::size_t firstVisible = 0; ///< keys that the first row sees
        std::size_t splits = 0;
        std::size_t partial = 0; ///< start of its partial results
        bool inParts = false;
    };
    struct Item {
        std::size_t tile = 0;
        std::size_t splitBegin = 0;
        std::size_t splitEnd = 0;
    };

    /// `heads` and `group`: the most query heads of any layer, and the most that share a KV head; `kvHeads` the fewest.
    AttentionPlan(std::span<const SequenceRows> sequences, const AttentionKernels& kernels, std::size_t heads,
                  std::size_t kvHeads, std::size_t group, std::size_t valueSize, int threads);

    /// Query vectors in the largest tile.
    static std::size_t maxVectors(const AttentionKernels& kernels, std::size_t group);

    /// Floats of partial results.
    std::size_t partialFloats() const {
        return partialFloats_;
    }
    std::size_t items() const {
        return items_.size();
    }
    /// Multiply-adds of an item per query head and dimension.
    std::size_t cost(std::size_t item) const;
    /// What a kernel is handed for an item of one KV head. Rows of a prompt see fewer keys than the last of their tile;
    /// they count alike.
    StepTraffic traffic(const Item& item, const AttentionGeometry& geometry) const;
    bool hasParts() const {
        return partialFloats_ > 0;
    }

    std::span<const Tile> tiles() const {
        return tiles_;
    }
    const Item& item(std::size_t index) const {
        return items_[index];
    }

private:
    std::vector<Tile> tiles_;
    std::vector<Item> items_;
    std::size_t partialFloats_ = 0;
};

/// Causal scaled dot product attention over the pages: out[r,h] = softmax(q[r,h] K^T / sqrt(D)) V, row r seeing the
/// keys up to its own. Items [itemBegin, itemEnd) of the plan.
/// Shapes: q [R, H * D]; out [R, H * Dv]; partial [plan.partialFloats()].
void attention(Stream& stream, const AttentionKernels& kernels, const AttentionPlan& plan,
               const AttentionGeometry& geometry, std::span<const float> q, std::span<float> out,
               std::span<float> partial, std::size_t itemBegin, std::size_t itemEnd);

/// Merges the parts of the tiles that were cut, after all items have run.
void mergeAttention(Stream& stream, const AttentionKernels& kernels, const AttentionPlan& plan,
                    const AttentionGeometry& geometry, std::span<const float> partial, std::span<float> out);

} // namespace alcuin::inference::ops
