#include <alcuin/storage/backups.h>

#include <chrono>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "backup_files.h"
#include "files.h"
#include "guard.h"

namespace alcuin::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kAction = "making a backup";
/// What one step copies at most, and pages (of 4 KB) between two looks at the clock.
constexpr std::chrono::milliseconds kStep{8};
constexpr int kPagesASlice = 32;

/// Another name for what has `from`, which keeps it where the file system can do that.
bool nameToo(const fs::path& from, const fs::path& to) {
    return ::link(from.c_str(), to.c_str()) == 0 || ::rename(from.c_str(), to.c_str()) == 0;
}

} // namespace

BackupStore::BackupStore(Database& database) : connection_(database.connection_.get()) {}

Result<BackupStore::Step> BackupStore::step() {
    auto& copy = connection_->backup;
    const auto stop = [&copy](Error error) {
        copy.reset();
        return tl::unexpected<Error>(std::move(error));
    };
    try {
        if (!copy) {
            copy = std::make_unique<BackupCopy>(*connection_, "");
        }
        const auto begin = std::chrono::steady_clock::now();
        bool more = true;
        while (more && std::chrono::steady_clock::now() - begin < kStep) {
            more = copy->copy(kPagesASlice);
        }
        Step step{more, more ? fs::path() : copy->take()};
        if (!more) {
            copy.reset();
        }
        return step;
    } catch (const Failure& failure) {
        return stop(failure.error());
    } catch (const SQLite::Exception& exception) {
        const auto file = copy ? copy->file() : connection_->path;
        return stop(toError(exception, kAction, file, copy ? copy->systemErrno() : 0));
    } catch (const std::bad_alloc&) {
        return stop(outOfMemory(kAction));
    } catch (const std::exception& exception) {
        return stop(unexpected(kAction, exception));
    }
}

Result<Backup> finishBackup(const fs::path& copy, TimeMs now) {
    const auto directory = copy.parent_path().parent_path();
    const auto backup = backupNameOf(copy);
    auto checked = checkFile(copy);
    auto published = checked ? publishFile(copy, backup) : checked;
    if (!published) {
        std::error_code ignored;
        fs::remove(copy, ignored);
        if (!checked && checked.error().code == ErrorCode::kCorrupt) {
            noteDamage(directory / "alcuin.db");
        }
        return tl::unexpected<Error>(std::move(published).error());
    }
    rotateBackups(directory, now);
    for (const auto& one : listBackups(directory)) {
        if (one.file == backup) {
            return one;
        }
    }
    return Backup{backup, now};
}

Result<Backup> newestGoodBackup(const fs::path& directory) {
    for (const auto& backup : listBackups(directory)) {
        if (checkFile(backup.file)) {
            return backup;
        }
    }
    return fail(ErrorCode::kNotFound, fmt::format("There is no backup in {} that is in order.", directory.string()));
}

Result<fs::path> restoreBackup(const fs::path& directory, const Backup& backup, TimeMs now) {
    const auto database = directory / "alcuin.db";
    const fs::path part = database.string() + ".part";
    const fs::path aside = fmt::format("{}.damaged-{}", database.string(), now);
    std::error_code error;
    fs::remove(part, error);
    if (auto made = preparePrivateFile(part); !made) {
        return tl::unexpected<Error>(std::move(made).error());
    }
    if (!fs::copy_file(backup.file, part, fs::copy_options::overwrite_existing, error)) {
        const bool full = error == std::errc::no_space_on_device;
        fs::remove(part, error);
        return fail(full ? ErrorCode::kDiskFull : ErrorCode::kCannotOpen,
                    fmt::format("{} couldn't be copied into its place{}. Nothing was changed.", backup.file.string(),
                                full ? ", as the disk is full: free some space and try again" : ""));
    }
    // The log goes first: it belongs to the file that goes, and would be read into any other.
    if (fs::exists(database, error) && !nameToo(database, aside)) {
        return fail(ErrorCode::kCannotOpen,
                    fmt::format("{} couldn't get another name. Nothing was changed.", database.string()));
    }
    fs::rename(database.string() + "-wal", aside.string() + "-wal", error);
    fs::remove(database.string() + "-shm", error);
    if (fs::exists(database.string() + "-wal", error)) {
        return fail(ErrorCode::kCannotOpen,
                    fmt::format("{}-wal couldn't get another name. Check that you may write in its folder.",
                                database.string()));
    }
    if (auto published = publishFile(part, database); !published) {
        return tl::unexpected<Error>(std::move(published).error());
    }
    forgetDamage(database);
    return aside;
}

} // namespace alcuin::storage
