#include "base/available_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "base/control_group.h"

namespace alcuin::inference {

namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

std::uint64_t systemAvailable(const std::filesystem::path& proc) {
    std::ifstream file(proc / "meminfo");
    std::string key;
    std::uint64_t kibibytes = 0;
    std::string unit;
    while (file >> key >> kibibytes) {
        if (key == "MemAvailable:") {
            return kibibytes * 1024;
        }
        std::getline(file, unit);
    }
    return kUnlimited;
}

/// What one group's limit leaves. Its page cache counts as used but can be taken back, so it is added again.
std::uint64_t groupAvailable(const std::filesystem::path& group, const char* limitFile, const char* usedFile,
                             const char* cacheKey) {
    const auto limit = readNumber(group / limitFile);
    const auto used = readNumber(group / usedFile);
    if (!limit || !used) {
        return kUnlimited;
    }
    std::uint64_t cache = 0;
    std::ifstream statistics(group / "memory.stat");
    std::string key;
    std::uint64_t value = 0;
    while (statistics >> key >> value) {
        if (key == cacheKey) {
            cache = value;
        }
    }
    const std::uint64_t held = *used - std::min(*used, cache);
    return *limit - std::min(*limit, held);
}

} // namespace

std::uint64_t availableMemory() {
    return availableMemory("/proc", "/sys/fs/cgroup");
}

std::uint64_t availableMemory(const std::filesystem::path& proc, const std::filesystem::path& cgroup) {
    std::uint64_t available = systemAvailable(proc);
    for (const auto& group : controlGroups(proc, cgroup, "")) {
        available = std::min(available, groupAvailable(group, "memory.max", "memory.current", "inactive_file"));
    }
    for (const auto& group : controlGroups(proc, cgroup, "memory")) {
        available = std::min(
            available, groupAvailable(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));
    }
    return available;
}

} // namespace alcuin::inference
