#include "undoable_rows.h"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "guard.h"
#include "row_mapping.h"

namespace alcuin::storage {

void requireName(std::string_view name) {
    if (name.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        throw Failure(ErrorCode::kInvalidArgument, "A name is needed.");
    }
}

void requireRow(int changed, std::string_view what) {
    if (changed == 0) {
        throw Failure(ErrorCode::kNotFound, fmt::format("This {} isn't there any more; choose another one.", what));
    }
}

void setDeleted(Connection& connection, std::string_view table, const Id& id, bool deleted, std::string_view what) {
    SQLite::Statement update(
        connection.database,
        fmt::format("UPDATE {} SET deleted_at = CASE WHEN ?2 THEN coalesce(deleted_at, ?3) END WHERE id = ?1", table));
    bindText(update, 1, id);
    update.bind(2, deleted ? 1 : 0);
    update.bind(3, connection.sources.now());
    requireRow(update.exec(), what);
}

} // namespace alcuin::storage
