#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace alcuin::inference {

static_assert(std::endian::native == std::endian::little, "blocks are used as they lie in the file");

/// Numbers in a block of the plain formats, and numbers that share a scale in Q4_K and Q5_K.
inline constexpr std::size_t kQuantBlock = 32;

/// Numbers in a block of the K formats, whose scales are themselves quantised.
inline constexpr std::size_t kSuperBlock = 256;

/// 32 numbers: x[i] = scale * quants[i].
struct BlockQ8_0 {
    static constexpr std::size_t kElements = kQuantBlock;
    std::uint16_t scale; ///< f16
    std::array<std::int8_t, kQuantBlock> quants;
};

/// 32 numbers of 4 bits: byte i holds q[i] in its low half and q[i + 16] in its high half; x[i] = scale * (q[i] - 8).
struct BlockQ4_0 {
    static constexpr std::size_t kElements = kQuantBlock;
    std::uint16_t scale; ///< f16
    std::array<std::uint8_t, kQuantBlock / 2> quants;
};

/// As Q4_0, but x[i] = scale * q[i] + minimum.
struct BlockQ4_1 {
    static constexpr std::size_t kElements = kQuantBlock;
    std::uint16_t scale;   ///< f16
    std::uint16_t minimum; ///< f16
    std::array<std::uint8_t, kQuantBlock / 2> quants;
};

/// 32 numbers of 5 bits: the low four as in Q4_0, the fifth of number i is bit i of `high`, counted from the lowest bit
/// of the first byte; x[i] = scale * (q[i] - 16).
struct BlockQ5_0 {
    static constexpr std::size_t kElements = kQuantBlock;
    std::uint16_t scale; ///< f16
    std::array<std::uint8_t, kQuantBlock / 8> high;
    std::array<std::uint8_t, kQuantBlock / 2> quants;
};

/// Eight scales and eight minima of 6 bits in 12 bytes; see scalesOf.
using PackedScales = std::array<std::uint8_t, 12>;

/// 8 groups of 32 numbers of 4 bits: x = scale * scales[g] * q - minimum * minima[g].
/// Byte 32 p + i holds number i of group 2 p in its low half, of group 2 p + 1 in its high half.
struct BlockQ4_K {
    static constexpr std::size_t kElements = kSuperBlock;
    std::uint16_t scale;   ///< f16
    std::uint16_t minimum; ///< f16
    PackedScales scales;
    std::array<std::uint8_t, kSuperBlock / 2> quants;
};

/// As Q4_K with a fifth bit: that of number i of group g is bit g of high[i].
struct BlockQ5_K {
    static constexpr std::size_t kElements = kSuperBlock;
    std::uint16_t scale;   ///< f16
    std::uint16_t minimum; ///< f16
    PackedScales scales;
    std::array<std::uint8_t, kSuperBlock / 8> high;
    std::array<std::uint8_t, kSuperBlock / 2> quants;
};

/// 16 groups of 16 numbers of 6 bits: x = scale * scales[g] * (q - 32). In each half of 128 numbers, number 32 k + i
/// (k = 0..3) has its low four bits in the low (k < 2) or high half of low[32 (k % 2) + i] and its upper two in bits
/// 2 k and 2 k + 1 of high[i].
struct BlockQ6_K {
    static constexpr std::size_t kElements = kSuperBlock;
    std::array<std::uint8_t, kSuperBlock / 2> low;
    std::array<std::uint8_t, kSuperBlock / 4> high;
    std::array<std::int8_t, kSuperBlock / 16> scales;
    std::uint16_t scale; ///< f16
};

/// The scales and minima of the groups of a Q4_K or Q5_K block, each 0 to 63.
struct GroupScales {
    static constexpr std::size_t kGroups = kSuperBlock / kQuantBlock;
    std::array<std::uint8_t, kGroups> scales;
    std::array<std::uint8_t, kGroups> minima;
};

/// Groups 0 to 3 have their scale in the low six bits of bytes 0 to 3 and their minimum in those of bytes 4 to 7.
/// Groups 4 to 7 have the low four bits of both in bytes 8 to 11 (scale low, minimum high) and the upper two bits in
/// the upper two of bytes 0 to 3 (scale) and 4 to 7 (minimum).
constexpr GroupScales scalesOf(const PackedScales& packed) {
    GroupScales groups{};
    for (std::size_t g = 0; g < 4; ++g) {
        groups.scales[g] = packed[g] & 63U;
        groups.minima[g] = packed[g + 4] & 63U;
        groups.scales[g + 4] = static_cast<std::uint8_t>((packed[g + 8] & 15U) | ((packed[g] >> 6U) << 4U));
        groups.minima[g + 4] = static_cast<std::uint8_t>((packed[g + 8] >> 4U) | ((packed[g + 4] >> 6U) << 4U));
    }
    return groups;
}

/// The inverse of scalesOf.
constexpr PackedScales packScales(const GroupScales& groups) {
    PackedScales packed{};
    for (std::size_t g = 0; g < 4; ++g) {
        packed[g] = static_cast<std::uint8_t>(groups.scales[g] | ((groups.scales[g + 4] >> 4U) << 6U));
        packed[g + 4] = static_cast<std::uint8_t>(groups.minima[g] | ((groups.minima[g + 4] >> 4U) << 6U));
        packed[g + 8] = static_cast<std::uint8_t>((groups.scales[g + 4] & 15U) | ((groups.minima[g + 4] & 15U) << 4U));
    }
    return packed;
}

static_assert(sizeof(BlockQ8_0) == 34 && offsetof(BlockQ8_0, quants) == 2 && std::is_trivial_v<BlockQ8_0>);
static_assert(sizeof(BlockQ4_0) == 18 && offsetof(BlockQ4_0, quants) == 2 && std::is_trivial_v<BlockQ4_0>);
static_assert(sizeof(BlockQ4_1) == 20 && offsetof(BlockQ4_1, minimum) == 2 && offsetof(BlockQ4_1, quants) == 4 &&
              std::is_trivial_v<BlockQ4_1>);
static_assert(sizeof(BlockQ5_0) == 22 && offsetof(BlockQ5_0, high) == 2 && offsetof(BlockQ5_0, quants) == 6 &&
              std::is_trivial_v<BlockQ5_0>);
static_assert(sizeof(BlockQ4_K) == 144 && offsetof(BlockQ4_K, scales) == 4 && offsetof(BlockQ4_K, quants) == 16 &&
              std::is_trivial_v<BlockQ4_K>);
static_assert(sizeof(BlockQ5_K) == 176 && offsetof(BlockQ5_K, high) == 16 && offsetof(BlockQ5_K, quants) == 48 &&
              std::is_trivial_v<BlockQ5_K>);
static_assert(sizeof(BlockQ6_K) == 210 && offsetof(BlockQ6_K, high) == 128 && offsetof(BlockQ6_K, scales) == 192 &&
              offsetof(BlockQ6_K, scale) == 208 && std::is_trivial_v<BlockQ6_K>);

} // namespace alcuin::inference
