#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

constexpr size_t kKeyBlock = 16;

/// 16 numbers as bf16 in the low halves of 32 bits, to nearest, ties to even; a NaN stays one.
inline __m512i roundToBF16(__m512 x) {
    const __m512i bits = _mm512_castps_si512(x);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i rounded =
        _mm512_srli_epi32(_mm512_add_epi32(_mm512_add_epi32(bits, odd), _mm512_set1_epi32(0x7fff)), 16);
    const __mmask16 broken = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    return _mm512_mask_or_epi32(rounded, broken, _mm512_srli_epi32(bits, 16), _mm512_set1_epi32(0x40));
}

inline void storeKeysBF16(const float* key, size_t headSize, size_t token, unsigned char* head) {
    auto* keys = reinterpret_cast<uint16_t*>(head) + token / kKeyBlock * kKeyBlock * headSize;
    const __m512i lanes = _mm512_setr_epi32(0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240);
    for (size_t d = 0; d < headSize; d += 32) {
        // A pair of dimensions is 32 bits; the next pair of this token is 16 tokens further on.
        const __m256i low = _mm512_cvtepi32_epi16(roundToBF16(_mm512_loadu_ps(key + d)));
        const __m256i high = _mm512_cvtepi32_epi16(roundToBF16(_mm512_loadu_ps(key + d + 16)));
        const __m512i pairs = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
        _mm512_i32scatter_epi32(keys + (d / 2 * kKeyBlock + token % kKeyBlock) * 2, lanes, pairs, 4);
    }
}

inline void storeValuesBF16(const float* value, size_t valueSize, size_t token, unsigned char* head) {
    auto* values = reinterpret_cast<uint16_t*>(head) + token / 2 * valueSize * 2;
    for (size_t d = 0; d < valueSize; d += 16) {
        const __m512i numbers = roundToBF16(_mm512_loadu_ps(value + d));
        // The neighbour of the pair may be written by another worker: only this token's halves are stored.
        if (token % 2 == 0) {
            _mm512_mask_storeu_epi16(values + 2 * d, 0x55555555U, numbers);
        } else {
            _mm512_mask_storeu_epi16(values + 2 * d, 0xaaaaaaaaU, _mm512_slli_epi32(numbers, 16));
        }
    }
}

inline void storeKeysF32(const float* key, size_t headSize, size_t token, unsigned char* head) {
    auto* keys = reinterpret_cast<float*>(head) + token / kKeyBlock * kKeyBlock * headSize + token % kKeyBlock;
    for (size_t d = 0; d < headSize; ++d) {
        keys[d * kKeyBlock] = key[d];
    }
}

inline void storeValuesF32(const float* value, size_t valueSize, size_t token, unsigned char* head) {
    __builtin_memcpy(reinterpret_cast<float*>(head) + token * valueSize, value, valueSize * sizeof(float));
}

/// {its scale, what its numbers are multiplied with}; what isn't finite makes the scale NaN and the numbers zeros.
struct Scales {
    float scale;
    float inverse;
};

inline Scales scalesOf(const float* numbers, size_t size) {
    const __m512 infinity = _mm512_set1_ps(__builtin_inff());
    __m512 largest = _mm512_setzero_ps();
    __mmask16 broken = 0;
    for (size_t d = 0; d < size; d += 16) {
        const __m512 magnitude = _mm512_abs_ps(_mm512_loadu_ps(numbers + d));
        broken = static_cast<__mmask16>(broken | _mm512_cmp_ps_mask(magnitude, infinity, _CMP_NLT_UQ));
        largest = _mm512_max_ps(largest, magnitude);
    }
    if (broken != 0) {
        return {__builtin_nanf(""), 0.0F};
    }
    const float most = _mm512_reduce_max_ps(largest);
    return most < kLeastKvMagnitude ? Scales{0.0F, 0.0F} : Scales{most / 127.0F, 127.0F / most};
}

