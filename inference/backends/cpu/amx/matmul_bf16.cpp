#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/amx/unpack.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

/// Rows and outputs of a pass: their sums (up to 384 KiB) wait in L2 while the depth goes by in blocks, beside a block
/// of activations (256 KiB). Measured on 2 MiB of L2, of which 0.9 were of use: half or twice as many rows cost a fifth
/// or a tenth; 16 panels instead of 24 cost 4% where the depth is large.
constexpr size_t kPassTiles = 16;
constexpr size_t kPassPanels = 24;

/// Groups of a block of the depth: the unpacked weights of two panels (32 KiB) stay in L1 while activations pass by.
/// Measured: with 8 groups the sums come and go too often, with 24 the weights don't stay. A depth that is no larger
/// than kWholeGroups is one block, whose sums don't come and go at all: a tenth faster.
constexpr size_t kBlockGroups = 16;
constexpr size_t kWholeGroups = 24;

constexpr size_t kUnpackedBytes = kWholeGroups * 2 * kTileBytes;
static_assert(kPassTiles * kPassPanels * kTileBytes + 2 * kUnpackedBytes <= kTileScratchBytes);

/// Which rows and panels are multiplied, and where.
struct Pass {
    const MatmulArgs* args;
    size_t firstTile; ///< of rows, counted from args->tiles
    size_t tiles;
    size_t firstPanel;
    size_t panels;
    size_t groups; ///< of the whole depth
    float* sums;   ///< [pair of panels][tile][panel of the pair][16][16]
};

/// Two panels by some groups of the depth: what is unpacked and multiplied at a time.
struct Block {
    size_t pair; ///< of panels, within the pass
    size_t firstGroup;
    size_t groups;
};

inline size_t pairsOf(const Pass& pass) {
    return (pass.panels + 1) / 2;
}

/// Blocks are equally long, as far as that goes.
inline size_t groupsFrom(const Pass& pass, size_t first) {
    const size_t rest = pass.groups - first;
    const size_t most = pass.groups <= kWholeGroups ? kWholeGroups : kBlockGroups;
    const size_t count = (rest + most - 1) / most;
    return count == 0 ? 0 : (rest + count - 1) / count;
}

/// The block after this one: the next pair of panels, or the next part of the depth. False after the last.
inline bool advance(const Pass& pass, Block& block) {
    if (++block.pair == pairsOf(pass)) {
        block.pair = 0;
        block.firstGroup += block.groups;
        block.groups = groupsFrom(pass, block.firstGroup);
    }
    return block.groups > 0;
}

inline const unsigned char* activations(const Pass& pass, size_t tile, size_t group) {
    return reinterpret_cast<const unsigned char*>(pass.args->tiles) +
           ((pass.firstTile + tile) * pass.groups + group) * kTileBytes;
}

/// Copies the pass's sums to the rows and outputs asked for, row by row: lines that lie behind each other are written
/// behind each other.
void copyOut(const Pass& pass) {
    const MatmulArgs& args = *pass.args;
    for (size_t i = 0; i < pass.tiles * kTileRows; ++i) {
        const size_t row = pass.firstTile * kTileRows + i; // counted from the first tile's first
        if (row < args.tileRow || row >= args.tileRow + args.rows) {
            continue;
        }
        float* y = args.y + (row - args.tileRow) * args.yStride;
        for (size_t p = 0; p < pass.panels; ++p) {
            const size_t first = (pass.firstPanel + p) * kPanelColumns;
            const size_t columns = args.outputs - first < kPanelColumns ? args.outputs - first : kPanelColumns;
            const size_t tile = ((p / 2) * pass.tiles + i / kTileRows) * 2 + p % 2;
            storeFirst(y + first, columns, loadFloats(pass.sums + (tile * kTileRows + i % kTileRows) * kPanelColumns));
        }
    }
}

constexpr size_t kOther = kTileBytes / sizeof(float); ///< from the sums of a pair's first panel to the second's

template <int kRowTiles>
inline void beginSums(Tiles& tiles, const Block& block, const float* sums) {
    if (block.firstGroup == 0) {
        tiles.zero<0>();
        tiles.zero<1>();
        tiles.zero<2>();
        tiles.zero<3>();
        return;
    }
    tiles.loadPassing<0>(sums, 64);
    tiles.loadPassing<1>(sums + kOther, 64);
    if constexpr (kRowTiles == 2) {
        tiles.loadPassing<2>(sums + 2 * kOther, 64);
        tiles.loadPassing<3>(sums + 3 * kOther, 64);
    }
}

template <int kRowTiles>
inline void endSums(Tiles& tiles, float* sums) {
    tiles.store<0>(sums, 64);
    tiles.store<1>(sums + kOther, 64);
    if constexpr (kRowTiles == 2) {
        tiles.store<2>(sums + 2 * kOther, 64);
        tiles.store<3>(sums + 3 * kOther, 64);
    }
}

/// One or two tiles of rows times one block. In between the next block is unpacked: the tiles leave the rest of the
/// core idle.
template <typename Format, int kRowTiles>
inline void multiplyRows(Tiles& tiles, const Pass& pass, const Block& block, const unsigned char* weights, size_t tile,
                         Unpacker<Format>& next) {
    const unsigned char* a0 = activations(pass, tile, block.firstGroup);
    const unsigned char* a1 = activations(pass, tile + kRowTiles - 1, block.firstGroup);
    float* sums = pass.sums + (block.pair * pass.tiles + tile) * 2 * kOther;
    beginSums<kRowTiles>(tiles, block, sums);
    for (size_t g = 0; g < block.groups; ++g) {
        tiles.loadPassing<4>(a0 + g * kTileBytes, 64);
        tiles.load<6>(weights + g * 2 * kTileBytes, 64);
        tiles.multiplyBf16<0, 4, 6>();
        tiles.load<7>(weights + g * 2 * kTileBytes + kTileBytes, 64);
        tiles.multiplyBf16<1, 4, 7>();
        if constexpr (kRowTiles == 2) {
            tiles.loadPassing<5>(a1 + g * kTileBytes, 64);
            tiles.multiplyBf16<2, 5, 6>();
            tiles.multiplyBf16<3, 5, 7>();
        }
        next.step();
    }
    endSums<kRowTiles>(tiles, sums);
}

