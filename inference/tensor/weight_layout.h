#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tensor/dtype.h"

namespace alcuin::inference {

/// How a matrix of weights lies in memory, chosen per tensor at load; every kernel reads exactly one of them.
/// All are panels: 16 outputs (the rows of the file's matrix) side by side, contiguous along the depth, so that one
/// pass over a panel serves any number of activation rows. The last panel is filled up with zeros.
///   kPanelF32, kPanelF16, kPanelBF16   [panel][depth][16]
///   kPanelQ8, kPanelQ4, kPanelQ4Min, kPanelQ5   [panel][depth / 32] of the structs in backends/cpu/panels.h
///   kPanelQ4K, kPanelQ5K, kPanelQ6K             [panel][depth / 256] of them
enum class WeightLayout : std::uint8_t {
    kPanelF32,
    kPanelF16,
    kPanelBF16,
    kPanelQ8,
    kPanelQ4,
    kPanelQ4Min,
    kPanelQ5,
    kPanelQ4K,
    kPanelQ5K,
    kPanelQ6K
};

inline constexpr std::size_t kWeightLayouts = 10;

struct WeightLayoutInfo {
    WeightLayout layout;
    std::string_view name;    ///< "q4 panel16"
    DType source;             ///< the file's dtype it is made from
    std::size_t depthStep;    ///< the depth is a multiple of it
    std::size_t bytesPerStep; ///< of one panel, per depthStep
};

const WeightLayoutInfo& infoOf(WeightLayout layout);

/// The layout for a matrix stored as `dtype`; nothing if there is none, and so no kernel.
std::optional<WeightLayout> layoutFor(DType dtype);

/// Bytes of a matrix of `outputs` x `depth` in this layout; nothing if they don't fit 63 bits.
std::optional<std::uint64_t> layoutBytes(WeightLayout layout, std::uint64_t outputs, std::uint64_t depth);

/// True where products may be computed from activations in int8.
constexpr bool isQuantised(WeightLayout layout) {
    return layout >= WeightLayout::kPanelQ8;
}

} // namespace alcuin::inference
