#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/amx/vectors.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

constexpr float kMinusInfinity = -__builtin_inff();
constexpr size_t kPageLanes = kPageTokens / kLanes;
constexpr size_t kTileDepth = 32; ///< numbers of a row of the left operand

/// e^x to about 1e-7 relative; x is taken as -87.3 or 88 where it lies beyond.
/// Method: 2^n * e^r with |r| <= ln 2 / 2 and e^r by its Taylor polynomial of degree 7.
inline Floats exponential(Floats x) {
    x = minimum(spread(88.0F), maximum(spread(-87.3F), x));
    const Floats n = roundWhole(multiply(x, spread(1.44269504F)));
    // ln 2 in two parts, the first with few bits, so that n * high is exact.
    Floats r = multiplyAdd(n, spread(-0.693359375F), x);
    r = multiplyAdd(n, spread(2.12194440e-4F), r);
    Floats p = spread(1.0F / 5040);
    p = multiplyAdd(p, r, spread(1.0F / 720));
    p = multiplyAdd(p, r, spread(1.0F / 120));
    p = multiplyAdd(p, r, spread(1.0F / 24));
    p = multiplyAdd(p, r, spread(1.0F / 6));
    p = multiplyAdd(p, r, spread(0.5F));
    p = multiplyAdd(p, r, spread(1.0F));
    p = multiplyAdd(p, r, spread(1.0F));
    return multiply(p, asFloats(shiftLeft<23>(addInts(toInts(n), spreadBits(127)))));
}

