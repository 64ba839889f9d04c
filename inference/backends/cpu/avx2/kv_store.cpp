#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx2/math.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

constexpr size_t kKeyBlock = 16;
constexpr size_t kLanes = 8;

/// 8 numbers as bf16 in the low halves of 32 bits, to nearest, ties to even; a NaN stays one.
inline __m256i roundToBF16(__m256 x) {
    const __m256i bits = _mm256_castps_si256(x);
    const __m256i high = _mm256_srli_epi32(bits, 16);
    const __m256i odd = _mm256_and_si256(high, _mm256_set1_epi32(1));
    const __m256i rounded =
        _mm256_srli_epi32(_mm256_add_epi32(_mm256_add_epi32(bits, odd), _mm256_set1_epi32(0x7fff)), 16);
    const __m256i broken = _mm256_castps_si256(_mm256_cmp_ps(x, x, _CMP_UNORD_Q));
    return _mm256_blendv_epi8(rounded, _mm256_or_si256(high, _mm256_set1_epi32(0x40)), broken);
}

inline void storeKeysBF16(const float* key, size_t headSize, size_t token, unsigned char* head) {
    auto* keys = reinterpret_cast<uint16_t*>(head) + token / kKeyBlock * kKeyBlock * headSize + token % kKeyBlock * 2;
    alignas(32) uint32_t numbers[kLanes];
    for (size_t d = 0; d < headSize; d += kLanes) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(numbers), roundToBF16(_mm256_loadu_ps(key + d)));
        // A pair of dimensions is 32 bits; the next pair of this token is 16 tokens further on.
        for (size_t i = 0; i < kLanes; i += 2) {
            const uint32_t pair = numbers[i] | numbers[i + 1] << 16U;
            __builtin_memcpy(keys + (d + i) * kKeyBlock, &pair, sizeof pair);
        }
    }
}

inline void storeValuesBF16(const float* value, size_t valueSize, size_t token, unsigned char* head) {
    auto* values = reinterpret_cast<uint16_t*>(head) + token / 2 * valueSize * 2 + token % 2;
    alignas(32) uint32_t numbers[kLanes];
    for (size_t d = 0; d < valueSize; d += kLanes) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(numbers), roundToBF16(_mm256_loadu_ps(value + d)));
        // The neighbour of the pair may be written by another worker: only this token's halves are stored.
        for (size_t i = 0; i < kLanes; ++i) {
            values[2 * (d + i)] = static_cast<uint16_t>(numbers[i]);
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
    const __m256 infinity = _mm256_set1_ps(__builtin_inff());
    const __m256 sign = _mm256_set1_ps(-0.0F);
    __m256 largest = _mm256_setzero_ps();
    __m256 broken = _mm256_setzero_ps();
    for (size_t d = 0; d < size; d += kLanes) {
        const __m256 magnitude = _mm256_andnot_ps(sign, _mm256_loadu_ps(numbers + d));
        broken = _mm256_or_ps(broken, _mm256_cmp_ps(magnitude, infinity, _CMP_NLT_UQ));
        largest = _mm256_max_ps(largest, magnitude);
    }
    if (_mm256_movemask_ps(broken) != 0) {
        return {__builtin_nanf(""), 0.0F};
    }
    const float most = maxOf(largest);
    return most < kLeastKvMagnitude ? Scales{0.0F, 0.0F} : Scales{most / 127.0F, 127.0F / most};
}

/// Writes a head's numbers, to nearest, ties to even, `step` bytes apart.
inline void storeInt8(const float* numbers, size_t size, size_t token, unsigned char* head, unsigned char* first,
                      size_t step) {
    const Scales scales = scalesOf(numbers, size);
    alignas(32) int32_t rounded[kLanes] = {};
    for (size_t d = 0; d < size; d += kLanes) {
        if (scales.inverse != 0.0F) {
            const __m256 scaled = _mm256_mul_ps(_mm256_loadu_ps(numbers + d), _mm256_set1_ps(scales.inverse));
            _mm256_store_si256(reinterpret_cast<__m256i*>(rounded), _mm256_cvtps_epi32(scaled));
        }
        for (size_t i = 0; i < kLanes; ++i) {
            first[(d + i) * step] = static_cast<unsigned char>(rounded[i]);
        }
    }
    __builtin_memcpy(head + kPageTokens * size + token * sizeof(float), &scales.scale, sizeof(float));
}

inline void storeKeysInt8(const float* key, size_t headSize, size_t token, unsigned char* head) {
    unsigned char* first = head + token / kKeyBlock * kKeyBlock * headSize + token % kKeyBlock;
    storeInt8(key, headSize, token, head, first, kKeyBlock);
}

inline void storeValuesInt8(const float* value, size_t valueSize, size_t token, unsigned char* head) {
    storeInt8(value, valueSize, token, head, head + token * valueSize, 1);
}

using StoreHead = void (*)(const float*, size_t, size_t, unsigned char*);

template <KvFormat kFormat, StoreHead kStoreKeys, StoreHead kStoreValues>
inline void store(const KvStoreArgs& args) {
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const size_t token = args.firstToken + r;
        unsigned char* page = args.pages[token / kPageTokens];
        for (size_t h = 0; h < args.heads; ++h) {
            kStoreKeys(args.keys + r * args.keyStride + h * args.headSize, args.headSize, token % kPageTokens,
                       page + args.keyOffset + h * pageBytesOf(kFormat, args.headSize));
            kStoreValues(args.values + r * args.valueStride + h * args.valueSize, args.valueSize, token % kPageTokens,
                         page + args.valueOffset + h * pageBytesOf(kFormat, args.valueSize));
        }
    }
}

} // namespace

void kvStoreBF16(const KvStoreArgs& args) noexcept {
    store<KvFormat::kBF16, storeKeysBF16, storeValuesBF16>(args);
}

void kvStoreInt8(const KvStoreArgs& args) noexcept {
    store<KvFormat::kInt8, storeKeysInt8, storeValuesInt8>(args);
}

void kvStoreF32(const KvStoreArgs& args) noexcept {
    store<KvFormat::kF32, storeKeysF32, storeValuesF32>(args);
}

} // namespace alcuin::inference::cpu::avx2
