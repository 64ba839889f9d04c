#include "backup_files.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <system_error>
#include <utility>

#include <SQLiteCpp/Statement.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "files.h"
#include "guard.h"
#include "migrations.h"
#include "tokenizer.h"

namespace alcuin::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPart = ".part";
constexpr TimeMs kDayMs = TimeMs{24} * 3600 * 1000;
/// Somewhat less than a day, for those who begin a little earlier every morning.
constexpr TimeMs kBetweenBackupsMs = TimeMs{20} * 3600 * 1000;

fs::path folderOf(const fs::path& directory) {
    return directory / "backups";
}

std::tm utc(TimeMs time) {
    return fmt::gmtime(static_cast<std::time_t>(time / 1000));
}

/// The time in a backup's name: alcuin-20261123T031500Z.db, alcuin-20261123T031500Z-v3.db.
std::optional<TimeMs> timeInName(const std::string& name) {
    const auto dash = name.find('-');
    if (dash == std::string::npos || !name.ends_with(".db")) {
        return std::nullopt;
    }
    std::tm parts{};
    char zone = 0;
    if (std::sscanf(name.c_str() + dash + 1, "%4d%2d%2dT%2d%2d%2d%c", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                    &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &zone) != 7 ||
        zone != 'Z') {
        return std::nullopt;
    }
    using namespace std::chrono;
    const year_month_day day(year(parts.tm_year), month(static_cast<unsigned>(parts.tm_mon)),
                             std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
    if (!day.ok()) {
        return std::nullopt;
    }
    const auto time = sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
    return duration_cast<milliseconds>(time.time_since_epoch()).count();
}

/// Copies that versions before this one made beside the database carry no time in their names.
std::optional<TimeMs> timeOfOldCopy(const fs::path& file) {
    if (file.filename().string().find(".db.backup-v") == std::string::npos) {
        return std::nullopt;
    }
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? std::optional(static_cast<TimeMs>(status.st_mtime) * 1000)
                                              : std::nullopt;
}

template <typename TimeOf>
void collect(const fs::path& folder, TimeOf timeOf, std::vector<Backup>& backups) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (const auto time = timeOf(entry->path())) {
            backups.push_back({entry->path(), *time});
        }
    }
}

fs::path markOf(const fs::path& database) {
    return database.string() + ".suspect";
}

} // namespace

BackupCopy::BackupCopy(Connection& source, const std::string& suffix) {
    const auto folder = folderOf(source.path.parent_path());
    if (const auto made = prepareDirectory(folder); !made) {
        throw Failure(made.error().code, made.error().message);
    }
    // There is one copy at a time: others are what a kill left.
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == kPart) {
            fs::remove(entry.path(), ignored);
        }
    }
    file_ = folder / fmt::format("{}-{:%Y%m%dT%H%M%SZ}{}.db{}", source.path.stem().string(), utc(source.sources.now()),
                                 suffix, kPart);
    if (const auto made = preparePrivateFile(file_); !made) {
        throw Failure(made.error().code, made.error().message);
    }
    try {
        target_.emplace(file_.string(), SQLite::OPEN_READWRITE);
        // Whoever finishes the copy brings it to the disk; until then it is no backup.
        target_->exec("PRAGMA journal_mode = OFF");
        target_->exec("PRAGMA synchronous = OFF");
        backup_ = sqlite3_backup_init(target_->getHandle(), "main", source.database.getHandle(), "main");
        if (backup_ == nullptr) {
            throw SQLite::Exception(target_->getHandle());
        }
    } catch (...) {
        fs::remove(file_, ignored);
        throw;
    }
}

BackupCopy::~BackupCopy() {
    sqlite3_backup_finish(backup_);
    target_.reset();
    if (!file_.empty()) {
        std::error_code ignored;
        fs::remove(file_, ignored);
    }
}

