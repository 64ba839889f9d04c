#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx2/split_products.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

/// Makes the compiler add a product before it starts on the next: left alone, GCC 12 computes a whole group's products
/// first and spills them all.
inline void settleSum(__m256i& sum) {
    __asm__("" : "+x"(sum));
}

/// Pairs of byte products in 16 bits, as many of them added there as a format's bytes allow.
template <typename Format>
struct Multiply {
    static constexpr bool kUnsigned = false;

    template <size_t R>
    static inline void run(const UnpackedGroup& w, const SplitGroup* const (&x)[R], __m256 (&product)[R][2]) {
        __m256i sum[R][2] = {};
        if constexpr (Format::kBytes == Bytes::kUpTo15) {
            addNibbles<R>(w, x, sum);
        } else if constexpr (Format::kBytes == Bytes::kUpTo63) {
            addSixBits<R>(w, x, sum);
        } else {
            addSigned<R>(w, x, sum);
        }
        for (size_t h = 0; h < 2; ++h) {
            const __m256 scale = _mm256_load_ps(w.scale + 8 * h);
            for (size_t r = 0; r < R; ++r) {
                product[r][h] = _mm256_mul_ps(_mm256_cvtepi32_ps(centred(w, *x[r], h, sum[r][h])), scale);
            }
        }
    }

private:
    /// A group's 8 pair sums of at most 2 * 15 * 127 fit 16 bits.
    template <size_t R>
    static inline void addNibbles(const UnpackedGroup& w, const SplitGroup* const (&x)[R], __m256i (&sum)[R][2]) {
        for (size_t i = 0; i < kSteps; ++i) {
            const __m256i w0 = load(w.values[i][0]);
            const __m256i w1 = load(w.values[i][1]);
            for (size_t r = 0; r < R; ++r) {
                const __m256i a = fourBytes(x[r]->values + 4 * i);
                sum[r][0] = _mm256_add_epi16(sum[r][0], _mm256_maddubs_epi16(w0, a));
                sum[r][1] = _mm256_add_epi16(sum[r][1], _mm256_maddubs_epi16(w1, a));
                settleSum(sum[r][0]);
                settleSum(sum[r][1]);
            }
        }
        const __m256i ones = _mm256_set1_epi16(1);
        for (size_t r = 0; r < R; ++r) {
            sum[r][0] = _mm256_madd_epi16(sum[r][0], ones);
            sum[r][1] = _mm256_madd_epi16(sum[r][1], ones);
        }
    }

    /// Two pair sums of at most 2 * 63 * 127 fit 16 bits.
    template <size_t R>
    static inline void addSixBits(const UnpackedGroup& w, const SplitGroup* const (&x)[R], __m256i (&sum)[R][2]) {
        for (size_t half = 0; half < 2; ++half) {
            __m256i factor[2] = {_mm256_set1_epi16(1), _mm256_set1_epi16(1)};
            if constexpr (Format::kHalves) {
                for (size_t h = 0; h < 2; ++h) {
                    const __m256i scale = load(w.half[half] + 8 * h);
                    factor[h] = _mm256_blend_epi16(scale, _mm256_slli_epi32(scale, 16), 0xaa);
                }
            }
            for (size_t i = half * kSteps / 2; i < (half + 1) * kSteps / 2; i += 2) {
                for (size_t r = 0; r < R; ++r) {
                    const __m256i a = fourBytes(x[r]->values + 4 * i);
                    const __m256i b = fourBytes(x[r]->values + 4 * i + 4);
                    for (size_t h = 0; h < 2; ++h) {
                        const __m256i pairs = _mm256_add_epi16(_mm256_maddubs_epi16(load(w.values[i][h]), a),
                                                               _mm256_maddubs_epi16(load(w.values[i + 1][h]), b));
                        sum[r][h] = _mm256_add_epi32(sum[r][h], _mm256_madd_epi16(pairs, factor[h]));
                        settleSum(sum[r][h]);
                    }
                }
            }
        }
    }

    /// Signed bytes: the weight's sign goes to the activation. One pair sum (at most 2 * 128 * 127) fits 16 bits, two
    /// don't.
    template <size_t R>
    static inline void addSigned(const UnpackedGroup& w, const SplitGroup* const (&x)[R], __m256i (&sum)[R][2]) {
        const __m256i ones = _mm256_set1_epi16(1);
        for (size_t i = 0; i < kSteps; ++i) {
            for (size_t h = 0; h < 2; ++h) {
                const __m256i weights = load(w.values[i][h]);
                const __m256i magnitude = _mm256_abs_epi8(weights);
                for (size_t r = 0; r < R; ++r) {
                    const __m256i a = fourBytes(x[r]->values + 4 * i);
                    const __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(a, weights));
                    sum[r][h] = _mm256_add_epi32(sum[r][h], _mm256_madd_epi16(pairs, ones));
                    settleSum(sum[r][h]);
                }
            }
        }
    }

    /// Takes back what the format's bytes are too large by: that many times the sum of the activations.
    static inline __m256i centred(const UnpackedGroup& w, const SplitGroup& x, size_t h, __m256i sum) {
        if constexpr (Format::kHalves) {
            const __m256i lower = _mm256_mullo_epi32(load(w.half[0] + 8 * h), _mm256_set1_epi32(x.lower));
            const __m256i upper = _mm256_mullo_epi32(load(w.half[1] + 8 * h), _mm256_set1_epi32(x.sum - x.lower));
            const __m256i shift = _mm256_add_epi32(lower, upper);
            return _mm256_sub_epi32(sum, _mm256_mullo_epi32(shift, _mm256_set1_epi32(Format::kOffset)));
        } else if constexpr (Format::kOffset != 0) {
            return _mm256_sub_epi32(sum, _mm256_set1_epi32(Format::kOffset * x.sum));
        } else {
            return sum;
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

} // namespace alcuin::inference::cpu::avx2
