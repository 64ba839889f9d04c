#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx2/math.h"
#include "backends/cpu/avx2/panel_formats.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

/// A chunk of a panel, unpacked once for all rows: 32 groups of bytes and wide scales, 20 KiB.
constexpr size_t kChunkGroups = 32;
struct Unpacked {
    alignas(32) int8_t values[kChunkGroups][kSteps][2][32];
    alignas(32) float scale[kChunkGroups][kPanelColumns];
    alignas(32) float minimum[kChunkGroups][kPanelColumns];
};
static_assert(sizeof(Unpacked) <= kMatmulScratchBytes);

/// Four bytes of an activation row in every lane.
inline __m256i four(const int8_t* x) {
    int bytes = 0;
    __builtin_memcpy(&bytes, x, sizeof bytes);
    return _mm256_set1_epi32(bytes);
}

/// The 16 sums of R rows, as they go from group to group.
template <int R>
struct Sums {
    __m256 y[R][2];
};

template <int R>
inline void loadSums(Sums<R>& sums, const MatmulArgs& args, size_t row, size_t first) {
    const size_t columns = args.outputs - first;
    for (int r = 0; r < R; ++r) {
        const float* y = args.y + (row + static_cast<size_t>(r)) * args.yStride + first;
        sums.y[r][0] = _mm256_maskload_ps(y, firstLanes(columns));
        sums.y[r][1] = _mm256_maskload_ps(y + 8, firstLanes(columns < 8 ? 0 : columns - 8));
    }
}

template <int R>
inline void storeSums(const Sums<R>& sums, const MatmulArgs& args, size_t row, size_t first) {
    const size_t columns = args.outputs - first;
    for (int r = 0; r < R; ++r) {
        float* y = args.y + (row + static_cast<size_t>(r)) * args.yStride + first;
        if (columns >= kPanelColumns) {
            _mm256_storeu_ps(y, sums.y[r][0]);
            _mm256_storeu_ps(y + 8, sums.y[r][1]);
        } else {
            _mm256_maskstore_ps(y, firstLanes(columns), sums.y[r][0]);
            _mm256_maskstore_ps(y + 8, firstLanes(columns < 8 ? 0 : columns - 8), sums.y[r][1]);
        }
    }
}

template <int R>
inline void clearSums(Sums<R>& sums) {
    for (int r = 0; r < R; ++r) {
        sums.y[r][0] = _mm256_setzero_ps();
        sums.y[r][1] = _mm256_setzero_ps();
    }
}

/// y += (isum * scale_w) * scale_x, then y += minimum * offset_x: the same roundings in every kernel of this file.
template <int R, bool kMinimum>
inline void addGroup(Sums<R>& sums, const __m256i (&isum)[R][2], const __m256 (&scale)[2], const __m256 (&minimum)[2],
                     const QuantisedRows& x, size_t row, size_t groups, size_t group) {
    for (int r = 0; r < R; ++r) {
        const size_t index = (row + static_cast<size_t>(r)) * groups + group;
        const __m256 scaleX = _mm256_broadcast_ss(x.scale + index);
        for (int h = 0; h < 2; ++h) {
            const __m256 part = _mm256_mul_ps(_mm256_cvtepi32_ps(isum[r][h]), scale[h]);
            sums.y[r][h] = _mm256_fmadd_ps(part, scaleX, sums.y[r][h]);
            if constexpr (kMinimum) {
                sums.y[r][h] = _mm256_fmadd_ps(minimum[h], _mm256_broadcast_ss(x.offset + index), sums.y[r][h]);
            }
        }
    }
}

/// Makes the compiler add a product before it starts on the next: left alone, GCC 12 computes a whole group's products
/// first and spills them all.
inline void settle(__m256i& sum) {
    __asm__("" : "+x"(sum));
}

/// A group's sums of byte products for R rows: steps in pairs, then finish. `factor`: ones, or what the pair's products
/// count, in 16 bits; kUpTo15 knows none.
template <Bytes kBytes>
struct Products;

