#pragma once

#include <immintrin.h>

#include "backends/cpu/panels.h"

/// How AVX2 products read a quantised panel; local to the source that includes it.
namespace alcuin::inference::cpu::avx2 {

namespace {

constexpr size_t kSteps = kGroup / 4; ///< a step: four depths of 16 outputs, two registers

inline __m256i load(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

inline __m256 wide(const uint16_t* half) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(half)));
}

/// How large a format's bytes get, which says how many products fit 16 bits.
enum class Bytes { kUpTo15, kUpTo63, kSigned };

inline void prefetchBytes(const unsigned char* from, size_t bytes) {
    for (size_t line = 0; line < bytes; line += 64) {
        _mm_prefetch(reinterpret_cast<const char*>(from) + line, _MM_HINT_T0);
    }
}

/// A panel whose groups of 32 deep stand by themselves, one behind the other.
template <typename Group>
struct Grouped {
    static constexpr bool kHalves = false;
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kGroup * sizeof(Group);
    }
    static inline const Group& at(const unsigned char* panel, size_t g) {
        return *reinterpret_cast<const Group*>(panel + g * sizeof(Group));
    }
    /// Of outputs 8h to 8h + 7, as minimum.
    static inline __m256 scale(const unsigned char* panel, size_t g, size_t h) {
        return wide(at(panel, g).scale + 8 * h);
    }
    static inline __m256 minimum(const unsigned char*, size_t, size_t) {
        return _mm256_setzero_ps();
    }
    /// Fetches a group's worth.
    static inline void prefetch(const unsigned char* panel, size_t g) {
        prefetchBytes(panel + g * sizeof(Group), sizeof(Group));
    }
};

/// A panel of super-groups, eight groups of 32 deep each.
template <typename Super>
struct SuperGrouped {
    static constexpr bool kHalves = false;
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kSuperGroup * sizeof(Super);
    }
    static inline const Super& at(const unsigned char* panel, size_t g) {
        return *reinterpret_cast<const Super*>(panel + g / kGroupsTogether * sizeof(Super));
    }
    static inline void prefetch(const unsigned char* panel, size_t g) {
        constexpr size_t kPart = sizeof(Super) / kGroupsTogether;
        const size_t from = g / kGroupsTogether * sizeof(Super) + g % kGroupsTogether * kPart;
        prefetchBytes(panel + from, kPart + 63);
    }
};

/// Registers of step `i` and of the one after it, [step][half of the outputs], from nibbles.
inline void unpackNibbles(const uint8_t (&nibbles)[4][kPanelColumns][4], size_t i, __m256i (&w)[2][2]) {
    const __m256i low = _mm256_set1_epi8(15);
    for (size_t h = 0; h < 2; ++h) {
        const __m256i packed = load(&nibbles[i / 2][8 * h][0]);
        w[0][h] = _mm256_and_si256(packed, low);
        w[1][h] = _mm256_and_si256(_mm256_srli_epi16(packed, 4), low);
    }
}

/// Each format unpacks steps i and i + 1 (i is even) of group g of the panel that starts at `panel`. kOffset is what
/// its bytes are too large by.
struct FormatQ8 : Grouped<Q8Panel> {
    static constexpr Bytes kBytes = Bytes::kSigned;
    static constexpr int kOffset = 0;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, size_t i, __m256i (&w)[2][2]) {
        for (size_t s = 0; s < 2; ++s) {
            w[s][0] = load(&at(panel, g).values[i + s][0][0]);
            w[s][1] = load(&at(panel, g).values[i + s][8][0]);
        }
    }
};

struct FormatQ4 : Grouped<Q4Panel> {
    static constexpr Bytes kBytes = Bytes::kUpTo15;
    static constexpr int kOffset = 8;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, size_t i, __m256i (&w)[2][2]) {
        unpackNibbles(at(panel, g).nibbles, i, w);
    }
};

struct FormatQ4Min : Grouped<Q4MinPanel> {
    static constexpr Bytes kBytes = Bytes::kUpTo15;
    static constexpr int kOffset = 0;
    static constexpr bool kMinimum = true;
    static inline void unpack(const unsigned char* panel, size_t g, size_t i, __m256i (&w)[2][2]) {
        unpackNibbles(at(panel, g).nibbles, i, w);
    }
    static inline __m256 minimum(const unsigned char* panel, size_t g, size_t h) {
        return wide(at(panel, g).minimum + 8 * h);
    }
};

