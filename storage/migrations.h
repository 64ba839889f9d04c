#pragma once

#include <span>
#include <string_view>

#include "connection.h"

namespace alcuin::storage {

/// One step of the schema: `version` is the one it leads to.
struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};

/// Those of schema/, in order; embedded when the program is built.
std::span<const Migration> allMigrations();

/// Marks a file as ours, in SQLite's application_id: "Alcn".
inline constexpr int kApplicationId = 0x416C636E;

/// Refuses files that aren't ours to write, without having written to them.
/// Errors: kNewerVersion; kCannotOpen for another program's database; kCorrupt.
Result<void> checkOrigin(Connection& connection, std::span<const Migration> migrations);

/// Runs the steps that are missing, each in a transaction of its own. A database that has content is copied
/// first (backups.h), which `progress` is told. After an error the database stands at the last step that succeeded.
/// Errors: kDiskFull, kCannotOpen, kCorrupt, kLocked, kInternal.
Result<void> migrate(Connection& connection, std::span<const Migration> migrations,
                     const OpeningProgress& progress = {});

} // namespace alcuin::storage
