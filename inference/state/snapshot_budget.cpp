#include "state/snapshot_budget.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace alcuin::inference::snapshot {

bool isSnapshotName(const std::string& name) {
    constexpr std::string_view kPattern = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh.state";
    const auto matches = [](char c, char wanted) {
        return wanted == 'h' ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') : c == wanted;
    };
    return std::equal(name.begin(), name.end(), kPattern.begin(), kPattern.end(), matches);
}

Budget::Budget(PrivateDirectory& directory, Limits limits, std::uint64_t bytes)
    : directory_(&directory), limits_(std::move(limits)), total_(bytes) {}

Result<Budget> Budget::of(PrivateDirectory& directory, Limits limits, const std::string& growing, std::uint64_t bytes) {
    auto entries = directory.entries();
    if (!entries) {
        return tl::unexpected(std::move(entries).error());
    }
    Budget budget(directory, std::move(limits), bytes);
    for (PrivateDirectory::Entry& entry : *entries) {
        if (isSnapshotName(entry.name) && entry.name != growing) {
            budget.total_ += entry.bytes;
            budget.others_.push_back(std::move(entry));
        }
    }
    std::ranges::sort(budget.others_, std::ranges::greater{}, &PrivateDirectory::Entry::lastUsedNs);
    return budget;
}

bool Budget::grow(std::uint64_t bytes) {
    const auto fits = [&] {
        const std::uint64_t free = limits_.freeBytes();
        return total_ <= limits_.maxBytes && bytes <= limits_.maxBytes - total_ && free >= limits_.keptFree &&
               bytes <= free - limits_.keptFree;
    };
    while (!fits()) {
        if (!removeOldest()) {
            return false;
        }
    }
    total_ += bytes;
    return true;
}

bool Budget::removeOldest() {
    while (!others_.empty()) {
        const PrivateDirectory::Entry oldest = std::move(others_.back());
        others_.pop_back();
        if (directory_->remove(oldest.name)) {
            total_ -= oldest.bytes;
            return true;
        }
    }
    return false;
}

} // namespace alcuin::inference::snapshot
