#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

/// Adds delta, if there is one, to 16 numbers of the residual stream and gives them back.
template <bool kDelta>
inline __m512 residual(float* x, const float* delta) {
    const __m512 v = _mm512_loadu_ps(x);
    if constexpr (kDelta) {
        const __m512 sum = _mm512_add_ps(v, _mm512_loadu_ps(delta));
        _mm512_storeu_ps(x, sum);
        return sum;
    }
    return v;
}

/// Four sums side by side hide the additions' latency; the order depends on the width alone.
template <bool kDelta>
inline float sumOfSquares(float* x, const float* delta, size_t width) {
    __m512 sum[4] = {};
    size_t e = 0;
    for (; e + 64 <= width; e += 64) {
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; ++i) {
            const __m512 v = residual<kDelta>(x + e + 16 * i, delta + e + 16 * i);
            sum[i] = _mm512_fmadd_ps(v, v, sum[i]);
        }
    }
    for (; e < width; e += 16) {
        const __m512 v = residual<kDelta>(x + e, delta + e);
        sum[0] = _mm512_fmadd_ps(v, v, sum[0]);
    }
    return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(sum[0], sum[1]), _mm512_add_ps(sum[2], sum[3])));
}

} // namespace

void rmsNorm(const RmsNormArgs& args) noexcept {
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        float* x = args.residual + r * args.width;
        const float squares = args.delta != nullptr ? sumOfSquares<true>(x, args.delta + r * args.width, args.width)
                                                    : sumOfSquares<false>(x, x, args.width);
        const float mean = squares / static_cast<float>(args.width) + args.epsilon;
        const __m512 factor = _mm512_set1_ps(1.0F / _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(mean))));
        float* y = args.y + r * args.width;
        for (size_t e = 0; e < args.width; e += 16) {
            const __m512 v = _mm512_mul_ps(_mm512_loadu_ps(x + e), factor);
            _mm512_storeu_ps(y + e, _mm512_mul_ps(v, _mm512_loadu_ps(args.gamma + e)));
        }
    }
}

} // namespace alcuin::inference::cpu::avx512
