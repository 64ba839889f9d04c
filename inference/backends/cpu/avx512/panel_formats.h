#pragma once

#include <immintrin.h>

#include "backends/cpu/panels.h"

/// How int8 products read a quantised panel; for AVX-512 sources only, local to the source that includes it.
namespace alcuin::inference::cpu::avx512 {

namespace {

/// Vectors of 16 columns x 4 deep in a group of 32.
constexpr int kVectors = 8;

inline __m512 widenHalves(const uint16_t* halves) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(halves)));
}

inline void unpackNibbles(const uint8_t (&nibbles)[4][kPanelColumns][4], __m512i (&w)[kVectors]) {
    const __m512i low = _mm512_set1_epi8(15);
#pragma GCC unroll 16
    for (int i = 0; i < kVectors / 2; ++i) {
        const __m512i both = _mm512_loadu_si512(nibbles[i]);
        w[2 * i] = _mm512_and_si512(both, low);
        w[2 * i + 1] = _mm512_and_si512(_mm512_srli_epi16(both, 4), low);
    }
}

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
    static inline __m512 scale(const unsigned char* panel, size_t g) {
        return widenHalves(at(panel, g).scale);
    }
    static inline __m512 minimum(const unsigned char*, size_t) {
        return _mm512_setzero_ps();
    }
    static inline void prefetch(const unsigned char* panel, size_t g) {
        prefetchBytes(panel + g * sizeof(Group), sizeof(Group));
    }
};

/// A panel of super-groups, eight groups of 32 deep each.
template <typename Super>
struct SuperGrouped {
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kSuperGroup * sizeof(Super);
    }
    static inline const Super& at(const unsigned char* panel, size_t g) {
        return *reinterpret_cast<const Super*>(panel + g / kGroupsTogether * sizeof(Super));
    }
    static inline void prefetch(const unsigned char* panel, size_t g) {
        constexpr size_t kPart = sizeof(Super) / kGroupsTogether;
        prefetchBytes(panel + g / kGroupsTogether * sizeof(Super) + g % kGroupsTogether * kPart, kPart + 63);
    }
};

/// Each format reads group g of the panel that starts at `panel`: its scales, its minima where it has some, and its
/// numbers as unsigned bytes, which is what dpbusd multiplies by signed activations. kOffset is what they are too large
/// by; a sum that starts at -kOffset * sum(activations) takes it back, exactly. prefetch fetches about as many bytes as
/// a group takes, so that all groups' calls together fetch the panel. With kHalves each half of a group (16 deep) has a
/// scale of its own besides, a whole number.
struct FormatQ8 : Grouped<Q8Panel> {
    static constexpr int kOffset = 128;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, __m512i (&w)[kVectors]) {
        const __m512i flip = _mm512_set1_epi8(static_cast<char>(0x80));
#pragma GCC unroll 16
        for (int i = 0; i < kVectors; ++i) {
            w[i] = _mm512_xor_si512(_mm512_loadu_si512(at(panel, g).values[i]), flip);
        }
    }
};

struct FormatQ4 : Grouped<Q4Panel> {
    static constexpr int kOffset = 8;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, __m512i (&w)[kVectors]) {
        unpackNibbles(at(panel, g).nibbles, w);
    }
};

struct FormatQ4Min : Grouped<Q4MinPanel> {
    static constexpr int kOffset = 0;
    static constexpr bool kMinimum = true;
    static inline void unpack(const unsigned char* panel, size_t g, __m512i (&w)[kVectors]) {
        unpackNibbles(at(panel, g).nibbles, w);
    }
    static inline __m512 minimum(const unsigned char* panel, size_t g) {
        return widenHalves(at(panel, g).minimum);
    }
};

/// w[i] gets its bytes' fifth bits, which are bit i of the bytes of `high`.
inline void addFifthBits(const uint8_t (&high)[kPanelColumns][4], __m512i (&w)[kVectors]) {
    const __m512i bits = _mm512_loadu_si512(high);
    const __m512i fifth = _mm512_set1_epi8(16);
    constexpr int kOrAnd = 0xf8; // a | (b & c)
    w[0] = _mm512_ternarylogic_epi32(w[0], _mm512_slli_epi16(bits, 4), fifth, kOrAnd);
    w[1] = _mm512_ternarylogic_epi32(w[1], _mm512_slli_epi16(bits, 3), fifth, kOrAnd);
    w[2] = _mm512_ternarylogic_epi32(w[2], _mm512_slli_epi16(bits, 2), fifth, kOrAnd);
    w[3] = _mm512_ternarylogic_epi32(w[3], _mm512_slli_epi16(bits, 1), fifth, kOrAnd);
    w[4] = _mm512_ternarylogic_epi32(w[4], bits, fifth, kOrAnd);
    w[5] = _mm512_ternarylogic_epi32(w[5], _mm512_srli_epi16(bits, 1), fifth, kOrAnd);
    w[6] = _mm512_ternarylogic_epi32(w[6], _mm512_srli_epi16(bits, 2), fifth, kOrAnd);
    w[7] = _mm512_ternarylogic_epi32(w[7], _mm512_srli_epi16(bits, 3), fifth, kOrAnd);
}

