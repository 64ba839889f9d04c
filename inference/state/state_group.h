#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace alcuin::inference {

enum class StateKind : std::uint8_t { kFull, kWindow, kLatent, kRecurrent };

/// Layers that share one shape of memory. A dense model has one group; Gemma two; Qwen3-Next two.
struct StateGroup {
    StateKind kind = StateKind::kFull;
    std::vector<std::uint32_t> layers;
    std::size_t bytesPerToken = 0;    ///< over all the group's layers
    std::size_t bytesPerSequence = 0; ///< fixed part, over all the group's layers
    std::uint32_t window = 0;         ///< tokens, kWindow only
};

} // namespace alcuin::inference
