#pragma once

#include <alcuin/storage/records.h>

#include "connection.h"

namespace alcuin::storage {

/// Inserts a whole conversation whose ids are free. Its folder and persona become those that are there by id or by
/// name, or new ones. Runs in its caller's transaction and throws SQLite::Exception.
void insertTree(Connection& connection, const ConversationTree& tree);

/// As UUIDs are written here.
bool isUuid(const Id& id);
/// The id itself, if it is a UUID that no message has; otherwise a new one.
Id freeMessageId(Connection& connection, const Id& wanted);

} // namespace alcuin::storage
