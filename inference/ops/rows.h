#pragma once

#include <algorithm>
#include <cstddef>

#include "tensor/row_class.h"

namespace alcuin::inference::ops {

/// Rows [begin, end) of a step, all of one class.
struct RowSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    RowClass rowClass = RowClass::kDecode;
};

/// Items a worker takes at a time: all of them where the whole work is too short to share (a few microseconds), else
/// so few that each worker comes back several times, since a virtual core may be taken away in between.
/// `cost` is in multiply-adds per item.
inline std::size_t chunkOf(std::size_t items, std::size_t cost, int threads) {
    constexpr std::size_t kWorthSharing = 1U << 15U;
    constexpr std::size_t kTurns = 8;
    if (items * std::max<std::size_t>(cost, 1) < kWorthSharing) {
        return std::max<std::size_t>(items, 1);
    }
    return std::max<std::size_t>(1, items / (static_cast<std::size_t>(threads) * kTurns));
}

} // namespace alcuin::inference::ops
