#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace alcuin::inference {

/// Counters of one loaded model since it was loaded.
struct EngineMetrics {
    std::string device; ///< "CPU, 2 threads, AVX2"
    std::size_t weightBytes = 0;
    std::size_t stateBytes = 0; ///< memory held for sequences now
    std::size_t activeRequests = 0;
    std::size_t queuedRequests = 0;
    std::uint64_t steps = 0;
    std::uint64_t prefillTokens = 0;
    std::uint64_t decodeTokens = 0;
};

} // namespace alcuin::inference
