#include "backends/cpu/amx/attention_softmax.h"
#include "backends/cpu/amx/attention_work.h"
#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/amx/vectors.h"
#include "backends/cpu/finite_values.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

void packQuery(const AttentionArgs& args, const Work& w) {
    const size_t steps = args.headSize / kTileDepth;
    for (size_t v = 0; v < w.tiles * kTileRows; ++v) {
        const float* q =
            args.q + v / args.groupHeads * args.qStride + (args.firstHead + v % args.groupHeads) * args.headSize;
        for (size_t s = 0; s < steps; ++s) {
            unsigned char* out = w.query + (v / kTileRows * steps + s) * kTileBytes + v % kTileRows * kTileDepth * 2;
            const bool real = v < w.vectors;
            const Floats first = real ? loadFloats(q + s * kTileDepth) : spread(0);
            const Floats second = real ? loadFloats(q + s * kTileDepth + kLanes) : spread(0);
            storeWords(out, rowBf16(first, second));
        }
    }
}

/// Scores of kCount tiles of query vectors, from `tile` on, on the 32 keys of a step.
template <int kCount>
inline void multiplyKeys(Tiles& tiles, const Work& w, size_t tile, const Block& block, size_t step, size_t headSize) {
    const size_t steps = headSize / kTileDepth;
    const size_t blockBytes = headSize * kLanes * 2;
    const unsigned char* keys =
        block.keys[step * kStep / kPageTokens] + step * kStep % kPageTokens / kLanes * blockBytes;
    const unsigned char* query = w.query + tile * steps * kTileBytes;
    tiles.zero<0>();
    tiles.zero<1>();
    if constexpr (kCount == 2) {
        tiles.zero<2>();
        tiles.zero<3>();
    }
    for (size_t s = 0; s < steps; ++s) {
        tiles.loadPassing<6>(keys + s * kTileBytes, 64);
        tiles.load<4>(query + s * kTileBytes, 64);
        tiles.multiplyBf16<0, 4, 6>();
        tiles.loadPassing<7>(keys + blockBytes + s * kTileBytes, 64);
        tiles.multiplyBf16<1, 4, 7>();
        if constexpr (kCount == 2) {
            tiles.load<5>(query + (steps + s) * kTileBytes, 64);
            tiles.multiplyBf16<2, 5, 6>();
            tiles.multiplyBf16<3, 5, 7>();
        }
    }
    tiles.store<0>(scoresOf(w, 0, 2 * step), 64);
    tiles.store<1>(scoresOf(w, 0, 2 * step + 1), 64);
    if constexpr (kCount == 2) {
        tiles.store<2>(scoresOf(w, 1, 2 * step), 64);
        tiles.store<3>(scoresOf(w, 1, 2 * step + 1), 64);
    }
}

/// Adds the first 32 * steps keys' weighted values to the sums of kCount tiles: kWide times 16 dimensions, from d on.
template <int kCount, int kWide>
inline void multiplyValues(Tiles& tiles, const Work& w, size_t tile, const Block& block, size_t steps, size_t d,
                           size_t valueSize) {
    const size_t rowBytes = valueSize * 4; // of a pair of tokens
    const size_t stride = valueSize * sizeof(float);
    float* upper = w.sums + tile * kTileRows * valueSize + d;
    float* lower = upper + kTileRows * valueSize;
    if (block.first) {
        tiles.zero<0>();
        tiles.zero<1>();
        tiles.zero<2>();
        tiles.zero<3>();
    } else {
        tiles.load<0>(upper, stride);
        if constexpr (kWide == 2) {
            tiles.load<1>(upper + kLanes, stride);
        }
        if constexpr (kCount == 2) {
            tiles.load<2>(lower, stride);
            if constexpr (kWide == 2) {
                tiles.load<3>(lower + kLanes, stride);
            }
        }
    }
    for (size_t s = 0; s < steps; ++s) {
        const unsigned char* values =
            block.values[s * kStep / kPageTokens] + s * kStep % kPageTokens / 2 * rowBytes + d * 4;
        tiles.loadPassing<6>(values, rowBytes);
        tiles.load<4>(scoresOf(w, 0, 2 * s), 64);
        tiles.multiplyBf16<0, 4, 6>();
        if constexpr (kWide == 2) {
            tiles.loadPassing<7>(values + 64, rowBytes);
            tiles.multiplyBf16<1, 4, 7>();
        }
        if constexpr (kCount == 2) {
            tiles.load<5>(scoresOf(w, 1, 2 * s), 64);
            tiles.multiplyBf16<2, 5, 6>();
            if constexpr (kWide == 2) {
                tiles.multiplyBf16<3, 5, 7>();
            }
        }
    }
    tiles.store<0>(upper, stride);
    if constexpr (kWide == 2) {
        tiles.store<1>(upper + kLanes, stride);
    }
    if constexpr (kCount == 2) {
        tiles.store<2>(lower, stride);
        if constexpr (kWide == 2) {
            tiles.store<3>(lower + kLanes, stride);
        }
    }
}

