#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/amx/vectors.h"
#include "backends/cpu/finite_values.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

constexpr float kMinusInfinity = -__builtin_inff();
constexpr float kLog2E = 1.44269504F;
constexpr size_t kTileDepth = 32;    ///< numbers of a row of the left operand
constexpr size_t kStep = 2 * kLanes; ///< keys that a step of either product takes: two blocks of scores, one of weights
constexpr size_t kTogether = 4;      ///< query vectors in the softmax: enough of them hide latencies
/// Coefficients of 2^f for a fraction f, from that of f^0 on.
constexpr float kPower5[] = {1.0F, 0.693151295F, 0.240164444F, 0.0557999127F, 0.00901702978F, 0.00186713017F};
constexpr size_t kBlockKeys = kAttentionBlock;
constexpr size_t kBlockPages = kBlockKeys / kPageTokens;
constexpr size_t kBlockSteps = kBlockKeys / kStep;
static_assert(kAttentionSplit % kBlockKeys == 0 && kBlockKeys % kPageTokens == 0 && kPageTokens % kStep == 0);

/// 2^x for x <= 0 to 1e-7 relative. Method: a whole part and a fraction f; for that the polynomial of degree 5 for
/// |f - 1/2| with the least relative error among those that give 1 for f = 0.
inline Floats powerOfTwo(Floats x) {
    const Floats f = fraction(x);
    Floats p = spread(kPower5[5]);
    for (int i = 5; i-- > 0;) {
        p = multiplyAdd(p, f, spread(kPower5[i]));
    }
    return scaleByPower(p, x);
}

/// The same to 7.5e-5, a twentieth of what rounding the result to bf16 costs: degree 3, the least relative error.
inline Floats roughPowerOfTwo(Floats x) {
    const Floats f = fraction(x);
    Floats p = multiplyAdd(spread(0.0780245215F), f, spread(0.226067156F));
    p = multiplyAdd(p, f, spread(0.695833564F));
    p = multiplyAdd(p, f, spread(0.999925196F));
    return scaleByPower(p, x);
}

/// Where things lie in the caller's scratch. V: query vectors (rows times heads of the group), filled up to tiles.
struct Work {
    size_t vectors;
    size_t tiles;
    unsigned char* query;  ///< [tiles][D / 32][16][32] bf16
    unsigned char* scores; ///< [2 tiles][16 blocks of 16 keys][16][16] f32; the weights of a step, [16][32] bf16, take
                           ///< the place of its first block
    unsigned char* values; ///< a page's values whose unseen tokens are zero
    unsigned char* wide;   ///< int8 only: a block's keys and values, page by page, their numbers in bf16
    float* keyScales;      ///< int8 only: [256], zero for tokens that no row sees
    float* valueScales;    ///< as keyScales
    float* sums;           ///< [V][Dv] weighted values of the part of 512 keys at hand
    float* max;            ///< [V] of scores * scale * log2(e)
    float* total;          ///< [V]
    float* totals;         ///< [V][Dv + 2] of {max, sum, weighted values}, all parts so far
};

Work layOut(const AttentionArgs& args) {
    Work w{};
    w.vectors = args.rows * args.groupHeads;
    w.tiles = (w.vectors + kTileRows - 1) / kTileRows;
    const size_t filled = w.tiles * kTileRows;
    float* next = args.scratch;
    const auto take = [&next](size_t floats) {
        float* place = next;
        next += floats;
        return place;
    };
    w.query = reinterpret_cast<unsigned char*>(take(filled * args.headSize / 2));
    w.scores = reinterpret_cast<unsigned char*>(take(2 * kTileRows * kBlockKeys));
    w.values = reinterpret_cast<unsigned char*>(take(kPageTokens * args.valueSize / 2));
    w.wide = reinterpret_cast<unsigned char*>(take(kBlockKeys * (args.headSize + args.valueSize) / 2));
    w.keyScales = take(kBlockKeys);
    w.valueScales = take(kBlockKeys);
    w.sums = take(filled * args.valueSize);
    w.max = take(filled);
    w.total = take(filled);
    w.totals = take(filled * (args.valueSize + 2));
    return w;
}

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

