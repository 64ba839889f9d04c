#pragma once

#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Summaries that stand for earlier turns. Each function is one transaction. Threads: the database's.
/// Errors of all: kNotFound, kInvalidArgument, kDiskFull, kCorrupt, kLocked.
class CompactionStore {
public:
    explicit CompactionStore(Database& database);

    /// Of all branches, oldest first.
    Result<std::vector<Compaction>> list(const Id& conversation);
    /// Id and time are given here. kInvalidArgument: lastMessage stands in another conversation, or no summary.
    Result<Compaction> append(Compaction compaction);
    /// Whether requests use it. Nothing is deleted either way.
    Result<void> setActive(const Id& compaction, bool active);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
