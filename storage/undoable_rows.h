#pragma once

#include <string_view>

#include <alcuin/storage/records.h>

#include "connection.h"

namespace alcuin::storage {

/// What folders, personas and snippets have in common: rows with a name that are hidden before they are purged. These
/// run in their caller's transaction and throw SQLite::Exception or Failure.

/// Failure(kInvalidArgument) for a name of nothing but blanks.
void requireName(std::string_view name);
/// Failure(kNotFound) unless a row changed.
void requireRow(int changed, std::string_view what);
/// Sets or takes away `deleted_at`.
void setDeleted(Connection& connection, std::string_view table, const Id& id, bool deleted, std::string_view what);

} // namespace alcuin::storage
