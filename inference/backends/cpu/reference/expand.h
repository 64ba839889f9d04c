#pragma once

#include <cstddef>
#include <cstdint>

#include "backends/cpu/panels.h"
#include "tensor/half.h"

namespace alcuin::inference::cpu::reference {

/// 16 outputs' numbers at one depth of a panel, widened to f32: what the file says, rounded at most once.
/// `panel` is the start of the panel, `column` 0..15.
struct ExpandF32 {
    static float at(const void* panel, std::size_t depth, std::size_t column) {
        return static_cast<const float*>(panel)[depth * kPanelColumns + column];
    }
};

struct ExpandF16 {
    static float at(const void* panel, std::size_t depth, std::size_t column) {
        return f16ToF32(static_cast<const std::uint16_t*>(panel)[depth * kPanelColumns + column]);
    }
};

struct ExpandBF16 {
    static float at(const void* panel, std::size_t depth, std::size_t column) {
        return bf16ToF32(static_cast<const std::uint16_t*>(panel)[depth * kPanelColumns + column]);
    }
};

/// The unsigned 4-bit number at depth k (0..31) of a group.
template <typename Panel>
int nibbleAt(const Panel& panel, std::size_t k, std::size_t column) {
    const std::uint8_t byte = panel.nibbles[k / 8][column][k % 4];
    return k % 8 < 4 ? byte & 15 : byte >> 4;
}

struct ExpandQ8 {
    static float at(const void* panel, std::size_t depth, std::size_t column) {
        const Q8Panel& group = static_cast<const Q8Panel*>(panel)[depth / kGroup];
        const std::size_t k = depth % kGroup;
        return f16ToF32(group.scale[column]) * static_cast<float>(group.values[k / 4][column][k % 4]);
    }
};

struct ExpandQ4 {
    static float at(const void* panel, std::size_t depth, std::size_t column) {
        const Q4Panel& group = static_cast<const Q4Panel*>(panel)[depth / kGroup];
        return f16ToF32(group.scale[column]) * static_cast<float>(nibbleAt(group, depth % kGroup, column) - 8);
    }
};

struct ExpandQ4Min {
    static float at(const void* panel, std::size_t depth, std::size_t column) {
        const Q4MinPanel& group = static_cast<const Q4MinPanel*>(panel)[depth / kGroup];
        return f16ToF32(group.scale[column]) * static_cast<float>(nibbleAt(group, depth % kGroup, column)) +
               f16ToF32(group.minimum[column]);
    }
};

/// Start of a panel: panels of a matrix lie behind each other.
inline const void* panelAt(const void* weights, std::size_t panel, std::size_t bytes) {
    return static_cast<const unsigned char*>(weights) + panel * bytes;
}

} // namespace alcuin::inference::cpu::reference
