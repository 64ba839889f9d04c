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
inline int nibbleAt(const std::uint8_t (&nibbles)[4][kPanelColumns][4], std::size_t k, std::size_t column) {
    const std::uint8_t byte = nibbles[k / 8][column][k % 4];
    return k % 8 < 4 ? byte & 15 : byte >> 4;
}

/// The fifth bit of the number at depth k of a group, in its place.
inline int fifthBitAt(const std::uint8_t (&high)[kPanelColumns][4], std::size_t k, std::size_t column) {
    return (high[column][k % 4] >> (k / 4) & 1) << 4;
}

/// A panel of structs that hold kDeep numbers of each output.
template <typename Panel, std::size_t kDeep>
struct PanelOf {
    static constexpr bool kMinimum = false;
    static constexpr std::size_t panelBytes(std::size_t depth) {
        return depth / kDeep * sizeof(Panel);
    }
    /// What holds group g of the panel that starts at `panel`.
    static const Panel& at(const void* panel, std::size_t g) {
        return static_cast<const Panel*>(panel)[g / (kDeep / kGroup)];
    }
    static float scale(const void* panel, std::size_t g, std::size_t column) {
        return f16ToF32(at(panel, g).scale[column]);
    }
    /// Of depths 16h..16h + 15 of the group, a factor of its scale.
    static int halfScale(const void*, std::size_t, std::size_t, std::size_t) {
        return 1;
    }
    static float minimum(const void*, std::size_t, std::size_t) {
        return 0;
    }
};

/// Each reads group g (32 deep) of a panel: number = scale * halfScale * value + minimum.
struct ReadQ8 : PanelOf<Q8Panel, kGroup> {
    static int value(const void* panel, std::size_t g, std::size_t k, std::size_t column) {
        return at(panel, g).values[k / 4][column][k % 4];
    }
};

struct ReadQ4 : PanelOf<Q4Panel, kGroup> {
    static int value(const void* panel, std::size_t g, std::size_t k, std::size_t column) {
        return nibbleAt(at(panel, g).nibbles, k, column) - 8;
    }
};

struct ReadQ4Min : PanelOf<Q4MinPanel, kGroup> {
    static constexpr bool kMinimum = true;
    static int value(const void* panel, std::size_t g, std::size_t k, std::size_t column) {
        return nibbleAt(at(panel, g).nibbles, k, column);
    }
    static float minimum(const void* panel, std::size_t g, std::size_t column) {
        return f16ToF32(at(panel, g).minimum[column]);
    }
};

struct ReadQ5 : PanelOf<Q5Panel, kGroup> {
    static int value(const void* panel, std::size_t g, std::size_t k, std::size_t column) {
        const Q5Panel& group = at(panel, g);
        return (nibbleAt(group.nibbles, k, column) | fifthBitAt(group.high, k, column)) - 16;
    }
};

template <typename Panel>
struct SuperGroups : PanelOf<Panel, kSuperGroup> {
    static constexpr bool kMinimum = true;
    using PanelOf<Panel, kSuperGroup>::at;
    static float scale(const void* panel, std::size_t g, std::size_t column) {
        const Panel& from = at(panel, g);
        return f16ToF32(from.scale[column]) * static_cast<float>(from.scales[g % kGroupsTogether][column]);
    }
    static float minimum(const void* panel, std::size_t g, std::size_t column) {
        const Panel& from = at(panel, g);
        return -(f16ToF32(from.minimum[column]) * static_cast<float>(from.minima[g % kGroupsTogether][column]));
    }
};

struct ReadQ4K : SuperGroups<Q4KPanel> {
    static int value(const void* panel, std::size_t g, std::size_t k, std::size_t column) {
        return nibbleAt(at(panel, g).groups[g % kGroupsTogether].nibbles, k, column);
    }
};

struct ReadQ5K : SuperGroups<Q5KPanel> {
    static int value(const void* panel, std::size_t g, std::size_t k, std::size_t column) {
        const Q5KPanel::Group& group = at(panel, g).groups[g % kGroupsTogether];
        return nibbleAt(group.nibbles, k, column) | fifthBitAt(group.high, k, column);
    }
};

struct ReadQ6K : PanelOf<Q6KPanel, kSuperGroup> {
    static int value(const void* panel, std::size_t g, std::size_t k, std::size_t column) {
        const Q6KPanel::Group& group = at(panel, g).groups[g % kGroupsTogether];
        const int high = group.high[k / 16][column][k % 4] >> (k % 16 / 4 * 2) & 3;
        return (nibbleAt(group.nibbles, k, column) | high << 4) - 32;
    }
    static int halfScale(const void* panel, std::size_t g, std::size_t half, std::size_t column) {
        return at(panel, g).scales[g % kGroupsTogether][half][column];
    }
};

template <typename Read>
struct ExpandQuantised {
    static float at(const void* panel, std::size_t depth, std::size_t column) {
        const std::size_t g = depth / kGroup;
        const std::size_t k = depth % kGroup;
        const float scale =
            Read::scale(panel, g, column) * static_cast<float>(Read::halfScale(panel, g, k / (kGroup / 2), column));
        const float number = scale * static_cast<float>(Read::value(panel, g, k, column));
        if constexpr (Read::kMinimum) {
            return number + Read::minimum(panel, g, column);
        }
        return number;
    }
};

/// Start of a panel: panels of a matrix lie behind each other.
inline const void* panelAt(const void* weights, std::size_t panel, std::size_t bytes) {
    return static_cast<const unsigned char*>(weights) + panel * bytes;
}

} // namespace alcuin::inference::cpu::reference
