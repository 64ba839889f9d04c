#include "backends/cpu/amx/byte_formats.h"
#include "backends/cpu/amx/kernels.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

/// Panels side by side: a tile of activations is loaded once for both.
constexpr size_t kPanels = 2;

/// Tiles of rows that go over a group together once it is unpacked.
constexpr size_t kTilesTogether = 2;

/// Groups whose integer sums are added at a time: the rows' sums are more than there are registers, so they come from
/// L1 and go back there once for all of them. Measured with 32 rows: one at a time takes a tenth longer, and four of
/// two halves a fifth, as they don't stay in L1.
template <typename Format>
constexpr size_t kTogether = Format::kHalves ? 2 : 4;

constexpr size_t kByteTile = kGroup * kPanelColumns; ///< bytes of a group of one panel, unpacked
constexpr size_t kAhead = 8;                         ///< groups ahead of their use that a panel is fetched

/// Of one group. `apart` keeps what is stored from lying a multiple of 4 KiB from what is read meanwhile: the core
/// would take one for the other (a tenth, measured).
template <size_t kSums>
struct GroupSums {
    alignas(64) int32_t of[kTilesTogether][kPanels][kSums][kTileRows][kPanelColumns];
    unsigned char apart[512];
};

/// What waits in L1: two unpacked groups of both panels, and the integer sums of some groups or of their halves: one
/// more than are added at a time, as what a tile has just stored isn't read at once.
template <typename Format>
struct Scratch {
    static constexpr size_t kKept = kTogether<Format> + 1;
    alignas(64) unsigned char unpacked[2][kPanels][kByteTile];
    GroupSums<Format::kHalves ? 2 : 1> group[kKept];

    auto& sums(size_t g) {
        return group[g % kKept].of;
    }
    const auto& sums(size_t g) const {
        return group[g % kKept].of;
    }
};
static_assert(sizeof(Scratch<FormatQ4>) <= kMatmulScratchBytes && sizeof(Scratch<FormatQ6K>) <= kMatmulScratchBytes);

/// One or two tiles of rows by up to two panels.
struct Pair {
    const unsigned char* panel[kPanels];
    const unsigned char* next[kPanels]; ///< panels that follow
    size_t firstPanel;
    size_t panels;                   ///< 1: the first stands in for the second, whose sums are left
    size_t firstRow[kTilesTogether]; ///< of each tile
    size_t rows;                     ///< of a tile
    size_t groups;
};

/// Places among the activations' scales of a tile's rows; rows that aren't there stand where the last one does, and
/// what becomes of them is left.
template <int kRows>
struct RowPlaces {
    size_t first[kRows];
    RowPlaces(const Pair& pair, size_t tile) {
        for (size_t r = 0; r < kRows; ++r) {
            first[r] = (pair.firstRow[tile] + (r < pair.rows ? r : pair.rows - 1)) * pair.groups;
        }
    }
};

/// What a group's integer sums are multiplied by.
template <typename Format>
struct Factors {
    Floats scale[kPanels];
    Floats minimum[kPanels];
    Floats half[kPanels][2];

    void read(const Pair& pair, size_t g) {
        for (size_t p = 0; p < kPanels; ++p) {
            scale[p] = Format::scale(pair.panel[p], g);
            if constexpr (Format::kHalves) {
                half[p][0] = Format::halfScale(pair.panel[p], g, 0);
                half[p][1] = Format::halfScale(pair.panel[p], g, 1);
            }
            if constexpr (Format::kMinimum) {
                minimum[p] = Format::minimum(pair.panel[p], g);
            }
        }
    }
};

/// The sum of a group's products of one row: a whole number below 2^24, exact.
template <typename Format>
inline Floats wholeSum(const Scratch<Format>& scratch, const Factors<Format>& by, size_t tile, size_t g, size_t p,
                       size_t r) {
    const auto& sums = scratch.sums(g)[tile][p];
    const Floats sum = fromInts(loadWords(sums[0][r]));
    if constexpr (Format::kHalves) {
        return multiplyAdd(fromInts(loadWords(sums[1][r])), by.half[p][1], multiply(sum, by.half[p][0]));
    } else {
        return sum;
    }
}

/// Sums of a tile's rows.
template <int kRows>
using RowSums = Floats[kPanels][kRows];

