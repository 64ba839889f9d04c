#pragma once

#include <filesystem>

#include <alcuin/storage/error.h>

namespace alcuin::storage {

/// Makes the directory and those above it, where they are missing, for the user alone (0700), and sees whether it can
/// be written. Errors: kCannotOpen, kDiskFull.
Result<void> prepareDirectory(const std::filesystem::path& directory);

/// Makes an empty file for the user alone (0600) if there is none, and takes the rights of others from one that is
/// there and from SQLite's files beside it. The entry is on the disk when this returns.
/// Errors: kCannotOpen, kDiskFull.
Result<void> preparePrivateFile(const std::filesystem::path& file);

/// Gives a finished file its name, replacing what had it; on the disk when this returns. Errors: kCannotOpen,
/// kDiskFull.
Result<void> publishFile(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace alcuin::storage
