#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace alcuin::inference {

static_assert(std::endian::native == std::endian::little, "blocks are used as they lie in the file");

/// Numbers in a block of each of these formats.
inline constexpr std::size_t kQuantBlock = 32;

/// 32 numbers: x[i] = scale * quants[i].
struct BlockQ8_0 {
    std::uint16_t scale; ///< f16
    std::array<std::int8_t, kQuantBlock> quants;
};

/// 32 numbers of 4 bits: byte i holds q[i] in its low half and q[i + 16] in its high half; x[i] = scale * (q[i] - 8).
struct BlockQ4_0 {
    std::uint16_t scale; ///< f16
    std::array<std::uint8_t, kQuantBlock / 2> quants;
};

/// As Q4_0, but x[i] = scale * q[i] + minimum.
struct BlockQ4_1 {
    std::uint16_t scale;   ///< f16
    std::uint16_t minimum; ///< f16
    std::array<std::uint8_t, kQuantBlock / 2> quants;
};

static_assert(sizeof(BlockQ8_0) == 34 && offsetof(BlockQ8_0, quants) == 2 && std::is_trivial_v<BlockQ8_0>);
static_assert(sizeof(BlockQ4_0) == 18 && offsetof(BlockQ4_0, quants) == 2 && std::is_trivial_v<BlockQ4_0>);
static_assert(sizeof(BlockQ4_1) == 20 && offsetof(BlockQ4_1, minimum) == 2 && offsetof(BlockQ4_1, quants) == 4 &&
              std::is_trivial_v<BlockQ4_1>);

} // namespace alcuin::inference
