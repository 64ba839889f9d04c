#include "base/control_group.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>

namespace alcuin::inference {

namespace {

bool lists(std::string_view controllers, std::string_view wanted) {
    while (!controllers.empty()) {
        const std::size_t comma = controllers.find(',');
        if (controllers.substr(0, comma) == wanted) {
            return true;
        }
        controllers = comma == std::string_view::npos ? std::string_view{} : controllers.substr(comma + 1);
    }
    return false;
}

/// The process's group in one hierarchy; lines are "id:controllers:/path", version 2 has no controllers.
std::string ownGroup(const std::filesystem::path& proc, std::string_view controller) {
    std::ifstream file(proc / "self" / "cgroup");
    std::string line;
    while (std::getline(file, line)) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
        if (controller.empty() ? controllers.empty() : lists(controllers, controller)) {
            return line.substr(second + 1);
        }
    }
    return "/";
}

std::optional<double> quotaOfGroup2(const std::filesystem::path& group) {
    std::ifstream file(group / "cpu.max");
    double quota = 0;
    double period = 0;
    if (file >> quota >> period && period > 0) { // "max 100000" fails at the first number: no limit
        return quota / period;
    }
    return std::nullopt;
}

std::optional<double> quotaOfGroup1(const std::filesystem::path& group) {
    const auto quota = readNumber(group / "cpu.cfs_quota_us"); // -1 is no number: no limit
    const auto period = readNumber(group / "cpu.cfs_period_us");
    if (!quota || !period || *period == 0) {
        return std::nullopt;
    }
    return static_cast<double>(*quota) / static_cast<double>(*period);
}

void takeSmaller(std::optional<double>& least, std::optional<double> quota) {
    if (quota) {
        least = std::min(least.value_or(*quota), *quota);
    }
}

} // namespace

std::vector<std::filesystem::path> controlGroups(const std::filesystem::path& proc, const std::filesystem::path& cgroup,
                                                 std::string_view controller) {
    const std::filesystem::path root = controller.empty() ? cgroup : cgroup / controller;
    std::filesystem::path relative = std::filesystem::path(ownGroup(proc, controller)).relative_path();
    std::vector<std::filesystem::path> groups;
    std::error_code ignored;
    for (;;) {
        const std::filesystem::path directory = relative.empty() ? root : root / relative;
        if (std::filesystem::is_directory(directory, ignored)) {
            groups.push_back(directory);
        }
        if (relative.empty()) {
            return groups;
        }
        relative = relative.parent_path();
    }
}

std::optional<std::uint64_t> readNumber(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string word;
    if (!(stream >> word) || word.size() > 19 ||
        !std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    return std::stoull(word);
}

std::optional<double> processorQuota(const std::filesystem::path& proc, const std::filesystem::path& cgroup) {
    std::optional<double> least;
    for (const auto& group : controlGroups(proc, cgroup, "")) {
        takeSmaller(least, quotaOfGroup2(group));
    }
    for (const auto& group : controlGroups(proc, cgroup, "cpu")) {
        takeSmaller(least, quotaOfGroup1(group));
    }
    return least;
}

} // namespace alcuin::inference