bool BackupCopy::copy(int pages) {
    switch (const int code = sqlite3_backup_step(backup_, pages)) {
    case SQLITE_OK:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return true;
    case SQLITE_DONE:
        return false;
    default:
        throw SQLite::Exception(sqlite3_errstr(code), code);
    }
}

double BackupCopy::done() const {
    const int all = sqlite3_backup_pagecount(backup_);
    return all > 0 ? 1.0 - static_cast<double>(sqlite3_backup_remaining(backup_)) / all : 0.0;
}

fs::path BackupCopy::take() {
    sqlite3_backup_finish(std::exchange(backup_, nullptr));
    target_.reset();
    return std::exchange(file_, {});
}

int BackupCopy::systemErrno() const {
    return target_ ? sqlite3_system_errno(target_->getHandle()) : 0;
}

const fs::path& BackupCopy::file() const {
    return file_;
}

fs::path backupNameOf(const fs::path& copy) {
    std::string name = copy.string();
    name.resize(name.size() - kPart.size());
    return name;
}

std::vector<Backup> listBackups(const fs::path& directory) {
    std::vector<Backup> backups;
    collect(
        folderOf(directory), [](const fs::path& file) { return timeInName(file.filename().string()); }, backups);
    collect(directory, timeOfOldCopy, backups);
    std::sort(backups.begin(), backups.end(), [](const Backup& left, const Backup& right) {
        return left.madeAt != right.madeAt ? left.madeAt > right.madeAt : left.file > right.file;
    });
    return backups;
}

bool isBackupDue(const fs::path& directory, TimeMs now) {
    const auto database = directory / "alcuin.db";
    for (const auto& backup : listBackups(directory)) {
        if (backup.madeAt > now + kDayMs) {
            continue; // of a clock that was wrong
        }
        if (now - backup.madeAt < kBetweenBackupsMs) {
            return false;
        }
        std::error_code error;
        const auto made = fs::last_write_time(backup.file, error);
        const auto isOlder = [&made](const fs::path& file) {
            std::error_code missing;
            const auto written = fs::last_write_time(file, missing);
            return missing || written <= made;
        };
        return error || !isOlder(database) || !isOlder(database.string() + "-wal");
    }
    return true;
}

void rotateBackups(const fs::path& directory, TimeMs now) {
    bool isNewest = true;
    for (const auto& backup : listBackups(directory)) {
        const bool hasCome = backup.madeAt <= now + kDayMs;
        if (hasCome && std::exchange(isNewest, false)) {
            continue;
        }
        if (!hasCome || now - backup.madeAt > kBackupsKeptMs) {
            std::error_code ignored; // the next rotation tries again
            fs::remove(backup.file, ignored);
        }
    }
}

Result<void> checkFile(const fs::path& file) {
    constexpr std::string_view kAction = "checking a copy of your conversations";
    return guardedFile(file, kAction, [&]() -> Result<void> {
        SQLite::Database database(fmt::format("file:{}?immutable=1", file.string()),
                                  SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        registerTokenizer(database.getHandle());
        SQLite::Statement check(database, "PRAGMA quick_check(1)");
        const std::string finding = check.executeStep() ? check.getColumn(0).getString() : std::string("no answer");
        if (finding != "ok" || pragmaNumber(database, "PRAGMA application_id") != kApplicationId) {
            return fail(ErrorCode::kCorrupt,
                        fmt::format("{} is damaged ({}).", file.string(),
                                    finding == "ok" ? "it isn't a database of this program" : finding));
        }
        return {};
    });
}

void noteDamage(const fs::path& database) {
    if (database.has_parent_path()) {
        (void)preparePrivateFile(markOf(database)); // where even this can't be written, every start will notice
    }
}

bool isDamageNoted(const fs::path& database) {
    std::error_code error;
    return fs::exists(markOf(database), error);
}

void forgetDamage(const fs::path& database) {
    std::error_code ignored;
    fs::remove(markOf(database), ignored);
}

} // namespace alcuin::storage
