#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/avx512/panel_formats.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

/// Groups ahead of their use that a panel is fetched: 2 to 4 KiB, the best on Sapphire Rapids and Zen 5.
constexpr size_t kAhead = 8;

/// Rows that go over a panel together straight from memory: 16 sums and 8 vectors of weights fit the registers.
constexpr size_t kFewRows = 16;

/// Panels that several tiles of rows go over one after the other, straight from the caches.
constexpr size_t kCachedPanels = 4;

/// Groups of a panel that are unpacked into scratch at a time for more rows: two panels' take 20 KiB, so that they
/// and the rows' part stay in L1.
constexpr size_t kChunkGroups = 16;

/// Rows that go over an unpacked chunk of two panels together: 12 integer sums and 12 sums.
constexpr int kTileRows = 6;

inline __m512i four(const int8_t* x) {
    int bytes = 0;
    __builtin_memcpy(&bytes, x, sizeof bytes);
    return _mm512_set1_epi32(bytes);
}

/// y += (isum * scale_w) * scale_x, then y += minimum * offset_x: the same roundings everywhere, whatever the number
/// of rows and panels, and the same as the AMX kernels'.
template <bool kMinimum>
inline __m512 addGroup(__m512 y, __m512i isum, __m512 scaleW, __m512 minimum, float scaleX, float offsetX) {
    y = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(isum), scaleW), _mm512_set1_ps(scaleX), y);
    if constexpr (kMinimum) {
        y = _mm512_fmadd_ps(minimum, _mm512_set1_ps(offsetX), y);
    }
    return y;
}

/// A group's products of one row. Two chains of four: one of eight takes longer than its turn.
template <typename Format>
inline __m512i multiplyGroup(const __m512i (&w)[kVectors], const int8_t* x, int32_t sumX) {
    __m512i even = _mm512_set1_epi32(-Format::kOffset * sumX);
    __m512i odd = _mm512_setzero_si512();
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; i += 2) {
        even = _mm512_dpbusd_epi32(even, w[i], four(x + 4 * i));
        odd = _mm512_dpbusd_epi32(odd, w[i + 1], four(x + 4 * i + 4));
    }
    return _mm512_add_epi32(even, odd);
}

/// What a group's integer sums are multiplied by, for all rows.
template <typename Format>
struct GroupScales {
    __m512 scale;
    __m512 minimum;
    GroupScales(const unsigned char* panel, size_t g)
        : scale(Format::scale(panel, g)), minimum(Format::minimum(panel, g)) {}
};

template <>
struct GroupScales<FormatQ6K> {
    __m512 scale;
    __m512 half[2];
    GroupScales(const unsigned char* panel, size_t g)
        : scale(FormatQ6K::scale(panel, g))
        , half{FormatQ6K::halfScale(panel, g, 0), FormatQ6K::halfScale(panel, g, 1)} {}
};

/// Adds a group's products of one row; `at` is the group's place among the activations'.
template <typename Format>
inline __m512 addProducts(__m512 y, const __m512i (&w)[kVectors], const QuantisedRows& q, size_t at,
                          const GroupScales<Format>& scales) {
    if constexpr (Format::kHalves) {
        const int8_t* x = q.values + at * kGroup;
        __m512i lower = _mm512_set1_epi32(-Format::kOffset * q.lower[at]);
        __m512i upper = _mm512_set1_epi32(-Format::kOffset * (q.sum[at] - q.lower[at]));
#pragma GCC unroll 16
        for (int i = 0; i < kVectors / 2; ++i) {
            lower = _mm512_dpbusd_epi32(lower, w[i], four(x + 4 * i));
            upper = _mm512_dpbusd_epi32(upper, w[i + 4], four(x + 4 * i + 16));
        }
        // Whole numbers below 2^24: exact, and so is whatever order another kernel adds them in.
        const __m512 part = _mm512_fmadd_ps(_mm512_cvtepi32_ps(upper), scales.half[1],
                                            _mm512_mul_ps(_mm512_cvtepi32_ps(lower), scales.half[0]));
        return _mm512_fmadd_ps(_mm512_mul_ps(part, scales.scale), _mm512_set1_ps(q.scale[at]), y);
    } else {
        const __m512i isum = multiplyGroup<Format>(w, q.values + at * kGroup, q.sum[at]);
        return addGroup<Format::kMinimum>(y, isum, scales.scale, scales.minimum, q.scale[at], q.offset[at]);
    }
}