/// A group's 8 pair sums of at most 2 * 15 * 127 fit 16 bits.
template <>
struct Products<Bytes::kUpTo15> {
    template <int R>
    static inline void step(__m256i (&sum)[R][2], const __m256i (&w)[2][2], const int8_t* x, size_t depth,
                            const __m256i (&)[2]) {
        for (size_t s = 0; s < 2; ++s) {
            for (int r = 0; r < R; ++r) {
                const __m256i a = four(x + 4 * s + static_cast<size_t>(r) * depth);
                for (int h = 0; h < 2; ++h) {
                    sum[r][h] = _mm256_add_epi16(sum[r][h], _mm256_maddubs_epi16(w[s][h], a));
                    settle(sum[r][h]);
                }
            }
        }
    }

    template <int R>
    static inline void finish(__m256i (&sum)[R][2]) {
        const __m256i ones = _mm256_set1_epi16(1);
        for (int r = 0; r < R; ++r) {
            sum[r][0] = _mm256_madd_epi16(sum[r][0], ones);
            sum[r][1] = _mm256_madd_epi16(sum[r][1], ones);
        }
    }
};

/// Signed bytes: the weight's sign goes to the activation. One pair sum (at most 2 * 128 * 127) fits 16 bits, two
/// don't.
template <>
struct Products<Bytes::kSigned> {
    template <int R>
    static inline void step(__m256i (&sum)[R][2], const __m256i (&w)[2][2], const int8_t* x, size_t depth,
                            const __m256i (&factor)[2]) {
        for (size_t s = 0; s < 2; ++s) {
            const __m256i magnitude[2] = {_mm256_abs_epi8(w[s][0]), _mm256_abs_epi8(w[s][1])};
            for (int r = 0; r < R; ++r) {
                const __m256i a = four(x + 4 * s + static_cast<size_t>(r) * depth);
                for (int h = 0; h < 2; ++h) {
                    const __m256i pairs = _mm256_maddubs_epi16(magnitude[h], _mm256_sign_epi8(a, w[s][h]));
                    sum[r][h] = _mm256_add_epi32(sum[r][h], _mm256_madd_epi16(pairs, factor[h]));
                    settle(sum[r][h]);
                }
            }
        }
    }

    template <int R>
    static inline void finish(__m256i (&)[R][2]) {}
};

/// Two pair sums of at most 2 * 63 * 127 fit 16 bits.
template <>
struct Products<Bytes::kUpTo63> {
    template <int R>
    static inline void step(__m256i (&sum)[R][2], const __m256i (&w)[2][2], const int8_t* x, size_t depth,
                            const __m256i (&factor)[2]) {
        for (int r = 0; r < R; ++r) {
            const __m256i a = four(x + static_cast<size_t>(r) * depth);
            const __m256i b = four(x + 4 + static_cast<size_t>(r) * depth);
            for (int h = 0; h < 2; ++h) {
                const __m256i pairs =
                    _mm256_add_epi16(_mm256_maddubs_epi16(w[0][h], a), _mm256_maddubs_epi16(w[1][h], b));
                sum[r][h] = _mm256_add_epi32(sum[r][h], _mm256_madd_epi16(pairs, factor[h]));
                settle(sum[r][h]);
            }
        }
    }

    template <int R>
    static inline void finish(__m256i (&)[R][2]) {}
};

/// Takes back what the format's bytes are too large by: that many times the sum of the activations.
template <int kOffset, int R>
inline void centre(__m256i (&sum)[R][2], const QuantisedRows& x, size_t row, size_t groups, size_t group) {
    for (int r = 0; r < R; ++r) {
        const __m256i shift = _mm256_set1_epi32(-kOffset * x.sum[(row + static_cast<size_t>(r)) * groups + group]);
        sum[r][0] = _mm256_add_epi32(sum[r][0], shift);
        sum[r][1] = _mm256_add_epi32(sum[r][1], shift);
    }
}

/// The same where the halves of a group have scales of their own.
template <typename Format, int R>
inline void centreHalves(__m256i (&sum)[R][2], const unsigned char* panel, const QuantisedRows& x, size_t row,
                         size_t groups, size_t group) {
    for (size_t h = 0; h < 2; ++h) {
        const __m256i lower = Format::halfScale(panel, group, 0, h);
        const __m256i upper = Format::halfScale(panel, group, 1, h);
        const __m256i both = _mm256_blend_epi16(lower, _mm256_slli_epi32(upper, 16), 0xaa);
        for (int r = 0; r < R; ++r) {
            const size_t index = (row + static_cast<size_t>(r)) * groups + group;
            const int32_t sums = (x.lower[index] & 0xffff) | (x.sum[index] - x.lower[index]) * 65536;
            const __m256i shift = _mm256_madd_epi16(both, _mm256_set1_epi32(sums));
            sum[r][h] = _mm256_sub_epi32(sum[r][h], _mm256_mullo_epi32(shift, _mm256_set1_epi32(Format::kOffset)));
        }
    }
}

