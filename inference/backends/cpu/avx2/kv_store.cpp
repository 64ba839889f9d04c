#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
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

using StoreHead = void (*)(const float*, size_t, size_t, unsigned char*);

template <typename Element, StoreHead kStoreKeys, StoreHead kStoreValues>
inline void store(const KvStoreArgs& args) {
    for (size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const size_t token = args.firstToken + r;
        unsigned char* page = args.pages[token / kPageTokens];
        for (size_t h = 0; h < args.heads; ++h) {
            kStoreKeys(args.keys + r * args.keyStride + h * args.headSize, args.headSize, token % kPageTokens,
                       page + args.keyOffset + h * kPageTokens * args.headSize * sizeof(Element));
            kStoreValues(args.values + r * args.valueStride + h * args.valueSize, args.valueSize, token % kPageTokens,
                         page + args.valueOffset + h * kPageTokens * args.valueSize * sizeof(Element));
        }
    }
}

} // namespace

void kvStoreBF16(const KvStoreArgs& args) noexcept {
    store<uint16_t, storeKeysBF16, storeValuesBF16>(args);
}

void kvStoreF32(const KvStoreArgs& args) noexcept {
    store<float, storeKeysF32, storeValuesF32>(args);
}

} // namespace alcuin::inference::cpu::avx2
