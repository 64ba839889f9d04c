#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx2/math.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

inline __m256i magnitudeBits(__m256 x) {
    return _mm256_and_si256(_mm256_castps_si256(x), _mm256_set1_epi32(0x7fffffff));
}

inline int maxOf(__m256i v) {
    __m128i s = _mm_max_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    s = _mm_max_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    s = _mm_max_epi32(s, _mm_shuffle_epi32(s, 0xb1));
    return _mm_cvtsi128_si32(s);
}

inline int sumOf(__m256i v) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
    return _mm_cvtsi128_si32(s);
}

inline __m256i roundScaled(const float* x, __m256 factor) {
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x), factor));
}

inline void quantiseGroup(const float* x, const QuantisedRows& out, size_t index) {
    __m256i largest = magnitudeBits(_mm256_loadu_ps(x));
    for (size_t k = 8; k < kGroup; k += 8) {
        largest = _mm256_max_epi32(largest, magnitudeBits(_mm256_loadu_ps(x + k)));
    }
    // As bits magnitudes are ordered like numbers, with NaN above infinity above all.
    const int bits = maxOf(largest);
    const float magnitude = _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(bits)));
    __m256i* values = reinterpret_cast<__m256i*>(out.values + index * kGroup);
    const bool broken = bits >= 0x7f800000;
    if (broken || magnitude < 128 * 1.17549435e-38F) { // below: 127 / magnitude might overflow
        _mm256_storeu_si256(values, _mm256_setzero_si256());
        out.scale[index] = broken ? __builtin_nanf("") : 0.0F;
        out.sum[index] = 0;
        out.lower[index] = 0;
        out.offset[index] = out.scale[index] * 0.0F;
        return;
    }
    const __m256 factor = _mm256_set1_ps(127.0F / magnitude);
    const __m256i a = roundScaled(x, factor);
    const __m256i b = roundScaled(x + 8, factor);
    const __m256i c = roundScaled(x + 16, factor);
    const __m256i d = roundScaled(x + 24, factor);
    const int lower = sumOf(_mm256_add_epi32(a, b));
    const int sum = lower + sumOf(_mm256_add_epi32(c, d));
    // Packing works within halves of the register; the permutation puts the fours back in order.
    const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
    _mm256_storeu_si256(values, _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
    out.scale[index] = magnitude / 127.0F;
    out.sum[index] = sum;
    out.lower[index] = lower;
    out.offset[index] = out.scale[index] * static_cast<float>(sum);
}

inline void turnInterleaved(float* x, const float* cosine, const float* sine, size_t pairs) {
    const __m256i twice = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
    for (size_t i = 0; i < pairs; i += 4) {
        const __m256 c = _mm256_permutevar8x32_ps(_mm256_castps128_ps256(_mm_loadu_ps(cosine + i)), twice);
        const __m256 s = _mm256_permutevar8x32_ps(_mm256_castps128_ps256(_mm_loadu_ps(sine + i)), twice);
        const __m256 v = _mm256_loadu_ps(x + 2 * i);
        const __m256 swapped = _mm256_permute_ps(v, 0xb1);
        _mm256_storeu_ps(x + 2 * i, _mm256_fmaddsub_ps(v, c, _mm256_mul_ps(swapped, s)));
    }
}

inline void turnHalfSplit(float* x, const float* cosine, const float* sine, size_t pairs) {
    for (size_t i = 0; i < pairs; i += 8) {
        const __m256 c = _mm256_loadu_ps(cosine + i);
        const __m256 s = _mm256_loadu_ps(sine + i);
        const __m256 a = _mm256_loadu_ps(x + i);
        const __m256 b = _mm256_loadu_ps(x + pairs + i);
        _mm256_storeu_ps(x + i, _mm256_fmsub_ps(a, c, _mm256_mul_ps(b, s)));
        _mm256_storeu_ps(x + pairs + i, _mm256_fmadd_ps(b, c, _mm256_mul_ps(a, s)));
    }
}

} // namespace

void quantise(const QuantiseArgs& args) noexcept {
    const size_t groups = args.depth / kGroup;
    for (size_t index = args.rowBegin * groups; index < args.rowEnd * groups; ++index) {
        quantiseGroup(args.x + index * kGroup, args.out, index);
    }
}

void rmsNorm(const RmsNormArgs& args) noexcept {
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        float* x = args.residual + r * args.width;
        __m256 squares = _mm256_setzero_ps();
        if (args.delta != nullptr) {
            const float* delta = args.delta + r * args.width;
            for (size_t e = 0; e < args.width; e += 8) {
                const __m256 v = _mm256_add_ps(_mm256_loadu_ps(x + e), _mm256_loadu_ps(delta + e));
                _mm256_storeu_ps(x + e, v);
                squares = _mm256_fmadd_ps(v, v, squares);
            }
        } else {
            for (size_t e = 0; e < args.width; e += 8) {
                const __m256 v = _mm256_loadu_ps(x + e);
                squares = _mm256_fmadd_ps(v, v, squares);
            }
        }
        const float mean = sumOf(squares) / static_cast<float>(args.width);
        const float root = _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(mean + args.epsilon)));
        const __m256 factor = _mm256_set1_ps(1.0F / root);
        float* y = args.y + r * args.width;
        for (size_t e = 0; e < args.width; e += 8) {
            const __m256 v = _mm256_mul_ps(_mm256_loadu_ps(x + e), factor);
            _mm256_storeu_ps(y + e, _mm256_mul_ps(v, _mm256_loadu_ps(args.gamma + e)));
        }
    }
}

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

void swiglu(const SwigluArgs& args) noexcept {
    const __m256 one = _mm256_set1_ps(1.0F);
    for (size_t i = args.begin; i < args.end; i += 8) {
        const __m256 z = _mm256_loadu_ps(args.gate + i);
        const __m256 e = exponential(_mm256_sub_ps(_mm256_setzero_ps(), z));
        const __m256 silu = _mm256_div_ps(z, _mm256_add_ps(one, e));
        _mm256_storeu_ps(args.gate + i, _mm256_mul_ps(silu, _mm256_loadu_ps(args.up + i)));
    }
}

} // namespace alcuin::inference::cpu::avx2
