#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/avx512/panel_formats.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

/// Rows that go over a group together: with two panels, eight integer sums beside the group's 16 vectors of weights,
/// which stay in registers for all rows.
constexpr int kRowsTogether = 4;

/// Tiles of rows whose sums wait in L1 while groups go by, 16 KiB for two panels.
constexpr size_t kBlockTiles = 8;
constexpr size_t kBlockRows = kBlockTiles * kSplitTile;

/// Groups that a block's rows are multiplied by before the next panels: their 256 KiB stay in L2.
constexpr size_t kChunkGroups = 32;

/// Groups ahead of their use that a panel is fetched.
constexpr size_t kAhead = 2;

/// Rows of a block and groups [begin, end) that are worked on.
struct Block {
    const SplitGroup* coarse; ///< of the block's first tile
    const SplitGroup* fine;
    const uint8_t* fineRows;
    size_t groups; ///< K / 32
    size_t from;   ///< rows [from, to) of the block are wanted
    size_t to;
    size_t begin;
    size_t end;
    float* y; ///< of row 0 of the block; rows before `from` don't exist
};

/// Of a block's rows, and one more that nobody reads.
template <int kPanels>
using Sums = float[kBlockRows + 1][kPanels][kPanelColumns];

/// The wanted rows of a block that have a fine term of a group, filled up to kRowsTogether with copies of one whose
/// sums nobody reads.
struct FineRows {
    uint32_t count;
    uint32_t from[kBlockRows + kSplitTile]; ///< where the row's fine term is, counted from the block's first
    uint32_t row[kBlockRows + kSplitTile];
};

struct Scratch {
    alignas(64) unsigned char sums[sizeof(Sums<2>)];
    FineRows fine[kChunkGroups];
};
static_assert(sizeof(Scratch) <= kMatmulScratchBytes);

/// A group of kPanels panels in registers.
template <typename Format, int kPanels>
struct Weights {
    __m512i values[kPanels][kVectors];
    __m512 scale[kPanels];
    __m512 magic[kPanels]; ///< -kSplitMagic * scale, exactly: a scale has 17 bits at most
    __m512 minimum[kPanels];
    __m512 half[kPanels][2];

    inline void read(const unsigned char* panel, size_t panelBytes, size_t g) {
        const __m512 magicStart = _mm512_set1_ps(-kSplitMagic);
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) {
            const unsigned char* from = panel + static_cast<size_t>(p) * panelBytes;
            Format::unpack(from, g, values[p]);
            scale[p] = Format::scale(from, g);
            magic[p] = _mm512_mul_ps(scale[p], magicStart);
            minimum[p] = Format::minimum(from, g);
            if constexpr (Format::kHalves) {
                half[p][0] = Format::halfScale(from, g, 0);
                half[p][1] = Format::halfScale(from, g, 1);
            }
        }
    }
};

inline __m512i four(const int8_t* x) {
    int bytes = 0;
    __builtin_memcpy(&bytes, x, sizeof bytes);
    return _mm512_set1_epi32(bytes);
}

/// Where a row's integer sums start.
template <typename Format>
inline __m512i startOf(const SplitGroup& x) {
    static_assert(Format::kOffset == 0 || Format::kOffset == 8 || Format::kOffset == 16 || Format::kOffset == 128);
    if constexpr (Format::kOffset == 0) {
        return _mm512_set1_epi32(kSplitStart);
    } else {
        return _mm512_set1_epi32(Format::kOffset == 8 ? x.start8 : Format::kOffset == 16 ? x.start16 : x.start128);
    }
}

/// isum * scale, rounded once: conversion and product in one instruction.
template <typename Format, int kRows, int kPanels>
inline void multiplyGroup(const Weights<Format, kPanels>& w, const SplitGroup* const (&x)[kRows],
                          __m512 (&product)[kRows][kPanels]) {
    __m512i sum[kRows][kPanels];
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) {
        const __m512i start = startOf<Format>(*x[r]);
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) {
            sum[r][p] = start;
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < kVectors; ++i) {
#pragma GCC unroll 4
        for (int r = 0; r < kRows; ++r) {
            const __m512i a = four(x[r]->values + 4 * i);
#pragma GCC unroll 2
            for (int p = 0; p < kPanels; ++p) {
                sum[r][p] = _mm512_dpbusd_epi32(sum[r][p], w.values[p][i], a);
            }
        }
    }
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) {
            product[r][p] = _mm512_fmadd_ps(_mm512_castsi512_ps(sum[r][p]), w.scale[p], w.magic[p]);
        }
    }
}

