#pragma once

#include "backends/cpu/amx/tiles.h"

#ifndef ALCUIN_AMX_TWIN
#include <immintrin.h>
#else
#include "tensor/half.h"
#endif

/// What kernels do with tiles' contents, 16 lanes at a time; with a plain twin as the tiles have, equal bit for bit.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

inline constexpr size_t kLanes = 16;

#ifndef ALCUIN_AMX_TWIN

using Floats = __m512;
using Words = __m512i; ///< 16 x 32 bits

inline Words loadWords(const void* p) {
    return _mm512_loadu_si512(p);
}
inline void storeWords(void* p, Words x) {
    _mm512_storeu_si512(p, x);
}
inline Floats loadFloats(const float* p) {
    return _mm512_loadu_ps(p);
}
inline void storeFloats(float* p, Floats x) {
    _mm512_storeu_ps(p, x);
}
/// Of the first `count` lanes; those beyond are zero, and not touched in memory.
inline Floats loadFirst(const float* p, size_t count) {
    return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1U), p);
}
inline void storeFirst(float* p, size_t count, Floats x) {
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1U << count) - 1U), x);
}
inline Floats spread(float x) {
    return _mm512_set1_ps(x);
}
inline Words spreadBits(uint32_t x) {
    return _mm512_set1_epi32(static_cast<int>(x));
}
inline Floats fromHalf(const uint16_t* p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
template <int N>
inline Words shiftRight(Words x) {
    return _mm512_srli_epi32(x, N);
}
template <int N>
inline Words shiftLeft(Words x) {
    return _mm512_slli_epi32(x, N);
}
/// Keeps the sign.
template <int N>
inline Words shiftRightSigned(Words x) {
    return _mm512_srai_epi32(x, N);
}
inline Words bitsAnd(Words a, Words b) {
    return _mm512_and_si512(a, b);
}
/// By fewer than 32.
inline Words shiftRightBy(Words x, size_t bits) {
    return _mm512_srl_epi32(x, _mm_cvtsi32_si128(static_cast<int>(bits)));
}
/// a | (b & c)
inline Words orAnd(Words a, Words b, Words c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0xf8);
}
/// Byte by byte.
inline Words subtractBytes(Words a, Words b) {
    return _mm512_sub_epi8(a, b);
}
/// 16 bytes, each a number.
inline Floats fromBytes(const uint8_t* p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
inline Floats fromBytes(const int8_t* p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
inline Floats negate(Floats x) {
    return _mm512_xor_ps(x, _mm512_set1_ps(-0.0F));
}
/// table[lowest 4 bits of each lane]
inline Floats lookUp(Floats table, Words index) {
    return _mm512_permutexvar_ps(index, table);
}
/// table[byte] for bytes below 16, in every 16 bytes of the table for themselves.
inline Words lookUpBytes(Words table, Words index) {
    return _mm512_shuffle_epi8(table, index);
}
/// Four words, again and again.
inline Words spreadFour(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    return _mm512_broadcast_i32x4(
        _mm_setr_epi32(static_cast<int>(a), static_cast<int>(b), static_cast<int>(c), static_cast<int>(d)));
}
inline Floats fromInts(Words x) {
    return _mm512_cvtepi32_ps(x);
}
inline Floats multiply(Floats a, Floats b) {
    return _mm512_mul_ps(a, b);
}
inline Floats add(Floats a, Floats b) {
    return _mm512_add_ps(a, b);
}
inline Floats divide(Floats a, Floats b) {
    return _mm512_div_ps(a, b);
}
/// b where one of them is a NaN.
inline Floats maximum(Floats a, Floats b) {
    return _mm512_max_ps(a, b);
}
inline Floats minimum(Floats a, Floats b) {
    return _mm512_min_ps(a, b);
}
inline Words asWords(Floats x) {
    return _mm512_castps_si512(x);
}
/// a in the first `count` lanes, b in the others.
inline Floats firstOf(size_t count, Floats a, Floats b) {
    return _mm512_mask_blend_ps(static_cast<__mmask16>((1U << count) - 1U), b, a);
}
/// Halves are added, then quarters, and so on.
inline float sumOf(Floats x) {
    return _mm512_reduce_add_ps(x);
}
inline float maxOf(Floats x) {
    return _mm512_reduce_max_ps(x);
}
inline float firstLane(Floats x) {
    return _mm512_cvtss_f32(x);
}
/// a * b + c, rounded once.
inline Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return _mm512_fmadd_ps(a, b, c);
}
/// Lane i: bf16 of even[i] below, of odd[i] above; to nearest, ties to even, denormals to zero.
inline Words pairBf16(Floats even, Floats odd) {
    const __m512i interleave = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22,
                                                6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return _mm512_permutexvar_epi16(interleave, (__m512i)_mm512_cvtne2ps_pbh(odd, even));
}
/// 32 bf16 numbers one behind the other.
inline Words rowBf16(Floats first, Floats second) {
    return (__m512i)_mm512_cvtne2ps_pbh(second, first);
}
/// 16 bf16 numbers.
inline void storeBf16(uint16_t* p, Floats x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), (__m256i)_mm512_cvtneps_pbh(x));
}
/// 16 numbers of 16 bits, then 16 more, become 16 pairs.
inline Words pairHalves(const uint16_t* p) {
    const __m512i interleave = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22,
                                                6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return _mm512_permutexvar_epi16(interleave, _mm512_loadu_si512(p));
}
inline void prefetch(const void* p) {
    _mm_prefetch(static_cast<const char*>(p), _MM_HINT_T0);
}
/// To L2.
inline void prefetchFar(const void* p) {
    _mm_prefetch(static_cast<const char*>(p), _MM_HINT_T1);
}
/// What is written soon.
inline void prefetchToWrite(void* p) {
    __builtin_prefetch(p, 1, 3);
}
/// x less the largest whole number that isn't above it, rounded down; 0 for an infinity.
inline Floats fraction(Floats x) {
    return _mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
/// p * 2^n for the largest whole number n that isn't above x; denormals to zero.
inline Floats scaleByPower(Floats p, Floats x) {
    return _mm512_scalef_ps(p, x);
}

#else

struct Floats {
    float lane[kLanes];
};
struct Words {
    uint32_t lane[kLanes];
};

template <typename Out, typename Function>
inline Out eachLane(Function function) {
    Out out;
    for (size_t i = 0; i < kLanes; ++i) {
        out.lane[i] = function(i);
    }
    return out;
}
inline Words loadWords(const void* p) {
    Words x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}
inline void storeWords(void* p, Words x) {
    __builtin_memcpy(p, &x, sizeof x);
}
inline Floats loadFirst(const float* p, size_t count) {
    return eachLane<Floats>([&](size_t i) { return i < count ? p[i] : 0.0F; });
}
inline void storeFirst(float* p, size_t count, Floats x) {
    for (size_t i = 0; i < count; ++i) {
        p[i] = x.lane[i];
    }
}
inline Floats loadFloats(const float* p) {
    return loadFirst(p, kLanes);
}
inline void storeFloats(float* p, Floats x) {
    storeFirst(p, kLanes, x);
}
inline Floats spread(float x) {
    return eachLane<Floats>([&](size_t) { return x; });
}
inline Words spreadBits(uint32_t x) {
    return eachLane<Words>([&](size_t) { return x; });
}
inline Floats fromHalf(const uint16_t* p) {
    return eachLane<Floats>([&](size_t i) { return f16ToF32(p[i]); });
}
template <int N>
inline Words shiftRight(Words x) {
    return eachLane<Words>([&](size_t i) { return x.lane[i] >> N; });
}
template <int N>
inline Words shiftLeft(Words x) {
    return eachLane<Words>([&](size_t i) { return x.lane[i] << N; });
}
template <int N>
inline Words shiftRightSigned(Words x) {
    return eachLane<Words>([&](size_t i) { return static_cast<uint32_t>(static_cast<int32_t>(x.lane[i]) >> N); });
}
inline Words bitsAnd(Words a, Words b) {
    return eachLane<Words>([&](size_t i) { return a.lane[i] & b.lane[i]; });
}
inline Words shiftRightBy(Words x, size_t bits) {
    return eachLane<Words>([&](size_t i) { return x.lane[i] >> bits; });
}
inline Words orAnd(Words a, Words b, Words c) {
    return eachLane<Words>([&](size_t i) { return a.lane[i] | (b.lane[i] & c.lane[i]); });
}
inline Words subtractBytes(Words a, Words b) {
    unsigned char from[64];
    unsigned char less[64];
    __builtin_memcpy(from, &a, sizeof from);
    __builtin_memcpy(less, &b, sizeof less);
    for (size_t i = 0; i < sizeof from; ++i) {
        from[i] = static_cast<unsigned char>(from[i] - less[i]);
    }
    return loadWords(from);
}
inline Floats fromBytes(const uint8_t* p) {
    return eachLane<Floats>([&](size_t i) { return static_cast<float>(p[i]); });
}
inline Floats fromBytes(const int8_t* p) {
    return eachLane<Floats>([&](size_t i) { return static_cast<float>(p[i]); });
}
inline Floats negate(Floats x) {
    return eachLane<Floats>([&](size_t i) { return -x.lane[i]; });
}
inline Floats lookUp(Floats table, Words index) {
    return eachLane<Floats>([&](size_t i) { return table.lane[index.lane[i] % kLanes]; });
}
inline Words lookUpBytes(Words table, Words index) {
    unsigned char from[64];
    unsigned char at[64];
    __builtin_memcpy(from, &table, sizeof from);
    __builtin_memcpy(at, &index, sizeof at);
    for (size_t i = 0; i < sizeof at; ++i) {
        at[i] = from[i / 16 * 16 + at[i] % 16];
    }
    return loadWords(at);
}
inline Words spreadFour(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    const uint32_t words[4] = {a, b, c, d};
    return eachLane<Words>([&](size_t i) { return words[i % 4]; });
}
inline Floats fromInts(Words x) {
    return eachLane<Floats>([&](size_t i) { return static_cast<float>(static_cast<int32_t>(x.lane[i])); });
}
inline Floats multiply(Floats a, Floats b) {
    return eachLane<Floats>([&](size_t i) { return a.lane[i] * b.lane[i]; });
}
inline Floats add(Floats a, Floats b) {
    return eachLane<Floats>([&](size_t i) { return a.lane[i] + b.lane[i]; });
}
inline Floats divide(Floats a, Floats b) {
    return eachLane<Floats>([&](size_t i) { return a.lane[i] / b.lane[i]; });
}
inline Floats maximum(Floats a, Floats b) {
    return eachLane<Floats>([&](size_t i) { return a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]; });
}
inline Floats minimum(Floats a, Floats b) {
    return eachLane<Floats>([&](size_t i) { return a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]; });
}
inline Words asWords(Floats x) {
    Words out;
    __builtin_memcpy(&out, &x, sizeof out);
    return out;
}
inline Floats firstOf(size_t count, Floats a, Floats b) {
    return eachLane<Floats>([&](size_t i) { return i < count ? a.lane[i] : b.lane[i]; });
}
inline float sumOf(Floats x) {
    for (size_t half = kLanes / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; ++i) {
            x.lane[i] += x.lane[i + half];
        }
    }
    return x.lane[0];
}
inline float maxOf(Floats x) {
    for (size_t half = kLanes / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; ++i) {
            x.lane[i] = x.lane[i] > x.lane[i + half] ? x.lane[i] : x.lane[i + half];
        }
    }
    return x.lane[0];
}
inline float firstLane(Floats x) {
    return x.lane[0];
}
inline Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return eachLane<Floats>([&](size_t i) { return __builtin_fmaf(a.lane[i], b.lane[i], c.lane[i]); });
}
inline uint32_t toBf16(float x) {
    const bool tiny = __builtin_fabsf(x) < 1.17549435e-38F;
    return f32ToBf16(tiny ? __builtin_copysignf(0.0F, x) : x);
}
inline Words pairBf16(Floats even, Floats odd) {
    return eachLane<Words>([&](size_t i) { return toBf16(even.lane[i]) | toBf16(odd.lane[i]) << 16U; });
}
inline Words rowBf16(Floats first, Floats second) {
    return eachLane<Words>([&](size_t i) {
        const Floats& from = i < kLanes / 2 ? first : second;
        const size_t at = i % (kLanes / 2) * 2;
        return toBf16(from.lane[at]) | toBf16(from.lane[at + 1]) << 16U;
    });
}
inline void storeBf16(uint16_t* p, Floats x) {
    for (size_t i = 0; i < kLanes; ++i) {
        p[i] = static_cast<uint16_t>(toBf16(x.lane[i]));
    }
}
inline Words pairHalves(const uint16_t* p) {
    return eachLane<Words>([&](size_t i) { return p[i] | static_cast<uint32_t>(p[i + kLanes]) << 16U; });
}
inline void prefetch(const void*) {}
inline void prefetchFar(const void*) {}
inline void prefetchToWrite(void*) {}
inline Floats fraction(Floats x) {
    return eachLane<Floats>([&](size_t i) {
        const float whole = __builtin_floorf(x.lane[i]);
        const float rest = x.lane[i] - whole;
        const bool above = static_cast<double>(rest) + static_cast<double>(whole) > static_cast<double>(x.lane[i]);
        return __builtin_isinf(x.lane[i]) ? 0.0F : above ? __builtin_nextafterf(rest, 0.0F) : rest;
    });
}
inline Floats scaleByPower(Floats p, Floats x) {
    return eachLane<Floats>([&](size_t i) {
        // Beyond these the result is zero or infinite whatever p is, as long as that lies near 1.
        const float n = __builtin_floorf(minimum(spread(1000.0F), maximum(spread(-1000.0F), x)).lane[i]);
        const float scaled = __builtin_ldexpf(p.lane[i], static_cast<int>(n));
        return __builtin_fabsf(scaled) < 1.17549435e-38F ? 0.0F : scaled;
    });
}

#endif

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
