#include "connection.h"

#include <utility>

#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include "backup_files.h"
#include "tokenizer.h"

namespace alcuin::storage {

namespace {
/// Long enough for a backup program that takes a short look, short enough not to seem dead.
constexpr int kBusyTimeoutMs = 2000;
/// A search of our own may be over soon; whoever else reads is waited for elsewhere, as nothing can be stored
/// meanwhile.
constexpr int kPatienceForReadersMs = 20;
} // namespace

Connection::Connection(const std::filesystem::path& file, Sources clockAndIds, Kind kind)
    : database(file.string(), kind == Kind::kReader ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE, kBusyTimeoutMs)
    , path(file)
    , sources(std::move(clockAndIds)) {
    sqlite3_extended_result_codes(database.getHandle(), 1);
    registerTokenizer(database.getHandle());
}

Connection::Connection(Sources clockAndIds)
    : database(":memory:", SQLite::OPEN_READWRITE), path(":memory:"), sources(std::move(clockAndIds)) {
    sqlite3_extended_result_codes(database.getHandle(), 1);
    registerTokenizer(database.getHandle());
}

Connection::~Connection() = default;

std::int64_t pragmaNumber(SQLite::Database& database, const char* pragma) {
    SQLite::Statement statement(database, pragma);
    return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

bool truncateLog(SQLite::Database& database) {
    sqlite3* handle = database.getHandle();
    sqlite3_busy_timeout(handle, kPatienceForReadersMs);
    const bool cut = pragmaNumber(database, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);
    return cut;
}

} // namespace alcuin::storage
