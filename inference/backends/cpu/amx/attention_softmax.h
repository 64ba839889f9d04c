#pragma once

#include "backends/cpu/amx/attention_work.h"
#include "backends/cpu/amx/powers.h"

/// The running softmax of attention on tiles: a block's scores become weights, in place.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

namespace {

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

} // namespace

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
