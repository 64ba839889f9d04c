#pragma once

#include <immintrin.h>

#include "backends/cpu/avx2/math.h"
#include "backends/cpu/avx2/panel_formats.h"
#include "backends/cpu/kernel_args.h"

/// Products of quantised rows in registers of 256 bits; what multiplies bytes comes as a template. Local to the source
/// that includes it.
namespace alcuin::inference::cpu::avx2 {

namespace {

/// Groups ahead of their use that a panel is fetched: 2 to 4 KiB.
constexpr size_t kAheadGroups = 8;

/// Panels that are read side by side: memory gives more to four streams than to one.
constexpr size_t kPanelsTogether = 4;

/// Rows that go over a group together: eight integer sums in registers.
constexpr size_t kRowsTogether = 4;

/// Rows whose sums wait in L1 while the panels go by.
constexpr size_t kBlockRows = 16;

/// Rows of quantised activations, seen from a group.
struct RowsOfGroup {
    const QuantisedRows& q;
    size_t depth;
    size_t groups; ///< depth / 32
    size_t row;    ///< the first
    size_t g;
    inline const int8_t* values(size_t r) const {
        return q.values + (row + r) * depth + g * kGroup;
    }
    inline size_t at(size_t r) const {
        return (row + r) * groups + g;
    }
};

/// A group's weights as the panel has them, unpacked in registers every time.
template <typename Format>
struct PackedGroup {
    const unsigned char* panel;
    size_t g;
    /// Steps i and i + 1 (i is even), [step][half of the outputs]; all bits of `flip` turned over.
    inline void steps(size_t i, __m256i flip, __m256i (&w)[2][2]) const {
        Format::unpack(panel, g, i, w);
        for (auto& step : w) {
            step[0] = _mm256_xor_si256(step[0], flip);
            step[1] = _mm256_xor_si256(step[1], flip);
        }
    }
    inline __m256i halfScale(size_t half, size_t h) const {
        return Format::halfScale(panel, g, half, h);
    }
};

struct Int8Scratch {
    alignas(32) float sums[kPanelsTogether][kBlockRows][kPanelColumns];
    alignas(32) uint8_t values[kSteps][2][32];
};
static_assert(sizeof(Int8Scratch) <= kMatmulScratchBytes);

/// The same, unpacked once for all rows of a block.
template <typename Format>
struct UnpackedGroup {
    const unsigned char* panel;
    size_t g;
    const uint8_t (&values)[kSteps][2][32];
    inline void steps(size_t i, __m256i, __m256i (&w)[2][2]) const {
        for (size_t s = 0; s < 2; ++s) {
            w[s][0] = load(values[i + s][0]);
            w[s][1] = load(values[i + s][1]);
        }
    }
    inline __m256i halfScale(size_t half, size_t h) const {
        return Format::halfScale(panel, g, half, h);
    }
};

/// Four bytes of an activation row in every lane.
inline __m256i four(const int8_t* x) {
    int bytes = 0;
    __builtin_memcpy(&bytes, x, sizeof bytes);
    return _mm256_set1_epi32(bytes);
}

/// What a group's integer sums are multiplied by, for all rows.
struct Scales {
    __m256 scale[2];
    __m256 minimum[2];
};

/// y += (isum * scale_w) * scale_x, then y += minimum * offset_x: the same roundings in every int8 kernel.
template <template <typename> class Products, typename Format, size_t R, typename Weights>
inline void addGroup(const Weights& w, const Scales& scales, const RowsOfGroup& x, float (*y)[kPanelColumns]) {
    __m256 isum[R][2];
    Products<Format>::template run<R>(w, x, isum);
    for (size_t r = 0; r < R; ++r) {
        const __m256 scaleX = _mm256_broadcast_ss(x.q.scale + x.at(r));
        for (size_t h = 0; h < 2; ++h) {
            __m256 sum = _mm256_load_ps(y[r] + 8 * h);
            sum = _mm256_fmadd_ps(_mm256_mul_ps(isum[r][h], scales.scale[h]), scaleX, sum);
            if constexpr (Format::kMinimum) {
                sum = _mm256_fmadd_ps(scales.minimum[h], _mm256_broadcast_ss(x.q.offset + x.at(r)), sum);
            }
            _mm256_store_ps(y[r] + 8 * h, sum);
        }
    }
}

/// A group for more rows than go together.
template <template <typename> class Products, typename Format>
inline void addUnpacked(const PackedGroup<Format>& packed, const Scales& scales, RowsOfGroup x, size_t rows,
                        Int8Scratch& scratch, float (*y)[kPanelColumns]) {
    for (size_t i = 0; i < kSteps; i += 2) {
        __m256i w[2][2];
        packed.steps(i, Products<Format>::flip(), w);
        for (size_t s = 0; s < 2; ++s) {
            _mm256_store_si256(reinterpret_cast<__m256i*>(scratch.values[i + s][0]), w[s][0]);
            _mm256_store_si256(reinterpret_cast<__m256i*>(scratch.values[i + s][1]), w[s][1]);
        }
    }
    const UnpackedGroup<Format> unpacked{packed.panel, packed.g, scratch.values};
    size_t r = 0;
    for (; r + kRowsTogether <= rows; r += kRowsTogether, x.row += kRowsTogether) {
        addGroup<Products, Format, kRowsTogether>(unpacked, scales, x, y + r);
    }
    switch (rows - r) {
    case 1:
        return addGroup<Products, Format, 1>(unpacked, scales, x, y + r);
    case 2:
        return addGroup<Products, Format, 2>(unpacked, scales, x, y + r);
    case 3:
        return addGroup<Products, Format, 3>(unpacked, scales, x, y + r);
    default:
        return;
    }
}

/// Panels side by side.
struct PanelGroup {
    size_t first;
    size_t count;
    bool follows; ///< as many come next, so theirs are fetched when these end
};

inline void storeSums(const MatmulArgs& args, const PanelGroup& panels, size_t row, size_t rows,
                      const Int8Scratch& scratch) {
    for (size_t p = 0; p < panels.count; ++p) {
        const size_t first = (panels.first + p) * kPanelColumns;
        const size_t columns = args.outputs - first;
        for (size_t r = 0; r < rows; ++r) {
            float* y = args.y + (row + r) * args.yStride + first;
            const __m256 lower = _mm256_load_ps(scratch.sums[p][r]);
            const __m256 upper = _mm256_load_ps(scratch.sums[p][r] + 8);
            if (columns >= kPanelColumns) {
                _mm256_storeu_ps(y, lower);
                _mm256_storeu_ps(y + 8, upper);
            } else {
                _mm256_maskstore_ps(y, firstLanes(columns), lower);
                _mm256_maskstore_ps(y + 8, firstLanes(columns < 8 ? 0 : columns - 8), upper);
            }
        }
    }
}

/// kRows rows (0: `rows`, more than go together) times panels side by side over the whole depth.
template <template <typename> class Products, typename Format, size_t kRows>
void multiplyPanels(const MatmulArgs& args, const PanelGroup& panels, size_t row, size_t rows) {
    auto& scratch = *static_cast<Int8Scratch*>(args.scratch);
    const size_t bytes = Format::panelBytes(args.depth);
    const auto* weights = static_cast<const unsigned char*>(args.weights) + panels.first * bytes;
    const size_t jump = panels.follows ? panels.count * bytes : 0;
    for (size_t p = 0; p < panels.count; ++p) {
        for (size_t r = 0; r < rows; ++r) {
            _mm256_store_ps(scratch.sums[p][r], _mm256_setzero_ps());
            _mm256_store_ps(scratch.sums[p][r] + 8, _mm256_setzero_ps());
        }
    }
    RowsOfGroup x{args.quantised, args.depth, args.depth / kGroup, row, 0};
    for (; x.g < x.groups; ++x.g) {
        const bool within = x.g + kAheadGroups < x.groups;
        const size_t ahead = within ? x.g + kAheadGroups : (x.g + kAheadGroups) % x.groups;
        for (size_t p = 0; p < panels.count; ++p) {
            const unsigned char* panel = weights + p * bytes;
            Format::prefetch(panel + (within ? 0 : jump), ahead);
            const PackedGroup<Format> packed{panel, x.g};
            const Scales scales{{Format::scale(panel, x.g, 0), Format::scale(panel, x.g, 1)},
                                {Format::minimum(panel, x.g, 0), Format::minimum(panel, x.g, 1)}};
            if constexpr (kRows == 0) {
                addUnpacked<Products, Format>(packed, scales, x, rows, scratch, scratch.sums[p]);
            } else {
                addGroup<Products, Format, kRows>(packed, scales, x, scratch.sums[p]);
            }
        }
    }
    storeSums(args, panels, row, rows, scratch);
}

template <template <typename> class Products, typename Format>
constexpr void (*kPanelsByRows[kRowsTogether + 1])(const MatmulArgs&, const PanelGroup&, size_t, size_t) = {
    multiplyPanels<Products, Format, 0>, multiplyPanels<Products, Format, 1>, multiplyPanels<Products, Format, 2>,
    multiplyPanels<Products, Format, 3>, multiplyPanels<Products, Format, 4>};

/// Any number of rows: what decoding runs, at the memory's pace while they are few.
/// Products<Format>: flip(), the bits that its weights differ in from the format's, and
/// run<R>(weights, rows, isum), the group's sums of byte products, whole numbers.
template <template <typename> class Products, typename Format>
void multiplyInt8(const MatmulArgs& args) {
    PanelGroup panels{args.panelBegin, 0, false};
    for (; panels.first < args.panelEnd; panels.first += panels.count) {
        const size_t left = args.panelEnd - panels.first;
        panels.count = left < kPanelsTogether ? left : kPanelsTogether;
        panels.follows = left >= 2 * kPanelsTogether;
        for (size_t row = 0; row < args.rows; row += kBlockRows) {
            const size_t rows = args.rows - row < kBlockRows ? args.rows - row : kBlockRows;
            kPanelsByRows<Products, Format>[rows <= kRowsTogether ? rows : 0](args, panels, row, rows);
        }
    }
}

} // namespace

} // namespace alcuin::inference::cpu::avx2
