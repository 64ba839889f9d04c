#pragma once

#include <cstdint>

namespace alcuin::inference {

/// How a measure was distributed: so much or less in half, 90 % and 99 % of the cases (within 1 %), the largest and the
/// mean (both exact), and the number of cases. All 0 where there was none.
struct Percentiles {
    double p50 = 0;
    double p90 = 0;
    double p99 = 0;
    double max = 0;
    double mean = 0;
    std::uint64_t count = 0;
};

} // namespace alcuin::inference
