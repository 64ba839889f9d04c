#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/avx512/panel_formats.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

/// Depths of two panels that are widened into scratch at a time: 32 KiB, so that they stay in L1.
constexpr size_t kChunk = 256;
static_assert(2 * kChunk * kPanelColumns * sizeof(float) <= kMatmulScratchBytes && kChunk % kGroup == 0);

/// Rows that go over a chunk of two panels together: 24 sums in registers.
constexpr int kTileRows = 12;

/// Rows up to which dense panels are read straight from memory, widened in registers.
constexpr size_t kFewRows = 4;

/// Panels side by side then: memory gives more to four streams than to one, and four sums hide the additions' latency.
constexpr int kFewPanels = 4;

/// Bytes ahead of its use that a dense panel is fetched.
constexpr size_t kAhead = 2048;

struct DenseF32 {
    using Element = float;
    static inline __m512 read(const Element* p) {
        return _mm512_loadu_ps(p);
    }
};

struct DenseF16 {
    using Element = uint16_t;
    static inline __m512 read(const Element* p) {
        return widenHalves(p);
    }
};

struct DenseBF16 {
    using Element = uint16_t;
    static inline __m512 read(const Element* p) {
        const __m512i bits = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
        return _mm512_castsi512_ps(_mm512_slli_epi32(bits, 16));
    }
};

/// Depths [begin, end) of a dense panel as [depth][16] floats, rounding as the file's format says.
template <typename Dense>
struct ExpandDense {
    using DirectFormat = Dense;
    static constexpr bool kDirect = true;
    static constexpr size_t panelBytes(size_t depth) {
        return depth * kPanelColumns * sizeof(typename Dense::Element);
    }
    static inline void expand(const void* panel, size_t begin, size_t end, float* out) {
        const auto* in = static_cast<const typename Dense::Element*>(panel);
        for (size_t k = begin; k < end; ++k) {
            _mm512_store_ps(out + (k - begin) * kPanelColumns, Dense::read(in + k * kPanelColumns));
        }
    }
};

/// 16 outputs' four bytes each become four rows of 16 floats.
template <bool kSigned>
inline void spread(__m512i bytes, __m512 scale, __m512 minimum, float* out) {
#pragma GCC unroll 4
    for (unsigned b = 0; b < 4; ++b) {
        const __m512i up = _mm512_slli_epi32(bytes, 24 - 8 * b);
        const __m512i value = kSigned ? _mm512_srai_epi32(up, 24) : _mm512_srli_epi32(up, 24);
        // The product has no more than 24 bits and is exact, so fusing changes nothing.
        _mm512_store_ps(out + b * kPanelColumns, _mm512_fmadd_ps(scale, _mm512_cvtepi32_ps(value), minimum));
    }
}

/// Depths [begin, end) of a quantised panel, whole groups. The formats' unsigned bytes count from kOffset.
template <typename Format>
struct ExpandQuantised {
    static constexpr bool kDirect = false;
    static constexpr size_t panelBytes(size_t depth) {
        return Format::panelBytes(depth);
    }
    static inline void expand(const void* panel, size_t begin, size_t end, float* out) {
        const __m512i offset = _mm512_set1_epi8(static_cast<char>(Format::kOffset));
        for (size_t g = begin / kGroup; g < end / kGroup; ++g) {
            const auto* from = static_cast<const unsigned char*>(panel);
            float* rows = out + (g * kGroup - begin) * kPanelColumns;
            __m512i w[kVectors];
            Format::unpack(from, g, w);
            const __m512 minimum = Format::minimum(from, g);
            __m512 scale = Format::scale(from, g);
            const __m512 whole = scale;
            for (size_t i = 0; i < kVectors; ++i) {
                if constexpr (Format::kHalves) {
                    scale = _mm512_mul_ps(whole, Format::halfScale(from, g, i / 4));
                }
                spread<!Format::kMinimum>(_mm512_sub_epi8(w[i], offset), scale, minimum, rows + 4 * i * kPanelColumns);
            }
        }
    }
};

template <int kPanels, int kRows>
inline void store(const MatmulArgs& args, size_t panel, size_t row, const __m512 (&sum)[kRows][kPanels]) {
#pragma GCC unroll 4
    for (int p = 0; p < kPanels; ++p) {
        const size_t first = (panel + static_cast<size_t>(p)) * kPanelColumns;
        const __mmask16 columns = columnsOf(args.outputs, first);
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            _mm512_mask_storeu_ps(args.y + (row + static_cast<size_t>(r)) * args.yStride + first, columns, sum[r][p]);
        }
    }
}

/// kRows rows times kPanels dense panels side by side, straight from memory: what decoding runs.
template <typename Dense, int kRows, int kPanels>
void multiplyDirect(const MatmulArgs& args, size_t panel, size_t row) {
    using Element = typename Dense::Element;
    const auto* weights = static_cast<const Element*>(args.weights) + panel * args.depth * kPanelColumns;
    const float* x = args.x + row * args.depth;
    __m512 sum[kRows][kPanels];
#pragma GCC unroll 16
    for (int i = 0; i < kRows * kPanels; ++i) {
        sum[i / kPanels][i % kPanels] = _mm512_setzero_ps();
    }
    for (size_t k = 0; k < args.depth; ++k) {
#pragma GCC unroll 4
        for (int p = 0; p < kPanels; ++p) {
            const Element* w = weights + (static_cast<size_t>(p) * args.depth + k) * kPanelColumns;
            _mm_prefetch(reinterpret_cast<const char*>(w) + kAhead, _MM_HINT_T0);
            const __m512 wide = Dense::read(w);
#pragma GCC unroll 16
            for (int r = 0; r < kRows; ++r) {
                sum[r][p] =
                    _mm512_fmadd_ps(wide, _mm512_set1_ps(x[static_cast<size_t>(r) * args.depth + k]), sum[r][p]);
            }
        }
    }
    store<kPanels, kRows>(args, panel, row, sum);
}