/// The same where the halves of a group have scales of their own, whole numbers: their sum is exact.
template <typename Format, int kRows, int kPanels>
inline void multiplyHalves(const Weights<Format, kPanels>& w, const SplitGroup* const (&x)[kRows],
                           __m512 (&product)[kRows][kPanels]) {
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) {
        const __m512i lowerStart = _mm512_set1_epi32(-Format::kOffset * x[r]->lower);
        const __m512i upperStart = _mm512_set1_epi32(-Format::kOffset * (x[r]->sum - x[r]->lower));
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) {
            __m512i lower = lowerStart;
            __m512i upper = upperStart;
#pragma GCC unroll 4
            for (int i = 0; i < kVectors / 2; ++i) {
                lower = _mm512_dpbusd_epi32(lower, w.values[p][i], four(x[r]->values + 4 * i));
                upper = _mm512_dpbusd_epi32(upper, w.values[p][i + 4], four(x[r]->values + 4 * i + 16));
            }
            const __m512 both = _mm512_fmadd_ps(_mm512_cvtepi32_ps(upper), w.half[p][1],
                                                _mm512_mul_ps(_mm512_cvtepi32_ps(lower), w.half[p][0]));
            product[r][p] = _mm512_mul_ps(both, w.scale[p]);
        }
    }
}

/// Adds one term of a group for kRows rows.
template <typename Format, int kRows, int kPanels, bool kFine>
inline void addGroup(const Weights<Format, kPanels>& w, const SplitGroup* const (&x)[kRows],
                     float (*const (&y)[kRows])[kPanelColumns]) {
    __m512 product[kRows][kPanels];
    if constexpr (Format::kHalves) {
        multiplyHalves<Format, kRows, kPanels>(w, x, product);
    } else {
        multiplyGroup<Format, kRows, kPanels>(w, x, product);
    }
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) {
            __m512 sum = _mm512_fmadd_ps(product[r][p], _mm512_set1_ps(x[r]->scale), _mm512_load_ps(y[r][p]));
            if constexpr (Format::kMinimum && !kFine) {
                sum = _mm512_fmadd_ps(w.minimum[p], _mm512_set1_ps(x[r]->offset), sum);
            }
            _mm512_store_ps(y[r][p], sum);
        }
    }
}

template <typename Format, int kPanels>
inline void addCoarse(const Weights<Format, kPanels>& w, const Block& block, size_t g, Sums<kPanels>& y) {
    for (size_t row = block.from; row < block.to;) {
        const size_t tile = row / kSplitTile;
        const size_t tileEnd = (tile + 1) * kSplitTile;
        const size_t end = tileEnd < block.to ? tileEnd : block.to;
        const SplitGroup* x = block.coarse + (tile * block.groups + g) * kSplitTile - tile * kSplitTile;
        for (; row + kRowsTogether <= end; row += kRowsTogether) {
            addGroup<Format, kRowsTogether, kPanels, false>(w, {x + row, x + row + 1, x + row + 2, x + row + 3},
                                                            {y[row], y[row + 1], y[row + 2], y[row + 3]});
        }
        for (; row < end; ++row) {
            addGroup<Format, 1, kPanels, false>(w, {x + row}, {y[row]});
        }
    }
}

void listFineRows(const Block& block, size_t g, FineRows& list) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t count = 0;
    for (size_t tile = 0; tile * kSplitTile < block.to; ++tile) {
        const size_t first = (tile * block.groups + g) * kSplitTile;
        const __m512i row = _mm512_add_epi32(lane, _mm512_set1_epi32(static_cast<int>(tile * kSplitTile)));
        const __m512i from = _mm512_add_epi32(lane, _mm512_set1_epi32(static_cast<int>(first)));
        const auto* flags = reinterpret_cast<const __m128i*>(block.fineRows + first);
        __mmask16 mask = _mm_movepi8_mask(_mm_loadu_si128(flags));
        mask &= _mm512_cmpge_epi32_mask(row, _mm512_set1_epi32(static_cast<int>(block.from)));
        mask &= _mm512_cmplt_epi32_mask(row, _mm512_set1_epi32(static_cast<int>(block.to)));
        _mm512_storeu_si512(list.row + count, _mm512_maskz_compress_epi32(mask, row));
        _mm512_storeu_si512(list.from + count, _mm512_maskz_compress_epi32(mask, from));
        count += static_cast<size_t>(__builtin_popcount(mask));
    }
    for (; count % kRowsTogether != 0; ++count) {
        list.row[count] = kBlockRows;
        list.from[count] = list.from[count - 1];
    }
    list.count = static_cast<uint32_t>(count);
}

template <typename Format, int kPanels>
inline void addFine(const Weights<Format, kPanels>& w, const Block& block, const FineRows& list, Sums<kPanels>& y) {
    for (size_t i = 0; i < list.count; i += kRowsTogether) {
        const uint32_t* from = list.from + i;
        const uint32_t* row = list.row + i;
        addGroup<Format, kRowsTogether, kPanels, true>(
            w, {block.fine + from[0], block.fine + from[1], block.fine + from[2], block.fine + from[3]},
            {y[row[0]], y[row[1]], y[row[2]], y[row[3]]});
    }
}

