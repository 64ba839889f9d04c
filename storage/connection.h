#pragma once

#include <filesystem>
#include <memory>

#include <SQLiteCpp/Database.h>

#include <alcuin/storage/database.h>

namespace alcuin::storage {

class BackupCopy;

/// The one connection, and what its stores need beside it.
struct Connection {
    enum class Kind { kWriter, kReader };
    Connection(const std::filesystem::path& file, Sources clockAndIds, Kind kind = Kind::kWriter);
    /// In memory.
    explicit Connection(Sources clockAndIds);
    ~Connection();

    SQLite::Database database;
    std::filesystem::path path;
    Sources sources;
    std::unique_ptr<BackupCopy> backup; ///< the one that is being made
};

/// Runs a pragma and gives its first value as a number. Throws SQLite::Exception.
std::int64_t pragmaNumber(SQLite::Database& database, const char* pragma);

/// Brings the log's content into the database and cuts the log to nothing, so that no deleted text is left in it.
/// Returns false, soon, when somebody is reading. Throws SQLite::Exception.
bool truncateLog(SQLite::Database& database);

} // namespace alcuin::storage
