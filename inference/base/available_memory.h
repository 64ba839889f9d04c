#pragma once

#include <cstdint>
#include <filesystem>

namespace alcuin::inference {

/// Bytes that this process can still take without pushing others out: what the system calls available, or what its
/// control group leaves it, whichever is less. The largest number where neither says.
std::uint64_t availableMemory();

/// As above, with other places for /proc and /sys/fs/cgroup.
std::uint64_t availableMemory(const std::filesystem::path& proc, const std::filesystem::path& cgroup);

} // namespace alcuin::inference