/// What the products of half a group count: nothing but one each, or their scale.
template <typename Format>
inline void factorsOf(const unsigned char* panel, size_t g, size_t half, __m256i (&factor)[2]) {
    factor[0] = factor[1] = _mm256_set1_epi16(1);
    if constexpr (Format::kHalves) {
        for (size_t h = 0; h < 2; ++h) {
            const __m256i scale = Format::halfScale(panel, g, half, h);
            factor[h] = _mm256_blend_epi16(scale, _mm256_slli_epi32(scale, 16), 0xaa);
        }
    }
}

/// A whole panel for few rows, unpacked in registers: what decoding runs, at the memory's pace.
template <typename Format, int R>
void multiplyDirect(const MatmulArgs& args, const unsigned char* panel, size_t row, size_t first) {
    using Group = Products<Format::kBytes>;
    const size_t groups = args.depth / kGroup;
    Sums<R> sums;
    clearSums(sums);
    for (size_t g = 0; g < groups; ++g) {
        Format::prefetchAhead(panel, g);
        __m256i isum[R][2] = {};
        const int8_t* x = args.quantised.values + row * args.depth + g * kGroup;
        for (size_t half = 0; half < 2; ++half) {
            __m256i factor[2];
            factorsOf<Format>(panel, g, half, factor);
            for (size_t i = half * kSteps / 2; i < (half + 1) * kSteps / 2; i += 2) {
                __m256i w[2][2];
                Format::unpack(panel, g, i, w);
                Group::template step<R>(isum, w, x + 4 * i, args.depth, factor);
            }
        }
        Group::template finish<R>(isum);
        if constexpr (Format::kHalves) {
            centreHalves<Format, R>(isum, panel, args.quantised, row, groups, g);
        } else if constexpr (Format::kOffset != 0) {
            centre<Format::kOffset, R>(isum, args.quantised, row, groups, g);
        }
        const __m256 scale[2] = {Format::scale(panel, g, 0), Format::scale(panel, g, 1)};
        const __m256 minimum[2] = {Format::minimum(panel, g, 0), Format::minimum(panel, g, 1)};
        addGroup<R, Format::kMinimum>(sums, isum, scale, minimum, args.quantised, row, groups, g);
    }
    storeSums(sums, args, row, first);
}

template <typename Format>
void unpackChunk(const unsigned char* panel, size_t begin, size_t count, Unpacked& out) {
    for (size_t g = 0; g < count; ++g) {
        for (size_t i = 0; i < kSteps; i += 2) {
            __m256i w[2][2];
            Format::unpack(panel, begin + g, i, w);
            for (size_t s = 0; s < 2; ++s) {
                for (size_t h = 0; h < 2; ++h) {
                    _mm256_store_si256(reinterpret_cast<__m256i*>(out.values[g][i + s][h]), w[s][h]);
                }
            }
        }
        for (size_t h = 0; h < 2; ++h) {
            _mm256_store_ps(out.scale[g] + 8 * h, Format::scale(panel, begin + g, h));
            _mm256_store_ps(out.minimum[g] + 8 * h, Format::minimum(panel, begin + g, h));
        }
    }
}

