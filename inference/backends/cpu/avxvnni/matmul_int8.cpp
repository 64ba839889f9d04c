#include <immintrin.h>

#include "backends/cpu/avx2/int8_products.h"
#include "backends/cpu/avxvnni/kernels.h"

namespace alcuin::inference::cpu::avxvnni {

namespace {

using namespace avx2;

/// Four products a lane in one instruction, of unsigned bytes by signed ones. AVX2's format of signed bytes becomes one
/// of unsigned bytes by 128.
template <typename Format>
struct Products {
    static constexpr bool kUnsigned = Format::kBytes == Bytes::kSigned;
    static constexpr int kOffset = kUnsigned ? 128 : Format::kOffset;

    static inline __m256i flip() {
        return _mm256_set1_epi8(kUnsigned ? static_cast<char>(0x80) : 0);
    }

    template <size_t R, typename Weights>
    static inline void run(const Weights& weights, const RowsOfGroup& x, __m256 (&isum)[R][2]) {
        if constexpr (Format::kHalves) {
            runHalves<R>(weights, x, isum);
            return;
        }
        __m256i sum[R][2];
        for (size_t r = 0; r < R; ++r) {
            sum[r][0] = sum[r][1] = _mm256_set1_epi32(kOffset == 0 ? 0 : -kOffset * x.q.sum[x.at(r)]);
        }
        steps<R>(weights, x, 0, kSteps, sum);
        for (size_t r = 0; r < R; ++r) {
            isum[r][0] = _mm256_cvtepi32_ps(sum[r][0]);
            isum[r][1] = _mm256_cvtepi32_ps(sum[r][1]);
        }
    }

private:
    template <size_t R, typename Weights>
    static inline void steps(const Weights& weights, const RowsOfGroup& x, size_t begin, size_t end,
                             __m256i (&sum)[R][2]) {
#pragma GCC unroll 4
        for (size_t i = begin; i < end; i += 2) {
            __m256i w[2][2];
            weights.steps(i, flip(), w);
#pragma GCC unroll 2
            for (size_t s = 0; s < 2; ++s) {
#pragma GCC unroll 4
                for (size_t r = 0; r < R; ++r) {
                    const __m256i a = four(x.values(r) + 4 * (i + s));
                    sum[r][0] = _mm256_dpbusd_avx_epi32(sum[r][0], w[s][0], a);
                    sum[r][1] = _mm256_dpbusd_avx_epi32(sum[r][1], w[s][1], a);
                }
            }
        }
    }

    /// Each half's sum times its scale: whole numbers below 2^24, so their sum is exact.
    template <size_t R, typename Weights>
    static inline void runHalves(const Weights& weights, const RowsOfGroup& x, __m256 (&isum)[R][2]) {
        for (size_t r = 0; r < R; ++r) {
            isum[r][0] = isum[r][1] = _mm256_setzero_ps();
        }
        for (size_t half = 0; half < 2; ++half) {
            __m256i sum[R][2];
            for (size_t r = 0; r < R; ++r) {
                const size_t at = x.at(r);
                const int32_t sums = half == 0 ? x.q.lower[at] : x.q.sum[at] - x.q.lower[at];
                sum[r][0] = sum[r][1] = _mm256_set1_epi32(-kOffset * sums);
            }
            steps<R>(weights, x, half * kSteps / 2, (half + 1) * kSteps / 2, sum);
            for (size_t h = 0; h < 2; ++h) {
                const __m256 scale = _mm256_cvtepi32_ps(weights.halfScale(half, h));
                for (size_t r = 0; r < R; ++r) {
                    const __m256 part = _mm256_cvtepi32_ps(sum[r][h]);
                    isum[r][h] = _mm256_fmadd_ps(part, scale, isum[r][h]);
                }
            }
        }
    }
};

} // namespace

void matmulInt8PanelQ8(const MatmulArgs& args) noexcept {
    multiplyInt8<Products, FormatQ8>(args);
}

void matmulInt8PanelQ4(const MatmulArgs& args) noexcept {
    multiplyInt8<Products, FormatQ4>(args);
}

void matmulInt8PanelQ4Min(const MatmulArgs& args) noexcept {
    multiplyInt8<Products, FormatQ4Min>(args);
}

void matmulInt8PanelQ5(const MatmulArgs& args) noexcept {
    multiplyInt8<Products, FormatQ5>(args);
}

void matmulInt8PanelQ4K(const MatmulArgs& args) noexcept {
    multiplyInt8<Products, FormatQ4K>(args);
}

void matmulInt8PanelQ5K(const MatmulArgs& args) noexcept {
    multiplyInt8<Products, FormatQ5K>(args);
}

void matmulInt8PanelQ6K(const MatmulArgs& args) noexcept {
    multiplyInt8<Products, FormatQ6K>(args);
}

} // namespace alcuin::inference::cpu::avxvnni
