#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

inline __m512i magnitudeBits(__m512 x) {
    return _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff));
}

inline void quantiseGroup(const float* x, const QuantisedRows& out, size_t index) {
    const __m512 low = _mm512_loadu_ps(x);
    const __m512 high = _mm512_loadu_ps(x + 16);
    // As bits magnitudes are ordered like numbers, with NaN above infinity above all.
    const int bits = _mm512_reduce_max_epi32(_mm512_max_epi32(magnitudeBits(low), magnitudeBits(high)));
    const float magnitude = _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(bits)));
    auto* values = reinterpret_cast<__m128i*>(out.values + index * kGroup);
    const bool broken = bits >= 0x7f800000;
    if (broken || magnitude < 128 * 1.17549435e-38F) { // below: 127 / magnitude might overflow
        _mm_storeu_si128(values, _mm_setzero_si128());
        _mm_storeu_si128(values + 1, _mm_setzero_si128());
        out.scale[index] = broken ? __builtin_nanf("") : 0.0F;
        out.sum[index] = 0;
        out.lower[index] = 0;
        out.offset[index] = out.scale[index] * 0.0F;
        return;
    }
    const __m512 factor = _mm512_set1_ps(127.0F / magnitude);
    const __m512i a = _mm512_cvtps_epi32(_mm512_mul_ps(low, factor));
    const __m512i b = _mm512_cvtps_epi32(_mm512_mul_ps(high, factor));
    _mm_storeu_si128(values, _mm512_cvtepi32_epi8(a));
    _mm_storeu_si128(values + 1, _mm512_cvtepi32_epi8(b));
    const int lower = _mm512_reduce_add_epi32(a);
    const int sum = lower + _mm512_reduce_add_epi32(b);
    out.scale[index] = magnitude / 127.0F;
    out.sum[index] = sum;
    out.lower[index] = lower;
    out.offset[index] = out.scale[index] * static_cast<float>(sum);
}

} // namespace

void quantise(const QuantiseArgs& args) noexcept {
    const size_t groups = args.depth / kGroup;
    for (size_t index = args.rowBegin * groups; index < args.rowEnd * groups; ++index) {
        quantiseGroup(args.x + index * kGroup, args.out, index);
    }
}

} // namespace alcuin::inference::cpu::avx512
