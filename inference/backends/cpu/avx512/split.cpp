#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

inline __m512i magnitudeBits(__m512 x) {
    return _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff));
}

/// Writes numbers and what follows from them.
inline void store(__m512i low, __m512i high, float scale, SplitGroup& out) {
    auto* values = reinterpret_cast<__m128i*>(out.values);
    _mm_storeu_si128(values, _mm512_cvtepi32_epi8(low));
    _mm_storeu_si128(values + 1, _mm512_cvtepi32_epi8(high));
    const int lower = _mm512_reduce_add_epi32(low);
    const int sum = lower + _mm512_reduce_add_epi32(high);
    out.scale = scale;
    out.offset = scale * static_cast<float>(sum);
    out.sum = sum;
    out.lower = lower;
    out.start8 = kSplitStart - 8 * sum;
    out.start16 = kSplitStart - 16 * sum;
    out.start128 = kSplitStart - 128 * sum;
}

inline void splitCoarse(const float* x, SplitGroup& out) {
    const __m512 low = _mm512_loadu_ps(x);
    const __m512 high = _mm512_loadu_ps(x + 16);
    // As bits magnitudes are ordered like numbers, with NaN above infinity above all.
    const int bits = _mm512_reduce_max_epi32(_mm512_max_epi32(magnitudeBits(low), magnitudeBits(high)));
    const float magnitude = _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(bits)));
    const bool broken = bits >= 0x7f800000;
    if (broken || magnitude < 128 * 1.17549435e-38F) { // below: 127 / magnitude might overflow
        store(_mm512_setzero_si512(), _mm512_setzero_si512(), broken ? __builtin_nanf("") : 0.0F, out);
        return;
    }
    const __m512 factor = _mm512_set1_ps(127.0F / magnitude);
    store(_mm512_cvtps_epi32(_mm512_mul_ps(low, factor)), _mm512_cvtps_epi32(_mm512_mul_ps(high, factor)),
          magnitude / 127.0F, out);
}

inline __m512i fineSteps(const float* x, const int8_t* values, float scale, float factor) {
    const __m512 coarse =
        _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values))));
    const __m512 left = _mm512_fnmadd_ps(coarse, _mm512_set1_ps(scale), _mm512_loadu_ps(x));
    return _mm512_cvtps_epi32(_mm512_mul_ps(left, _mm512_set1_ps(factor)));
}

inline void splitFine(const float* x, SplitGroup& coarse, SplitGroup& out) {
    const float factor = kFineSteps / coarse.scale;
    store(fineSteps(x, coarse.values, coarse.scale, factor),
          fineSteps(x + 16, coarse.values + 16, coarse.scale, factor), coarse.scale / kFineSteps, out);
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

} // namespace alcuin::inference::cpu::avx512
