#include "backends/cpu/amx/byte_formats.h"
#include "backends/cpu/amx/kernels.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

/// Panels side by side: one tile of sums each.
constexpr size_t kPanels = 4;

/// Groups whose integer sums are added to the sums in one go: those come and go once for all of them.
constexpr size_t kTogether = 4;

constexpr size_t kByteTile = kGroup * kPanelColumns; ///< bytes of a group of one panel, unpacked
constexpr size_t kAhead = 2304;                      ///< bytes of a panel to ask memory for beforehand

/// What waits in L1: two unpacked groups of all panels, the integer sums of some groups, and the sums.
struct Scratch {
    alignas(64) unsigned char unpacked[2][kPanels][kByteTile];
    alignas(64) int32_t group[kTogether][kPanels][kTileRows][kPanelColumns];
    alignas(64) float sums[kPanels][kTileRows][kPanelColumns];
};
static_assert(sizeof(Scratch) <= kMatmulScratchBytes);

/// Products of one group of up to 16 rows with all panels, as integers, in scratch.group once stored.
inline void multiplyGroup(Tiles& tiles, const int8_t* x, size_t depth, const void* const (&weights)[kPanels]) {
    tiles.load<0>(x, depth);
    tiles.zero<4>();
    tiles.load<1>(weights[0], 64);
    tiles.multiplyInt8Signed<4, 0, 1>();
    tiles.zero<5>();
    tiles.load<2>(weights[1], 64);
    tiles.multiplyInt8Signed<5, 0, 2>();
    tiles.zero<6>();
    tiles.load<3>(weights[2], 64);
    tiles.multiplyInt8Signed<6, 0, 3>();
    tiles.zero<7>();
    tiles.load<1>(weights[3], 64);
    tiles.multiplyInt8Signed<7, 0, 1>();
}

/// y += (isum * scale_w) * scale_x, then y += minimum * offset_x, group after group: the same roundings as the other
/// int8 kernels'. kCount groups from group g.
template <typename Format, size_t kCount>
inline void addGroups(Scratch& scratch, const unsigned char* const (&panel)[kPanels], const QuantisedRows& x,
                      size_t groups, size_t firstRow, size_t rows, size_t g) {
    for (size_t p = 0; p < kPanels; ++p) {
        Floats scale[kCount];
        Floats minimum[kCount];
        for (size_t i = 0; i < kCount; ++i) {
            scale[i] = Format::scale(panel[p], g + i);
            minimum[i] = Format::minimum(panel[p], g + i);
        }
        size_t index = firstRow * groups + g;
        for (size_t r = 0; r < rows; ++r, index += groups) {
            Floats y = loadFloats(scratch.sums[p][r]);
            for (size_t i = 0; i < kCount; ++i) {
                const Floats part = multiply(fromInts(loadWords(scratch.group[i][p][r])), scale[i]);
                y = multiplyAdd(part, spread(x.scale[index + i]), y);
                if constexpr (Format::kMinimum) {
                    y = multiplyAdd(minimum[i], spread(x.offset[index + i]), y);
                }
            }
            storeFloats(scratch.sums[p][r], y);
        }
    }
}

/// Rows [firstRow, firstRow + rows), at most a tile of them, by up to four panels.
template <typename Format>
void multiplyPanels(Tiles& tiles, const MatmulArgs& args, size_t firstPanel, size_t panels, size_t firstRow,
                    size_t rows) {
    auto& scratch = *static_cast<Scratch*>(args.scratch);
    const size_t groups = args.depth / kGroup;
    const unsigned char* panel[kPanels];
    for (size_t p = 0; p < kPanels; ++p) {
        // Where there are fewer the first stands in for the others and their sums are left.
        panel[p] = static_cast<const unsigned char*>(args.weights) +
                   (firstPanel + (p < panels ? p : 0)) * Format::panelBytes(args.depth);
        for (size_t r = 0; r < rows; ++r) {
            storeFloats(scratch.sums[p][r], spread(0));
        }
    }
    const Words values = Format::values();
    const void* weights[2][kPanels];
    const auto unpack = [&](size_t g) {
        for (size_t p = 0; p < kPanels; ++p) {
            Format::prefetchGroup(panel[p] + kAhead, g);
            weights[g % 2][p] = Format::unpack(panel[p], g, values, scratch.unpacked[g % 2][p]);
        }
    };
    unpack(0);
    for (size_t g = 0; g < groups; ++g) {
        multiplyGroup(tiles, args.quantised.values + firstRow * args.depth + g * kGroup, args.depth, weights[g % 2]);
        if (g + 1 < groups) {
            unpack(g + 1);
        }
        auto& sums = scratch.group[g % kTogether];
        tiles.store<4>(sums[0], 64);
        tiles.store<5>(sums[1], 64);
        tiles.store<6>(sums[2], 64);
        tiles.store<7>(sums[3], 64);
        if (g % kTogether == kTogether - 1) {
            addGroups<Format, kTogether>(scratch, panel, args.quantised, groups, firstRow, rows, g + 1 - kTogether);
        }
    }
    const size_t done = groups / kTogether * kTogether;
    const auto addRest = [&]<size_t kCount>() {
        if (groups - done == kCount) {
            addGroups<Format, kCount>(scratch, panel, args.quantised, groups, firstRow, rows, done);
        }
    };
    addRest.template operator()<1>();
    addRest.template operator()<2>();
    addRest.template operator()<3>();
    for (size_t p = 0; p < panels; ++p) {
        const size_t first = (firstPanel + p) * kPanelColumns;
        const size_t columns = args.outputs - first < kPanelColumns ? args.outputs - first : kPanelColumns;
        for (size_t r = 0; r < rows; ++r) {
            storeFirst(args.y + (firstRow + r) * args.yStride + first, columns, loadFloats(scratch.sums[p][r]));
        }
    }
}

/// Rows that are a whole number of tiles, or fewer than one tile.
template <typename Format>
void multiplyRows(const MatmulArgs& args, size_t firstRow, size_t rows) {
    const size_t together = rows < kTileRows ? rows : kTileRows;
    const auto m = static_cast<uint8_t>(together);
    const TileShape shapes[kTiles] = {{m, 32}, {8, 64}, {8, 64}, {8, 64}, {m, 64}, {m, 64}, {m, 64}, {m, 64}};
    Tiles tiles(shapes);
    for (size_t panel = args.panelBegin; panel < args.panelEnd; panel += kPanels) {
        const size_t panels = args.panelEnd - panel < kPanels ? args.panelEnd - panel : kPanels;
        for (size_t row = 0; row < rows; row += together) {
            multiplyPanels<Format>(tiles, args, panel, panels, firstRow + row, together);
        }
    }
}

template <typename Format>
void multiply(const MatmulArgs& args) {
    const size_t whole = args.rows / kTileRows * kTileRows;
    if (whole > 0) {
        multiplyRows<Format>(args, 0, whole);
    }
    if (whole < args.rows) {
        multiplyRows<Format>(args, whole, args.rows - whole);
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

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
