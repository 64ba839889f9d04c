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

} // namespace alcuin::inference::cpu
