#pragma once

#include <string_view>
#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Folders, in the order that the person gave them. Each function is one transaction. Threads: the database's.
/// Errors of all: kNotFound, kInvalidArgument (an empty name), kDiskFull, kCorrupt, kLocked.
class FolderStore {
public:
    explicit FolderStore(Database& database);

    Result<std::vector<Folder>> list();
    /// At the end of the list.
    Result<Folder> create(std::string_view name);
    Result<void> rename(const Id& folder, std::string_view name);
    /// To that place, counted from 0.
    Result<void> move(const Id& folder, std::size_t place);
    /// Hides it; its conversations stand outside until restore() brings it back with them.
    Result<void> remove(const Id& folder);
    Result<void> restore(const Id& folder);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