/// kRows rows times kPanels panels side by side over the whole depth, unpacked in registers: what decoding runs, at
/// the memory's pace. `next` is fetched when these panels end.
template <typename Format, int kRows, int kPanels>
void multiplyDirect(const MatmulArgs& args, size_t panel, size_t row, const NextPanels& next) {
    const size_t groups = args.depth / kGroup;
    const size_t bytes = Format::panelBytes(args.depth);
    const auto* weights = static_cast<const unsigned char*>(args.weights) + panel * bytes;
    const QuantisedRows& q = args.quantised;
    __m512 y[kPanels][kRows];
#pragma GCC unroll 16
    for (int p = 0; p < kPanels; ++p) {
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            y[p][r] = _mm512_setzero_ps();
        }
    }
    const auto* following = static_cast<const unsigned char*>(next.first);
    for (size_t g = 0; g < groups; ++g) {
        const bool within = g + kAhead < groups;
        const size_t ahead = within ? g + kAhead : g + kAhead - groups;
        const unsigned char* from = within ? weights : following;
        const size_t apart = within ? bytes : next.bytes;
#pragma GCC unroll 16
        for (int p = 0; p < kPanels; ++p) {
            const unsigned char* start = weights + static_cast<size_t>(p) * bytes;
            Format::prefetch(from + static_cast<size_t>(p) * apart, ahead);
            __m512i w[kVectors];
            Format::unpack(start, g, w);
            const GroupScales<Format> scales(start, g);
#pragma GCC unroll 16
            for (int r = 0; r < kRows; ++r) {
                const size_t at = (row + static_cast<size_t>(r)) * groups + g;
                y[p][r] = addProducts<Format>(y[p][r], w, q, at, scales);
            }
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < kPanels; ++p) {
        const size_t first = (panel + static_cast<size_t>(p)) * kPanelColumns;
        const __mmask16 columns = columnsOf(args.outputs, first);
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            _mm512_mask_storeu_ps(args.y + (row + static_cast<size_t>(r)) * args.yStride + first, columns, y[p][r]);
        }
    }
}

/// What is multiplied by after panels up to `end`: the call's own next ones, else the next call's.
template <typename Format>
NextPanels following(const MatmulArgs& args, size_t end) {
    const size_t bytes = Format::panelBytes(args.depth);
    const auto* weights = static_cast<const unsigned char*>(args.weights);
    const NextPanels own{weights + end * bytes, bytes};
    // Where nothing is known to follow, memory behind the panels is as good a guess as any.
    return end < args.panelEnd || args.next.first == nullptr ? own : args.next;
}

template <typename Format, int kRows>
void multiplyFew(const MatmulArgs& args, size_t row) {
    // Few rows: several panels at once, as memory gives more to four streams than to one.
    constexpr int kPanels = kRows <= 4 ? 4 : 1;
    size_t panel = args.panelBegin;
    for (; panel + kPanels <= args.panelEnd; panel += kPanels) {
        multiplyDirect<Format, kRows, kPanels>(args, panel, row, following<Format>(args, panel + kPanels));
    }
    if constexpr (kPanels > 2) {
        for (; panel + 2 <= args.panelEnd; panel += 2) {
            multiplyDirect<Format, kRows, 2>(args, panel, row, following<Format>(args, panel + 2));
        }
    }
    for (; panel < args.panelEnd; ++panel) {
        multiplyDirect<Format, kRows, 1>(args, panel, row, following<Format>(args, panel + 1));
    }
}

/// A chunk of kPanels panels in scratch.
template <int kPanels>
struct Unpacked {
    alignas(64) uint8_t values[kChunkGroups][kVectors][kPanels][64];
    alignas(64) float scale[kChunkGroups][kPanels][kPanelColumns];
    alignas(64) float minimum[kChunkGroups][kPanels][kPanelColumns];
};
static_assert(sizeof(Unpacked<2>) <= kMatmulScratchBytes);

