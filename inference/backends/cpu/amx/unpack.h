#pragma once

#include "backends/cpu/amx/vectors.h"
#include "backends/cpu/panels.h"

/// Weights as the right operand of products in bf16: tiles of 16 pairs of depths x 16 outputs, scales folded in.
/// A quarter of a tile is 8 depths; a format unpacks a quarter of group g (32 depths) of the panel that
/// starts at `base`.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

inline constexpr size_t kQuarters = 4;
inline constexpr size_t kQuarterBytes = kTileBytes / kQuarters;
inline constexpr size_t kAhead = 2048; ///< bytes of a panel to ask memory for beforehand

template <int kShift>
inline Floats nibble(Floats table, Words x) {
    return lookUp(table, shiftRight<kShift>(x));
}

/// Groups of 32 deep that stand by themselves, one behind the other.
template <size_t kBytes>
struct Grouped {
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kGroup * kBytes;
    }
    static inline const unsigned char* at(const unsigned char* panel, size_t g) {
        return panel + g * kBytes;
    }
    static inline void prefetchAhead(const unsigned char* panel, size_t g) {
        for (size_t line = 0; line < kBytes; line += 64) {
            prefetch(at(panel, g) + kAhead + line);
        }
    }
};

struct FormatQ4 : Grouped<sizeof(Q4Panel)> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const auto& panel = *reinterpret_cast<const Q4Panel*>(at(base, g));
        alignas(64) static constexpr float kValues[16] = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};
        const Floats table = loadFloats(kValues);
        const Floats scale = fromHalf(panel.scale);
        const Words x = loadWords(panel.nibbles[quarter]);
        storeWords(out, pairBf16(multiply(nibble<0>(table, x), scale), multiply(nibble<8>(table, x), scale)));
        storeWords(out + 64, pairBf16(multiply(nibble<16>(table, x), scale), multiply(nibble<24>(table, x), scale)));
        storeWords(out + 128, pairBf16(multiply(nibble<4>(table, x), scale), multiply(nibble<12>(table, x), scale)));
        storeWords(out + 192, pairBf16(multiply(nibble<20>(table, x), scale), multiply(nibble<28>(table, x), scale)));
    }
};

struct FormatQ4Min : Grouped<sizeof(Q4MinPanel)> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const auto& panel = *reinterpret_cast<const Q4MinPanel*>(at(base, g));
        alignas(64) static constexpr float kValues[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        const Floats table = loadFloats(kValues);
        const Floats scale = fromHalf(panel.scale);
        const Floats minimum = fromHalf(panel.minimum);
        const Words x = loadWords(panel.nibbles[quarter]);
        const auto pair = [&](Floats even, Floats odd) {
            return pairBf16(multiplyAdd(even, scale, minimum), multiplyAdd(odd, scale, minimum));
        };
        storeWords(out, pair(nibble<0>(table, x), nibble<8>(table, x)));
        storeWords(out + 64, pair(nibble<16>(table, x), nibble<24>(table, x)));
        storeWords(out + 128, pair(nibble<4>(table, x), nibble<12>(table, x)));
        storeWords(out + 192, pair(nibble<20>(table, x), nibble<28>(table, x)));
    }
};

struct FormatQ8 : Grouped<sizeof(Q8Panel)> {
    static inline void unpack(const unsigned char* base, size_t g, size_t quarter, unsigned char* out) {
        const auto& panel = *reinterpret_cast<const Q8Panel*>(at(base, g));
        const Floats scale = fromHalf(panel.scale);
        for (size_t i = 0; i < 2; ++i) {
            const Words x = loadWords(panel.values[quarter * 2 + i]);
            const auto value = [&](Words top) { return multiply(fromInts(shiftRightSigned<24>(top)), scale); };
            storeWords(out + i * 128, pairBf16(value(shiftLeft<24>(x)), value(shiftLeft<16>(x))));
            storeWords(out + i * 128 + 64, pairBf16(value(shiftLeft<8>(x)), value(x)));
        }
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

/// Unpacks the groups of two neighbouring panels, quarter by quarter, so that tiles can run in between.
/// Out: [group][panel][tile].
template <typename Format>
class Unpacker {
public:
    Unpacker() = default;
    Unpacker(const unsigned char* first, const unsigned char* second, size_t firstGroup, size_t groups,
             unsigned char* out)
        : panel_{first, second}, firstGroup_(firstGroup), out_(out), end_(groups * 2 * kQuarters) {}

    void step() {
        if (next_ < end_) {
            const size_t group = firstGroup_ + next_ / (2 * kQuarters);
            const unsigned char* panel = panel_[next_ / kQuarters % 2];
            if (next_ % kQuarters == 0) {
                Format::prefetchAhead(panel, group);
            }
            Format::unpack(panel, group, next_ % kQuarters, out_ + next_ * kQuarterBytes);
            ++next_;
        }
    }
    void finish() {
        while (next_ < end_) {
            step();
        }
    }

private:
    const unsigned char* panel_[2] = {};
    size_t firstGroup_ = 0;
    unsigned char* out_ = nullptr;
    size_t next_ = 0;
    size_t end_ = 0;
};

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
