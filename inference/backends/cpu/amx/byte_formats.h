#pragma once

#include "backends/cpu/amx/panel_groups.h"

/// Weights as the right operand of products in int8: group g of a panel as signed bytes, [8 fours of depths][16
/// outputs][4], in `out` or where they lie already. `values` is a table that stays in a register.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

template <typename Groups>
struct NibbleBytes : Groups {
    static constexpr bool kHalves = false;
    static inline const void* unpack(const unsigned char* panel, size_t g, const Words& values, unsigned char* out) {
        for (size_t quarter = 0; quarter < 4; ++quarter) {
            const Quarter x = nibblesOf(Groups::group(panel, g).nibbles, quarter);
            storeWords(out + quarter * 128, lookUpBytes(values, x.first));
            storeWords(out + quarter * 128 + 64, lookUpBytes(values, x.second));
        }
        return out;
    }
};

struct FormatQ4 : NibbleBytes<ScaledGroups<Q4Panel>> {
    static constexpr bool kMinimum = false;
    static inline Words values() {
        return spreadFour(0xfbfaf9f8U, 0xfffefdfcU, 0x03020100U, 0x07060504U); // -8 .. 7
    }
};

/// Nibbles as they are.
template <typename Groups>
struct PlainNibbles : Groups {
    static constexpr bool kHalves = false;
    static constexpr bool kMinimum = true;
    static inline const void* unpack(const unsigned char* panel, size_t g, const Words&, unsigned char* out) {
        for (size_t quarter = 0; quarter < 4; ++quarter) {
            const Quarter x = nibblesOf(Groups::group(panel, g).nibbles, quarter);
            storeWords(out + quarter * 128, x.first);
            storeWords(out + quarter * 128 + 64, x.second);
        }
        return out;
    }
    static inline Words values() {
        return spreadBits(0);
    }
};

struct FormatQ4Min : PlainNibbles<ScaledGroups<Q4MinPanel>> {
    static inline Floats minimum(const unsigned char* panel, size_t g) {
        return fromHalf(group(panel, g).minimum);
    }
};

using FormatQ4K = PlainNibbles<SuperMinGroups<Q4KPanel>>;

struct FormatQ8 : ScaledGroups<Q8Panel> {
    static constexpr bool kHalves = false;
    static constexpr bool kMinimum = false;
    static inline const void* unpack(const unsigned char* panel, size_t g, const Words&, unsigned char*) {
        return group(panel, g).values; // it lies as a tile already
    }
    static inline Words values() {
        return spreadBits(0);
    }
};

/// Five bits; what they count from lies in `values`.
template <typename Groups, uint32_t kOffset>
struct FiveBitBytes : Groups {
    static constexpr bool kHalves = false;
    static inline const void* unpack(const unsigned char* panel, size_t g, const Words& values, unsigned char* out) {
        const auto& from = Groups::group(panel, g);
        for (size_t quarter = 0; quarter < 4; ++quarter) {
            const Quarter x = fiveBitsOf(from.nibbles, from.high, quarter);
            storeWords(out + quarter * 128, subtractBytes(x.first, values));
            storeWords(out + quarter * 128 + 64, subtractBytes(x.second, values));
        }
        return out;
    }
    static inline Words values() {
        return spreadBits(kOffset * 0x01010101U);
    }
};

struct FormatQ5 : FiveBitBytes<ScaledGroups<Q5Panel>, 16> {
    static constexpr bool kMinimum = false;
};

struct FormatQ5K : FiveBitBytes<SuperMinGroups<Q5KPanel>, 0> {
    static constexpr bool kMinimum = true;
};

/// Each half of a group, 16 deep, has a scale of its own: a whole number.
struct FormatQ6K : SuperGroups<Q6KPanel> {
    static constexpr bool kHalves = true;
    static constexpr bool kMinimum = false;
    static inline const void* unpack(const unsigned char* panel, size_t g, const Words& values, unsigned char* out) {
        for (size_t quarter = 0; quarter < 4; ++quarter) {
            const Quarter x = sixBitsOf(group(panel, g), quarter);
            storeWords(out + quarter * 128, subtractBytes(x.first, values));
            storeWords(out + quarter * 128 + 64, subtractBytes(x.second, values));
        }
        return out;
    }
    static inline Words values() {
        return spreadBits(0x20202020U);
    }
    static inline Floats scale(const unsigned char* panel, size_t g) {
        return fromHalf(super(panel, g).scale);
    }
    static inline Floats halfScale(const unsigned char* panel, size_t g, size_t half) {
        return fromBytes(super(panel, g).scales[g % kGroupsTogether][half]);
    }
};

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