template <typename Dense, int kRows>
void multiplyFew(const MatmulArgs& args) {
    size_t panel = args.panelBegin;
    for (; panel + kFewPanels <= args.panelEnd; panel += kFewPanels) {
        multiplyDirect<Dense, kRows, kFewPanels>(args, panel, 0);
    }
    for (; panel < args.panelEnd; ++panel) {
        multiplyDirect<Dense, kRows, 1>(args, panel, 0);
    }
}

/// Depths [begin, end) of kPanels widened panels, [panel][kChunk][16], for kRows rows; between chunks the sums wait
/// in y.
template <int kPanels, int kRows>
void multiplyTile(const MatmulArgs& args, const float* wide, size_t begin, size_t end, size_t row, size_t panel) {
    __m512 sum[kRows][kPanels];
#pragma GCC unroll 4
    for (int p = 0; p < kPanels; ++p) {
        const size_t first = (panel + static_cast<size_t>(p)) * kPanelColumns;
        const __mmask16 columns = begin == 0 ? __mmask16{0} : columnsOf(args.outputs, first);
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            const float* y = args.y + (row + static_cast<size_t>(r)) * args.yStride + first;
            sum[r][p] = _mm512_maskz_loadu_ps(columns, y);
        }
    }
    const float* x = args.x + row * args.depth;
    for (size_t k = begin; k < end; ++k) {
        __m512 w[kPanels];
#pragma GCC unroll 4
        for (int p = 0; p < kPanels; ++p) {
            w[p] = _mm512_load_ps(wide + (static_cast<size_t>(p) * kChunk + k - begin) * kPanelColumns);
        }
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            const __m512 a = _mm512_set1_ps(x[static_cast<size_t>(r) * args.depth + k]);
#pragma GCC unroll 4
            for (int p = 0; p < kPanels; ++p) {
                sum[r][p] = _mm512_fmadd_ps(w[p], a, sum[r][p]);
            }
        }
    }
    store<kPanels, kRows>(args, panel, row, sum);
}

template <int kPanels>
using TileFunction = void (*)(const MatmulArgs&, const float*, size_t, size_t, size_t, size_t);

template <int kPanels>
constexpr TileFunction<kPanels> kTileByRows[kTileRows + 1] = {nullptr,
                                                              multiplyTile<kPanels, 1>,
                                                              multiplyTile<kPanels, 2>,
                                                              multiplyTile<kPanels, 3>,
                                                              multiplyTile<kPanels, 4>,
                                                              multiplyTile<kPanels, 5>,
                                                              multiplyTile<kPanels, 6>,
                                                              multiplyTile<kPanels, 7>,
                                                              multiplyTile<kPanels, 8>,
                                                              multiplyTile<kPanels, 9>,
                                                              multiplyTile<kPanels, 10>,
                                                              multiplyTile<kPanels, 11>,
                                                              multiplyTile<kPanels, 12>};

/// kPanels panels for any number of rows: each chunk of the depth is widened once for all of them.
template <typename Expand, int kPanels>
void multiplyMany(const MatmulArgs& args, size_t panel) {
    auto* wide = static_cast<float*>(args.scratch);
    const size_t bytes = Expand::panelBytes(args.depth);
    for (size_t begin = 0; begin < args.depth; begin += kChunk) {
        const size_t end = args.depth - begin < kChunk ? args.depth : begin + kChunk;
        for (size_t p = 0; p < static_cast<size_t>(kPanels); ++p) {
            Expand::expand(static_cast<const unsigned char*>(args.weights) + (panel + p) * bytes, begin, end,
                           wide + p * kChunk * kPanelColumns);
        }
        for (size_t row = 0; row < args.rows; row += kTileRows) {
            const size_t rows = args.rows - row < kTileRows ? args.rows - row : kTileRows;
            kTileByRows<kPanels>[rows](args, wide, begin, end, row, panel);
        }
    }
}

template <typename Expand>
void multiply(const MatmulArgs& args) {
    if constexpr (Expand::kDirect) {
        if (args.rows <= kFewRows) {
            using Dense = typename Expand::DirectFormat;
            constexpr void (*kFewByRows[kFewRows + 1])(const MatmulArgs&) = {
                nullptr, multiplyFew<Dense, 1>, multiplyFew<Dense, 2>, multiplyFew<Dense, 3>, multiplyFew<Dense, 4>};
            kFewByRows[args.rows](args);
            return;
        }
    }
    size_t panel = args.panelBegin;
    for (; panel + 2 <= args.panelEnd; panel += 2) {
        multiplyMany<Expand, 2>(args, panel);
    }
    if (panel < args.panelEnd) {
        multiplyMany<Expand, 1>(args, panel);
    }
}

} // namespace

void matmulF32PanelF32(const MatmulArgs& args) noexcept {
    multiply<ExpandDense<DenseF32>>(args);
}

void matmulF32PanelF16(const MatmulArgs& args) noexcept {
    multiply<ExpandDense<DenseF16>>(args);
}

void matmulF32PanelBF16(const MatmulArgs& args) noexcept {
    multiply<ExpandDense<DenseBF16>>(args);
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

} // namespace alcuin::inference::cpu::avx512
