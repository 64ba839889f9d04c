#pragma once

#include <stddef.h>
#include <stdint.h>

/// Plain data that baseline and ISA code share: no functions, nothing of the standard library.
namespace alcuin::inference::cpu {

/// Outputs in a panel of weights.
inline constexpr size_t kPanelColumns = 16;

/// Numbers along the depth that share a scale, in weights and in quantised activations.
inline constexpr size_t kGroup = 32;

/// 16 outputs x 32 deep. Four neighbours along the depth are four neighbouring bytes, as byte dot products want them.
/// The number at depth k of output c is scale[c] * values[k / 4][c][k % 4]; scales are IEEE half floats.
struct Q8Panel {
    int8_t values[8][kPanelColumns][4];
    uint16_t scale[kPanelColumns];
};

/// As above, 4 bits each: byte [i][c][b] holds depth 8i + b in its low half and depth 8i + 4 + b in its high one.
/// The number is scale[c] * (nibble - 8).
struct Q4Panel {
    uint8_t nibbles[4][kPanelColumns][4];
    uint16_t scale[kPanelColumns];
};

/// The number is scale[c] * nibble + minimum[c].
struct Q4MinPanel {
    uint8_t nibbles[4][kPanelColumns][4];
    uint16_t scale[kPanelColumns];
    uint16_t minimum[kPanelColumns];
};

/// Five bits: bit j of high[c][b] is the fifth bit of depth 4j + b. The number is scale[c] * (q - 16).
struct Q5Panel {
    uint8_t nibbles[4][kPanelColumns][4];
    uint8_t high[kPanelColumns][4];
    uint16_t scale[kPanelColumns];
};

/// Numbers along the depth that share the scale of a scale.
inline constexpr size_t kSuperGroup = 256;
inline constexpr size_t kGroupsTogether = kSuperGroup / kGroup;

/// 16 outputs x 256 deep, groups g of 32: the number is scale[c] * scales[g][c] * nibble - minimum[c] * minima[g][c].
/// Whole lines: every vector of numbers lies in one.
struct Q4KPanel {
    struct Group {
        uint8_t nibbles[4][kPanelColumns][4];
    };
    uint16_t scale[kPanelColumns];
    uint16_t minimum[kPanelColumns];
    uint8_t scales[kGroupsTogether][kPanelColumns];
    uint8_t minima[kGroupsTogether][kPanelColumns];
    Group groups[kGroupsTogether];
};

/// As above with a fifth bit, kept as in Q5Panel.
struct Q5KPanel {
    struct Group {
        uint8_t nibbles[4][kPanelColumns][4];
        uint8_t high[kPanelColumns][4];
    };
    uint16_t scale[kPanelColumns];
    uint16_t minimum[kPanelColumns];
    uint8_t scales[kGroupsTogether][kPanelColumns];
    uint8_t minima[kGroupsTogether][kPanelColumns];
    Group groups[kGroupsTogether];
};

/// Six bits: bits 2j and 2j + 1 of high[h][c][b] are the upper two of depth 16h + 4j + b. Each half of a group has a
/// scale: the number is scale[c] * scales[g][h][c] * (q - 32).
struct Q6KPanel {
    struct Group {
        uint8_t nibbles[4][kPanelColumns][4];
        uint8_t high[2][kPanelColumns][4];
    };
    int8_t scales[kGroupsTogether][2][kPanelColumns];
    uint16_t scale[kPanelColumns];
    Group groups[kGroupsTogether];
};

static_assert(sizeof(Q5Panel) == 352 && sizeof(Q4KPanel) == 37 * 64 && sizeof(Q5KPanel) == 45 * 64 &&
              sizeof(Q6KPanel) == 3360);

} // namespace alcuin::inference::cpu
