#pragma once

#include <immintrin.h>

#include "backends/cpu/panels.h"

/// How AVX2 products read a quantised panel; local to the source that includes it.
namespace alcuin::inference::cpu::avx2 {

namespace {

constexpr size_t kSteps = kGroup / 4; ///< a step: four depths of 16 outputs, two registers

/// Bytes ahead of its use that a panel is fetched; measured: less leaves the memory waiting, more changes nothing.
constexpr size_t kAhead = 2048;

inline __m256i load(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

inline __m256 wide(const uint16_t* half) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(half)));
}

/// How large a format's bytes get, which says how many products fit 16 bits.
enum class Bytes { kUpTo15, kUpTo63, kSigned };

/// A panel whose groups of 32 deep stand by themselves, one behind the other.
template <typename Group>
struct Grouped {
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
    /// Fetches a group's worth of what comes later.
    static inline void prefetchAhead(const unsigned char* panel, size_t g) {
        const auto* from = reinterpret_cast<const char*>(panel + g * sizeof(Group)) + kAhead;
        for (size_t line = 0; line < sizeof(Group); line += 64) {
            _mm_prefetch(from + line, _MM_HINT_T0);
        }
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

} // namespace

} // namespace alcuin::inference::cpu::avx2
