#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx2/math.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

/// Depths of a panel that are widened into scratch at a time: 16 KiB, so that they and the rows' part stay in L1.
constexpr size_t kChunk = 256;
static_assert(kChunk * kPanelColumns * sizeof(float) <= kMatmulScratchBytes && kChunk % kGroup == 0);

inline __m256 wide(const uint16_t* half) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(half)));
}

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
inline void spread(__m256i bytes, __m256 scale, __m256 minimum, bool isSigned, float* out) {
    for (int b = 0; b < 4; ++b) {
        const __m256i up = _mm256_sll_epi32(bytes, _mm_cvtsi32_si128(24 - 8 * b));
        const __m256i value = isSigned ? _mm256_srai_epi32(up, 24) : _mm256_srli_epi32(up, 24);
        // The product of a half's 11 bits and 8 more is exact, so fusing changes nothing.
        const __m256 x = _mm256_fmadd_ps(scale, _mm256_cvtepi32_ps(value), minimum);
        _mm256_store_ps(out + static_cast<size_t>(b) * kPanelColumns, x);
    }
}

struct ExpandQ8 {
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kGroup * sizeof(Q8Panel);
    }
    static inline const float* expand(const void* panel, size_t begin, size_t end, float* out) {
        for (size_t g = begin / kGroup; g < end / kGroup; ++g) {
            const Q8Panel& group = static_cast<const Q8Panel*>(panel)[g];
            float* rows = out + (g * kGroup - begin) * kPanelColumns;
            for (size_t i = 0; i < 8; ++i) {
                for (size_t h = 0; h < 2; ++h) {
                    const __m256i bytes =
                        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(&group.values[i][8 * h][0]));
                    spread(bytes, wide(group.scale + 8 * h), _mm256_setzero_ps(), true,
                           rows + 4 * i * kPanelColumns + 8 * h);
                }
            }
        }
        return out;
    }
};

template <typename Panel, typename Minimum>
inline void expandNibbles(const Panel& group, float* rows, const Minimum& minimum) {
    const __m256i low = _mm256_set1_epi8(15);
    for (size_t i = 0; i < 4; ++i) {
        for (size_t h = 0; h < 2; ++h) {
            const __m256i packed = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(&group.nibbles[i][8 * h][0]));
            const __m256 scale = wide(group.scale + 8 * h);
            float* out = rows + 8 * i * kPanelColumns + 8 * h;
            minimum(_mm256_and_si256(packed, low), scale, h, out);
            minimum(_mm256_and_si256(_mm256_srli_epi16(packed, 4), low), scale, h, out + 4 * kPanelColumns);
        }
    }
}

struct ExpandQ4 {
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kGroup * sizeof(Q4Panel);
    }
    static inline const float* expand(const void* panel, size_t begin, size_t end, float* out) {
        for (size_t g = begin / kGroup; g < end / kGroup; ++g) {
            const Q4Panel& group = static_cast<const Q4Panel*>(panel)[g];
            expandNibbles(group, out + (g * kGroup - begin) * kPanelColumns,
                          [](__m256i nibbles, __m256 scale, size_t, float* rows) {
                              const __m256i centred = _mm256_sub_epi8(nibbles, _mm256_set1_epi8(8));
                              spread(centred, scale, _mm256_setzero_ps(), true, rows);
                          });
        }
        return out;
    }
};

struct ExpandQ4Min {
    static constexpr size_t panelBytes(size_t depth) {
        return depth / kGroup * sizeof(Q4MinPanel);
    }
    static inline const float* expand(const void* panel, size_t begin, size_t end, float* out) {
        for (size_t g = begin / kGroup; g < end / kGroup; ++g) {
            const Q4MinPanel& group = static_cast<const Q4MinPanel*>(panel)[g];
            expandNibbles(group, out + (g * kGroup - begin) * kPanelColumns,
                          [&group](__m256i nibbles, __m256 scale, size_t h, float* rows) {
                              spread(nibbles, scale, wide(group.minimum + 8 * h), false, rows);
                          });
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
    multiply<ExpandQ8>(args);
}

void matmulF32PanelQ4(const MatmulArgs& args) noexcept {
    multiply<ExpandQ4>(args);
}

void matmulF32PanelQ4Min(const MatmulArgs& args) noexcept {
    multiply<ExpandQ4Min>(args);
}

} // namespace alcuin::inference::cpu::avx2