template <typename Format, int kPanels>
void unpackChunk(const unsigned char* weights, size_t panelBytes, size_t begin, size_t count, Unpacked<kPanels>& out) {
#pragma GCC unroll 16
    for (int p = 0; p < kPanels; ++p) {
        const unsigned char* panel = weights + static_cast<size_t>(p) * panelBytes;
        for (size_t g = 0; g < count; ++g) {
            __m512i w[kVectors];
            Format::unpack(panel, begin + g, w);
#pragma GCC unroll 16
            for (int i = 0; i < kVectors; ++i) {
                _mm512_store_si512(out.values[g][i][p], w[i]);
            }
            _mm512_store_ps(out.scale[g][p], Format::scale(panel, begin + g));
            if constexpr (Format::kMinimum) {
                _mm512_store_ps(out.minimum[g][p], Format::minimum(panel, begin + g));
            }
        }
    }
}

/// Start values of the integer sums of kRows rows in a chunk.
template <typename Format, int kRows>
inline void startValues(const MatmulArgs& args, size_t row, size_t begin, size_t count,
                        int32_t (&start)[kRows][kChunkGroups]) {
    const size_t groups = args.depth / kGroup;
    const auto mask = static_cast<__mmask16>((1U << count) - 1U);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
        const int32_t* sum = args.quantised.sum + (row + static_cast<size_t>(r)) * groups + begin;
        const __m512i sums = _mm512_maskz_loadu_epi32(mask, sum);
        _mm512_store_si512(start[r], _mm512_mullo_epi32(sums, _mm512_set1_epi32(-Format::kOffset)));
    }
}

/// One unpacked chunk for kRows rows; between chunks the sums wait in y.
template <typename Format, int kRows, int kPanels>
void multiplyTile(const MatmulArgs& args, const Unpacked<kPanels>& chunk, size_t begin, size_t count, size_t row,
                  size_t panel) {
    const size_t groups = args.depth / kGroup;
    const QuantisedRows& q = args.quantised;
    alignas(64) int32_t start[kRows][kChunkGroups];
    startValues<Format, kRows>(args, row, begin, count, start);
    __mmask16 columns[kPanels];
    __m512 y[kRows][kPanels];
#pragma GCC unroll 16
    for (int p = 0; p < kPanels; ++p) {
        const size_t first = (panel + static_cast<size_t>(p)) * kPanelColumns;
        columns[p] = begin == 0 ? __mmask16{0} : columnsOf(args.outputs, first);
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            y[r][p] = _mm512_maskz_loadu_ps(columns[p], args.y + (row + static_cast<size_t>(r)) * args.yStride + first);
        }
    }
    for (size_t g = 0; g < count; ++g) {
        __m512i isum[kRows][kPanels];
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 16
            for (int p = 0; p < kPanels; ++p) {
                isum[r][p] = _mm512_set1_epi32(start[r][g]);
            }
        }
        const int8_t* x = q.values + row * args.depth + (begin + g) * kGroup;
#pragma GCC unroll 16
        for (int i = 0; i < kVectors; ++i) {
            __m512i w[kPanels];
#pragma GCC unroll 16
            for (int p = 0; p < kPanels; ++p) {
                w[p] = _mm512_load_si512(chunk.values[g][i][p]);
            }
#pragma GCC unroll 16
            for (int r = 0; r < kRows; ++r) {
                const __m512i a = four(x + static_cast<size_t>(r) * args.depth + 4 * i);
#pragma GCC unroll 16
                for (int p = 0; p < kPanels; ++p) {
                    isum[r][p] = _mm512_dpbusd_epi32(isum[r][p], w[p], a);
                }
            }
        }
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            const size_t at = (row + static_cast<size_t>(r)) * groups + begin + g;
#pragma GCC unroll 16
            for (int p = 0; p < kPanels; ++p) {
                y[r][p] = addGroup<Format::kMinimum>(y[r][p], isum[r][p], _mm512_load_ps(chunk.scale[g][p]),
                                                     _mm512_load_ps(chunk.minimum[g][p]), q.scale[at], q.offset[at]);
            }
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < kPanels; ++p) {
        const size_t first = (panel + static_cast<size_t>(p)) * kPanelColumns;
        columns[p] = columnsOf(args.outputs, first);
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            _mm512_mask_storeu_ps(args.y + (row + static_cast<size_t>(r)) * args.yStride + first, columns[p], y[r][p]);
        }
    }
}

