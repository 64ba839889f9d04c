#include "weights/repack.h"

#include <algorithm>
#include <cstring>

#include "weights/repack_blocks.h"

namespace alcuin::inference {

namespace {

using cpu::kPanelColumns;

/// Panel by panel, and along the depth within one: 16 rows are read and one panel is written, each in order.
template <typename Panel, typename Block>
void repackBlocks(const std::byte* rows, std::size_t outputs, std::size_t depth, std::byte* panels) {
    const std::size_t perRow = depth / Block::kElements;
    // Read where they lie: a copy on the stack would be read in other pieces than it was written in, and wait for that.
    const auto* from = reinterpret_cast<const Block*>(rows);
    auto* out = reinterpret_cast<Panel*>(panels);
    for (std::size_t first = 0; first < outputs; first += kPanelColumns) {
        const std::size_t columns = std::min(kPanelColumns, outputs - first);
        for (std::size_t b = 0; b < perRow; ++b, ++out) {
            for (std::size_t c = 0; c < columns; ++c) {
                blocks::place(*out, c, from[(first + c) * perRow + b]);
            }
        }
    }
}

template <typename Number>
void repackNumbers(const std::byte* rows, std::size_t outputs, std::size_t depth, std::byte* panels) {
    for (std::size_t first = 0; first < outputs; first += kPanelColumns) {
        const std::size_t columns = std::min(kPanelColumns, outputs - first);
        const std::byte* from = rows + first * depth * sizeof(Number);
        for (std::size_t k = 0; k < depth; ++k, panels += kPanelColumns * sizeof(Number)) {
            Number line[kPanelColumns] = {};
            for (std::size_t c = 0; c < columns; ++c) {
                std::memcpy(&line[c], from + (c * depth + k) * sizeof(Number), sizeof(Number));
            }
            std::memcpy(panels, line, sizeof line);
        }
    }
}

} // namespace

void repack(WeightLayout layout, const std::byte* rows, std::size_t outputs, std::size_t depth,
            std::byte* panels) noexcept {
    switch (layout) {
    case WeightLayout::kPanelF32:
        return repackNumbers<std::uint32_t>(rows, outputs, depth, panels);
    case WeightLayout::kPanelF16:
    case WeightLayout::kPanelBF16:
        return repackNumbers<std::uint16_t>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ8:
        return repackBlocks<cpu::Q8Panel, BlockQ8_0>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ4:
        return repackBlocks<cpu::Q4Panel, BlockQ4_0>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ4Min:
        return repackBlocks<cpu::Q4MinPanel, BlockQ4_1>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ5:
        return repackBlocks<cpu::Q5Panel, BlockQ5_0>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ4K:
        return repackBlocks<cpu::Q4KPanel, BlockQ4_K>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ5K:
        return repackBlocks<cpu::Q5KPanel, BlockQ5_K>(rows, outputs, depth, panels);
    case WeightLayout::kPanelQ6K:
        return repackBlocks<cpu::Q6KPanel, BlockQ6_K>(rows, outputs, depth, panels);
    }
}

} // namespace alcuin::inference
