#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Copies of the database in `<directory>/backups`, each a whole database (0600): one a day and one before every
/// migration, each kept for a week. What is deleted stays in them for that long.
struct Backup {
    std::filesystem::path file;
    TimeMs madeAt = 0;
};

inline constexpr TimeMs kBackupsKeptMs = TimeMs{7} * 24 * 3600 * 1000;

/// Newest first. Whether they are in order isn't looked at.
std::vector<Backup> listBackups(const std::filesystem::path& directory);

/// Whether a day has gone by since the newest one, and the database has been written since.
bool isBackupDue(const std::filesystem::path& directory, TimeMs now);

/// Makes one backup at a time on the database's thread, in steps of some ten milliseconds between which everything can
/// be read and written; what is written meanwhile is in it. Threads: the database's.
class BackupStore {
public:
    explicit BackupStore(Database& database);

    struct Step {
        bool more = true;
        std::filesystem::path copy; ///< when nothing is left to do: the whole copy, for finishBackup
    };
    /// Begins a copy, or goes on with it. After an error nothing of it is left. Closing the database ends it, too.
    /// Errors: kDiskFull, kCannotOpen, kCorrupt.
    Result<Step> step();

private:
    Connection* connection_;
};

/// Reads the copy from end to end, gives it its name, and only then removes those that are older than a week; takes
/// time in proportion. Threads: any.
/// Errors: kCorrupt: the copy is damaged, and so is the database. It is removed, all others stay, and the next
/// Database::open looks at the database closely. kDiskFull, kCannotOpen.
Result<Backup> finishBackup(const std::filesystem::path& copy, TimeMs now);

/// The newest one that is in order from end to end. Takes time in proportion. Errors: kNotFound.
Result<Backup> newestGoodBackup(const std::filesystem::path& directory);

/// Puts a backup in the place of the database, which nobody has open; the backup stays, too. The database before, with
/// its log, gets another name beside it, which is returned: nothing is ever deleted. A kill leaves one or the other.
/// Errors: kDiskFull, kCannotOpen.
Result<std::filesystem::path> restoreBackup(const std::filesystem::path& directory, const Backup& backup, TimeMs now);

} // namespace alcuin::storage
