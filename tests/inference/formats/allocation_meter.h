#pragma once

#include <cstddef>

namespace alcuin::tests {

/// How much memory operator new holds, counted over the whole executable.
/// Under a sanitizer the same replacement stays in place; malloc below it is the sanitizer's.
struct AllocationMeter {
    static std::size_t heldBytes();
    /// Forgets the peak: it becomes what is held now.
    static void restart();
    static std::size_t peakBytes();
};

} // namespace alcuin::tests
