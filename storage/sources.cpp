#include <chrono>
#include <cstdint>
#include <random>

#include <fmt/format.h>

#include <alcuin/storage/database.h>

namespace alcuin::storage {

namespace {

/// A random UUID (version 4, variant 1). Source: RFC 9562, section 5.4.
Id randomId() {
    std::random_device random;
    const auto word = [&] { return static_cast<std::uint32_t>(random()); };
    const std::uint32_t a = word();
    const std::uint32_t b = (word() & 0xFFFF0FFFU) | 0x00004000U;
    const std::uint32_t c = (word() & 0x3FFFFFFFU) | 0x80000000U;
    const std::uint32_t d = word();
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", a, b >> 16U, b & 0xFFFFU, c >> 16U, c & 0xFFFFU, d);
}

} // namespace

Sources Sources::system() {
    return {[] {
                const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
                return static_cast<TimeMs>(std::chrono::duration_cast<std::chrono::milliseconds>(sinceEpoch).count());
            },
            randomId};
}

} // namespace alcuin::storage
