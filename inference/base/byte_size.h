#pragma once

#include <cstdint>
#include <string>

namespace alcuin::inference {

/// A number of bytes for people: "17 bytes", "12.0 KiB", "954.3 MiB", "4.05 GiB".
std::string describeBytes(std::uint64_t bytes);

} // namespace alcuin::inference
