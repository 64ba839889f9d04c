#include "backends/cpu/avx2/limits.h"

#include <immintrin.h>

namespace alcuin::inference::cpu::avx2 {

namespace {

/// Runs the chains kPeakTurns times a pass. The operands are hidden from the compiler for each product, so that none is
/// taken out of the loop or computed once for all chains.
template <typename Vector, typename Multiply>
inline void runChains(const PeakArgs& args, Vector a, Vector b, Vector zero, Multiply multiply) noexcept {
    Vector sums[kPeakChains];
    for (size_t c = 0; c < kPeakChains; ++c) {
        sums[c] = zero;
    }
    for (size_t turn = 0; turn < args.passes * kPeakTurns; ++turn) {
#pragma GCC unroll 16
        for (size_t c = 0; c < kPeakChains; ++c) {
            __asm__ volatile("" : "+x"(a), "+x"(b));
            sums[c] = multiply(sums[c], a, b);
        }
    }
    for (size_t c = 0; c < kPeakChains; ++c) {
        __asm__ volatile("" ::"x"(sums[c]));
    }
}

inline __m256i bytesAt(const unsigned char* place) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(place));
}

} // namespace

uint64_t readStreams(const ReadArgs& args) noexcept {
    const size_t each = args.bytes / args.streams;
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (size_t at = 0; at < each; at += kLine) {
        for (size_t stream = 0; stream < args.streams; ++stream) {
            const unsigned char* place = args.data + stream * each + at;
            _mm_prefetch(reinterpret_cast<const char*>(place + args.ahead), _MM_HINT_T0);
            low = _mm256_xor_si256(low, bytesAt(place));
            high = _mm256_xor_si256(high, bytesAt(place + sizeof(__m256i)));
        }
    }
    const __m256i sum = _mm256_xor_si256(low, high);
    return static_cast<uint64_t>(_mm256_extract_epi64(sum, 0)) ^ static_cast<uint64_t>(_mm256_extract_epi64(sum, 2));
}

void peakF32(const PeakArgs& args) noexcept {
    runChains(args, _mm256_loadu_ps(reinterpret_cast<const float*>(args.near)),
              _mm256_loadu_ps(reinterpret_cast<const float*>(args.far)), _mm256_setzero_ps(),
              [](__m256 sum, __m256 a, __m256 b) { return _mm256_fmadd_ps(a, b, sum); });
}

void peakInt8(const PeakArgs& args) noexcept {
    const __m256i ones = _mm256_set1_epi16(1);
    runChains(args, bytesAt(args.near), bytesAt(args.far), _mm256_setzero_si256(),
              [ones](__m256i sum, __m256i a, __m256i b) {
                  return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), ones));
              });
}

void peakInt8Vnni(const PeakArgs& args) noexcept {
    runChains(args, bytesAt(args.near), bytesAt(args.far), _mm256_setzero_si256(),
              [](__m256i sum, __m256i a, __m256i b) {
                  // As an instruction: the compiler's own intrinsic would want the whole file built for it.
                  __asm__ volatile("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum) : "x"(a), "x"(b));
                  return sum;
              });
}

} // namespace alcuin::inference::cpu::avx2