/// Groups from g on: y += (isum * scale_w) * scale_x, then y += minimum * offset_x: the same roundings as the other
/// int8 kernels'.
template <typename Format, int kRows, size_t kGroups>
inline void addGroups(const Scratch<Format>& scratch, const Factors<Format> (&by)[kGroups], const QuantisedRows& x,
                      const RowPlaces<kRows>& places, size_t tile, size_t g, RowSums<kRows>& y) {
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
        for (size_t p = 0; p < kPanels; ++p) {
            Floats sum = y[p][r];
#pragma GCC unroll 4
            for (size_t i = 0; i < kGroups; ++i) {
                const size_t place = places.first[r] + g + i;
                const Floats part = multiply(wholeSum<Format>(scratch, by[i], tile, g + i, p, r), by[i].scale[p]);
                sum = multiplyAdd(part, spread(x.scale[place]), sum);
                if constexpr (Format::kMinimum) {
                    sum = multiplyAdd(by[i].minimum[p], spread(x.offset[place]), sum);
                }
            }
            y[p][r] = sum;
        }
    }
}

/// The same for all tiles of rows.
template <size_t kGroups, typename Format, int kRows, size_t kRowTiles>
inline void addToAll(const Scratch<Format>& scratch, const MatmulArgs& args, const Pair& pair,
                     const RowPlaces<kRows> (&places)[kTilesTogether], size_t g, RowSums<kRows> (&y)[kRowTiles]) {
    Factors<Format> by[kGroups];
    for (size_t i = 0; i < kGroups; ++i) {
        by[i].read(pair, g + i);
    }
    for (size_t tile = 0; tile < kRowTiles; ++tile) {
        addGroups<Format, kRows, kGroups>(scratch, by, args.quantised, places[tile], tile, g, y[tile]);
    }
}

/// Multiplies a group, or half of one, of one or two tiles of rows by both panels.
template <size_t kRowTiles>
inline void multiplyGroup(Tiles& tiles, const int8_t* const (&x)[kTilesTogether], size_t stride,
                          const unsigned char* const (&weights)[kPanels], size_t skippedX, size_t skippedWeights) {
    tiles.load<0>(x[0] + skippedX, stride);
    tiles.zero<4>();
    tiles.load<2>(weights[0] + skippedWeights, 64);
    tiles.multiplyInt8Signed<4, 0, 2>();
    tiles.zero<5>();
    tiles.load<3>(weights[1] + skippedWeights, 64);
    tiles.multiplyInt8Signed<5, 0, 3>();
    if constexpr (kRowTiles == 2) {
        tiles.load<1>(x[1] + skippedX, stride);
        tiles.zero<6>();
        tiles.multiplyInt8Signed<6, 1, 2>();
        tiles.zero<7>();
        tiles.multiplyInt8Signed<7, 1, 3>();
    }
}

/// On their way to memory.
template <size_t kRowTiles, typename Sums>
inline void storeSums(Tiles& tiles, Sums& sums, size_t half) {
    tiles.store<4>(sums[0][0][half], 64);
    tiles.store<5>(sums[0][1][half], 64);
    if constexpr (kRowTiles == 2) {
        tiles.store<6>(sums[1][0][half], 64);
        tiles.store<7>(sums[1][1][half], 64);
    }
}

template <int kRows>
void writeRows(const MatmulArgs& args, const Pair& pair, size_t tile, const RowSums<kRows>& y) {
    for (size_t p = 0; p < pair.panels; ++p) {
        const size_t first = (pair.firstPanel + p) * kPanelColumns;
        const size_t columns = args.outputs - first < kPanelColumns ? args.outputs - first : kPanelColumns;
        for (size_t r = 0; r < pair.rows; ++r) {
            storeFirst(args.y + (pair.firstRow[tile] + r) * args.yStride + first, columns, y[p][r]);
        }
    }
}

