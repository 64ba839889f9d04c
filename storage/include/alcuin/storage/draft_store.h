#pragma once

#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Files beside questions that aren't sent yet; their words are ConversationStore's. An empty id stands for the
/// conversation that isn't begun yet. Storing a question, as a turn or as one that waits, takes them away with the
/// words. Each function is one transaction. Threads: the database's. Errors of all: kNotFound, kInvalidArgument (a part
/// that is no attachment), kDiskFull, kCorrupt, kLocked.
class DraftStore {
public:
    explicit DraftStore(Database& database);

    /// In their order.
    Result<std::vector<Part>> files(const Id& conversation);
    /// These and no others.
    Result<void> setFiles(const Id& conversation, const std::vector<Part>& files);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