/// 16 numbers, to nearest, ties to even.
inline __m128i roundToInt8(const float* numbers, const Scales& scales) {
    if (scales.inverse == 0.0F) {
        return _mm_setzero_si128();
    }
    return _mm512_cvtepi32_epi8(
        _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(numbers), _mm512_set1_ps(scales.inverse))));
}

inline void storeScale(float scale, size_t size, size_t token, unsigned char* head) {
    __builtin_memcpy(head + kPageTokens * size + token * sizeof scale, &scale, sizeof scale);
}

inline void storeKeysInt8(const float* key, size_t headSize, size_t token, unsigned char* head) {
    unsigned char* keys = head + token / kKeyBlock * kKeyBlock * headSize + token % kKeyBlock;
    const Scales scales = scalesOf(key, headSize);
    alignas(16) unsigned char numbers[kKeyBlock];
    for (size_t d = 0; d < headSize; d += 16) {
        _mm_store_si128(reinterpret_cast<__m128i*>(numbers), roundToInt8(key + d, scales));
        for (size_t i = 0; i < 16; ++i) {
            keys[(d + i) * kKeyBlock] = numbers[i];
        }
    }
    storeScale(scales.scale, headSize, token, head);
}

inline void storeValuesInt8(const float* value, size_t valueSize, size_t token, unsigned char* head) {
    const Scales scales = scalesOf(value, valueSize);
    for (size_t d = 0; d < valueSize; d += 16) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(head + token * valueSize + d), roundToInt8(value + d, scales));
    }
    storeScale(scales.scale, valueSize, token, head);
}

} // namespace

void kvStoreInt8(const KvStoreArgs& args) noexcept {
    const size_t keyBytes = pageBytesOf(KvFormat::kInt8, args.headSize);
    const size_t valueBytes = pageBytesOf(KvFormat::kInt8, args.valueSize);
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const size_t token = args.firstToken + r;
        unsigned char* page = args.pages[token / kPageTokens];
        for (size_t h = 0; h < args.heads; ++h) {
            storeKeysInt8(args.keys + r * args.keyStride + h * args.headSize, args.headSize, token % kPageTokens,
                          page + args.keyOffset + h * keyBytes);
            storeValuesInt8(args.values + r * args.valueStride + h * args.valueSize, args.valueSize,
                            token % kPageTokens, page + args.valueOffset + h * valueBytes);
        }
    }
}

void kvStoreBF16(const KvStoreArgs& args) noexcept {
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const size_t token = args.firstToken + r;
        unsigned char* page = args.pages[token / kPageTokens];
        for (size_t h = 0; h < args.heads; ++h) {
            unsigned char* keys = page + args.keyOffset + h * kPageTokens * args.headSize * sizeof(uint16_t);
            unsigned char* values = page + args.valueOffset + h * kPageTokens * args.valueSize * sizeof(uint16_t);
            storeKeysBF16(args.keys + r * args.keyStride + h * args.headSize, args.headSize, token % kPageTokens, keys);
            storeValuesBF16(args.values + r * args.valueStride + h * args.valueSize, args.valueSize,
                            token % kPageTokens, values);
        }
    }
}

void kvStoreF32(const KvStoreArgs& args) noexcept {
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const size_t token = args.firstToken + r;
        unsigned char* page = args.pages[token / kPageTokens];
        for (size_t h = 0; h < args.heads; ++h) {
            unsigned char* keys = page + args.keyOffset + h * kPageTokens * args.headSize * sizeof(float);
            unsigned char* values = page + args.valueOffset + h * kPageTokens * args.valueSize * sizeof(float);
            storeKeysF32(args.keys + r * args.keyStride + h * args.headSize, args.headSize, token % kPageTokens, keys);
            storeValuesF32(args.values + r * args.valueStride + h * args.valueSize, args.valueSize, token % kPageTokens,
                           values);
        }
    }
}

} // namespace alcuin::inference::cpu::avx512
