#pragma once

#include "backends/cpu/amx/panel_groups.h"

/// Weights as the right operand of products in bf16: tiles of 16 pairs of depths x 16 outputs, scales folded in.
/// A quarter of a tile is 8 depths; a format unpacks a quarter of group g (32 depths) of the panel that
/// starts at `base`.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

inline constexpr size_t kQuarters = 4;
inline constexpr size_t kQuarterBytes = kTileBytes / kQuarters;

template <int kShift>
inline Floats nibble(Floats table, Words x) {
    return lookUp(table, shiftRight<kShift>(x));
}

struct FormatQ4 : ScaledGroups<Q4Panel> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        alignas(64) static constexpr float kValues[16] = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};
        const Floats table = loadFloats(kValues);
        const Floats by = scale(base, g);
        const Words x = loadWords(group(base, g).nibbles[quarter]);
        storeWords(out, pairBf16(multiply(nibble<0>(table, x), by), multiply(nibble<8>(table, x), by)));
        storeWords(out + 64, pairBf16(multiply(nibble<16>(table, x), by), multiply(nibble<24>(table, x), by)));
        storeWords(out + 128, pairBf16(multiply(nibble<4>(table, x), by), multiply(nibble<12>(table, x), by)));
        storeWords(out + 192, pairBf16(multiply(nibble<20>(table, x), by), multiply(nibble<28>(table, x), by)));
    }
};

/// Nibbles with a scale and a minimum.
template <typename Groups>
struct NibblesMin : Groups {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        alignas(64) static constexpr float kValues[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        const Floats table = loadFloats(kValues);
        const Floats by = Groups::scale(base, g);
        const Floats least = Groups::minimum(base, g);
        const Words x = loadWords(Groups::group(base, g).nibbles[quarter]);
        const auto pair = [&](Floats even, Floats odd) {
            return pairBf16(multiplyAdd(even, by, least), multiplyAdd(odd, by, least));
        };
        storeWords(out, pair(nibble<0>(table, x), nibble<8>(table, x)));
        storeWords(out + 64, pair(nibble<16>(table, x), nibble<24>(table, x)));
        storeWords(out + 128, pair(nibble<4>(table, x), nibble<12>(table, x)));
        storeWords(out + 192, pair(nibble<20>(table, x), nibble<28>(table, x)));
    }
};

struct Q4MinGroups : ScaledGroups<Q4MinPanel> {
    static inline Floats minimum(const unsigned char* panel, size_t g) {
        return fromHalf(group(panel, g).minimum);
    }
};

using FormatQ4Min = NibblesMin<Q4MinGroups>;
using FormatQ4K = NibblesMin<SuperMinGroups<Q4KPanel>>;

/// A quarter of signed bytes; `make` turns 16 outputs' whole numbers into what they stand for.
template <typename Make>
inline void storeBytes(Quarter bytes, const Make& make, unsigned char* out) {
    const auto store = [&](Words x, unsigned char* place) {
        const auto value = [&](Words top) { return make(fromInts(shiftRightSigned<24>(top))); };
        storeWords(place, pairBf16(value(shiftLeft<24>(x)), value(shiftLeft<16>(x))));
        storeWords(place + 64, pairBf16(value(shiftLeft<8>(x)), value(x)));
    };
    store(bytes.first, out);
    store(bytes.second, out + 128);
}

inline Quarter takeOff(Quarter bytes, uint32_t offset) {
    const Words less = spreadBits(offset * 0x01010101U);
    return {subtractBytes(bytes.first, less), subtractBytes(bytes.second, less)};
}

struct FormatQ8 : ScaledGroups<Q8Panel> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const auto& values = group(base, g).values;
        const Floats by = scale(base, g);
        storeBytes(
            {loadWords(values[2 * quarter]), loadWords(values[2 * quarter + 1])},
            [&](Floats x) { return multiply(x, by); }, out);
    }
};

struct FormatQ5 : ScaledGroups<Q5Panel> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const Floats by = scale(base, g);
        const Q5Panel& from = group(base, g);
        storeBytes(
            takeOff(fiveBitsOf(from.nibbles, from.high, quarter), 16), [&](Floats x) { return multiply(x, by); }, out);
    }
};

struct FormatQ5K : SuperMinGroups<Q5KPanel> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const Floats by = scale(base, g);
        const Floats least = minimum(base, g);
        const Q5KPanel::Group& from = group(base, g);
        storeBytes(
            fiveBitsOf(from.nibbles, from.high, quarter), [&](Floats x) { return multiplyAdd(x, by, least); }, out);
    }
};

struct FormatQ6K : SuperGroups<Q6KPanel> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const Q6KPanel& from = super(base, g);
        const Floats by = multiply(fromHalf(from.scale), fromBytes(from.scales[g % kGroupsTogether][quarter / 2]));
        storeBytes(
            takeOff(sixBitsOf(group(base, g), quarter), 32), [&](Floats x) { return multiply(x, by); }, out);
    }
};

struct FormatBF16 : Grouped<kGroup * kPanelColumns * 2> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const auto* weights = reinterpret_cast<const uint16_t*>(at(base, g)) + quarter * 8 * kPanelColumns;
        for (size_t pair = 0; pair < 4; ++pair) {
            storeWords(out + pair * 64, pairHalves(weights + pair * 2 * kPanelColumns));
        }
    }
};

struct FormatF16 : Grouped<kGroup * kPanelColumns * 2> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const auto* weights = reinterpret_cast<const uint16_t*>(at(base, g)) + quarter * 8 * kPanelColumns;
        for (size_t pair = 0; pair < 4; ++pair) {
            const uint16_t* both = weights + pair * 2 * kPanelColumns;
            storeWords(out + pair * 64, pairBf16(fromHalf(both), fromHalf(both + kPanelColumns)));
        }
    }
};

/// Where the groups of two panels that are unpacked together lie.
struct PanelPair {
    const unsigned char* first = nullptr;
    const unsigned char* second = nullptr;
    size_t group = 0; ///< the first one

    const unsigned char* panel(size_t which) const {
        return which == 0 ? first : second;
    }
};

/// Unpacks the groups of two neighbouring panels, quarter by quarter, so that tiles can run in between, and asks memory
/// for those that will be next. Out: [group][panel][tile].
template <typename Format>
class Unpacker {
public:
    Unpacker() = default;
    Unpacker(const PanelPair& from, const PanelPair& soon, size_t groups, unsigned char* out)
        : from_(from), soon_(soon), out_(out), end_(groups * 2 * kQuarters) {}

    void step() {
        if (next_ < end_) {
            const size_t group = next_ / (2 * kQuarters);
            const size_t which = next_ / kQuarters % 2;
            if (next_ % kQuarters == 0) {
                Format::prefetchGroup(soon_.panel(which), soon_.group + group);
            }
            Format::unpack(from_.panel(which), from_.group + group, next_ % kQuarters, out_ + next_ * kQuarterBytes);
            ++next_;
        }
    }
    void finish() {
        while (next_ < end_) {
            step();
        }
    }

private:
    PanelPair from_;
    PanelPair soon_;
    unsigned char* out_ = nullptr;
    size_t next_ = 0;
    size_t end_ = 0;
};

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