/// `high` has the fifth bit of step i's bytes in bit i of its own.
inline void addFifthBits(const uint8_t (&high)[kPanelColumns][4], size_t i, __m256i (&w)[2][2]) {
    const __m256i fifth = _mm256_set1_epi8(16);
    for (size_t h = 0; h < 2; ++h) {
        // Bit i of every byte goes to its highest bit, and from there to the fifth.
        const __m256i bits = load(&high[8 * h][0]);
        for (size_t s = 0; s < 2; ++s) {
            const __m256i top = _mm256_sll_epi16(bits, _mm_cvtsi32_si128(static_cast<int>(7 - i - s)));
            w[s][h] = _mm256_or_si256(w[s][h], _mm256_and_si256(_mm256_srli_epi16(top, 3), fifth));
        }
    }
}

struct FormatQ5 : Grouped<Q5Panel> {
    static constexpr Bytes kBytes = Bytes::kUpTo63;
    static constexpr int kOffset = 16;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, size_t i, __m256i (&w)[2][2]) {
        unpackNibbles(at(panel, g).nibbles, i, w);
        addFifthBits(at(panel, g).high, i, w);
    }
};

inline __m256 widenBytes(const uint8_t* bytes) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes))));
}

template <typename Super>
struct SuperMin : SuperGrouped<Super> {
    using SuperGrouped<Super>::at;
    static constexpr int kOffset = 0;
    static constexpr bool kMinimum = true;
    static inline __m256 scale(const unsigned char* panel, size_t g, size_t h) {
        const Super& from = at(panel, g);
        return _mm256_mul_ps(wide(from.scale + 8 * h), widenBytes(from.scales[g % kGroupsTogether] + 8 * h));
    }
    static inline __m256 minimum(const unsigned char* panel, size_t g, size_t h) {
        const Super& from = at(panel, g);
        const __m256 times = widenBytes(from.minima[g % kGroupsTogether] + 8 * h);
        return _mm256_mul_ps(_mm256_xor_ps(wide(from.minimum + 8 * h), _mm256_set1_ps(-0.0F)), times);
    }
};

struct FormatQ4K : SuperMin<Q4KPanel> {
    static constexpr Bytes kBytes = Bytes::kUpTo15;
    static inline void unpack(const unsigned char* panel, size_t g, size_t i, __m256i (&w)[2][2]) {
        unpackNibbles(at(panel, g).groups[g % kGroupsTogether].nibbles, i, w);
    }
};

struct FormatQ5K : SuperMin<Q5KPanel> {
    static constexpr Bytes kBytes = Bytes::kUpTo63;
    static inline void unpack(const unsigned char* panel, size_t g, size_t i, __m256i (&w)[2][2]) {
        const Q5KPanel::Group& group = at(panel, g).groups[g % kGroupsTogether];
        unpackNibbles(group.nibbles, i, w);
        addFifthBits(group.high, i, w);
    }
};

/// Each half of a group (16 deep) has a scale of its own, a whole number; `scale` is what both have in common.
struct FormatQ6K : SuperGrouped<Q6KPanel> {
    static constexpr bool kHalves = true;
    static constexpr Bytes kBytes = Bytes::kUpTo63;
    static constexpr int kOffset = 32;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, size_t i, __m256i (&w)[2][2]) {
        const Q6KPanel::Group& group = at(panel, g).groups[g % kGroupsTogether];
        unpackNibbles(group.nibbles, i, w);
        const __m256i upper = _mm256_set1_epi8(48);
        for (size_t h = 0; h < 2; ++h) {
            const __m256i bits = load(&group.high[i / 4][8 * h][0]); // of step i % 4 in its bits 2 (i % 4)
            const bool later = i % 4 != 0;
            const __m256i first = later ? bits : _mm256_slli_epi16(bits, 4);
            const __m256i second = later ? _mm256_srli_epi16(bits, 2) : _mm256_slli_epi16(bits, 2);
            w[0][h] = _mm256_or_si256(w[0][h], _mm256_and_si256(first, upper));
            w[1][h] = _mm256_or_si256(w[1][h], _mm256_and_si256(second, upper));
        }
    }
    static inline __m256 scale(const unsigned char* panel, size_t g, size_t h) {
        return wide(at(panel, g).scale + 8 * h);
    }
    static inline __m256 minimum(const unsigned char*, size_t, size_t) {
        return _mm256_setzero_ps();
    }
    /// Of depths 16 half..16 half + 15, outputs 8h to 8h + 7.
    static inline __m256i halfScale(const unsigned char* panel, size_t g, size_t half, size_t h) {
        const int8_t* scales = at(panel, g).scales[g % kGroupsTogether][half] + 8 * h;
        return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(scales)));
    }
};

} // namespace

} // namespace alcuin::inference::cpu::avx2
