#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx2/math.h"
#include "backends/cpu/avx2/panel_formats.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

/// Depths of a panel that are widened into scratch at a time: 16 KiB, so that they and the rows' part stay in L1.
constexpr size_t kChunk = 256;
static_assert(kChunk * kPanelColumns * sizeof(float) <= kMatmulScratchBytes && kChunk % kGroup == 0);

/// Each Expand widens depths [begin, end) of a panel to [depth][16] floats, rounding as the file's format says.
struct ExpandF32 {
    static constexpr size_t panelBytes(size_t depth) {
        return depth * kPanelColumns * sizeof(float);
    }
    static inline const float* expand(const void* panel, size_t begin, size_t, float*) {
        return static_cast<const float*>(panel) + begin * kPanelColumns;
    }
};

struct ExpandF16 {
    static constexpr size_t panelBytes(size_t depth) {
        return depth * kPanelColumns * sizeof(uint16_t);
    }
    static inline const float* expand(const void* panel, size_t begin, size_t end, float* out) {
        const uint16_t* in = static_cast<const uint16_t*>(panel) + begin * kPanelColumns;
        for (size_t i = 0; i < (end - begin) * kPanelColumns; i += 8) {
            _mm256_store_ps(out + i, wide(in + i));
        }
        return out;
    }
};

struct ExpandBF16 {
    static constexpr size_t panelBytes(size_t depth) {
        return depth * kPanelColumns * sizeof(uint16_t);
    }
    static inline const float* expand(const void* panel, size_t begin, size_t end, float* out) {
        const uint16_t* in = static_cast<const uint16_t*>(panel) + begin * kPanelColumns;
        for (size_t i = 0; i < (end - begin) * kPanelColumns; i += 8) {
            const __m256i bits = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i)));
            _mm256_store_ps(out + i, _mm256_castsi256_ps(_mm256_slli_epi32(bits, 16)));
        }
        return out;
    }
};

/// Eight outputs' four bytes each become four rows of eight floats.
template <bool kSigned>
inline void spread(__m256i bytes, __m256 scale, __m256 minimum, float* out) {
    for (int b = 0; b < 4; ++b) {
        const __m256i up = _mm256_sll_epi32(bytes, _mm_cvtsi32_si128(24 - 8 * b));
        const __m256i value = kSigned ? _mm256_srai_epi32(up, 24) : _mm256_srli_epi32(up, 24);
        // The product has no more than 24 bits and is exact, so fusing changes nothing.
        const __m256 x = _mm256_fmadd_ps(scale, _mm256_cvtepi32_ps(value), minimum);
        _mm256_store_ps(out + static_cast<size_t>(b) * kPanelColumns, x);
    }
}

/// A quantised panel, whole groups of it.
template <typename Format>
struct ExpandQuantised {
    static constexpr size_t panelBytes(size_t depth) {
        return Format::panelBytes(depth);
    }
    static inline const float* expand(const void* panel, size_t begin, size_t end, float* out) {
        const auto* from = static_cast<const unsigned char*>(panel);
        const __m256i offset = _mm256_set1_epi8(Format::kOffset);
        for (size_t g = begin / kGroup; g < end / kGroup; ++g) {
            float* rows = out + (g * kGroup - begin) * kPanelColumns;
            for (size_t i = 0; i < kSteps; i += 2) {
                __m256i w[2][2];
                Format::unpack(from, g, i, w);
                for (size_t h = 0; h < 2; ++h) {
                    __m256 scale = Format::scale(from, g, h);
                    if constexpr (Format::kHalves) {
                        scale = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(Format::halfScale(from, g, i / 4, h)));
                    }
                    for (size_t s = 0; s < 2; ++s) {
                        spread<!Format::kMinimum>(_mm256_sub_epi8(w[s][h], offset), scale, Format::minimum(from, g, h),
                                                  rows + 4 * (i + s) * kPanelColumns + 8 * h);
                    }
                }
            }
        }
        return out;
    }
};

