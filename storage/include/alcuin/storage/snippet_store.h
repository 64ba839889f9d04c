#pragma once

#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Snippets, by name. Each function is one transaction. Threads: the database's.
/// Errors of all: kNotFound, kInvalidArgument (an empty name), kDiskFull, kCorrupt, kLocked.
class SnippetStore {
public:
    explicit SnippetStore(Database& database);

    Result<std::vector<Snippet>> list();
    /// Id and time are given here.
    Result<Snippet> create(Snippet snippet);
    Result<void> update(const Snippet& snippet);
    /// Hides it; restore() brings it back.
    Result<void> remove(const Id& snippet);
    Result<void> restore(const Id& snippet);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
