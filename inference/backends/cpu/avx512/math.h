#pragma once

#include <immintrin.h>

/// For AVX-512 sources only. Everything is local to the source that includes it.
namespace alcuin::inference::cpu::avx512 {

namespace {

constexpr float kLog2E = 1.44269504F;

/// 2^(n + f) to 1e-7 relative for an integer n and |f| <= 1/2, by the polynomial of degree 5 with the least relative
/// error (9.2e-8) among those that give 1 for f = 0.
inline __m512 scaledPower(__m512 n, __m512 f) {
    __m512 p = _mm512_set1_ps(0.00132647273F);
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.00967151299F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.0555073358F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.240222424F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.693147004F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0F));
    return _mm512_scalef_ps(p, n);
}

/// 2^x; 2^-126 below that, infinity from 128 on; NaN stays NaN.
inline __m512 powerOfTwo(__m512 x) {
    x = _mm512_max_ps(_mm512_set1_ps(-126.0F), x); // the second operand is what max gives back for a NaN
    const __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    return scaledPower(n, _mm512_sub_ps(x, n));
}

/// e^x; x is taken as -87 below that, infinity from 88.8 on; NaN stays NaN.
inline __m512 exponential(__m512 x) {
    const __m512 log2E = _mm512_set1_ps(kLog2E);
    x = _mm512_min_ps(_mm512_set1_ps(89.0F), _mm512_max_ps(_mm512_set1_ps(-87.0F), x));
    const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, log2E), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    // What is left of x log2(e), to more than f32's precision: the second constant is log2(e) less the first.
    const __m512 f = _mm512_fmadd_ps(x, _mm512_set1_ps(1.92596299e-8F), _mm512_fmsub_ps(x, log2E, n));
    return scaledPower(n, f);
}

} // namespace

} // namespace alcuin::inference::cpu::avx512
