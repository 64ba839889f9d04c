#include "backends/cpu/amx/byte_formats.h"
#include "backends/cpu/amx/kernels.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

/// Panels side by side: the sums of both stay in registers while the depth goes by.
constexpr size_t kPanels = 2;

/// Groups that the vectors lag behind the tiles: what a tile stored isn't read before it has reached L1.
constexpr size_t kBehind = 2;

/// Groups whose integer sums are kept: a power of two beyond kBehind.
constexpr size_t kKept = 4;

constexpr size_t kByteTile = kGroup * kPanelColumns; ///< bytes of a group of one panel, unpacked
constexpr size_t kAhead = 8;                         ///< groups ahead of their use that a panel is fetched

/// What waits in L1: two unpacked groups of both panels, and the integer sums of some groups or of their halves.
template <size_t kSums>
struct Scratch {
    alignas(64) unsigned char unpacked[2][kPanels][kByteTile];
    alignas(64) int32_t group[kKept][kPanels][kSums][kTileRows][kPanelColumns];
};
static_assert(sizeof(Scratch<2>) <= kMatmulScratchBytes);

template <typename Format>
using ScratchOf = Scratch<Format::kHalves ? 2 : 1>;

/// Up to kRows rows of one tile by up to two panels.
struct Pair {
    const unsigned char* panel[kPanels];
    size_t firstPanel;
    size_t panels; ///< 1: the first stands in for the second, whose sums are left
    size_t firstRow;
    size_t rows;
    size_t groups;
};

/// Places among the activations' scales of a tile's rows; rows that aren't there stand where the last one does, and
/// what becomes of them is left.
template <int kRows>
struct RowPlaces {
    size_t first[kRows];
    explicit RowPlaces(const Pair& pair) {
        for (size_t r = 0; r < kRows; ++r) {
            first[r] = (pair.firstRow + (r < pair.rows ? r : pair.rows - 1)) * pair.groups;
        }
    }
};

/// y += (isum * scale_w) * scale_x, then y += minimum * offset_x: the same roundings as the other int8 kernels'.
template <typename Format, int kRows>
inline void addGroup(const ScratchOf<Format>& scratch, const Pair& pair, const QuantisedRows& x,
                     const RowPlaces<kRows>& places, size_t g, Floats (&y)[kPanels][kRows]) {
    Floats scale[kPanels];
    Floats minimum[kPanels];
    Floats half[kPanels][2];
    for (size_t p = 0; p < kPanels; ++p) {
        scale[p] = Format::scale(pair.panel[p], g);
        if constexpr (Format::kHalves) {
            half[p][0] = Format::halfScale(pair.panel[p], g, 0);
            half[p][1] = Format::halfScale(pair.panel[p], g, 1);
        } else {
            minimum[p] = Format::minimum(pair.panel[p], g);
        }
    }
    const auto& sums = scratch.group[g % kKept];
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
        const Floats scaleX = spread(x.scale[places.first[r] + g]);
        for (size_t p = 0; p < kPanels; ++p) {
            Floats sum = fromInts(loadWords(sums[p][0][r]));
            if constexpr (Format::kHalves) {
                // Whole numbers below 2^24: exact.
                sum = multiplyAdd(fromInts(loadWords(sums[p][1][r])), half[p][1], multiply(sum, half[p][0]));
            }
            y[p][r] = multiplyAdd(multiply(sum, scale[p]), scaleX, y[p][r]);
            if constexpr (Format::kMinimum) {
                y[p][r] = multiplyAdd(minimum[p], spread(x.offset[places.first[r] + g]), y[p][r]);
            }
        }
    }
}

/// Multiplies a group of the rows by both panels; of each half's products one tile where they are kept apart.
template <typename Format>
inline void multiplyGroup(Tiles& tiles, const int8_t* x, size_t stride, const void* const (&weights)[kPanels]) {
    tiles.load<0>(x, stride);
    tiles.zero<4>();
    tiles.load<2>(weights[0], 64);
    tiles.multiplyInt8Signed<4, 0, 2>();
    tiles.zero<5>();
    tiles.load<3>(weights[1], 64);
    tiles.multiplyInt8Signed<5, 0, 3>();
    if constexpr (Format::kHalves) {
        tiles.load<1>(x + kGroup / 2, stride);
        tiles.zero<6>();
        tiles.load<2>(static_cast<const unsigned char*>(weights[0]) + kByteTile / 2, 64);
        tiles.multiplyInt8Signed<6, 1, 2>();
        tiles.zero<7>();
        tiles.load<3>(static_cast<const unsigned char*>(weights[1]) + kByteTile / 2, 64);
        tiles.multiplyInt8Signed<7, 1, 3>();
    }
}

/// On their way to memory.
template <typename Format>
inline void storeSums(Tiles& tiles, ScratchOf<Format>& scratch, size_t g) {
    auto& sums = scratch.group[g % kKept];
    tiles.store<4>(sums[0][0], 64);
    tiles.store<5>(sums[1][0], 64);
    if constexpr (Format::kHalves) {
        tiles.store<6>(sums[0][1], 64);
        tiles.store<7>(sums[1][1], 64);
    }
}