/// One chunk of a panel for R rows.
template <typename Format, int R>
void multiplyUnpacked(const MatmulArgs& args, const Unpacked& chunk, size_t firstGroup, size_t count, size_t row,
                      size_t first) {
    using Group = Products<Format::kBytes>;
    const __m256i ones[2] = {_mm256_set1_epi16(1), _mm256_set1_epi16(1)};
    const size_t groups = args.depth / kGroup;
    Sums<R> sums;
    if (firstGroup == 0) {
        clearSums(sums);
    } else {
        loadSums(sums, args, row, first);
    }
    for (size_t g = 0; g < count; ++g) {
        __m256i isum[R][2] = {};
        const int8_t* x = args.quantised.values + row * args.depth + (firstGroup + g) * kGroup;
        for (size_t i = 0; i < kSteps; i += 2) {
            const __m256i w[2][2] = {{load(chunk.values[g][i][0]), load(chunk.values[g][i][1])},
                                     {load(chunk.values[g][i + 1][0]), load(chunk.values[g][i + 1][1])}};
            Group::template step<R>(isum, w, x + 4 * i, args.depth, ones);
        }
        Group::template finish<R>(isum);
        if constexpr (Format::kOffset != 0) {
            centre<Format::kOffset, R>(isum, args.quantised, row, groups, firstGroup + g);
        }
        const __m256 scale[2] = {_mm256_load_ps(chunk.scale[g]), _mm256_load_ps(chunk.scale[g] + 8)};
        const __m256 minimum[2] = {_mm256_load_ps(chunk.minimum[g]), _mm256_load_ps(chunk.minimum[g] + 8)};
        addGroup<R, Format::kMinimum>(sums, isum, scale, minimum, args.quantised, row, groups, firstGroup + g);
    }
    storeSums(sums, args, row, first);
}

template <typename Format>
void multiplyFew(const MatmulArgs& args, const unsigned char* panel, size_t row, size_t rows, size_t first) {
    switch (rows) {
    case 1:
        return multiplyDirect<Format, 1>(args, panel, row, first);
    case 2:
        return multiplyDirect<Format, 2>(args, panel, row, first);
    case 3:
        return multiplyDirect<Format, 3>(args, panel, row, first);
    default:
        return multiplyDirect<Format, 4>(args, panel, row, first);
    }
}

template <typename Format>
void multiplyMany(const MatmulArgs& args, const unsigned char* panel, size_t first) {
    const size_t groups = args.depth / kGroup;
    Unpacked& chunk = *static_cast<Unpacked*>(args.scratch);
    for (size_t g = 0; g < groups; g += kChunkGroups) {
        const size_t count = groups - g < kChunkGroups ? groups - g : kChunkGroups;
        unpackChunk<Format>(panel, g, count, chunk);
        size_t row = 0;
        for (; row + 4 <= args.rows; row += 4) {
            multiplyUnpacked<Format, 4>(args, chunk, g, count, row, first);
        }
        switch (args.rows - row) {
        case 1:
            multiplyUnpacked<Format, 1>(args, chunk, g, count, row, first);
            break;
        case 2:
            multiplyUnpacked<Format, 2>(args, chunk, g, count, row, first);
            break;
        case 3:
            multiplyUnpacked<Format, 3>(args, chunk, g, count, row, first);
            break;
        default:
            break;
        }
    }
}

template <typename Format>
void multiply(const MatmulArgs& args) {
    for (size_t p = args.panelBegin; p < args.panelEnd; ++p) {
        const auto* panel = static_cast<const unsigned char*>(args.weights) + p * Format::panelBytes(args.depth);
        if (args.rows <= 4) {
            multiplyFew<Format>(args, panel, 0, args.rows, p * kPanelColumns);
        } else if constexpr (Format::kHalves) {
            for (size_t row = 0; row < args.rows; row += 4) {
                multiplyFew<Format>(args, panel, row, args.rows - row, p * kPanelColumns);
            }
        } else {
            multiplyMany<Format>(args, panel, p * kPanelColumns);
        }
    }
}

} // namespace

void matmulInt8PanelQ8(const MatmulArgs& args) noexcept {
    multiply<FormatQ8>(args);
}

void matmulInt8PanelQ4(const MatmulArgs& args) noexcept {
    multiply<FormatQ4>(args);
}

void matmulInt8PanelQ4Min(const MatmulArgs& args) noexcept {
    multiply<FormatQ4Min>(args);
}

void matmulInt8PanelQ5(const MatmulArgs& args) noexcept {
    multiply<FormatQ5>(args);
}

void matmulInt8PanelQ4K(const MatmulArgs& args) noexcept {
    multiply<FormatQ4K>(args);
}

void matmulInt8PanelQ5K(const MatmulArgs& args) noexcept {
    multiply<FormatQ5K>(args);
}

void matmulInt8PanelQ6K(const MatmulArgs& args) noexcept {
    multiply<FormatQ6K>(args);
}

} // namespace alcuin::inference::cpu::avx2
