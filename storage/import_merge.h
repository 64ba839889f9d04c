#pragma once

#include <cstddef>

#include <alcuin/storage/records.h>

#include "connection.h"

namespace alcuin::storage {

/// Adds to a conversation the messages of a later state of itself that it hasn't: a message is there if one of the same
/// role and words stands in the same place, or one of the same id in the conversation. Others come as children of what
/// they follow, after the ones that are there; nothing else changes, but that the branch shown goes on to where it went
/// on there, unless it went on here. Returns how many came. In its caller's transaction; throws SQLite::Exception.
std::size_t mergeTree(Connection& connection, const Id& conversation, const ConversationTree& tree);

} // namespace alcuin::storage
