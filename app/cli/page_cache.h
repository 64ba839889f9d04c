#pragma once

#include <cstdint>
#include <filesystem>

#include "cli/outcome.h"

namespace alcuin::cli {

/// What became of a directory's files.
struct Evicted {
    std::uint64_t bytes = 0;
    double resident = 0; ///< part of them that is still in memory: all of it where files live there only
};

/// Writes the files below a directory to disk and asks the system to forget their contents.
Outcome<Evicted> evictFromPageCache(const std::filesystem::path& directory);

} // namespace alcuin::cli
