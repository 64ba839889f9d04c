#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/amx/powers.h"
#include "backends/cpu/amx/unpack.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

/// Rows and outputs of a pass: their sums (up to 384 KiB) wait in L2 while the depth goes by in blocks, beside a block
/// of activations (256 KiB). Measured on 2 MiB of L2, of which 0.9 were of use: half or twice as many rows cost a fifth
/// or a tenth; 16 panels instead of 24 cost 4% where the depth is large.
constexpr size_t kPassTiles = 16;
constexpr size_t kPassPairs = 12;

/// Groups of a block of the depth: the unpacked weights of two panels (32 KiB) stay in L1 while activations pass by.
/// Measured: with 8 groups the sums come and go too often, with 24 the weights don't stay. A depth that is no larger
/// than kWholeGroups is one block, whose sums don't come and go at all: a tenth faster.
constexpr size_t kBlockGroups = 16;
constexpr size_t kWholeGroups = 24;

constexpr size_t kUnpackedBytes = kWholeGroups * 2 * kTileBytes;
static_assert(kPassTiles * kPassPairs * 2 * kTileBytes + 2 * kUnpackedBytes <= kTileScratchBytes);

/// Panels that are multiplied in pairs: two neighbours, or those of two matrices.
struct Pairs {
    const unsigned char* first;
    const unsigned char* second;
    size_t stride;   ///< in bytes, from a pair to the next
    size_t count;    ///< of pairs
    bool lastIsHalf; ///< the last pair has no second panel
};

/// Which rows and panels are multiplied, and where.
struct Pass {
    const MatmulArgs* args;
    size_t firstTile; ///< of rows, counted from args->tiles
    size_t tiles;
    size_t firstPair; ///< counted from the call's first
    Pairs pairs;
    size_t groups; ///< of the whole depth
    float* sums;   ///< [pair of panels][tile][panel of the pair][16][16]
};

/// Two panels by some groups of the depth: what is unpacked and multiplied at a time.
struct Block {
    size_t pair; ///< of panels, within the pass
    size_t firstGroup;
    size_t groups;
};

/// Blocks are equally long, as far as that goes.
inline size_t groupsFrom(const Pass& pass, size_t first) {
    const size_t rest = pass.groups - first;
    const size_t most = pass.groups <= kWholeGroups ? kWholeGroups : kBlockGroups;
    const size_t count = (rest + most - 1) / most;
    return count == 0 ? 0 : (rest + count - 1) / count;
}