template <typename Format, int kPanels>
using TileFunction = void (*)(const MatmulArgs&, const Unpacked<kPanels>&, size_t, size_t, size_t, size_t);

template <typename Format, int kPanels>
constexpr TileFunction<Format, kPanels> kTileByRows[kTileRows + 1] = {nullptr,
                                                                      multiplyTile<Format, 1, kPanels>,
                                                                      multiplyTile<Format, 2, kPanels>,
                                                                      multiplyTile<Format, 3, kPanels>,
                                                                      multiplyTile<Format, 4, kPanels>,
                                                                      multiplyTile<Format, 5, kPanels>,
                                                                      multiplyTile<Format, 6, kPanels>};

/// kPanels panels for many rows: each chunk of the depth is unpacked once for all of them.
template <typename Format, int kPanels>
void multiplyMany(const MatmulArgs& args, size_t panel) {
    const size_t groups = args.depth / kGroup;
    const size_t bytes = Format::panelBytes(args.depth);
    const auto* weights = static_cast<const unsigned char*>(args.weights) + panel * bytes;
    auto& chunk = *static_cast<Unpacked<kPanels>*>(args.scratch);
    for (size_t begin = 0; begin < groups; begin += kChunkGroups) {
        const size_t count = groups - begin < kChunkGroups ? groups - begin : kChunkGroups;
        unpackChunk<Format>(weights, bytes, begin, count, chunk);
        for (size_t row = 0; row < args.rows; row += kTileRows) {
            const size_t rows = args.rows - row < kTileRows ? args.rows - row : kTileRows;
            kTileByRows<Format, kPanels>[rows](args, chunk, begin, count, row, panel);
        }
    }
}

/// Any number of rows.
template <typename Format>
void multiplyAll(const MatmulArgs& args) {
    size_t panel = args.panelBegin;
    for (; panel + 2 <= args.panelEnd; panel += 2) {
        multiplyMany<Format, 2>(args, panel);
    }
    if (panel < args.panelEnd) {
        multiplyMany<Format, 1>(args, panel);
    }
}

template <typename Format>
constexpr void (*kFewByRows[kFewRows + 1])(const MatmulArgs&, size_t) = {nullptr,
                                                                         multiplyFew<Format, 1>,
                                                                         multiplyFew<Format, 2>,
                                                                         multiplyFew<Format, 3>,
                                                                         multiplyFew<Format, 4>,
                                                                         multiplyFew<Format, 5>,
                                                                         multiplyFew<Format, 6>,
                                                                         multiplyFew<Format, 7>,
                                                                         multiplyFew<Format, 8>,
                                                                         multiplyFew<Format, 9>,
                                                                         multiplyFew<Format, 10>,
                                                                         multiplyFew<Format, 11>,
                                                                         multiplyFew<Format, 12>,
                                                                         multiplyFew<Format, 13>,
                                                                         multiplyFew<Format, 14>,
                                                                         multiplyFew<Format, 15>,
                                                                         multiplyFew<Format, 16>};

template <typename Format>
void multiply(const MatmulArgs& args) {
    if (args.rows <= kFewRows) {
        kFewByRows<Format>[args.rows](args, 0);
        return;
    }
    if constexpr (Format::kHalves) {
        // All rows go over some panels while these lie in the caches.
        MatmulArgs some = args;
        for (size_t panel = args.panelBegin; panel < args.panelEnd; panel += kCachedPanels) {
            some.panelBegin = panel;
            some.panelEnd = args.panelEnd - panel < kCachedPanels ? args.panelEnd : panel + kCachedPanels;
            for (size_t row = 0; row < args.rows; row += kFewRows) {
                kFewByRows<Format>[args.rows - row < kFewRows ? args.rows - row : kFewRows](some, row);
            }
        }
    } else {
        multiplyAll<Format>(args);
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

} // namespace alcuin::inference::cpu::avx512