/// The page's values, with zeros for tokens from `seen` on: memory that no token was written to may hold anything, and
/// a weight of zero doesn't take away a NaN.
const unsigned char* cleanValues(const Work& w, const unsigned char* values, size_t seen, size_t valueSize) {
    if (seen >= kPageTokens) {
        return values;
    }
    const size_t pairBytes = valueSize * 4;
    const size_t whole = seen / 2;
    __builtin_memcpy(w.values, values, whole * pairBytes);
    __builtin_memset(w.values + whole * pairBytes, 0, (kPageTokens / 2 - whole) * pairBytes);
    if (seen % 2 != 0) {
        for (size_t d = 0; d < valueSize; ++d) {
            __builtin_memcpy(w.values + whole * pairBytes + d * 4, values + whole * pairBytes + d * 4, 2);
        }
    }
    return w.values;
}

/// Two vectors of whole numbers of at most 8 bits, which bf16 holds exactly, in pairs.
inline Words pairsOf(const unsigned char* even, const unsigned char* odd) {
    const Words low = asWords(fromBytes(reinterpret_cast<const int8_t*>(even)));
    const Words high = asWords(fromBytes(reinterpret_cast<const int8_t*>(odd)));
    return orAnd(shiftRight<16>(low), high, spreadBits(0xffff0000U));
}

/// Brings page `page` of a block from int8 to where a page of bf16 has its numbers; its scales go to the block's. Of
/// its tokens the rows see the first `seen`.
void widenPage(const AttentionArgs& args, const Work& w, Block& block, size_t page, size_t seen) {
    const unsigned char* keys = block.keys[page];
    const unsigned char* values = block.values[page];
    unsigned char* wideKeys = w.wide + page * kPageTokens * (args.headSize + args.valueSize) * 2;
    unsigned char* wideValues = wideKeys + kPageTokens * args.headSize * 2;
    const size_t tokens = (seen + kStep - 1) / kStep * kStep; // as many as the products read
    const size_t reached = tokens < kPageTokens ? tokens : kPageTokens;
    for (size_t at = 0; at < reached * args.headSize; at += 2 * kLanes) {
        storeWords(wideKeys + at * 2, pairsOf(keys + at, keys + at + kLanes));
    }
    for (size_t pair = 0; pair < reached / 2; ++pair) {
        const unsigned char* even = values + 2 * pair * args.valueSize;
        for (size_t d = 0; d < args.valueSize; d += kLanes) {
            storeWords(wideValues + (pair * args.valueSize + d) * 4, pairsOf(even + d, even + args.valueSize + d));
        }
    }
    for (size_t token = 0; token < kPageTokens; token += kLanes) {
        const size_t left = seen > token ? seen - token : 0;
        const size_t lanes = left < kLanes ? left : kLanes;
        const size_t at = page * kPageTokens + token;
        const auto* keyScales = reinterpret_cast<const float*>(keys + kPageTokens * args.headSize);
        const auto* valueScales = reinterpret_cast<const float*>(values + kPageTokens * args.valueSize);
        storeFloats(w.keyScales + at, loadFirst(keyScales + token, lanes));
        storeFloats(w.valueScales + at, loadFirst(valueScales + token, lanes));
    }
    block.keys[page] = wideKeys;
    block.values[page] = wideValues;
}

/// One block for kCount tiles of query vectors.
template <int kCount, bool kScaled>
void addBlockTo(Tiles& tiles, const AttentionArgs& args, const Work& w, size_t tile, const Block& block) {
    const size_t end = (tile + kCount) * kTileRows;
    const size_t lastVector = end < w.vectors ? end - 1 : w.vectors - 1;
    const size_t visible = args.firstVisible + lastVector / args.groupHeads;
    const size_t seen = visible > block.begin ? visible - block.begin : 0;
    if (seen == 0) {
        return; // of the rows only those of later tiles reach this block
    }
    const size_t steps = seen < kBlockKeys ? (seen + kStep - 1) / kStep : kBlockSteps;
    for (size_t s = 0; s < steps; ++s) {
        multiplyKeys<kCount>(tiles, w, tile, block, s, args.headSize);
    }
    for (size_t v = tile * kTileRows; v < end; v += kTogether) {
        soften<kScaled>(args, w, v, tile, block, steps);
        block.fetch(v, w.tiles * kTileRows);
    }
    size_t d = 0;
    for (; d + 2 * kLanes <= args.valueSize; d += 2 * kLanes) {
        multiplyValues<kCount, 2>(tiles, w, tile, block, steps, d, args.valueSize);
    }
    if (d < args.valueSize) {
        multiplyValues<kCount, 1>(tiles, w, tile, block, steps, d, args.valueSize);
    }
}

