#pragma once

#include <cstddef>
#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Questions that wait for their turn; ConversationStore::appendQueued sends one. Each function is one transaction.
/// Threads: the database's.
/// Errors of all: kNotFound, kInvalidArgument (no parts), kDiskFull, kCorrupt, kLocked.
class QueueStore {
public:
    explicit QueueStore(Database& database);

    /// In the order in which they will be sent.
    Result<std::vector<QueuedQuestion>> list(const Id& conversation);
    /// Behind those that wait already.
    Result<QueuedQuestion> append(const Id& conversation, std::vector<Part> parts);
    Result<void> update(const Id& queued, const std::vector<Part>& parts);
    /// To that place among the conversation's, counted from 0.
    Result<void> move(const Id& queued, std::size_t place);
    Result<void> remove(const Id& queued);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
