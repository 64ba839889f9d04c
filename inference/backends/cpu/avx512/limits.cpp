#include "backends/cpu/avx512/limits.h"

#include <immintrin.h>

namespace alcuin::inference::cpu::avx512 {

namespace {

/// Runs the chains kPeakTurns times a pass; `multiply` is one instruction. The operands are hidden from the compiler
/// each turn, so that no product is taken out of the loop.
template <typename Sum, typename Vector, typename Multiply>
inline void runChains(const PeakArgs& args, Vector a, Vector b, Sum zero, Multiply multiply) noexcept {
    Sum sums[kPeakChains];
    for (size_t c = 0; c < kPeakChains; ++c) {
        sums[c] = zero;
    }
    for (size_t turn = 0; turn < args.passes * kPeakTurns; ++turn) {
        __asm__ volatile("" : "+v"(a), "+v"(b));
#pragma GCC unroll 16
        for (size_t c = 0; c < kPeakChains; ++c) {
            sums[c] = multiply(sums[c], a, b);
        }
    }
    for (size_t c = 0; c < kPeakChains; ++c) {
        __asm__ volatile("" ::"v"(sums[c]));
    }
}

} // namespace

uint64_t readStreams(const ReadArgs& args) noexcept {
    const size_t each = args.bytes / args.streams;
    __m512i sum = _mm512_setzero_si512();
    for (size_t at = 0; at < each; at += kLine) {
        for (size_t stream = 0; stream < args.streams; ++stream) {
            const unsigned char* place = args.data + stream * each + at;
            _mm_prefetch(reinterpret_cast<const char*>(place + args.ahead), _MM_HINT_T0);
            sum = _mm512_xor_si512(sum, _mm512_loadu_si512(place));
        }
    }
    return static_cast<uint64_t>(_mm512_reduce_add_epi64(sum));
}

void peakF32(const PeakArgs& args) noexcept {
    runChains(args, _mm512_loadu_ps(args.near), _mm512_loadu_ps(args.far), _mm512_setzero_ps(),
              [](__m512 sum, __m512 a, __m512 b) { return _mm512_fmadd_ps(a, b, sum); });
}

void peakInt8(const PeakArgs& args) noexcept {
    runChains(args, _mm512_loadu_si512(args.near), _mm512_loadu_si512(args.far), _mm512_setzero_si512(),
              [](__m512i sum, __m512i a, __m512i b) { return _mm512_dpbusd_epi32(sum, a, b); });
}

void peakBF16(const PeakArgs& args) noexcept {
    runChains(args, _mm512_loadu_si512(args.near), _mm512_loadu_si512(args.far), _mm512_setzero_ps(),
              [](__m512 sum, __m512i a, __m512i b) {
                  // As an instruction: the compiler's own intrinsic would want the whole file built for it.
                  __asm__ volatile("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
                  return sum;
              });
}

} // namespace alcuin::inference::cpu::avx512