/// Depths [begin, end) of a panel for R rows; the sums wait in y between chunks.
template <int R>
void multiplyRows(const MatmulArgs& args, const float* weights, size_t begin, size_t end, size_t row, size_t first) {
    const size_t columns = args.outputs - first;
    const __m256i mask0 = firstLanes(columns);
    const __m256i mask1 = firstLanes(columns < 8 ? 0 : columns - 8);
    __m256 sum[R][2];
    for (int r = 0; r < R; ++r) {
        const float* y = args.y + (row + static_cast<size_t>(r)) * args.yStride + first;
        sum[r][0] = begin == 0 ? _mm256_setzero_ps() : _mm256_maskload_ps(y, mask0);
        sum[r][1] = begin == 0 ? _mm256_setzero_ps() : _mm256_maskload_ps(y + 8, mask1);
    }
    const float* x = args.x + row * args.depth;
    for (size_t k = begin; k < end; ++k) {
        const __m256 w0 = _mm256_loadu_ps(weights + (k - begin) * kPanelColumns);
        const __m256 w1 = _mm256_loadu_ps(weights + (k - begin) * kPanelColumns + 8);
        for (int r = 0; r < R; ++r) {
            const __m256 a = _mm256_broadcast_ss(x + static_cast<size_t>(r) * args.depth + k);
            sum[r][0] = _mm256_fmadd_ps(w0, a, sum[r][0]);
            sum[r][1] = _mm256_fmadd_ps(w1, a, sum[r][1]);
        }
    }
    for (int r = 0; r < R; ++r) {
        float* y = args.y + (row + static_cast<size_t>(r)) * args.yStride + first;
        _mm256_maskstore_ps(y, mask0, sum[r][0]);
        _mm256_maskstore_ps(y + 8, mask1, sum[r][1]);
    }
}

void multiplyChunk(const MatmulArgs& args, const float* weights, size_t begin, size_t end, size_t first) {
    size_t row = 0;
    for (; row + 6 <= args.rows; row += 6) {
        multiplyRows<6>(args, weights, begin, end, row, first);
    }
    switch (args.rows - row) {
    case 1:
        return multiplyRows<1>(args, weights, begin, end, row, first);
    case 2:
        return multiplyRows<2>(args, weights, begin, end, row, first);
    case 3:
        return multiplyRows<3>(args, weights, begin, end, row, first);
    case 4:
        return multiplyRows<4>(args, weights, begin, end, row, first);
    case 5:
        return multiplyRows<5>(args, weights, begin, end, row, first);
    default:
        return;
    }
}

template <typename Expand>
void multiply(const MatmulArgs& args) {
    auto* scratch = static_cast<float*>(args.scratch);
    for (size_t p = args.panelBegin; p < args.panelEnd; ++p) {
        const void* panel = static_cast<const unsigned char*>(args.weights) + p * Expand::panelBytes(args.depth);
        for (size_t begin = 0; begin < args.depth; begin += kChunk) {
            const size_t end = args.depth - begin < kChunk ? args.depth : begin + kChunk;
            multiplyChunk(args, Expand::expand(panel, begin, end, scratch), begin, end, p * kPanelColumns);
        }
    }
}

} // namespace

void matmulF32PanelF32(const MatmulArgs& args) noexcept {
    multiply<ExpandF32>(args);
}

void matmulF32PanelF16(const MatmulArgs& args) noexcept {
    multiply<ExpandF16>(args);
}

void matmulF32PanelBF16(const MatmulArgs& args) noexcept {
    multiply<ExpandBF16>(args);
}

void matmulF32PanelQ8(const MatmulArgs& args) noexcept {
    multiply<ExpandQuantised<FormatQ8>>(args);
}

void matmulF32PanelQ4(const MatmulArgs& args) noexcept {
    multiply<ExpandQuantised<FormatQ4>>(args);
}

void matmulF32PanelQ4Min(const MatmulArgs& args) noexcept {
    multiply<ExpandQuantised<FormatQ4Min>>(args);
}

void matmulF32PanelQ5(const MatmulArgs& args) noexcept {
    multiply<ExpandQuantised<FormatQ5>>(args);
}

void matmulF32PanelQ4K(const MatmulArgs& args) noexcept {
    multiply<ExpandQuantised<FormatQ4K>>(args);
}

void matmulF32PanelQ5K(const MatmulArgs& args) noexcept {
    multiply<ExpandQuantised<FormatQ5K>>(args);
}

void matmulF32PanelQ6K(const MatmulArgs& args) noexcept {
    multiply<ExpandQuantised<FormatQ6K>>(args);
}

} // namespace alcuin::inference::cpu::avx2
