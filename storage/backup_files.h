#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <SQLiteCpp/Database.h>

#include <alcuin/storage/backups.h>

struct sqlite3_backup;

namespace alcuin::storage {

/// A copy that is being made. Its file goes with it unless take() was called.
class BackupCopy {
public:
    /// `suffix` stands at the end of the name that the backup will have ("-v3"). Throws Failure and SQLite::Exception.
    BackupCopy(Connection& source, const std::string& suffix);
    ~BackupCopy();
    BackupCopy(const BackupCopy&) = delete;
    BackupCopy& operator=(const BackupCopy&) = delete;

    /// Copies some pages (-1: all). False: all are copied. Throws SQLite::Exception.
    bool copy(int pages);
    /// How much of all pages is copied, from 0 to 1.
    double done() const;
    /// The finished file, which is the caller's from here on.
    std::filesystem::path take();
    /// What the operating system said last about the copy's file.
    int systemErrno() const;
    const std::filesystem::path& file() const;

private:
    std::filesystem::path file_;
    std::optional<SQLite::Database> target_;
    sqlite3_backup* backup_ = nullptr;
};

/// The name of a copy once it is a backup: copies carry it with ".part" behind.
std::filesystem::path backupNameOf(const std::filesystem::path& copy);

/// Removes what is older than a week, or of a day that hasn't come, but never the newest.
void rotateBackups(const std::filesystem::path& directory, TimeMs now);

/// Reads a database file that nobody writes from end to end. Errors: kCorrupt, kCannotOpen.
Result<void> checkFile(const std::filesystem::path& file);

/// Something in the database was found damaged: the next Database::open looks at it closely.
void noteDamage(const std::filesystem::path& database);
bool isDamageNoted(const std::filesystem::path& database);
void forgetDamage(const std::filesystem::path& database);

} // namespace alcuin::storage
