#include <immintrin.h>

#include "backends/cpu/avx2/int8_products.h"
#include "backends/cpu/avx2/kernels.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

/// Makes the compiler add a product before it starts on the next: left alone, GCC 12 computes a whole group's products
/// first and spills them all.
inline void settle(__m256i& sum) {
    __asm__("" : "+x"(sum));
}

/// Sums of pairs of byte products for R rows: steps in pairs, then finish. `factor`: ones, or what the pair's products
/// count, in 16 bits; kUpTo15 knows none.
template <Bytes kBytes>
struct Pairs;

/// A group's 8 pair sums of at most 2 * 15 * 127 fit 16 bits.
template <>
struct Pairs<Bytes::kUpTo15> {
    template <size_t R>
    static inline void step(__m256i (&sum)[R][2], const __m256i (&w)[2][2], const int8_t* x, size_t depth,
                            const __m256i (&)[2]) {
        for (size_t s = 0; s < 2; ++s) {
            for (size_t r = 0; r < R; ++r) {
                const __m256i a = four(x + 4 * s + r * depth);
                for (int h = 0; h < 2; ++h) {
                    sum[r][h] = _mm256_add_epi16(sum[r][h], _mm256_maddubs_epi16(w[s][h], a));
                    settle(sum[r][h]);
                }
            }
        }
    }

    template <size_t R>
    static inline void finish(__m256i (&sum)[R][2]) {
        const __m256i ones = _mm256_set1_epi16(1);
        for (size_t r = 0; r < R; ++r) {
            sum[r][0] = _mm256_madd_epi16(sum[r][0], ones);
            sum[r][1] = _mm256_madd_epi16(sum[r][1], ones);
        }
    }
};

/// Signed bytes: the weight's sign goes to the activation. One pair sum (at most 2 * 128 * 127) fits 16 bits, two
/// don't.
template <>
struct Pairs<Bytes::kSigned> {
    template <size_t R>
    static inline void step(__m256i (&sum)[R][2], const __m256i (&w)[2][2], const int8_t* x, size_t depth,
                            const __m256i (&factor)[2]) {
        for (size_t s = 0; s < 2; ++s) {
            const __m256i magnitude[2] = {_mm256_abs_epi8(w[s][0]), _mm256_abs_epi8(w[s][1])};
            for (size_t r = 0; r < R; ++r) {
                const __m256i a = four(x + 4 * s + r * depth);
                for (int h = 0; h < 2; ++h) {
                    const __m256i pairs = _mm256_maddubs_epi16(magnitude[h], _mm256_sign_epi8(a, w[s][h]));
                    sum[r][h] = _mm256_add_epi32(sum[r][h], _mm256_madd_epi16(pairs, factor[h]));
                    settle(sum[r][h]);
                }
            }
        }
    }

    template <size_t R>
    static inline void finish(__m256i (&)[R][2]) {}
};

/// Two pair sums of at most 2 * 63 * 127 fit 16 bits.
template <>
struct Pairs<Bytes::kUpTo63> {
    template <size_t R>
    static inline void step(__m256i (&sum)[R][2], const __m256i (&w)[2][2], const int8_t* x, size_t depth,
                            const __m256i (&factor)[2]) {
        for (size_t r = 0; r < R; ++r) {
            const __m256i a = four(x + r * depth);
            const __m256i b = four(x + 4 + r * depth);
            for (int h = 0; h < 2; ++h) {
                const __m256i pairs =
                    _mm256_add_epi16(_mm256_maddubs_epi16(w[0][h], a), _mm256_maddubs_epi16(w[1][h], b));
                sum[r][h] = _mm256_add_epi32(sum[r][h], _mm256_madd_epi16(pairs, factor[h]));
                settle(sum[r][h]);
            }
        }
    }

    template <size_t R>
    static inline void finish(__m256i (&)[R][2]) {}
};

/// Takes back what the format's bytes are too large by: that many times the sum of the activations.
template <int kOffset, size_t R>
inline void centre(__m256i (&sum)[R][2], const RowsOfGroup& x) {
    for (size_t r = 0; r < R; ++r) {
        const __m256i shift = _mm256_set1_epi32(-kOffset * x.q.sum[x.at(r)]);
        sum[r][0] = _mm256_add_epi32(sum[r][0], shift);
        sum[r][1] = _mm256_add_epi32(sum[r][1], shift);
    }
}

/// The scales of both halves of a group, in 16 bits each.
inline __m256i pairOf(__m256i lower, __m256i upper) {
    return _mm256_blend_epi16(lower, _mm256_slli_epi32(upper, 16), 0xaa);
}

/// The same where the halves of a group have scales of their own.
template <int kOffset, size_t R, typename Weights>
inline void centreHalves(__m256i (&sum)[R][2], const Weights& w, const RowsOfGroup& x) {
    for (size_t h = 0; h < 2; ++h) {
        const __m256i both = pairOf(w.halfScale(0, h), w.halfScale(1, h));
        for (size_t r = 0; r < R; ++r) {
            const size_t at = x.at(r);
            const int32_t sums = (x.q.lower[at] & 0xffff) | (x.q.sum[at] - x.q.lower[at]) * 65536;
            const __m256i shift = _mm256_madd_epi16(both, _mm256_set1_epi32(sums));
            sum[r][h] = _mm256_sub_epi32(sum[r][h], _mm256_mullo_epi32(shift, _mm256_set1_epi32(kOffset)));
        }
    }
}

template <typename Format>
struct Products {
    static inline __m256i flip() {
        return _mm256_setzero_si256();
    }

    template <size_t R, typename Weights>
    static inline void run(const Weights& weights, const RowsOfGroup& x, __m256 (&isum)[R][2]) {
        using Sums = Pairs<Format::kBytes>;
        __m256i sum[R][2] = {};
        for (size_t half = 0; half < 2; ++half) {
            __m256i factor[2] = {_mm256_set1_epi16(1), _mm256_set1_epi16(1)};
            if constexpr (Format::kHalves) {
                for (size_t h = 0; h < 2; ++h) {
                    const __m256i scale = weights.halfScale(half, h);
                    factor[h] = pairOf(scale, scale);
                }
            }
            for (size_t i = half * kSteps / 2; i < (half + 1) * kSteps / 2; i += 2) {
                __m256i w[2][2];
                weights.steps(i, flip(), w);
                Sums::template step<R>(sum, w, x.values(0) + 4 * i, x.depth, factor);
            }
        }
        Sums::template finish<R>(sum);
        if constexpr (Format::kHalves) {
            centreHalves<Format::kOffset, R>(sum, weights, x);
        } else if constexpr (Format::kOffset != 0) {
            centre<Format::kOffset, R>(sum, x);
        }
        for (size_t r = 0; r < R; ++r) {
            isum[r][0] = _mm256_cvtepi32_ps(sum[r][0]);
            isum[r][1] = _mm256_cvtepi32_ps(sum[r][1]);
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

} // namespace alcuin::inference::cpu::avx2