/// The block after this one: the next pair of panels, or the next part of the depth. False after the last.
inline bool advance(const Pass& pass, Block& block) {
    if (++block.pair == pass.pairs.count) {
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

constexpr size_t kOther = kTileBytes / sizeof(float); ///< from the sums of a pair's first panel to the second's

/// The rows of a pass that are asked for.
struct PassRows {
    size_t begin; ///< counted from the pass's first
    size_t end;
    size_t first; ///< what `begin` is of the call's
};

inline PassRows rowsOf(const Pass& pass) {
    const size_t at = pass.firstTile * kTileRows;
    const size_t skipped = pass.args->tileRow;
    const size_t begin = skipped > at ? skipped - at : 0;
    const size_t wanted = skipped + pass.args->rows - at;
    const size_t all = pass.tiles * kTileRows;
    return {begin, wanted < all ? wanted : all, at + begin - skipped};
}

inline const float* sumsOf(const Pass& pass, size_t pair, size_t row) {
    return pass.sums + (pair * pass.tiles + row / kTileRows) * 2 * kOther + row % kTileRows * kPanelColumns;
}

/// Copies the sums of a pair of panels to the rows and outputs asked for, row by row while tiles multiply the next
/// pair. Measured: only with the lines asked for well ahead that beats copying whole passes, by 4% to 8%; alone it
/// loses.
struct CopiedRows {
    class Pair {
    public:
        Pair() = default;
        /// `pair` counts from the pass's first.
        Pair(const CopiedRows&, const Pass& pass, size_t pair) {
            const MatmulArgs& args = *pass.args;
            const PassRows rows = rowsOf(pass);
            const size_t first = (args.panelBegin + 2 * (pass.firstPair + pair)) * kPanelColumns;
            const size_t end = smaller(args.outputs, args.panelEnd * kPanelColumns);
            for (size_t panel = 0; panel < 2; ++panel) {
                const size_t begin = smaller(end, first + panel * kPanelColumns);
                columns_[panel] = smaller(end - begin, kPanelColumns);
            }
            stride_ = args.yStride;
            row_ = rows.begin % kTileRows;
            left_ = rows.end - rows.begin;
            sums_ = sumsOf(pass, pair, rows.begin);
            y_ = args.y + rows.first * stride_ + first;
            for (size_t ahead = 0; ahead < smaller(kAhead, left_); ++ahead) {
                prefetchRow(y_ + ahead * stride_);
            }
        }

        void step() {
            if (left_ == 0) {
                return;
            }
            if (left_ > kAhead) {
                prefetchRow(y_ + kAhead * stride_);
            }
            storeFirst(y_, columns_[0], loadFloats(sums_));
            storeFirst(y_ + kPanelColumns, columns_[1], loadFloats(sums_ + kOther));
            --left_;
            sums_ += kPanelColumns;
            y_ += stride_;
            if (++row_ == kTileRows) {
                row_ = 0;
                sums_ += kOther;
            }
        }
        void finish() {
            while (left_ > 0) {
                step();
            }
        }

    private:
        static constexpr size_t kAhead = 16; ///< rows

        static size_t smaller(size_t a, size_t b) {
            return a < b ? a : b;
        }
        static void prefetchRow(float* y) {
            prefetchToWrite(y);
            prefetchToWrite(y + kPanelColumns);
        }

        const float* sums_ = nullptr;
        float* y_ = nullptr;
        size_t stride_ = 0;      ///< numbers from a row of y to the next
        size_t columns_[2] = {}; ///< of each panel that are asked for
        size_t row_ = 0;         ///< of its tile
        size_t left_ = 0;
    };
};

/// Activates the sums of a gate's panel and of the same of up's, row by row while tiles multiply the next pair.
struct ActivatedRows {
    const GatedMatmulArgs* args;

    class Pair {
    public:
        Pair() = default;
        /// `pair` counts from the pass's first.
        Pair(const ActivatedRows& result, const Pass& pass, size_t pair) {
            const GatedMatmulArgs& gated = *result.args;
            const PassRows rows = rowsOf(pass);
            const size_t output = (pass.args->panelBegin + pass.firstPair + pair) * kPanelColumns;
            const size_t tile = pass.firstTile + rows.begin / kTileRows;
            nextTile_ = gated.width / kGroup * kTileRows * kGroup;
            row_ = rows.begin % kTileRows;
            left_ = rows.end - rows.begin;
            sums_ = sumsOf(pass, pair, rows.begin);
            out_ = gated.result + tile * nextTile_ + (output / kGroup * kTileRows + row_) * kGroup + output % kGroup;
        }

        void step() {
            if (left_ == 0) {
                return;
            }
            storeBf16(out_, multiply(silu(loadFloats(sums_)), loadFloats(sums_ + kOther)));
            --left_;
            sums_ += kPanelColumns;
            out_ += kGroup;
            if (++row_ == kTileRows) {
                row_ = 0;
                sums_ += kOther;
                out_ += nextTile_ - kTileRows * kGroup;
            }
        }
        void finish() {
            while (left_ > 0) {
                step();
            }
        }

    private:
        const float* sums_ = nullptr;
        uint16_t* out_ = nullptr;
        size_t nextTile_ = 0; ///< numbers from a tile to the same place of the next rows'
        size_t row_ = 0;      ///< of its tile
        size_t left_ = 0;
    };
};

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

/// One or two tiles of rows times one block. In between the next block is unpacked and a former one's sums are brought
/// away: the tiles leave the rest of the core idle.
template <int kRowTiles, typename Format, typename Result>
inline void multiplyRows(Tiles& tiles, const Pass& pass, const Block& block, const unsigned char* weights, size_t tile,
                         Unpacker<Format>& next, Result& former) {
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
        former.step();
        former.step();
    }
    endSums<kRowTiles>(tiles, sums);
}

inline PanelPair panelsOf(const Pass& pass, const Block& block) {
    const Pairs& pairs = pass.pairs;
    const unsigned char* first = pairs.first + block.pair * pairs.stride;
    // Where there is no second panel the first one stands in for it and its sums are left.
    const bool half = pairs.lastIsHalf && block.pair + 1 == pairs.count;
    return {first, half ? first : pairs.second + block.pair * pairs.stride, block.firstGroup};
}

template <typename Format>
Unpacker<Format> unpackerOf(const Pass& pass, const Block& block, unsigned char* out) {
    Block soon = block;
    if (!advance(pass, soon)) {
        soon = {pass.pairs.count, 0, 0}; // panels behind the pass's are the next one's, or nobody's
    }
    return Unpacker<Format>(panelsOf(pass, block), panelsOf(pass, soon), block.groups, out);
}

template <typename Format, typename Result>
void multiplyPass(Tiles& tiles, const Pass& pass, const Result& result, unsigned char* (&unpacked)[2]) {
    Block block{0, 0, groupsFrom(pass, 0)};
    bool more = block.groups > 0;
    int at = 0;
    unpackerOf<Format>(pass, block, unpacked[at]).finish();
    typename Result::Pair former;
    while (more) {
        Block following = block;
        more = advance(pass, following);
        auto next = more ? unpackerOf<Format>(pass, following, unpacked[1 - at]) : Unpacker<Format>();
        size_t tile = 0;
        for (; tile + 2 <= pass.tiles; tile += 2) {
            multiplyRows<2>(tiles, pass, block, unpacked[at], tile, next, former);
        }
        if (tile < pass.tiles) {
            multiplyRows<1>(tiles, pass, block, unpacked[at], tile, next, former);
        }
        next.finish();
        former.finish();
        if (block.firstGroup + block.groups == pass.groups) {
            former = typename Result::Pair(result, pass, block.pair);
        }
        block = following;
        at = 1 - at;
    }
    former.finish();
}

template <typename Format, typename Result>
void multiply(const MatmulArgs& args, const Pairs& all, const Result& result) {
    Tiles tiles(kWholeTiles);
    auto* scratch = static_cast<unsigned char*>(args.scratch);
    unsigned char* unpacked[2] = {scratch, scratch + kUnpackedBytes};
    const size_t allTiles = (args.tileRow + args.rows + kTileRows - 1) / kTileRows;
    const size_t passes = all.count == 0 ? 1 : (all.count + kPassPairs - 1) / kPassPairs;
    const size_t together = (all.count + passes - 1) / passes; // equally many in each
    for (size_t tile = 0; tile < allTiles; tile += kPassTiles) {
        for (size_t pair = 0; pair < all.count; pair += together) {
            Pass pass{};
            pass.args = &args;
            pass.firstTile = tile;
            pass.tiles = allTiles - tile < kPassTiles ? allTiles - tile : kPassTiles;
            pass.firstPair = pair;
            pass.pairs = {all.first + pair * all.stride, all.second + pair * all.stride, all.stride,
                          all.count - pair < together ? all.count - pair : together,
                          all.lastIsHalf && all.count - pair <= together};
            pass.groups = args.depth / kGroup;
            pass.sums = reinterpret_cast<float*>(scratch + 2 * kUnpackedBytes);
            multiplyPass<Format>(tiles, pass, result, unpacked);
        }
    }
}

template <typename Format>
void multiplyPanels(const MatmulArgs& args) {
    const size_t panelBytes = Format::panelBytes(args.depth);
    const size_t panels = args.panelEnd - args.panelBegin;
    const auto* first = static_cast<const unsigned char*>(args.weights) + args.panelBegin * panelBytes;
    multiply<Format>(args, {first, first + panelBytes, 2 * panelBytes, (panels + 1) / 2, panels % 2 != 0},
                     CopiedRows{});
}

template <typename Format>
void multiplyGated(const GatedMatmulArgs& args) {
    const size_t panelBytes = Format::panelBytes(args.gate.depth);
    const size_t skipped = args.gate.panelBegin * panelBytes;
    multiply<Format>(args.gate,
                     {static_cast<const unsigned char*>(args.gate.weights) + skipped,
                      static_cast<const unsigned char*>(args.up) + skipped, panelBytes,
                      args.gate.panelEnd - args.gate.panelBegin, false},
                     ActivatedRows{&args});
}

} // namespace

