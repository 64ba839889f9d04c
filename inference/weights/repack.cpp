#include "weights/repack.h"

#include <cstring>

#include "backends/cpu/panels.h"
#include "tensor/quant_blocks.h"

namespace alcuin::inference {

namespace {

using cpu::kGroup;
using cpu::kPanelColumns;
static_assert(kGroup == kQuantBlock);

template <typename Block>
Block readBlock(const std::byte* rows, std::size_t index) {
    Block block;
    std::memcpy(&block, rows + index * sizeof(Block), sizeof(Block));
    return block;
}

void place(cpu::Q8Panel& panel, std::size_t column, const BlockQ8_0& block) {
    for (std::size_t k = 0; k < kGroup; ++k) {
        panel.values[k / 4][column][k % 4] = block.quants[k];
    }
    panel.scale[column] = block.scale;
}

/// The file keeps number i beside number i + 16; a panel keeps k beside k + 4.
template <typename Panel, typename Block>
void placeNibbles(Panel& panel, std::size_t column, const Block& block) {
    const auto numberAt = [&block](std::size_t k) { return k < 16 ? block.quants[k] & 15 : block.quants[k - 16] >> 4; };
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t b = 0; b < 4; ++b) {
            const std::size_t k = 8 * i + b;
            panel.nibbles[i][column][b] = static_cast<std::uint8_t>(numberAt(k) | numberAt(k + 4) << 4);
        }
    }
    panel.scale[column] = block.scale;
}

void place(cpu::Q4Panel& panel, std::size_t column, const BlockQ4_0& block) {
    placeNibbles(panel, column, block);
}

void place(cpu::Q4MinPanel& panel, std::size_t column, const BlockQ4_1& block) {
    placeNibbles(panel, column, block);
    panel.minimum[column] = block.minimum;
}

template <typename Panel, typename Block>
void repackBlocks(const std::byte* rows, std::size_t outputs, std::size_t depth, std::byte* panels) {
    const std::size_t groups = depth / kGroup;
    auto* out = reinterpret_cast<Panel*>(panels);
    for (std::size_t n = 0; n < outputs; ++n) {
        for (std::size_t g = 0; g < groups; ++g) {
            place(out[n / kPanelColumns * groups + g], n % kPanelColumns, readBlock<Block>(rows, n * groups + g));
        }
    }
}

template <std::size_t kBytes>
void repackNumbers(const std::byte* rows, std::size_t outputs, std::size_t depth, std::byte* panels) {
    for (std::size_t n = 0; n < outputs; ++n) {
        for (std::size_t k = 0; k < depth; ++k) {
            const std::size_t index = (n / kPanelColumns * depth + k) * kPanelColumns + n % kPanelColumns;
            std::memcpy(panels + index * kBytes, rows + (n * depth + k) * kBytes, kBytes);
        }
    }
}

} // namespace

void repack(WeightLayout layout, const std::byte* rows, std::size_t outputs, std::size_t depth,
            std::byte* panels) noexcept {
    switch (layout) {
    case WeightLayout::kPanelF32:
        return repackNumbers<4>(rows, outputs, depth, panels);
    case WeightLayout::kPanelF16:
    case WeightLayout::kPanelBF16:
        return repackNumbers<2>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ8:
        return repackBlocks<cpu::Q8Panel, BlockQ8_0>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ4:
        return repackBlocks<cpu::Q4Panel, BlockQ4_0>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ4Min:
        return repackBlocks<cpu::Q4MinPanel, BlockQ4_1>(rows, outputs, depth, panels);
    }
}

} // namespace alcuin::inference
