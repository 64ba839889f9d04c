#include "tensor/weight_layout.h"

#include <array>

#include "backends/cpu/panels.h"
#include "base/checked.h"

namespace alcuin::inference {

namespace {

using cpu::kGroup;
using cpu::kPanelColumns;
using cpu::kSuperGroup;

// Ordered as WeightLayout.
constexpr std::array<WeightLayoutInfo, kWeightLayouts> kInfos{{
    {WeightLayout::kPanelF32, "f32 panel16", DType::kF32, 1, kPanelColumns * 4},
    {WeightLayout::kPanelF16, "f16 panel16", DType::kF16, 1, kPanelColumns * 2},
    {WeightLayout::kPanelBF16, "bf16 panel16", DType::kBF16, 1, kPanelColumns * 2},
    {WeightLayout::kPanelQ8, "q8 panel16", DType::kQ8_0, kGroup, sizeof(cpu::Q8Panel)},
    {WeightLayout::kPanelQ4, "q4 panel16", DType::kQ4_0, kGroup, sizeof(cpu::Q4Panel)},
    {WeightLayout::kPanelQ4Min, "q4min panel16", DType::kQ4_1, kGroup, sizeof(cpu::Q4MinPanel)},
    {WeightLayout::kPanelQ5, "q5 panel16", DType::kQ5_0, kGroup, sizeof(cpu::Q5Panel)},
    {WeightLayout::kPanelQ4K, "q4k panel16", DType::kQ4_K, kSuperGroup, sizeof(cpu::Q4KPanel)},
    {WeightLayout::kPanelQ5K, "q5k panel16", DType::kQ5_K, kSuperGroup, sizeof(cpu::Q5KPanel)},
    {WeightLayout::kPanelQ6K, "q6k panel16", DType::kQ6_K, kSuperGroup, sizeof(cpu::Q6KPanel)},
}};

} // namespace

const WeightLayoutInfo& infoOf(WeightLayout layout) {
    return kInfos.at(static_cast<std::size_t>(layout));
}

std::optional<WeightLayout> layoutFor(DType dtype) {
    for (const WeightLayoutInfo& info : kInfos) {
        if (info.source == dtype) {
            return info.layout;
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> layoutBytes(WeightLayout layout, std::uint64_t outputs, std::uint64_t depth) {
    const WeightLayoutInfo& info = infoOf(layout);
    const std::uint64_t panels = outputs / kPanelColumns + (outputs % kPanelColumns != 0 ? 1 : 0);
    const std::uint64_t steps = depth / info.depthStep;
    const auto blocks = checkedMultiply(panels, steps);
    const auto bytes = blocks ? checkedMultiply(*blocks, info.bytesPerStep) : std::nullopt;
    return bytes && *bytes >> 63U == 0 ? bytes : std::nullopt;
}

} // namespace alcuin::inference
