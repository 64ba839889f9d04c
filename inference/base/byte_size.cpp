#include "base/byte_size.h"

#include <fmt/format.h>

namespace alcuin::inference {

std::string describeBytes(std::uint64_t bytes) {
    constexpr double kStep = 1024;
    const auto size = static_cast<double>(bytes);
    if (size < kStep) {
        return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
    }
    if (size < kStep * kStep) {
        return fmt::format("{:.1f} KiB", size / kStep);
    }
    if (size < kStep * kStep * kStep) {
        return fmt::format("{:.1f} MiB", size / (kStep * kStep));
    }
    return fmt::format("{:.2f} GiB", size / (kStep * kStep * kStep));
}

} // namespace alcuin::inference
