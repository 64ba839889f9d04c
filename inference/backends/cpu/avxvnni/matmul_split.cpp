#include <immintrin.h>

#include "backends/cpu/avx2/split_products.h"
#include "backends/cpu/avxvnni/kernels.h"

namespace alcuin::inference::cpu::avxvnni {

namespace {

using namespace avx2;

/// Four products a lane in one instruction, of unsigned bytes by signed ones. AVX2's format of signed bytes becomes one
/// of unsigned bytes by 128.
template <typename Format>
struct Multiply {
    static constexpr bool kUnsigned = Format::kBytes == Bytes::kSigned;
    static constexpr int kOffset = kUnsigned ? 128 : Format::kOffset;

    static inline __m256i startOf(const SplitGroup& x) {
        static_assert(Format::kHalves || kOffset == 0 || kOffset == 8 || kOffset == 16 || kOffset == 128);
        if constexpr (kOffset == 0) {
            return _mm256_set1_epi32(kSplitStart);
        } else {
            return _mm256_set1_epi32(kOffset == 8 ? x.start8 : kOffset == 16 ? x.start16 : x.start128);
        }
    }

    /// isum * scale, rounded once: conversion and product in one instruction.
    template <size_t R>
    static inline void run(const UnpackedGroup& w, const SplitGroup* const (&x)[R], __m256 (&product)[R][2]) {
        if constexpr (Format::kHalves) {
            runHalves<R>(w, x, product);
            return;
        }
        __m256i sum[R][2];
        for (size_t r = 0; r < R; ++r) {
            sum[r][0] = sum[r][1] = startOf(*x[r]);
        }
        steps<R>(w, x, 0, kSteps, sum);
        const __m256 magic = _mm256_set1_ps(-kSplitMagic);
        for (size_t h = 0; h < 2; ++h) {
            const __m256 scale = _mm256_load_ps(w.scale + 8 * h);
            const __m256 back = _mm256_mul_ps(scale, magic);
            for (size_t r = 0; r < R; ++r) {
                product[r][h] = _mm256_fmadd_ps(_mm256_castsi256_ps(sum[r][h]), scale, back);
            }
        }
    }

private:
    template <size_t R>
    static inline void steps(const UnpackedGroup& w, const SplitGroup* const (&x)[R], size_t begin, size_t end,
                             __m256i (&sum)[R][2]) {
#pragma GCC unroll 8
        for (size_t i = begin; i < end; ++i) {
            const __m256i w0 = load(w.values[i][0]);
            const __m256i w1 = load(w.values[i][1]);
#pragma GCC unroll 4
            for (size_t r = 0; r < R; ++r) {
                const __m256i a = fourBytes(x[r]->values + 4 * i);
                sum[r][0] = _mm256_dpbusd_avx_epi32(sum[r][0], w0, a);
                sum[r][1] = _mm256_dpbusd_avx_epi32(sum[r][1], w1, a);
            }
        }
    }

    /// Each half's sum times its scale, a whole number: their sum is exact before it is rounded once.
    template <size_t R>
    static inline void runHalves(const UnpackedGroup& w, const SplitGroup* const (&x)[R], __m256 (&product)[R][2]) {
        __m256i sum[2][R][2];
        for (size_t r = 0; r < R; ++r) {
            sum[0][r][0] = sum[0][r][1] = _mm256_set1_epi32(-kOffset * x[r]->lower);
            sum[1][r][0] = sum[1][r][1] = _mm256_set1_epi32(-kOffset * (x[r]->sum - x[r]->lower));
        }
        steps<R>(w, x, 0, kSteps / 2, sum[0]);
        steps<R>(w, x, kSteps / 2, kSteps, sum[1]);
        for (size_t h = 0; h < 2; ++h) {
            const __m256 lower = _mm256_cvtepi32_ps(load(w.half[0] + 8 * h));
            const __m256 upper = _mm256_cvtepi32_ps(load(w.half[1] + 8 * h));
            for (size_t r = 0; r < R; ++r) {
                const __m256 both = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum[1][r][h]), upper,
                                                    _mm256_mul_ps(_mm256_cvtepi32_ps(sum[0][r][h]), lower));
                product[r][h] = _mm256_mul_ps(both, _mm256_load_ps(w.scale + 8 * h));
            }
        }
    }
};

} // namespace

void matmulSplitPanelQ8(const MatmulArgs& args) noexcept {
    multiplySplit<Multiply, FormatQ8>(args);
}

void matmulSplitPanelQ4(const MatmulArgs& args) noexcept {
    multiplySplit<Multiply, FormatQ4>(args);
}

void matmulSplitPanelQ4Min(const MatmulArgs& args) noexcept {
    multiplySplit<Multiply, FormatQ4Min>(args);
}

void matmulSplitPanelQ5(const MatmulArgs& args) noexcept {
    multiplySplit<Multiply, FormatQ5>(args);
}

void matmulSplitPanelQ4K(const MatmulArgs& args) noexcept {
    multiplySplit<Multiply, FormatQ4K>(args);
}

void matmulSplitPanelQ5K(const MatmulArgs& args) noexcept {
    multiplySplit<Multiply, FormatQ5K>(args);
}

void matmulSplitPanelQ6K(const MatmulArgs& args) noexcept {
    multiplySplit<Multiply, FormatQ6K>(args);
}

} // namespace alcuin::inference::cpu::avxvnni
