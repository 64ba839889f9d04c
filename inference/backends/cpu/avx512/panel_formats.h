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

template <typename P>
inline void unpackNibbles(const P& panel, __m512i (&w)[kVectors]) {
    const __m512i low = _mm512_set1_epi8(15);
#pragma GCC unroll 16
    for (int i = 0; i < kVectors / 2; ++i) {
        const __m512i both = _mm512_loadu_si512(panel.nibbles[i]);
        w[2 * i] = _mm512_and_si512(both, low);
        w[2 * i + 1] = _mm512_and_si512(_mm512_srli_epi16(both, 4), low);
    }
}

/// Each format unpacks to unsigned bytes, which is what dpbusd multiplies by signed activations. kOffset is what they
/// are too large by; a sum that starts at -kOffset * sum(activations) takes it back, exactly.
struct FormatQ8 {
    using Panel = Q8Panel;
    static constexpr int kOffset = 128;
    static constexpr bool kMinimum = false;
    static inline void unpack(const Panel& panel, __m512i (&w)[kVectors]) {
        const __m512i flip = _mm512_set1_epi8(static_cast<char>(0x80));
#pragma GCC unroll 16
        for (int i = 0; i < kVectors; ++i) {
            w[i] = _mm512_xor_si512(_mm512_loadu_si512(panel.values[i]), flip);
        }
    }
    static inline __m512 minimum(const Panel&) {
        return _mm512_setzero_ps();
    }
};

struct FormatQ4 {
    using Panel = Q4Panel;
    static constexpr int kOffset = 8;
    static constexpr bool kMinimum = false;
    static inline void unpack(const Panel& panel, __m512i (&w)[kVectors]) {
        unpackNibbles(panel, w);
    }
    static inline __m512 minimum(const Panel&) {
        return _mm512_setzero_ps();
    }
};

struct FormatQ4Min {
    using Panel = Q4MinPanel;
    static constexpr int kOffset = 0;
    static constexpr bool kMinimum = true;
    static inline void unpack(const Panel& panel, __m512i (&w)[kVectors]) {
        unpackNibbles(panel, w);
    }
    static inline __m512 minimum(const Panel& panel) {
        return widenHalves(panel.minimum);
    }
};

/// Lanes of a panel that are outputs of the matrix; its last panel may be filled up.
inline __mmask16 columnsOf(size_t outputs, size_t firstColumn) {
    const size_t columns = outputs - firstColumn;
    return static_cast<__mmask16>(columns < kPanelColumns ? (1U << columns) - 1U : 0xffffU);
}

} // namespace

} // namespace alcuin::inference::cpu::avx512
