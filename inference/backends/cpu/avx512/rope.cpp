#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

/// Eight pairs of neighbours at a time.
inline void turnInterleaved(float* x, const float* cosine, const float* sine, size_t pairs) {
    const __m512i twice = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    for (size_t i = 0; i < pairs; i += 8) {
        const __m512 c = _mm512_permutexvar_ps(twice, _mm512_castps256_ps512(_mm256_loadu_ps(cosine + i)));
        const __m512 s = _mm512_permutexvar_ps(twice, _mm512_castps256_ps512(_mm256_loadu_ps(sine + i)));
        const __m512 v = _mm512_loadu_ps(x + 2 * i);
        const __m512 swapped = _mm512_permute_ps(v, 0xb1);
        _mm512_storeu_ps(x + 2 * i, _mm512_fmaddsub_ps(v, c, _mm512_mul_ps(swapped, s)));
    }
}

/// 16 pairs at a time, one number from each half.
inline void turnHalfSplit(float* x, const float* cosine, const float* sine, size_t pairs) {
    for (size_t i = 0; i < pairs; i += 16) {
        const __m512 c = _mm512_loadu_ps(cosine + i);
        const __m512 s = _mm512_loadu_ps(sine + i);
        const __m512 a = _mm512_loadu_ps(x + i);
        const __m512 b = _mm512_loadu_ps(x + pairs + i);
        _mm512_storeu_ps(x + i, _mm512_fmsub_ps(a, c, _mm512_mul_ps(b, s)));
        _mm512_storeu_ps(x + pairs + i, _mm512_fmadd_ps(b, c, _mm512_mul_ps(a, s)));
    }
}

} // namespace

void rope(const RopeArgs& args) noexcept {
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const float* cosine = args.cosine + r * args.pairs;
        const float* sine = args.sine + r * args.pairs;
        for (size_t h = 0; h < args.heads; ++h) {
            float* x = args.x + r * args.stride + h * args.headSize;
            if (args.halfSplit) {
                turnHalfSplit(x, cosine, sine, args.pairs);
            } else {
                turnInterleaved(x, cosine, sine, args.pairs);
            }
        }
    }
}

} // namespace alcuin::inference::cpu::avx512
