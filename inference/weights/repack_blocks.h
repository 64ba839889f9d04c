#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "backends/cpu/panels.h"
#include "tensor/quant_blocks.h"

/// One block of the file into one column of a panel, four numbers at a time: the bytes of a word are neighbours along
/// the depth in both. Blocks keep a number of one half of the depth beside one of the other; panels keep depth k beside
/// depth k + 4.
namespace alcuin::inference::blocks {

using cpu::kGroup;
using cpu::kGroupsTogether;
static_assert(kGroup == kQuantBlock && cpu::kSuperGroup == kSuperBlock);

inline constexpr std::uint32_t kLowNibbles = 0x0f0f0f0fU;

inline std::uint32_t wordAt(const std::uint8_t* bytes, std::size_t word) {
    std::uint32_t x = 0;
    std::memcpy(&x, bytes + 4 * word, sizeof x);
    return x;
}

inline void putWord(std::uint8_t (&place)[4], std::uint32_t x) {
    std::memcpy(place, &x, sizeof x);
}

/// The low or the high nibbles of a word.
template <bool kHigh>
std::uint32_t nibblesOf(std::uint32_t word) {
    return (kHigh ? word >> 4U : word) & kLowNibbles;
}

/// 32 numbers that lie in 16 bytes, number i beside number i + 16.
template <typename Group>
void placePairs16(Group& group, std::size_t column, const std::uint8_t* pairs) {
    for (std::size_t i = 0; i < 2; ++i) {
        const std::uint32_t first = wordAt(pairs, 2 * i);
        const std::uint32_t second = wordAt(pairs, 2 * i + 1);
        putWord(group.nibbles[i][column], nibblesOf<false>(first) | nibblesOf<false>(second) << 4U);
        putWord(group.nibbles[i + 2][column], nibblesOf<true>(first) | nibblesOf<true>(second) << 4U);
    }
}

/// Two groups of 32 that lie in 32 bytes, number i of the one beside number i of the other.
template <typename Group>
void placePairs32(Group& low, Group& high, std::size_t column, const std::uint8_t* pairs) {
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint32_t first = wordAt(pairs, 2 * i);
        const std::uint32_t second = wordAt(pairs, 2 * i + 1);
        putWord(low.nibbles[i][column], nibblesOf<false>(first) | nibblesOf<false>(second) << 4U);
        putWord(high.nibbles[i][column], nibblesOf<true>(first) | nibblesOf<true>(second) << 4U);
    }
}

/// For a byte of fifth bits of depths k..k+7: bit 4j + b becomes bit j of byte b.
inline constexpr std::array<std::uint32_t, 256> kSpreadBits = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        for (std::uint32_t k = 0; k < 8; ++k) {
            table[byte] |= (byte >> k & 1U) << (8 * (k % 4) + k / 4);
        }
    }
    return table;
}();

/// Byte i's bit k becomes byte k's bit i.
/// Source: Warren, Hacker's Delight, 2nd edition, section 7-3.
inline std::uint64_t transposeBits(std::uint64_t x) {
    std::uint64_t t = (x ^ (x >> 7U)) & 0x00aa00aa00aa00aaULL;
    x = x ^ t ^ (t << 7U);
    t = (x ^ (x >> 14U)) & 0x0000cccc0000ccccULL;
    x = x ^ t ^ (t << 14U);
    t = (x ^ (x >> 28U)) & 0x00000000f0f0f0f0ULL;
    return x ^ t ^ (t << 28U);
}

inline void place(cpu::Q8Panel& panel, std::size_t column, const BlockQ8_0& block) {
    for (std::size_t i = 0; i < kGroup / 4; ++i) {
        std::memcpy(panel.values[i][column], block.quants.data() + 4 * i, 4);
    }
    panel.scale[column] = block.scale;
}

inline void place(cpu::Q4Panel& panel, std::size_t column, const BlockQ4_0& block) {
    placePairs16(panel, column, block.quants.data());
    panel.scale[column] = block.scale;
}

inline void place(cpu::Q4MinPanel& panel, std::size_t column, const BlockQ4_1& block) {
    placePairs16(panel, column, block.quants.data());
    panel.scale[column] = block.scale;
    panel.minimum[column] = block.minimum;
}

inline void place(cpu::Q5Panel& panel, std::size_t column, const BlockQ5_0& block) {
    placePairs16(panel, column, block.quants.data());
    std::uint32_t high = 0;
    for (std::size_t i = 0; i < block.high.size(); ++i) {
        high |= kSpreadBits[block.high[i]] << (2 * i);
    }
    putWord(panel.high[column], high);
    panel.scale[column] = block.scale;
}

template <typename Panel, typename Block>
void placeGroups(Panel& panel, std::size_t column, const Block& block) {
    panel.scale[column] = block.scale;
    panel.minimum[column] = block.minimum;
    const GroupScales groups = scalesOf(block.scales);
    for (std::size_t g = 0; g < kGroupsTogether; ++g) {
        panel.scales[g][column] = groups.scales[g];
        panel.minima[g][column] = groups.minima[g];
    }
    for (std::size_t g = 0; g < kGroupsTogether; g += 2) {
        placePairs32(panel.groups[g], panel.groups[g + 1], column, block.quants.data() + 16 * g);
    }
}

inline void place(cpu::Q4KPanel& panel, std::size_t column, const BlockQ4_K& block) {
    placeGroups(panel, column, block);
}

/// The file's bit g of byte 4j + b belongs to group g; a panel's group has it as bit j of byte b.
inline void place(cpu::Q5KPanel& panel, std::size_t column, const BlockQ5_K& block) {
    placeGroups(panel, column, block);
    for (std::size_t b = 0; b < 4; ++b) {
        std::uint64_t bits = 0;
        for (std::size_t j = 0; j < kGroup / 4; ++j) {
            bits |= std::uint64_t{block.high[4 * j + b]} << (8 * j);
        }
        bits = transposeBits(bits);
        for (std::size_t g = 0; g < kGroupsTogether; ++g) {
            panel.groups[g].high[column][b] = static_cast<std::uint8_t>(bits >> (8 * g));
        }
    }
}

/// Each half of a block has four groups; group k's upper bits are bits 2k and 2k + 1 of the half's 32 bytes.
inline void place(cpu::Q6KPanel& panel, std::size_t column, const BlockQ6_K& block) {
    panel.scale[column] = block.scale;
    for (std::size_t g = 0; g < kGroupsTogether; ++g) {
        panel.scales[g][0][column] = block.scales[2 * g];
        panel.scales[g][1][column] = block.scales[2 * g + 1];
    }
    for (std::size_t half = 0; half < 2; ++half) {
        auto* groups = panel.groups + 4 * half;
        placePairs32(groups[0], groups[2], column, block.low.data() + 64 * half);
        placePairs32(groups[1], groups[3], column, block.low.data() + 64 * half + 32);
        for (std::size_t k = 0; k < 4; ++k) {
            std::uint32_t high[2] = {};
            for (std::size_t j = 0; j < kGroup / 4; ++j) {
                const std::uint32_t two = wordAt(block.high.data() + 32 * half, j) >> (2 * k) & 0x03030303U;
                high[j / 4] |= two << (2 * (j % 4));
            }
            putWord(groups[k].high[0][column], high[0]);
            putWord(groups[k].high[1][column], high[1]);
        }
    }
}

} // namespace alcuin::inference::blocks
