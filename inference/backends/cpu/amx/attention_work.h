#pragma once

#include "backends/cpu/amx/vectors.h"
#include "backends/cpu/kernel_args.h"
#include "tensor/kv_format.h"

/// What the steps of attention on tiles share: where numbers wait, and a block of keys and values.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

constexpr float kMinusInfinity = -__builtin_inff();
constexpr size_t kTileDepth = 32;    ///< numbers of a row of the left operand
constexpr size_t kStep = 2 * kLanes; ///< keys that a step of either product takes: two blocks of scores, one of weights
constexpr size_t kTogether = 4;      ///< query vectors in the softmax: enough of them hide latencies
constexpr size_t kBlockKeys = kAttentionBlock;
constexpr size_t kBlockPages = kBlockKeys / kPageTokens;
constexpr size_t kBlockSteps = kBlockKeys / kStep;
static_assert(kAttentionSplit % kBlockKeys == 0 && kBlockKeys % kPageTokens == 0 && kPageTokens % kStep == 0);

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

inline Work layOut(const AttentionArgs& args) {
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

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