/// Where things lie in the caller's scratch. V: query vectors (rows times heads of the group), filled up to tiles.
struct Work {
    size_t vectors;
    size_t tiles;
    unsigned char* query;   ///< [tiles][D / 32][16][32] bf16
    float* scores;          ///< [16][64] of one tile
    unsigned char* weights; ///< [2][16][32] bf16 of one tile
    unsigned char* values;  ///< a page's values whose unseen tokens are zero
    float* sums;            ///< [V][Dv] weighted values of the part of 512 keys at hand
    float* max;             ///< [V]
    float* total;           ///< [V]
    float* totals;          ///< [V][Dv + 2] of {max, sum, weighted values}, all parts so far
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
    w.scores = take(kTileRows * kPageTokens);
    w.weights = reinterpret_cast<unsigned char*>(take(kTileRows * kPageTokens / 2));
    w.values = reinterpret_cast<unsigned char*>(take(kPageTokens * args.valueSize / 2));
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

/// Scores of a tile of query vectors on a page.
inline void multiplyKeys(Tiles& tiles, const Work& w, size_t tile, const unsigned char* keys, size_t headSize) {
    const size_t steps = headSize / kTileDepth;
    const size_t block = headSize * 16 * 2; // bytes of 16 tokens' keys
    tiles.zero<0>();
    tiles.zero<1>();
    tiles.zero<2>();
    tiles.zero<3>();
    for (size_t s = 0; s < steps; ++s) {
        const unsigned char* from = keys + s * kTileBytes;
        tiles.load<4>(w.query + (tile * steps + s) * kTileBytes, 64);
        tiles.load<5>(from, 64);
        tiles.multiplyBf16<0, 4, 5>();
        tiles.load<6>(from + block, 64);
        tiles.multiplyBf16<1, 4, 6>();
        tiles.load<5>(from + 2 * block, 64);
        tiles.multiplyBf16<2, 4, 5>();
        tiles.load<6>(from + 3 * block, 64);
        tiles.multiplyBf16<3, 4, 6>();
    }
    constexpr size_t kStride = kPageTokens * sizeof(float);
    tiles.store<0>(w.scores, kStride);
    tiles.store<1>(w.scores + 16, kStride);
    tiles.store<2>(w.scores + 32, kStride);
    tiles.store<3>(w.scores + 48, kStride);
}

/// Turns the scores of vector v, row i of its tile, into weights and brings its max, total and weighted values so far
/// to the new maximum. It sees the page's first `count` keys.
inline void soften(const AttentionArgs& args, const Work& w, size_t v, size_t i, size_t count) {
    unsigned char* out = w.weights + i * kTileDepth * 2;
    if (count == 0) {
        storeWords(out, spreadBits(0));
        storeWords(out + kTileBytes, spreadBits(0));
        return;
    }
    Floats s[kPageLanes];
    Floats largest = spread(kMinusInfinity);
    for (size_t j = 0; j < kPageLanes; ++j) {
        const size_t seen = count < j * kLanes ? 0 : count - j * kLanes;
        s[j] = firstOf(seen < kLanes ? seen : kLanes,
                       multiply(loadFloats(w.scores + i * kPageTokens + j * kLanes), spread(args.scale)),
                       spread(kMinusInfinity));
        largest = maximum(largest, s[j]);
    }
    const float pageMax = maxOf(largest);
    const float max = w.max[v] > pageMax ? w.max[v] : pageMax;
    Floats total = spread(0);
    for (size_t j = 0; j < kPageLanes; ++j) {
        const size_t seen = count < j * kLanes ? 0 : count - j * kLanes;
        s[j] = firstOf(seen < kLanes ? seen : kLanes, exponential(subtract(s[j], spread(max))), spread(0));
        total = add(total, s[j]);
    }
    storeWords(out, rowBf16(s[0], s[1]));
    storeWords(out + kTileBytes, rowBf16(s[2], s[3]));
    if (max == w.max[v]) {
        w.total[v] += sumOf(total);
        return;
    }
    const Floats correction = w.total[v] == 0.0F ? spread(0) : exponential(spread(w.max[v] - max));
    w.total[v] = w.total[v] * firstLane(correction) + sumOf(total);
    w.max[v] = max;
    float* sums = w.sums + v * args.valueSize;
    for (size_t d = 0; d < args.valueSize; d += kLanes) {
        storeFloats(sums + d, multiply(loadFloats(sums + d), correction));
    }
}

/// Weighted values of a tile: 16 dimensions at a time, over the page's 64 tokens.
inline void multiplyValues(Tiles& tiles, const Work& w, size_t tile, const unsigned char* values, size_t valueSize) {
    const size_t rowBytes = valueSize * 4; // of a pair of tokens
    const size_t stride = valueSize * sizeof(float);
    tiles.load<4>(w.weights, 64);
    tiles.load<5>(w.weights + kTileBytes, 64);
    float* sums = w.sums + tile * kTileRows * valueSize;
    size_t d = 0;
    for (; d + 2 * kLanes <= valueSize; d += 2 * kLanes) {
        tiles.load<0>(sums + d, stride);
        tiles.load<1>(sums + d + kLanes, stride);
        tiles.load<6>(values + d * 4, rowBytes);
        tiles.multiplyBf16<0, 4, 6>();
        tiles.load<7>(values + d * 4 + 64, rowBytes);
        tiles.multiplyBf16<1, 4, 7>();
        tiles.load<6>(values + 16 * rowBytes + d * 4, rowBytes);
        tiles.multiplyBf16<0, 5, 6>();
        tiles.load<7>(values + 16 * rowBytes + d * 4 + 64, rowBytes);
        tiles.multiplyBf16<1, 5, 7>();
        tiles.store<0>(sums + d, stride);
        tiles.store<1>(sums + d + kLanes, stride);
    }
    if (d < valueSize) {
        tiles.load<0>(sums + d, stride);
        tiles.load<6>(values + d * 4, rowBytes);
        tiles.multiplyBf16<0, 4, 6>();
        tiles.load<7>(values + 16 * rowBytes + d * 4, rowBytes);
        tiles.multiplyBf16<0, 5, 7>();
        tiles.store<0>(sums + d, stride);
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

void addPage(Tiles& tiles, const AttentionArgs& args, const Work& w, size_t token) {
    const unsigned char* page = args.pages[token / kPageTokens];
    const size_t last = args.firstVisible + args.rows - 1; // keys that the last row sees
    const unsigned char* values = cleanValues(w, page + args.valueOffset, last - token, args.valueSize);
    for (size_t tile = 0; tile < w.tiles; ++tile) {
        multiplyKeys(tiles, w, tile, page + args.keyOffset, args.headSize);
        for (size_t i = 0; i < kTileRows; ++i) {
            const size_t v = tile * kTileRows + i;
            const size_t visible = v < w.vectors ? args.firstVisible + v / args.groupHeads : 0;
            const size_t seen = visible > token ? visible - token : 0;
            soften(args, w, v, i, seen < kPageTokens ? seen : kPageTokens);
        }
        multiplyValues(tiles, w, tile, values, args.valueSize);
    }
}

/// total and a part become one; a part without keys changes nothing.
inline void merge(float* total, float partMax, float partSum, const float* part, size_t valueSize) {
    if (partSum == 0.0F) {
        return;
    }
    const float max = total[0] > partMax ? total[0] : partMax;
    const Floats a = total[1] == 0.0F ? spread(0) : exponential(spread(total[0] - max));
    const Floats b = exponential(spread(partMax - max));
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

} // namespace

void attentionBF16(const AttentionArgs& args) noexcept {
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
        __builtin_memset(w.sums, 0, w.tiles * kTileRows * args.valueSize * sizeof(float));
        const size_t begin = split * kAttentionSplit;
        const size_t end = begin + kAttentionSplit < last ? begin + kAttentionSplit : last;
        for (size_t token = begin; token < end; token += kPageTokens) {
            addPage(tiles, args, w, token);
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

void attentionMerge(const AttentionMergeArgs& args) noexcept {
    clear(args.scratch, args.valueSize);
    for (size_t i = 0; i < args.parts; ++i) {
        const float* part = args.partial + i * args.partStride;
        merge(args.scratch, part[0], part[1], part + 2, args.valueSize);
    }
    finish(args.scratch, args.valueSize, args.out);
}

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
