#pragma once

#include "backends/cpu/amx/vectors.h"
#include "backends/cpu/panels.h"

/// Where the groups of a panel lie, 32 deep each, and what belongs to them: group g of the panel that starts at
/// `panel`.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

inline void prefetchBytes(const unsigned char* from, size_t bytes) {
    for (size_t line = 0; line < bytes; line += 64) {
        prefetch(from + line);
    }
}

/// Groups that stand by themselves, one behind the other. prefetch fetches a group's worth of the panel.
template <size_t kBytes>
struct Grouped {
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kGroup * kBytes;
    }
    static inline const unsigned char* at(const unsigned char* panel, size_t g) {
        return panel + g * kBytes;
    }
    static inline void prefetchGroup(const unsigned char* panel, size_t g) {
        prefetchBytes(at(panel, g), kBytes);
    }
};

/// Groups that are structs with a scale for each output.
template <typename Group>
struct ScaledGroups : Grouped<sizeof(Group)> {
    static inline const Group& group(const unsigned char* panel, size_t g) {
        return *reinterpret_cast<const Group*>(Grouped<sizeof(Group)>::at(panel, g));
    }
    static inline Floats scale(const unsigned char* panel, size_t g) {
        return fromHalf(group(panel, g).scale);
    }
    static inline Floats minimum(const unsigned char*, size_t) {
        return spread(0);
    }
};

/// Super-groups of eight groups.
template <typename Super>
struct SuperGroups {
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kSuperGroup * sizeof(Super);
    }
    static inline const Super& super(const unsigned char* panel, size_t g) {
        return *reinterpret_cast<const Super*>(panel + g / kGroupsTogether * sizeof(Super));
    }
    static inline const typename Super::Group& group(const unsigned char* panel, size_t g) {
        return super(panel, g).groups[g % kGroupsTogether];
    }
    static inline void prefetchGroup(const unsigned char* panel, size_t g) {
        constexpr size_t kPart = sizeof(Super) / kGroupsTogether;
        prefetchBytes(panel + g / kGroupsTogether * sizeof(Super) + g % kGroupsTogether * kPart, kPart + 63);
    }
};

/// Super-groups whose groups have a scale and a minimum for each output.
template <typename Super>
struct SuperMinGroups : SuperGroups<Super> {
    static inline Floats scale(const unsigned char* panel, size_t g) {
        const Super& from = SuperGroups<Super>::super(panel, g);
        return multiply(fromHalf(from.scale), fromBytes(from.scales[g % kGroupsTogether]));
    }
    static inline Floats minimum(const unsigned char* panel, size_t g) {
        const Super& from = SuperGroups<Super>::super(panel, g);
        return multiply(negate(fromHalf(from.minimum)), fromBytes(from.minima[g % kGroupsTogether]));
    }
};

/// The numbers of a quarter of a group, 8 deep, as unsigned bytes: depths 4 x 2 quarter + b, then 4 deeper.
struct Quarter {
    Words first;
    Words second;
};

inline Quarter nibblesOf(const uint8_t (&nibbles)[4][kPanelColumns][4], size_t quarter) {
    const Words low = spreadBits(0x0f0f0f0fU);
    const Words x = loadWords(nibbles[quarter]);
    return {bitsAnd(x, low), bitsAnd(shiftRight<4>(x), low)};
}

/// With a fifth bit, which is bit 2 quarter of the bytes of `high`, and the one above that.
inline Quarter fiveBitsOf(const uint8_t (&nibbles)[4][kPanelColumns][4], const uint8_t (&high)[kPanelColumns][4],
                          size_t quarter) {
    const Words fifth = spreadBits(0x10101010U);
    const Words bits = shiftRightBy(loadWords(high), 2 * quarter);
    const Quarter x = nibblesOf(nibbles, quarter);
    return {orAnd(x.first, shiftLeft<4>(bits), fifth), orAnd(x.second, shiftLeft<3>(bits), fifth)};
}

/// With two upper bits: of the quarters of a half behind each other.
inline Quarter sixBitsOf(const Q6KPanel::Group& group, size_t quarter) {
    const Words upper = spreadBits(0x30303030U);
    const Words bits = shiftRightBy(loadWords(group.high[quarter / 2]), quarter % 2 * 4);
    const Quarter x = nibblesOf(group.nibbles, quarter);
    return {orAnd(x.first, shiftLeft<4>(bits), upper), orAnd(x.second, shiftLeft<2>(bits), upper)};
}

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