template <typename Format>
PanelPair panelsOf(const Pass& pass, const Block& block) {
    const size_t panelBytes = Format::panelBytes(pass.args->depth);
    const unsigned char* first =
        static_cast<const unsigned char*>(pass.args->weights) + (pass.firstPanel + 2 * block.pair) * panelBytes;
    // Where there is no second panel the first one stands in for it and its sums are left.
    return {first, 2 * block.pair + 1 < pass.panels ? first + panelBytes : first, block.firstGroup};
}

template <typename Format>
Unpacker<Format> unpackerOf(const Pass& pass, const Block& block, unsigned char* out) {
    Block soon = block;
    if (!advance(pass, soon)) {
        soon = {pairsOf(pass), 0, 0}; // panels behind the pass's are the next one's, or nobody's
    }
    return Unpacker<Format>(panelsOf<Format>(pass, block), panelsOf<Format>(pass, soon), block.groups, out);
}

template <typename Format>
void multiplyPass(Tiles& tiles, const Pass& pass, unsigned char* (&unpacked)[2]) {
    Block block{0, 0, groupsFrom(pass, 0)};
    bool more = block.groups > 0;
    int at = 0;
    unpackerOf<Format>(pass, block, unpacked[at]).finish();
    while (more) {
        Block following = block;
        more = advance(pass, following);
        auto next = more ? unpackerOf<Format>(pass, following, unpacked[1 - at]) : Unpacker<Format>();
        size_t tile = 0;
        for (; tile + 2 <= pass.tiles; tile += 2) {
            multiplyRows<Format, 2>(tiles, pass, block, unpacked[at], tile, next);
        }
        if (tile < pass.tiles) {
            multiplyRows<Format, 1>(tiles, pass, block, unpacked[at], tile, next);
        }
        next.finish();
        block = following;
        at = 1 - at;
    }
    copyOut(pass);
}

template <typename Format>
void multiply(const MatmulArgs& args) {
    Tiles tiles(kWholeTiles);
    auto* scratch = static_cast<unsigned char*>(args.scratch);
    unsigned char* unpacked[2] = {scratch, scratch + kUnpackedBytes};
    const size_t allTiles = (args.tileRow + args.rows + kTileRows - 1) / kTileRows;
    const size_t allPanels = args.panelEnd - args.panelBegin;
    const size_t passes = allPanels == 0 ? 1 : (allPanels + kPassPanels - 1) / kPassPanels;
    const size_t panels = (allPanels + 2 * passes - 1) / (2 * passes) * 2; // equally many in each, in pairs
    for (size_t tile = 0; tile < allTiles; tile += kPassTiles) {
        for (size_t panel = args.panelBegin; panel < args.panelEnd; panel += panels) {
            Pass pass{};
            pass.args = &args;
            pass.firstTile = tile;
            pass.tiles = allTiles - tile < kPassTiles ? allTiles - tile : kPassTiles;
            pass.firstPanel = panel;
            pass.panels = args.panelEnd - panel < panels ? args.panelEnd - panel : panels;
            pass.groups = args.depth / kGroup;
            pass.sums = reinterpret_cast<float*>(scratch + 2 * kUnpackedBytes);
            multiplyPass<Format>(tiles, pass, unpacked);
        }
    }
}

} // namespace

void matmulBf16PanelQ4(const MatmulArgs& args) noexcept {
    multiply<FormatQ4>(args);
}

void matmulBf16PanelQ4Min(const MatmulArgs& args) noexcept {
    multiply<FormatQ4Min>(args);
}

void matmulBf16PanelQ8(const MatmulArgs& args) noexcept {
    multiply<FormatQ8>(args);
}

void matmulBf16PanelQ5(const MatmulArgs& args) noexcept {
    multiply<FormatQ5>(args);
}

void matmulBf16PanelQ4K(const MatmulArgs& args) noexcept {
    multiply<FormatQ4K>(args);
}

void matmulBf16PanelQ5K(const MatmulArgs& args) noexcept {
    multiply<FormatQ5K>(args);
}

void matmulBf16PanelQ6K(const MatmulArgs& args) noexcept {
    multiply<FormatQ6K>(args);
}

void matmulBf16PanelBF16(const MatmulArgs& args) noexcept {
    multiply<FormatBF16>(args);
}

void matmulBf16PanelF16(const MatmulArgs& args) noexcept {
    multiply<FormatF16>(args);
}

void pack(const PackArgs& args) noexcept {
    const size_t groups = args.depth / kGroup;
    for (size_t row = args.rowBegin; row < args.rowEnd; ++row) {
        const float* x = args.x + row * args.depth;
        uint16_t* out = args.tiles + (row / kTileRows * groups * kTileRows + row % kTileRows) * kGroup;
        for (size_t g = 0; g < groups; ++g) {
            storeWords(out + g * kTileRows * kGroup,
                       rowBf16(loadFloats(x + g * kGroup), loadFloats(x + g * kGroup + kLanes)));
        }
    }
}

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
