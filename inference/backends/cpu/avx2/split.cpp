#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

inline __m256i magnitudeBits(const float* x) {
    return _mm256_and_si256(_mm256_castps_si256(_mm256_loadu_ps(x)), _mm256_set1_epi32(0x7fffffff));
}

inline int largestOf(__m256i v) {
    __m128i s = _mm_max_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    s = _mm_max_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    s = _mm_max_epi32(s, _mm_shuffle_epi32(s, 0xb1));
    return _mm_cvtsi128_si32(s);
}

inline int totalOf(__m256i v) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
    return _mm_cvtsi128_si32(s);
}

/// Writes 32 numbers and what follows from them.
inline void store(const __m256i (&v)[4], float scale, SplitGroup& out) {
    // Packing works within halves of the register; the permutation puts the fours back in order.
    const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(v[0], v[1]), _mm256_packs_epi32(v[2], v[3]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.values),
                        _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
    const int lower = totalOf(_mm256_add_epi32(v[0], v[1]));
    const int sum = lower + totalOf(_mm256_add_epi32(v[2], v[3]));
    out.scale = scale;
    out.offset = scale * static_cast<float>(sum);
    out.sum = sum;
    out.lower = lower;
    out.start8 = kSplitStart - 8 * sum;
    out.start16 = kSplitStart - 16 * sum;
    out.start128 = kSplitStart - 128 * sum;
}

inline void splitCoarse(const float* x, SplitGroup& out) {
    const __m256i largest = _mm256_max_epi32(_mm256_max_epi32(magnitudeBits(x), magnitudeBits(x + 8)),
                                             _mm256_max_epi32(magnitudeBits(x + 16), magnitudeBits(x + 24)));
    // As bits magnitudes are ordered like numbers, with NaN above infinity above all.
    const int bits = largestOf(largest);
    const float magnitude = _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(bits)));
    const bool broken = bits >= 0x7f800000;
    __m256i v[4] = {};
    if (broken || magnitude < 128 * 1.17549435e-38F) { // below: 127 / magnitude might overflow
        store(v, broken ? __builtin_nanf("") : 0.0F, out);
        return;
    }
    const __m256 factor = _mm256_set1_ps(127.0F / magnitude);
    for (size_t i = 0; i < 4; ++i) {
        v[i] = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8 * i), factor));
    }
    store(v, magnitude / 127.0F, out);
}

inline void splitFine(const float* x, SplitGroup& coarse, SplitGroup& out) {
    const __m256 scale = _mm256_set1_ps(coarse.scale);
    const __m256 factor = _mm256_set1_ps(kFineSteps / coarse.scale);
    __m256i v[4];
    for (size_t i = 0; i < 4; ++i) {
        const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(coarse.values + 8 * i));
        const __m256 value = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
        const __m256 left = _mm256_fnmadd_ps(value, scale, _mm256_loadu_ps(x + 8 * i));
        v[i] = _mm256_cvtps_epi32(_mm256_mul_ps(left, factor));
    }
    store(v, coarse.scale / kFineSteps, out);
    coarse.offset += out.offset;
}

} // namespace

void split(const SplitArgs& args) noexcept {
    const size_t groups = args.depth / kGroup;
    for (size_t row = args.rowBegin; row < args.rowEnd; ++row) {
        const float* x = args.x + row * args.depth;
        const size_t first = row / kSplitTile * groups * kSplitTile + row % kSplitTile;
        float squares = 0;
        for (size_t g = 0; g < groups; ++g) {
            SplitGroup& coarse = args.out.coarse[first + g * kSplitTile];
            splitCoarse(x + g * kGroup, coarse);
            squares += coarse.scale * coarse.scale;
        }
        const float most = kFineShare * squares / static_cast<float>(groups);
        for (size_t g = 0; g < groups; ++g) {
            const size_t index = first + g * kSplitTile;
            SplitGroup& coarse = args.out.coarse[index];
            const bool fine = coarse.scale * coarse.scale > most;
            args.out.fineRows[index] = fine ? 255 : 0;
            if (fine) {
                splitFine(x + g * kGroup, coarse, args.out.fine[index]);
            }
        }
    }
}

} // namespace alcuin::inference::cpu::avx2