/// 256 keys, or as many as are left: what a step of the running softmax takes.
struct Block {
    const unsigned char* keys[kBlockPages];
    const unsigned char* values[kBlockPages];
    size_t begin; ///< token
    bool first;   ///< of a part: nothing has been summed
    const unsigned char* nextKeys[kBlockPages];
    const unsigned char* nextValues[kBlockPages];
    size_t nextPages;
    size_t keyBytes; ///< of a page
    size_t valueBytes;

    /// Brings a part of the next block to L2: that of vectors v .. v + 3 of `vectors`.
    void fetch(size_t v, size_t vectors) const {
        const size_t page = keyBytes + valueBytes;
        const size_t portion = (nextPages * page / vectors * kTogether + 63) / 64 * 64;
        const size_t from = v / kTogether * portion;
        for (size_t at = from; at < from + portion && at < nextPages * page; at += 64) {
            const size_t inPage = at % page;
            prefetchFar(inPage < keyBytes ? nextKeys[at / page] + inPage : nextValues[at / page] + inPage - keyBytes);
        }
    }
};

inline unsigned char* scoresOf(const Work& w, size_t tile, size_t block) {
    return w.scores + (tile * 2 * kBlockSteps + block) * kTileBytes;
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

/// kRows query vectors of one tile, beginning with row `row`, on a block. kWhole: they see all keys whose scores are
/// there; otherwise it is one vector, and it sees the first `seen`. kScaled: keys and values have scales.
template <size_t kRows, bool kWhole, bool kScaled>
struct Softmax {
    static_assert(kWhole || kRows == 1);
    float* scores; ///< of the first row on the first 16 keys
    size_t seen;
    size_t steps; ///< of 32 keys, whose scores are there
    const float* keyScales;
    const float* valueScales;

    float* place(size_t row, size_t block) const {
        return scores + block * kTileRows * kLanes + static_cast<size_t>(row) * kLanes;
    }
    Floats score(size_t row, size_t block) const {
        Floats score = loadFloats(place(row, block));
        if constexpr (kScaled) {
            score = multiply(score, loadFloats(keyScales + block * kLanes));
        }
        return seenOnly(score, block, kMinusInfinity);
    }
    Floats seenOnly(Floats x, size_t block, float otherwise) const {
        if constexpr (kWhole) {
            return x;
        }
        const size_t lanes = seen > block * kLanes ? seen - block * kLanes : 0;
        return firstOf(lanes < kLanes ? lanes : kLanes, x, spread(otherwise));
    }
    /// A weight of zero doesn't take away a scale that is NaN.
    Floats scaled(Floats weight, size_t block) const {
        if constexpr (kScaled) {
            return seenOnly(multiply(weight, loadFloats(valueScales + block * kLanes)), block, 0);
        }
        return weight;
    }

    void maxima(float (&max)[kRows]) const {
        Floats largest[kRows];
        for (size_t r = 0; r < kRows; ++r) {
            largest[r] = maximum(score(r, 0), score(r, 1));
        }
        for (size_t s = 1; s < steps; ++s) {
            for (size_t r = 0; r < kRows; ++r) {
                largest[r] = maximum(largest[r], maximum(score(r, 2 * s), score(r, 2 * s + 1)));
            }
        }
        for (size_t r = 0; r < kRows; ++r) {
            max[r] = maxOf(largest[r]);
        }
    }

    /// Leaves the weights 2^(score * factor - max) in place of the scores, zero for keys that aren't seen.
    void weigh(Floats factor, const float (&max)[kRows], float (&total)[kRows]) const {
        Floats even[kRows];
        Floats odd[kRows];
        Floats start[kRows];
        for (size_t r = 0; r < kRows; ++r) {
            even[r] = spread(0);
            odd[r] = spread(0);
            start[r] = spread(-max[r]);
        }
        for (size_t s = 0; s < steps; ++s) {
            for (size_t r = 0; r < kRows; ++r) {
                const Floats a = roughPowerOfTwo(multiplyAdd(score(r, 2 * s), factor, start[r]));
                const Floats b = roughPowerOfTwo(multiplyAdd(score(r, 2 * s + 1), factor, start[r]));
                even[r] = add(even[r], a);
                odd[r] = add(odd[r], b);
                storeWords(place(r, 2 * s), rowBf16(scaled(a, 2 * s), scaled(b, 2 * s + 1)));
            }
        }
        for (size_t r = 0; r < kRows; ++r) {
            total[r] = sumOf(add(even[r], odd[r]));
        }
    }
};

/// Vector v has got a block's `total` and, if that is larger, its maximum: total and weighted values so far are brought
/// to it.
inline void bring(const AttentionArgs& args, const Work& w, size_t v, bool first, float max, float total) {
    const float old = w.max[v];
    if (max == old) {
        w.total[v] += total;
        return;
    }
    w.max[v] = max;
    if (first) {
        w.total[v] = total;
        return;
    }
    const Floats correction = powerOfTwo(spread(old - max));
    w.total[v] = w.total[v] * firstLane(correction) + total;
    float* sums = w.sums + v * args.valueSize;
    for (size_t d = 0; d < args.valueSize; d += kLanes) {
        storeFloats(sums + d, multiply(loadFloats(sums + d), correction));
    }
}

template <size_t kRows, bool kWhole, bool kScaled>
inline void softenRows(const AttentionArgs& args, const Work& w, size_t v, bool first,
                       const Softmax<kRows, kWhole, kScaled>& softmax) {
    const float factor = args.scale * kLog2E;
    float max[kRows];
    float total[kRows];
    softmax.maxima(max);
    for (size_t r = 0; r < kRows; ++r) {
        const float scaled = max[r] * factor;
        const float old = w.max[v + r];
        max[r] = old > scaled ? old : scaled;
    }
    softmax.weigh(spread(factor), max, total);
    for (size_t r = 0; r < kRows; ++r) {
        bring(args, w, v + r, first, max[r], total[r]);
    }
}

inline size_t keysSeen(const AttentionArgs& args, const Work& w, size_t v, size_t begin) {
    const size_t visible = v < w.vectors ? args.firstVisible + v / args.groupHeads : 0;
    return visible > begin ? visible - begin : 0;
}

/// Turns the scores of vectors v .. v + 3 into weights and brings their max, total and weighted values so far to the
/// new maximum. Each vector's numbers are the same whichever way it goes.
template <bool kScaled>
inline void soften(const AttentionArgs& args, const Work& w, size_t v, size_t firstTile, const Block& block,
                   size_t steps) {
    auto* scores = reinterpret_cast<float*>(scoresOf(w, v / kTileRows - firstTile, 0)) + v % kTileRows * kLanes;
    // Vectors see ever more keys; those behind the last one see none.
    if (v + kTogether <= w.vectors && keysSeen(args, w, v, block.begin) >= steps * kStep) {
        softenRows(args, w, v, block.first,
                   Softmax<kTogether, true, kScaled>{scores, 0, steps, w.keyScales, w.valueScales});
        return;
    }
    for (size_t i = v; i < v + kTogether; ++i, scores += kLanes) {
        const size_t seen = keysSeen(args, w, i, block.begin);
        const Softmax<1, false, kScaled> softmax{scores, seen, steps, w.keyScales, w.valueScales};
        if (seen > 0) {
            softenRows(args, w, i, block.first, softmax);
            continue;
        }
        for (size_t s = 0; s < steps; ++s) {
            storeWords(softmax.place(0, 2 * s), spreadBits(0));
        }
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
