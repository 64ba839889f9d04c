#include <exception>
#include <utility>

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "backup_files.h"
#include "connection.h"
#include "files.h"
#include "guard.h"
#include "migrations.h"
#include <alcuin/storage/database.h>

namespace alcuin::storage {

namespace {

/// While off, closing leaves the files byte for byte as they were found.
void setCheckpointOnClose(Connection& connection, bool on) {
    sqlite3_db_config(connection.database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

void setUp(Connection& connection) {
    auto& database = connection.database;
    SQLite::Statement journal(database, "PRAGMA journal_mode = WAL");
    const std::string mode = journal.executeStep() ? journal.getColumn(0).getString() : std::string();
    if (mode != "wal") {
        throw Failure(ErrorCode::kCannotOpen,
                      fmt::format("{} stands on a file system that can't share memory between programs, which a "
                                  "database needs here. Choose a folder on a local disk with --data-dir.",
                                  connection.path.string()));
    }
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("PRAGMA secure_delete = ON");
    database.exec("PRAGMA temp_store = MEMORY"); // nothing that is sorted goes through files elsewhere
}

/// Where damage was noticed, everything is read before anything is written.
Result<void> lookClosely(Connection& connection, const OpeningProgress& progress) {
    if (!isDamageNoted(connection.path)) {
        return {};
    }
    if (progress) {
        progress({Opening::Work::kChecking, std::nullopt});
    }
    return guarded(connection, "checking the database", [&] {
        SQLite::Statement check(connection.database, "PRAGMA integrity_check(1)");
        const std::string finding = check.executeStep() ? check.getColumn(0).getString() : std::string("no answer");
        if (finding != "ok") {
            throw Failure(ErrorCode::kCorrupt, fmt::format("{} is damaged ({}). The file was left as it is.",
                                                           connection.path.string(), finding));
        }
        forgetDamage(connection.path);
    });
}

/// What a purge left in the log before a crash goes now. A full disk or a reader from outside may forbid it; the next
/// checkpoint makes up for that.
void dropLeftoverLog(Connection& connection) {
    (void)guarded(connection, "tidying the log", [&] { (void)truncateLog(connection.database); });
}

Result<std::unique_ptr<Connection>> connect(const std::filesystem::path& file, Sources sources) {
    constexpr std::string_view kAction = "opening the database";
    return guardedFile(file, kAction, [&]() -> Result<std::unique_ptr<Connection>> {
        return std::make_unique<Connection>(file, std::move(sources));
    });
}

Result<std::unique_ptr<Connection>> openConnection(const std::filesystem::path& directory, Sources sources,
                                                   const OpeningProgress& progress) {
    if (auto made = prepareDirectory(directory); !made) {
        return tl::unexpected<Error>(made.error());
    }
    const auto file = directory / "alcuin.db";
    if (auto made = preparePrivateFile(file); !made) {
        return tl::unexpected<Error>(made.error());
    }
    auto connection = connect(file, std::move(sources));
    if (!connection) {
        return connection;
    }
    setCheckpointOnClose(**connection, false);
    if (auto ours = checkOrigin(**connection, allMigrations()); !ours) {
        return tl::unexpected<Error>(ours.error());
    }
    if (auto ready = guarded(**connection, "opening the database", [&] { setUp(**connection); }); !ready) {
        return tl::unexpected<Error>(ready.error());
    }
    if (auto whole = lookClosely(**connection, progress); !whole) {
        return tl::unexpected<Error>(whole.error());
    }
    if (auto current = migrate(**connection, allMigrations(), progress); !current) {
        return tl::unexpected<Error>(current.error());
    }
    setCheckpointOnClose(**connection, true);
    dropLeftoverLog(**connection);
    return connection;
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& directory, Sources sources,
                                                 const OpeningProgress& progress) {
    try {
        auto connection = openConnection(directory, std::move(sources), progress);
        if (!connection) {
            return tl::unexpected<Error>(std::move(connection).error());
        }
        return std::unique_ptr<Database>(new Database(std::move(*connection)));
    } catch (const std::bad_alloc&) {
        return tl::unexpected<Error>(outOfMemory("opening the database"));
    } catch (const std::exception& exception) {
        return tl::unexpected<Error>(unexpected("opening the database", exception));
    }
}

Result<std::unique_ptr<Database>> Database::openInMemory(Sources sources) {
    constexpr std::string_view kAction = "making room for a temporary chat";
    return guardedFile(":memory:", kAction, [&]() -> Result<std::unique_ptr<Database>> {
        auto connection = std::make_unique<Connection>(std::move(sources));
        // Large sorts and statements that are rolled back would otherwise make files of their own.
        connection->database.exec("PRAGMA temp_store = MEMORY");
        connection->database.exec("PRAGMA journal_mode = MEMORY");
        connection->database.exec("PRAGMA foreign_keys = ON");
        if (auto current = migrate(*connection, allMigrations()); !current) {
            return tl::unexpected<Error>(current.error());
        }
        return std::unique_ptr<Database>(new Database(std::move(connection)));
    });
}

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

Database::~Database() = default;

Result<int> Database::schemaVersion() {
    return guarded(*connection_, "reading the database",
                   [&] { return static_cast<int>(pragmaNumber(connection_->database, "PRAGMA user_version")); });
}

Result<void> Database::checkIntegrity() {
    return guarded(*connection_, "checking the database", [&] {
        SQLite::Statement check(connection_->database, "PRAGMA integrity_check(1)");
        const std::string finding = check.executeStep() ? check.getColumn(0).getString() : std::string("no answer");
        SQLite::Statement keys(connection_->database, "PRAGMA foreign_key_check");
        if (finding != "ok" || keys.executeStep()) {
            throw Failure(ErrorCode::kCorrupt,
                          fmt::format("{} is damaged ({}). The file was left as it is. Put a backup in its place.",
                                      connection_->path.string(),
                                      finding == "ok" ? "rows point to rows that aren't there" : finding));
        }
    });
}

const std::filesystem::path& Database::path() const {
    return connection_->path;
}

} // namespace alcuin::storage