/// Sums go to L1 and back: between chunks they wait in y.
template <int kPanels>
inline void loadSums(const MatmulArgs& args, const Block& block, size_t panel, Sums<kPanels>& y) {
    const size_t first = panel * kPanelColumns;
    for (size_t row = block.from; row < block.to; ++row) {
        const float* from = block.y + (row - block.from) * args.yStride + first;
#pragma GCC unroll 2
        for (size_t p = 0; p < kPanels; ++p) {
            const float* start = from + p * kPanelColumns;
            if (block.begin == 0) { // what is written in the end comes to the cache meanwhile
                _mm_prefetch(reinterpret_cast<const char*>(start), _MM_HINT_T0);
                _mm512_store_ps(y[row][p], _mm512_setzero_ps());
            } else {
                const __mmask16 columns = columnsOf(args.outputs, first + p * kPanelColumns);
                _mm512_store_ps(y[row][p], _mm512_maskz_loadu_ps(columns, start));
            }
        }
    }
}

template <int kPanels>
inline void storeSums(const MatmulArgs& args, const Block& block, size_t panel, const Sums<kPanels>& y) {
    const size_t first = panel * kPanelColumns;
    for (size_t row = block.from; row < block.to; ++row) {
        float* to = block.y + (row - block.from) * args.yStride + first;
#pragma GCC unroll 2
        for (size_t p = 0; p < kPanels; ++p) {
            const __mmask16 columns = columnsOf(args.outputs, first + p * kPanelColumns);
            _mm512_mask_storeu_ps(to + p * kPanelColumns, columns, _mm512_load_ps(y[row][p]));
        }
    }
}

template <typename Format, int kPanels>
void multiplyBlock(const MatmulArgs& args, const Block& block, size_t panel) {
    auto& scratch = *static_cast<Scratch*>(args.scratch);
    auto& y = reinterpret_cast<Sums<kPanels>&>(scratch.sums);
    const size_t bytes = Format::panelBytes(args.depth);
    const unsigned char* start = static_cast<const unsigned char*>(args.weights) + panel * bytes;
    loadSums<kPanels>(args, block, panel, y);
    for (size_t g = block.begin; g < block.end; ++g) {
        Weights<Format, kPanels> w;
        w.read(start, bytes, g);
        for (size_t p = 0; p < kPanels; ++p) {
            Format::prefetch(start + p * bytes, g + kAhead);
        }
        addCoarse(w, block, g, y);
        addFine(w, block, scratch.fine[g - block.begin], y);
    }
    storeSums<kPanels>(args, block, panel, y);
}

template <typename Format>
void multiply(const MatmulArgs& args) {
    auto& scratch = *static_cast<Scratch*>(args.scratch);
    Block block{};
    block.groups = args.depth / kGroup;
    for (size_t first = 0; first < args.tileRow + args.rows; first += kBlockRows) {
        const size_t skipped = first / kSplitTile * block.groups * kSplitTile;
        block.coarse = args.split.coarse + skipped;
        block.fine = args.split.fine + skipped;
        block.fineRows = args.split.fineRows + skipped;
        const size_t left = args.tileRow + args.rows - first;
        block.from = first == 0 ? args.tileRow : 0;
        block.to = left < kBlockRows ? left : kBlockRows;
        block.y = args.y + (first + block.from - args.tileRow) * args.yStride;
        for (block.begin = 0; block.begin < block.groups; block.begin = block.end) {
            block.end = block.groups - block.begin < kChunkGroups ? block.groups : block.begin + kChunkGroups;
            for (size_t g = block.begin; g < block.end; ++g) {
                listFineRows(block, g, scratch.fine[g - block.begin]);
            }
            size_t panel = args.panelBegin;
            for (; panel + 2 <= args.panelEnd; panel += 2) {
                multiplyBlock<Format, 2>(args, block, panel);
            }
            if (panel < args.panelEnd) {
                multiplyBlock<Format, 1>(args, block, panel);
            }
        }
    }
}

} // namespace

void matmulSplitPanelQ8(const MatmulArgs& args) noexcept {
    multiply<FormatQ8>(args);
}

void matmulSplitPanelQ4(const MatmulArgs& args) noexcept {
    multiply<FormatQ4>(args);
}

void matmulSplitPanelQ4Min(const MatmulArgs& args) noexcept {
    multiply<FormatQ4Min>(args);
}

void matmulSplitPanelQ5(const MatmulArgs& args) noexcept {
    multiply<FormatQ5>(args);
}

void matmulSplitPanelQ4K(const MatmulArgs& args) noexcept {
    multiply<FormatQ4K>(args);
}

void matmulSplitPanelQ5K(const MatmulArgs& args) noexcept {
    multiply<FormatQ5K>(args);
}

void matmulSplitPanelQ6K(const MatmulArgs& args) noexcept {
    multiply<FormatQ6K>(args);
}

} // namespace alcuin::inference::cpu::avx512
