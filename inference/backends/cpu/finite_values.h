#pragma once

#include <stddef.h>
#include <stdint.h>

#include "backends/cpu/kernel_args.h"
#include "tensor/kv_format.h"

/// For kernels that give tokens which a row doesn't see the weight zero. Everything is local to the source that
/// includes it, so that no other instruction set gets it.
namespace alcuin::inference::cpu {

namespace {

/// True if the values of tokens that some rows see and others don't are all finite: only then does a weight of zero
/// leave such a token out. Element: of the page, float or the 16 bits of bf16.
template <typename Element>
inline bool edgeIsFinite(const AttentionArgs& args) {
    constexpr bool kHalf = sizeof(Element) == 2;
    using Bits = uint32_t;
    const size_t last = args.firstVisible + args.rows - 1;
    const size_t splitBegin = args.splitBegin * kAttentionSplit;
    const size_t splitEnd = args.splitEnd * kAttentionSplit;
    const size_t begin = args.firstVisible > splitBegin ? args.firstVisible : splitBegin;
    const size_t end = last < splitEnd ? last : splitEnd;
    Bits broken = 0;
    for (size_t token = begin; token < end; ++token) {
        const size_t inPage = token % kPageTokens;
        const auto* values = reinterpret_cast<const Element*>(args.pages[token / kPageTokens] + args.valueOffset);
        // bf16 values lie in pairs of tokens.
        values += kHalf ? inPage / 2 * args.valueSize * 2 + inPage % 2 : inPage * args.valueSize;
        for (size_t d = 0; d < args.valueSize; ++d) {
            Bits bits = 0;
            __builtin_memcpy(&bits, values + (kHalf ? 2 * d : d), sizeof(Element));
            const Bits exponent = kHalf ? 0x7f80U : 0x7f800000U;
            broken |= static_cast<Bits>((bits & exponent) == exponent);
        }
    }
    return broken == 0;
}

/// Runs `attend`; where a value that isn't finite would reach rows that don't see it, for each row by itself, to the
/// same bits.
template <typename Element>
inline void attendSafely(const AttentionArgs& args, void (*attend)(const AttentionArgs&)) {
    if (args.rows == 1 || edgeIsFinite<Element>(args)) {
        attend(args);
        return;
    }
    for (size_t r = 0; r < args.rows; ++r) {
        AttentionArgs row = args;
        row.rows = 1;
        row.firstVisible = args.firstVisible + r;
        row.q = args.q + r * args.qStride;
        row.out = args.partial != nullptr ? args.out : args.out + r * args.outStride;
        row.partial = args.partial != nullptr ? args.partial + r * args.groupHeads * args.partialStride : nullptr;
        attend(row);
    }
}

} // namespace

} // namespace alcuin::inference::cpu
