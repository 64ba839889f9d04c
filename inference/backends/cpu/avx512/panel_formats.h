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

/// Each format reads group g of the panel that starts at `panel`: its scales, its minima where it has some, and its
/// numbers as unsigned bytes, which is what dpbusd multiplies by signed activations. kOffset is what they are too large
/// by; a sum that starts at -kOffset * sum(activations) takes it back, exactly. prefetch fetches about as many bytes as
/// a group takes, so that all groups' calls together fetch the panel.
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

/// Lanes of a panel that are outputs of the matrix; its last panel may be filled up.
inline __mmask16 columnsOf(size_t outputs, size_t firstColumn) {
    const size_t columns = outputs - firstColumn;
    return static_cast<__mmask16>(columns < kPanelColumns ? (1U << columns) - 1U : 0xffffU);
}

} // namespace

} // namespace alcuin::inference::cpu::avx512
