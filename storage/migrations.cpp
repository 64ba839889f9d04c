#include "migrations.h"

#include <string>

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "backup_files.h"
#include "files.h"
#include "guard.h"

namespace alcuin::storage {

namespace {

int versionOf(Connection& connection) {
    return static_cast<int>(pragmaNumber(connection.database, "PRAGMA user_version"));
}

/// A copy beside those of every day.
void backUp(Connection& connection, int version, const OpeningProgress& progress) {
    constexpr int kPagesASlice = 2048; // 8 MB
    BackupCopy copy(connection, fmt::format("-v{}", version));
    while (copy.copy(kPagesASlice)) {
        progress({Opening::Work::kCopying, copy.done()});
    }
    const auto part = copy.take();
    progress({Opening::Work::kCopying, std::nullopt}); // until the disk has it
    if (const auto published = publishFile(part, backupNameOf(part)); !published) {
        throw Failure(published.error().code, published.error().message);
    }
}

void apply(Connection& connection, const Migration& migration) {
    SQLite::Transaction transaction(connection.database, SQLite::TransactionBehavior::IMMEDIATE);
    connection.database.exec(std::string(migration.sql));
    connection.database.exec(fmt::format("PRAGMA user_version = {}", migration.version));
    connection.database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    transaction.commit();
}

} // namespace

Result<void> checkOrigin(Connection& connection, std::span<const Migration> migrations) {
    return guarded(connection, "opening the database", [&] {
        const int version = versionOf(connection);
        const auto origin = pragmaNumber(connection.database, "PRAGMA application_id");
        const auto objects = pragmaNumber(connection.database, "SELECT count(*) FROM sqlite_schema");
        const bool isFresh = version == 0 && objects == 0;
        if (!isFresh && origin != kApplicationId) {
            throw Failure(ErrorCode::kCannotOpen,
                          fmt::format("{} is a database of another program. It was left as it is. Move it to another "
                                      "folder, or choose another folder with --data-dir.",
                                      connection.path.string()));
        }
        const int newest = migrations.empty() ? 0 : migrations.back().version;
        if (version > newest) {
            throw Failure(ErrorCode::kNewerVersion,
                          fmt::format("{} was written by a newer version of Alcuin (its format is {}, this version "
                                      "knows formats up to {}). It was left as it is. Install the newer version to "
                                      "open it, or choose another folder with --data-dir.",
                                      connection.path.string(), version, newest));
        }
    });
}

Result<void> migrate(Connection& connection, std::span<const Migration> migrations, const OpeningProgress& progress) {
    const OpeningProgress tell = progress ? progress : [](const Opening&) {};
    return guarded(connection, "bringing the database to this version's format", [&] {
        const int from = versionOf(connection);
        if (migrations.empty() || from >= migrations.back().version) {
            return;
        }
        if (from > 0) {
            backUp(connection, from, tell);
            tell({Opening::Work::kChanging, std::nullopt});
        }
        for (const auto& migration : migrations) {
            if (migration.version > from) {
                apply(connection, migration);
            }
        }
    });
}

} // namespace alcuin::storage
