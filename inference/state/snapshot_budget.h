#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <alcuin/inference/error.h>

#include "base/private_directory.h"

namespace alcuin::inference::snapshot {

/// Whether the file of a directory is one of snapshots: 32 hexadecimal digits, "-", 32 more, ".state". Others are
/// neither counted nor removed.
bool isSnapshotName(const std::string& name);

/// Room for one file that grows: makes it by removing the others, those first that were used longest ago.
/// Threads: one at a time.
class Budget {
public:
    struct Limits {
        std::uint64_t maxBytes = 0; ///< of all files
        std::uint64_t keptFree = 0; ///< of the disk
        std::function<std::uint64_t()> freeBytes;
    };
    /// `growing`: the file that isn't removed, and has so many bytes; empty: none.
    static Result<Budget> of(PrivateDirectory& directory, Limits limits, const std::string& growing,
                             std::uint64_t bytes);

    /// Room for so many bytes more, 0 to come back to the limits. False: there is none.
    bool grow(std::uint64_t bytes);

private:
    Budget(PrivateDirectory& directory, Limits limits, std::uint64_t bytes);
    bool removeOldest();

    PrivateDirectory* directory_;
    Limits limits_;
    std::uint64_t total_ = 0;
    std::vector<PrivateDirectory::Entry> others_; ///< the oldest is the last
};

} // namespace alcuin::inference::snapshot
