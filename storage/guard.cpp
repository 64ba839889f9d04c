#include "guard.h"

#include <cerrno>

#include <fmt/format.h>
#include <sqlite3.h>

#include "backup_files.h"

namespace alcuin::storage {

namespace {

Error diskFull(std::string_view action, const std::filesystem::path& path) {
    return {ErrorCode::kDiskFull,
            fmt::format("The disk that holds {} is full, so {} failed. Nothing stored earlier is lost. Free some "
                        "space and try again.",
                        path.string(), action)};
}

bool isDiskFull(int systemErrno) {
    return systemErrno == ENOSPC || systemErrno == EDQUOT || systemErrno == EFBIG;
}

} // namespace

int systemErrno(Connection& connection) {
    const int left = errno; // SQLite notes it for a failed open, not for every failed write (3.40)
    const int noted = sqlite3_system_errno(connection.database.getHandle());
    return noted != 0 ? noted : left;
}

Error toError(const SQLite::Exception& exception, std::string_view action, const std::filesystem::path& path,
              int systemErrno) {
    const int code = exception.getErrorCode() & 0xFF;
    const char* reason = exception.what();
    switch (code) {
    case SQLITE_FULL:
        return diskFull(action, path);
    case SQLITE_IOERR:
        if (isDiskFull(systemErrno)) {
            return diskFull(action, path);
        }
        return {ErrorCode::kCannotOpen,
                fmt::format("{} couldn't be read or written while {} ({}). Check that its disk is connected and in "
                            "order, then start the program again.",
                            path.string(), action, reason)};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return {ErrorCode::kCorrupt,
                fmt::format("{} is damaged or isn't a database of this program ({}), so {} failed. The file was left "
                            "as it is. Start Alcuin again to go back to a backup, if there is one, or move the file "
                            "to another folder to begin afresh.",
                            path.string(), reason, action)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return {ErrorCode::kLocked,
                fmt::format("Another program is using {}, so {} failed. Close that program and try again.",
                            path.string(), action)};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        if (isDiskFull(systemErrno)) {
            return diskFull(action, path);
        }
        return {ErrorCode::kCannotOpen,
                fmt::format("{} can't be written ({}), so {} failed. Check that you may write to the file and its "
                            "folder, or choose another folder with --data-dir.",
                            path.string(), reason, action)};
    case SQLITE_INTERRUPT:
        return {ErrorCode::kInterrupted, fmt::format("The program ended {} before it was done.", action)};
    case SQLITE_NOMEM:
        return outOfMemory(action);
    case SQLITE_TOOBIG:
        return {ErrorCode::kInvalidArgument,
                fmt::format("A text or attachment is too large for {}, so {} failed. The limit is 1 GB each.",
                            path.string(), action)};
    default:
        return {ErrorCode::kInternal,
                fmt::format("{} failed on {} ({}). This is a mistake of the program; please report it.", action,
                            path.string(), reason)};
    }
}

Error noted(const Connection& connection, Error error) {
    if (error.code == ErrorCode::kCorrupt) {
        noteDamage(connection.path);
    }
    return error;
}

Error outOfMemory(std::string_view action) {
    return {ErrorCode::kInternal,
            fmt::format("There wasn't enough memory left, so {} failed. Close other programs and try again.", action)};
}

Error unexpected(std::string_view action, const std::exception& exception) {
    return {ErrorCode::kInternal,
            fmt::format("The program made a mistake, so {} failed ({}). Please report it.", action, exception.what())};
}

} // namespace alcuin::storage
