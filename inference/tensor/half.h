#pragma once

#include <bit>
#include <cstdint>

namespace alcuin::inference {

/// IEEE 754 binary16 to f32: exact for every value; NaNs keep their payload and are quiet.
constexpr float f16ToF32(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fU;
    const std::uint32_t fraction = half & 0x3ffU;
    if (exponent == 0x1f) {
        const std::uint32_t quiet = fraction != 0 ? 0x0040'0000U : 0U;
        return std::bit_cast<float>(sign | 0x7f80'0000U | quiet | (fraction << 13));
    }
    if (exponent == 0) {
        // Below the normal range: fraction * 2^-24, exact in f32.
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
    }
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

/// f32 to IEEE 754 binary16: round to nearest, ties to even; beyond 65504 by half a unit or more gives infinity.
constexpr std::uint16_t f32ToF16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7fff'ffffU;
    if (magnitude > 0x7f80'0000U) {
        return static_cast<std::uint16_t>(sign | 0x7e00U | ((magnitude >> 13) & 0x1ffU));
    }
    if (magnitude >= 0x4780'0000U) { // 65536 and above
        return static_cast<std::uint16_t>(sign | 0x7c00U);
    }
    std::uint32_t shift = 13;
    std::uint32_t significand = magnitude;
    if (magnitude >= 0x3880'0000U) { // 2^-14 and above: normal; a carry out of the fraction raises the exponent
        significand -= 112U << 23;
    } else {
        const std::uint32_t exponent = magnitude >> 23;
        if (exponent < 102) { // below 2^-25: nearer to 0 than to the smallest subnormal
            return sign;
        }
        significand = (magnitude & 0x007f'ffffU) | 0x0080'0000U;
        shift = 126 - exponent;
    }
    const std::uint32_t kept = significand >> shift;
    const std::uint32_t rest = significand & ((1U << shift) - 1);
    const std::uint32_t half = 1U << (shift - 1);
    const std::uint32_t up = (rest > half || (rest == half && (kept & 1U) != 0)) ? 1U : 0U;
    return static_cast<std::uint16_t>(sign | (kept + up));
}

/// bfloat16 is the upper half of an f32.
constexpr float bf16ToF32(std::uint16_t value) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

/// f32 to bfloat16: round to nearest, ties to even; NaNs stay NaNs, quiet.
constexpr std::uint16_t f32ToBf16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fff'ffffU) > 0x7f80'0000U) {
        return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
    }
    return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

} // namespace alcuin::inference