/// Integer products of a group go from the tiles to memory while the next group is unpacked and earlier ones are added.
template <typename Format, int kRows, size_t kRowTiles>
void multiplyPair(Tiles& tiles, const MatmulArgs& args, const Pair& pair) {
    auto& scratch = *static_cast<Scratch<Format>*>(args.scratch);
    const RowPlaces<kRows> places[kTilesTogether] = {{pair, 0}, {pair, 1}};
    const Words values = Format::values();
    RowSums<kRows> y[kRowTiles];
    for (RowSums<kRows>& tile : y) {
        for (auto& panel : tile) {
            for (Floats& row : panel) {
                row = spread(0);
            }
        }
    }
    const unsigned char* weights[2][kPanels];
    const auto unpack = [&](size_t g) {
        // When these panels end the next pair's begin.
        const size_t ahead = g + kAhead < pair.groups ? g + kAhead : g + kAhead - pair.groups;
        const auto& from = g + kAhead < pair.groups ? pair.panel : pair.next;
        for (size_t p = 0; p < kPanels; ++p) {
            Format::prefetchGroup(from[p], ahead);
            weights[g % 2][p] =
                static_cast<const unsigned char*>(Format::unpack(pair.panel[p], g, values, scratch.unpacked[g % 2][p]));
        }
    };
    size_t added = 0;
    unpack(0);
    for (size_t g = 0; g < pair.groups; ++g) {
        const int8_t* const x[kTilesTogether] = {args.quantised.values + pair.firstRow[0] * args.depth + g * kGroup,
                                                 args.quantised.values + pair.firstRow[1] * args.depth + g * kGroup};
        auto& sums = scratch.sums(g);
        multiplyGroup<kRowTiles>(tiles, x, args.depth, weights[g % 2], 0, 0);
        if constexpr (Format::kHalves) {
            storeSums<kRowTiles>(tiles, sums, 0);
            multiplyGroup<kRowTiles>(tiles, x, args.depth, weights[g % 2], kGroup / 2, kByteTile / 2);
        }
        if (g + 1 < pair.groups) {
            unpack(g + 1);
        }
        storeSums<kRowTiles>(tiles, sums, Format::kHalves ? 1 : 0);
        if (g == added + kTogether<Format>) {
            addToAll<kTogether<Format>>(scratch, args, pair, places, added, y);
            added += kTogether<Format>;
        }
    }
    for (; added < pair.groups; ++added) {
        addToAll<1>(scratch, args, pair, places, added, y);
    }
    for (size_t tile = 0; tile < kRowTiles; ++tile) {
        writeRows<kRows>(args, pair, tile, y[tile]);
    }
}

using MultiplyPair = void (*)(Tiles&, const MatmulArgs&, const Pair&);

/// By the number of rows of a tile, rounded up to an even one.
template <typename Format>
constexpr MultiplyPair kOneByRows[kTileRows / 2 + 1] = {nullptr,
                                                        multiplyPair<Format, 2, 1>,
                                                        multiplyPair<Format, 4, 1>,
                                                        multiplyPair<Format, 6, 1>,
                                                        multiplyPair<Format, 8, 1>,
                                                        multiplyPair<Format, 10, 1>,
                                                        multiplyPair<Format, 12, 1>,
                                                        multiplyPair<Format, 14, 1>,
                                                        multiplyPair<Format, 16, 1>};

/// Of each of two tiles: more than half of what one can have.
template <typename Format>
constexpr MultiplyPair kTwoByRows[kTileRows / 2 + 1] = {nullptr,
                                                        nullptr,
                                                        nullptr,
                                                        nullptr,
                                                        nullptr,
                                                        multiplyPair<Format, 10, 2>,
                                                        multiplyPair<Format, 12, 2>,
                                                        multiplyPair<Format, 14, 2>,
                                                        multiplyPair<Format, 16, 2>};

/// A pair of panels lies in the caches while all rows go over it, two tiles of them at a time. Tiles have equally many
/// rows; where these don't come out the last tile shares some with the one before it, which get the same bits twice.
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
    const auto rowOf = [&](size_t tile) { return tile + 1 < rowTiles ? tile * together : args.rows - together; };
    for (size_t panel = args.panelBegin; panel < args.panelEnd; panel += kPanels) {
        const auto* first = static_cast<const unsigned char*>(args.weights) + panel * bytes;
        const bool both = panel + 1 < args.panelEnd;
        // Where nothing is known to follow, memory behind the panels is as good a guess as any.
        const bool own = panel + kPanels < args.panelEnd || args.next.first == nullptr;
        const auto* next = own ? first + kPanels * bytes : static_cast<const unsigned char*>(args.next.first);
        const size_t apart = own ? bytes : args.next.bytes;
        for (size_t tile = 0; tile < rowTiles; tile += kTilesTogether) {
            const bool two = tile + 1 < rowTiles;
            const Pair pair{{first, both ? first + bytes : first},
                            {next, next + apart},
                            panel,
                            both ? size_t{2} : size_t{1},
                            {rowOf(tile), rowOf(two ? tile + 1 : tile)},
                            together,
                            args.depth / kGroup};
            const size_t rows = (together + 1) / 2;
            (two ? kTwoByRows<Format>[rows] : kOneByRows<Format>[rows])(tiles, args, pair);
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