template <bool kScaled>
void addBlock(Tiles& tiles, const AttentionArgs& args, const Work& w, size_t begin) {
    const size_t last = args.firstVisible + args.rows - 1; // keys that the last row sees
    Block block{};
    block.begin = begin;
    block.first = begin % kAttentionSplit == 0;
    for (size_t i = 0; i < kBlockPages && begin + i * kPageTokens < last; ++i) {
        const size_t token = begin + i * kPageTokens;
        const unsigned char* page = args.pages[token / kPageTokens];
        block.keys[i] = page + args.keyOffset;
        block.values[i] = page + args.valueOffset;
        if constexpr (kScaled) {
            widenPage(args, w, block, i, last - token);
        } else {
            block.values[i] = cleanValues(w, block.values[i], last - token, args.valueSize);
        }
    }
    constexpr KvFormat kFormat = kScaled ? KvFormat::kInt8 : KvFormat::kBF16;
    block.keyBytes = pageBytesOf(kFormat, args.headSize);
    block.valueBytes = pageBytesOf(kFormat, args.valueSize);
    const size_t next = begin + kBlockKeys;
    const size_t splitEnd = args.splitEnd * kAttentionSplit;
    for (size_t token = next; token < next + kBlockKeys && token < last && token < splitEnd; token += kPageTokens) {
        const unsigned char* page = args.pages[token / kPageTokens];
        block.nextKeys[block.nextPages] = page + args.keyOffset;
        block.nextValues[block.nextPages] = page + args.valueOffset;
        ++block.nextPages;
    }
    size_t tile = 0;
    for (; tile + 2 <= w.tiles; tile += 2) {
        addBlockTo<2, kScaled>(tiles, args, w, tile, block);
    }
    if (tile < w.tiles) {
        addBlockTo<1, kScaled>(tiles, args, w, tile, block);
    }
}

/// total and a part become one; a part without keys changes nothing.
inline void merge(float* total, float partMax, float partSum, const float* part, size_t valueSize) {
    if (partSum == 0.0F) {
        return;
    }
    const float max = total[0] > partMax ? total[0] : partMax;
    const Floats a = total[1] == 0.0F ? spread(0) : powerOfTwo(spread(total[0] - max));
    const Floats b = powerOfTwo(spread(partMax - max));
    total[0] = max;
    total[1] = total[1] * firstLane(a) + partSum * firstLane(b);
    for (size_t d = 0; d < valueSize; d += kLanes) {
        const Floats scaled = multiply(loadFloats(total + 2 + d), a);
        storeFloats(total + 2 + d, multiplyAdd(loadFloats(part + d), b, scaled));
    }
}

inline void clear(float* total, size_t valueSize) {
    total[0] = kMinusInfinity;
    total[1] = 0;
    for (size_t d = 0; d < valueSize; ++d) {
        total[2 + d] = 0;
    }
}

inline void finish(const float* total, size_t valueSize, float* out) {
    for (size_t d = 0; d < valueSize; d += kLanes) {
        storeFloats(out + d, divide(loadFloats(total + 2 + d), spread(total[1])));
    }
}

template <bool kScaled>
void attend(const AttentionArgs& args) {
    Tiles tiles(kWholeTiles);
    const Work w = layOut(args);
    packQuery(args, w);
    const size_t width = args.valueSize + 2;
    float* totals = args.partial != nullptr ? args.partial : w.totals;
    const size_t totalStride = args.partial != nullptr ? args.partialStride : width;
    for (size_t v = 0; v < w.vectors; ++v) {
        clear(totals + v * totalStride, args.valueSize);
    }
    const size_t last = args.firstVisible + args.rows - 1;
    for (size_t split = args.splitBegin; split < args.splitEnd; ++split) {
        for (size_t v = 0; v < w.tiles * kTileRows; ++v) {
            w.max[v] = kMinusInfinity;
            w.total[v] = 0;
        }
        const size_t begin = split * kAttentionSplit;
        const size_t end = begin + kAttentionSplit < last ? begin + kAttentionSplit : last;
        for (size_t token = begin; token < end; token += kBlockKeys) {
            addBlock<kScaled>(tiles, args, w, token);
        }
        for (size_t v = 0; v < w.vectors; ++v) {
            merge(totals + v * totalStride, w.max[v], w.total[v], w.sums + v * args.valueSize, args.valueSize);
        }
    }
    if (args.partial == nullptr) {
        for (size_t v = 0; v < w.vectors; ++v) {
            const size_t head = args.firstHead + v % args.groupHeads;
            finish(totals + v * width, args.valueSize,
                   args.out + v / args.groupHeads * args.outStride + head * args.valueSize);
        }
    }
}

} // namespace

void attentionBF16(const AttentionArgs& args) noexcept {
    attendSafely<uint16_t>(args, attend<false>);
}

void attentionInt8(const AttentionArgs& args) noexcept {
    attend<true>(args); // numbers of unseen tokens are finite, and their scales don't reach a row
}

void attentionMerge(const AttentionMergeArgs& args) noexcept {
    clear(args.scratch, args.valueSize);
    for (size_t i = 0; i < args.parts; ++i) {
        const float* part = args.partial + i * args.partStride;
        merge(args.scratch, part[0], part[1], part + 2, args.valueSize);
    }
    finish(args.scratch, args.valueSize, args.out);
}

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
