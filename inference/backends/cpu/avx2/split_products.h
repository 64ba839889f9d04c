#pragma once

#include <immintrin.h>

#include "backends/cpu/avx2/math.h"
#include "backends/cpu/avx2/panel_formats.h"
#include "backends/cpu/kernel_args.h"

/// Products of split rows in registers of 256 bits; what multiplies bytes comes as a template. Local to the source that
/// includes it.
namespace alcuin::inference::cpu::avx2 {

namespace {

/// Rows that go over a group of a panel together: eight integer sums in registers.
constexpr size_t kRowsTogether = 4;

/// Rows whose sums wait in L1 while groups go by, and groups that they are multiplied by before the next panel.
constexpr size_t kBlockRows = 128;
constexpr size_t kChunkGroups = 32;

/// Bytes ahead of its use that a panel is fetched; measured: less leaves the memory waiting, more changes nothing.
constexpr size_t kAhead = 2048;

/// A group of a panel, for all rows.
struct UnpackedGroup {
    alignas(32) uint8_t values[kSteps][2][32];
    alignas(32) float scale[kPanelColumns];
    alignas(32) float minimum[kPanelColumns];
    alignas(32) int32_t half[2][kPanelColumns]; ///< where halves have scales of their own
};

/// Rows of a block and groups [begin, end) that are worked on.
struct SplitBlock {
    const SplitGroup* coarse; ///< of the block's first tile
    const SplitGroup* fine;
    const uint8_t* fineRows;
    size_t groups; ///< K / 32
    size_t from;   ///< rows [from, to) of the block are wanted
    size_t to;
    size_t begin;
    size_t end;
    float* y; ///< of row `from`
};

/// The wanted rows of a block that have a fine term of a group, filled up to kRowsTogether with copies of one whose
/// sums nobody reads.
struct FineRowList {
    uint32_t count;
    uint32_t from[kBlockRows]; ///< where the row's fine term is, counted from the block's first
    uint8_t row[kBlockRows];
};

struct SplitScratch {
    alignas(64) float sums[kBlockRows + 1][kPanelColumns];
    UnpackedGroup group;
    FineRowList fine[kChunkGroups];
};
static_assert(sizeof(SplitScratch) <= kMatmulScratchBytes);

inline __m256i fourBytes(const int8_t* x) {
    int bytes = 0;
    __builtin_memcpy(&bytes, x, sizeof bytes);
    return _mm256_set1_epi32(bytes);
}

template <typename Format>
inline void unpackGroup(const unsigned char* panel, size_t g, bool makeUnsigned, UnpackedGroup& out) {
    const __m256i flip = _mm256_set1_epi8(makeUnsigned ? static_cast<char>(0x80) : 0);
    for (size_t i = 0; i < kSteps; i += 2) {
        __m256i w[2][2];
        Format::unpack(panel, g, i, w);
        for (size_t s = 0; s < 2; ++s) {
            for (size_t h = 0; h < 2; ++h) {
                _mm256_store_si256(reinterpret_cast<__m256i*>(out.values[i + s][h]), _mm256_xor_si256(w[s][h], flip));
            }
        }
    }
    for (size_t h = 0; h < 2; ++h) {
        _mm256_store_ps(out.scale + 8 * h, Format::scale(panel, g, h));
        _mm256_store_ps(out.minimum + 8 * h, Format::minimum(panel, g, h));
        if constexpr (Format::kHalves) {
            for (size_t half = 0; half < 2; ++half) {
                _mm256_store_si256(reinterpret_cast<__m256i*>(out.half[half] + 8 * h),
                                   Format::halfScale(panel, g, half, h));
            }
        }
    }
}

/// Adds one term of a group for R rows: y = y + (isum * scale_w) * scale_x, then y = y + minimum * offset_x.
template <template <typename> class Multiply, typename Format, size_t R, bool kFine>
inline void addTerm(const UnpackedGroup& w, const SplitGroup* const (&x)[R], float* const (&y)[R]) {
    __m256 product[R][2];
    Multiply<Format>::template run<R>(w, x, product);
    for (size_t r = 0; r < R; ++r) {
        for (size_t h = 0; h < 2; ++h) {
            __m256 sum =
                _mm256_fmadd_ps(product[r][h], _mm256_broadcast_ss(&x[r]->scale), _mm256_load_ps(y[r] + 8 * h));
            if constexpr (Format::kMinimum && !kFine) {
                sum = _mm256_fmadd_ps(_mm256_load_ps(w.minimum + 8 * h), _mm256_broadcast_ss(&x[r]->offset), sum);
            }
            _mm256_store_ps(y[r] + 8 * h, sum);
        }
    }
}

template <template <typename> class Multiply, typename Format>
inline void addCoarse(const SplitBlock& block, size_t g, SplitScratch& scratch) {
    const auto& w = scratch.group;
    auto& y = scratch.sums;
    for (size_t row = block.from; row < block.to;) {
        const size_t tile = row / kSplitTile;
        const size_t tileEnd = (tile + 1) * kSplitTile;
        const size_t end = tileEnd < block.to ? tileEnd : block.to;
        const SplitGroup* x = block.coarse + (tile * block.groups + g) * kSplitTile;
        for (; row + kRowsTogether <= end; row += kRowsTogether) {
            const SplitGroup* first = x + row % kSplitTile;
            addTerm<Multiply, Format, kRowsTogether, false>(w, {first, first + 1, first + 2, first + 3},
                                                            {y[row], y[row + 1], y[row + 2], y[row + 3]});
        }
        for (; row < end; ++row) {
            addTerm<Multiply, Format, 1, false>(w, {x + row % kSplitTile}, {y[row]});
        }
    }
}

template <template <typename> class Multiply, typename Format>
inline void addFine(const SplitBlock& block, const FineRowList& list, SplitScratch& scratch) {
    for (size_t i = 0; i < list.count; i += kRowsTogether) {
        const uint32_t* from = list.from + i;
        const uint8_t* row = list.row + i;
        addTerm<Multiply, Format, kRowsTogether, true>(
            scratch.group, {block.fine + from[0], block.fine + from[1], block.fine + from[2], block.fine + from[3]},
            {scratch.sums[row[0]], scratch.sums[row[1]], scratch.sums[row[2]], scratch.sums[row[3]]});
    }
}

inline void listFineRows(const SplitBlock& block, size_t g, FineRowList& list) {
    size_t count = 0;
    for (size_t row = block.from; row < block.to; ++row) {
        const size_t index = (row / kSplitTile * block.groups + g) * kSplitTile + row % kSplitTile;
        list.row[count] = static_cast<uint8_t>(row);
        list.from[count] = static_cast<uint32_t>(index);
        count += block.fineRows[index] & 1U;
    }
    for (; count % kRowsTogether != 0; ++count) {
        list.row[count] = kBlockRows;
        list.from[count] = list.from[count - 1];
    }
    list.count = static_cast<uint32_t>(count);
}

/// Sums go to L1 and back: between chunks they wait in y.
inline void loadBlock(const MatmulArgs& args, const SplitBlock& block, size_t first, SplitScratch& scratch) {
    const size_t columns = block.begin == 0 ? 0 : args.outputs - first;
    for (size_t row = block.from; row < block.to; ++row) {
        const float* from = block.y + (row - block.from) * args.yStride + first;
        _mm_prefetch(reinterpret_cast<const char*>(from), _MM_HINT_T0);
        _mm256_store_ps(scratch.sums[row], _mm256_maskload_ps(from, firstLanes(columns)));
        _mm256_store_ps(scratch.sums[row] + 8, _mm256_maskload_ps(from + 8, firstLanes(columns < 8 ? 0 : columns - 8)));
    }
}

inline void storeBlock(const MatmulArgs& args, const SplitBlock& block, size_t first, const SplitScratch& scratch) {
    const size_t columns = args.outputs - first;
    for (size_t row = block.from; row < block.to; ++row) {
        float* to = block.y + (row - block.from) * args.yStride + first;
        const __m256 low = _mm256_load_ps(scratch.sums[row]);
        const __m256 high = _mm256_load_ps(scratch.sums[row] + 8);
        if (columns >= kPanelColumns) {
            _mm256_storeu_ps(to, low);
            _mm256_storeu_ps(to + 8, high);
        } else {
            _mm256_maskstore_ps(to, firstLanes(columns), low);
            _mm256_maskstore_ps(to + 8, firstLanes(columns < 8 ? 0 : columns - 8), high);
        }
    }
}

template <template <typename> class Multiply, typename Format>
void multiplyPanel(const MatmulArgs& args, const SplitBlock& block, size_t panel, SplitScratch& scratch) {
    const auto* start = static_cast<const unsigned char*>(args.weights) + panel * Format::panelBytes(args.depth);
    loadBlock(args, block, panel * kPanelColumns, scratch);
    for (size_t g = block.begin; g < block.end; ++g) {
        Format::prefetch(start + kAhead, g);
        unpackGroup<Format>(start, g, Multiply<Format>::kUnsigned, scratch.group);
        addCoarse<Multiply, Format>(block, g, scratch);
        addFine<Multiply, Format>(block, scratch.fine[g - block.begin], scratch);
    }
    storeBlock(args, block, panel * kPanelColumns, scratch);
}

template <template <typename> class Multiply, typename Format>
void multiplySplit(const MatmulArgs& args) {
    auto& scratch = *static_cast<SplitScratch*>(args.scratch);
    SplitBlock block{};
    block.groups = args.depth / kGroup;
    for (size_t first = 0; first < args.tileRow + args.rows; first += kBlockRows) {
        const size_t skipped = first * block.groups;
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
            for (size_t panel = args.panelBegin; panel < args.panelEnd; ++panel) {
                multiplyPanel<Multiply, Format>(args, block, panel, scratch);
            }
        }
    }
}

} // namespace

} // namespace alcuin::inference::cpu::avx2