/// Integer products of a group go from the tiles to memory while the next group is unpacked and an earlier one added.
template <typename Format, int kRows>
void multiplyPair(Tiles& tiles, const MatmulArgs& args, const Pair& pair) {
    auto& scratch = *static_cast<ScratchOf<Format>*>(args.scratch);
    const RowPlaces<kRows> places(pair);
    const Words values = Format::values();
    Floats y[kPanels][kRows];
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
        y[0][r] = spread(0);
        y[1][r] = spread(0);
    }
    const void* weights[2][kPanels];
    const auto unpack = [&](size_t g) {
        // When these panels end the next pair's begin.
        const size_t ahead = g + kAhead < pair.groups ? g + kAhead : g + kAhead - pair.groups;
        const size_t jump = g + kAhead < pair.groups ? 0 : kPanels * Format::panelBytes(args.depth);
        for (size_t p = 0; p < kPanels; ++p) {
            Format::prefetchGroup(pair.panel[p] + jump, ahead);
            weights[g % 2][p] = Format::unpack(pair.panel[p], g, values, scratch.unpacked[g % 2][p]);
        }
    };
    const int8_t* x = args.quantised.values + pair.firstRow * args.depth;
    unpack(0);
    for (size_t g = 0; g < pair.groups; ++g) {
        multiplyGroup<Format>(tiles, x + g * kGroup, args.depth, weights[g % 2]);
        if (g + 1 < pair.groups) {
            unpack(g + 1);
        }
        storeSums<Format>(tiles, scratch, g);
        if (g >= kBehind) {
            addGroup<Format, kRows>(scratch, pair, args.quantised, places, g - kBehind, y);
        }
    }
    for (size_t g = pair.groups < kBehind ? 0 : pair.groups - kBehind; g < pair.groups; ++g) {
        addGroup<Format, kRows>(scratch, pair, args.quantised, places, g, y);
    }
    for (size_t p = 0; p < pair.panels; ++p) {
        const size_t first = (pair.firstPanel + p) * kPanelColumns;
        const size_t columns = args.outputs - first < kPanelColumns ? args.outputs - first : kPanelColumns;
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
            if (static_cast<size_t>(r) < pair.rows) {
                storeFirst(args.y + (pair.firstRow + static_cast<size_t>(r)) * args.yStride + first, columns, y[p][r]);
            }
        }
    }
}

/// By the number of rows, rounded up to an even one.
template <typename Format>
constexpr void (*kPairByRows[kTileRows / 2 + 1])(Tiles&, const MatmulArgs&, const Pair&) = {nullptr,
                                                                                            multiplyPair<Format, 2>,
                                                                                            multiplyPair<Format, 4>,
                                                                                            multiplyPair<Format, 6>,
                                                                                            multiplyPair<Format, 8>,
                                                                                            multiplyPair<Format, 10>,
                                                                                            multiplyPair<Format, 12>,
                                                                                            multiplyPair<Format, 14>,
                                                                                            multiplyPair<Format, 16>};

/// A pair of panels lies in the caches while all rows go over it. Tiles have equally many rows; where these don't come
/// out the last tile shares some with the one before it, which get the same bits twice.
template <typename Format>
void multiply(const MatmulArgs& args) {
    const size_t rowTiles = (args.rows + kTileRows - 1) / kTileRows;
    const size_t together = (args.rows + rowTiles - 1) / rowTiles;
    const auto m = static_cast<uint8_t>(together);
    constexpr uint8_t kDepth = Format::kHalves ? kGroup / 2 : kGroup;
    const TileShape shapes[kTiles] = {{m, kDepth}, {m, kDepth}, {kDepth / 4, 64}, {kDepth / 4, 64},
                                      {m, 64},     {m, 64},     {m, 64},          {m, 64}};
    Tiles tiles(shapes);
    const size_t bytes = Format::panelBytes(args.depth);
    for (size_t panel = args.panelBegin; panel < args.panelEnd; panel += kPanels) {
        const auto* first = static_cast<const unsigned char*>(args.weights) + panel * bytes;
        const bool both = panel + 1 < args.panelEnd;
        for (size_t tile = 0; tile < rowTiles; ++tile) {
            const size_t row = tile + 1 < rowTiles ? tile * together : args.rows - together;
            const Pair pair{{first, both ? first + bytes : first},
                            panel,
                            both ? size_t{2} : size_t{1},
                            row,
                            together,
                            args.depth / kGroup};
            kPairByRows<Format>[(together + 1) / 2](tiles, args, pair);
        }
    }
}

} // namespace

void matmulInt8PanelQ4(const MatmulArgs& args) noexcept {
    multiply<FormatQ4>(args);
}

void matmulInt8PanelQ4Min(const MatmulArgs& args) noexcept {
    multiply<FormatQ4Min>(args);
}

void matmulInt8PanelQ8(const MatmulArgs& args) noexcept {
    multiply<FormatQ8>(args);
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

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
