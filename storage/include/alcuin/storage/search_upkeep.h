#pragma once

#include <cstdint>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>

namespace alcuin::storage {

/// What the index of words needs done in the background, in steps of some ten milliseconds each, every one a
/// transaction: taking in messages that were there before there was an index (the newest first), rewriting the index
/// after a deletion, until no deleted word stands in the file, and cutting the log that may hold them. What is left
/// undone is gone on with after a restart. Threads: the database's.
/// Errors of all: kDiskFull, kCorrupt, kLocked (somebody reads; try again later).
class SearchUpkeep {
public:
    explicit SearchUpkeep(Database& database);

    /// Whether there is something to do, and of how many messages that aren't in the index yet.
    struct Pending {
        bool any = false;
        std::int64_t messages = 0; ///< at most so many; 0: all are in the index
    };
    Result<Pending> pending();
    /// Does one step. False: nothing is left to do.
    Result<bool> step();

private:
    Result<bool> trim();

    Connection* connection_;
};

} // namespace alcuin::storage