void matmulBf16PanelQ4(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatQ4>(args);
}

void gatedBf16PanelQ4(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatQ4>(args);
}

void matmulBf16PanelQ4Min(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatQ4Min>(args);
}

void gatedBf16PanelQ4Min(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatQ4Min>(args);
}

void matmulBf16PanelQ8(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatQ8>(args);
}

void gatedBf16PanelQ8(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatQ8>(args);
}

void matmulBf16PanelQ5(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatQ5>(args);
}

void gatedBf16PanelQ5(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatQ5>(args);
}

void matmulBf16PanelQ4K(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatQ4K>(args);
}

void gatedBf16PanelQ4K(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatQ4K>(args);
}

void matmulBf16PanelQ5K(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatQ5K>(args);
}

void gatedBf16PanelQ5K(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatQ5K>(args);
}

void matmulBf16PanelQ6K(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatQ6K>(args);
}

void gatedBf16PanelQ6K(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatQ6K>(args);
}

void matmulBf16PanelBF16(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatBF16>(args);
}

void gatedBf16PanelBF16(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatBF16>(args);
}

void matmulBf16PanelF16(const MatmulArgs& args) noexcept {
    multiplyPanels<FormatF16>(args);
}

void gatedBf16PanelF16(const GatedMatmulArgs& args) noexcept {
    multiplyGated<FormatF16>(args);
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
