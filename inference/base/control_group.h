#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace alcuin::inference {

/// Directories of the control groups this process is in, from its own up to the root. `controller` empty: version 2;
/// otherwise the version 1 hierarchy of that controller ("cpu", "memory"). Missing ones are left out.
std::vector<std::filesystem::path> controlGroups(const std::filesystem::path& proc, const std::filesystem::path& cgroup,
                                                 std::string_view controller);

/// The one number a file holds; nothing if it isn't there or says something else ("max").
std::optional<std::uint64_t> readNumber(const std::filesystem::path& file);

/// Processors' worth of time that the control groups grant: 1.5 is one and a half; nothing if they set no limit.
std::optional<double> processorQuota(const std::filesystem::path& proc, const std::filesystem::path& cgroup);

} // namespace alcuin::inference