struct FormatQ5 : Grouped<Q5Panel> {
    static constexpr int kOffset = 16;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, __m512i (&w)[kVectors]) {
        unpackNibbles(at(panel, g).nibbles, w);
        addFifthBits(at(panel, g).high, w);
    }
};

inline __m512 widenBytes(const uint8_t* bytes) {
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes))));
}

template <typename Super>
struct SuperMin : SuperGrouped<Super> {
    using SuperGrouped<Super>::at;
    static constexpr bool kHalves = false;
    static constexpr int kOffset = 0;
    static constexpr bool kMinimum = true;
    static inline __m512 scale(const unsigned char* panel, size_t g) {
        const Super& from = at(panel, g);
        return _mm512_mul_ps(widenHalves(from.scale), widenBytes(from.scales[g % kGroupsTogether]));
    }
    static inline __m512 minimum(const unsigned char* panel, size_t g) {
        const Super& from = at(panel, g);
        const __m512 negative = _mm512_xor_ps(widenHalves(from.minimum), _mm512_set1_ps(-0.0F));
        return _mm512_mul_ps(negative, widenBytes(from.minima[g % kGroupsTogether]));
    }
};

struct FormatQ4K : SuperMin<Q4KPanel> {
    static inline void unpack(const unsigned char* panel, size_t g, __m512i (&w)[kVectors]) {
        unpackNibbles(at(panel, g).groups[g % kGroupsTogether].nibbles, w);
    }
};

struct FormatQ5K : SuperMin<Q5KPanel> {
    static inline void unpack(const unsigned char* panel, size_t g, __m512i (&w)[kVectors]) {
        const Q5KPanel::Group& group = at(panel, g).groups[g % kGroupsTogether];
        unpackNibbles(group.nibbles, w);
        addFifthBits(group.high, w);
    }
};

struct FormatQ6K : SuperGrouped<Q6KPanel> {
    static constexpr bool kHalves = true;
    static constexpr int kOffset = 32;
    static constexpr bool kMinimum = false;
    static inline void unpack(const unsigned char* panel, size_t g, __m512i (&w)[kVectors]) {
        const Q6KPanel::Group& group = at(panel, g).groups[g % kGroupsTogether];
        unpackNibbles(group.nibbles, w);
        const __m512i upper = _mm512_set1_epi8(48);
        constexpr int kOrAnd = 0xf8; // a | (b & c)
#pragma GCC unroll 2
        for (int h = 0; h < 2; ++h) {
            const __m512i bits = _mm512_loadu_si512(group.high[h]);
            __m512i* half = w + 4 * h;
            half[0] = _mm512_ternarylogic_epi32(half[0], _mm512_slli_epi16(bits, 4), upper, kOrAnd);
            half[1] = _mm512_ternarylogic_epi32(half[1], _mm512_slli_epi16(bits, 2), upper, kOrAnd);
            half[2] = _mm512_ternarylogic_epi32(half[2], bits, upper, kOrAnd);
            half[3] = _mm512_ternarylogic_epi32(half[3], _mm512_srli_epi16(bits, 2), upper, kOrAnd);
        }
    }
    /// What both halves' scales are multiplied by.
    static inline __m512 scale(const unsigned char* panel, size_t g) {
        return widenHalves(at(panel, g).scale);
    }
    static inline __m512 halfScale(const unsigned char* panel, size_t g, size_t half) {
        const auto* scales = reinterpret_cast<const __m128i*>(at(panel, g).scales[g % kGroupsTogether][half]);
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(scales)));
    }
    static inline __m512 minimum(const unsigned char*, size_t) {
        return _mm512_setzero_ps();
    }
};

/// Lanes of a panel that are outputs of the matrix; its last panel may be filled up.
inline __mmask16 columnsOf(size_t outputs, size_t firstColumn) {
    const size_t columns = outputs - firstColumn;
    return static_cast<__mmask16>(columns < kPanelColumns ? (1U << columns) - 1U : 0xffffU);
}

} // namespace

} // namespace alcuin::inference::cpu::avx512
