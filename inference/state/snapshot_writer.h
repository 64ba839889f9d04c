#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <unordered_set>

#include <alcuin/inference/error.h>

#include "state/snapshot_file.h"
#include "state/snapshot_store.h"

namespace alcuin::inference::snapshot {

/// Puts the pages of one chain into a file: over what they make superfluous, then into free slots, then in the place
/// of other branches if these are more than the chain, then at the end.
/// Threads: one at a time.
class Writer {
public:
    /// `grow` says whether the file may have so many bytes more.
    Writer(File& file, std::span<const SnapshotStore::PageRecord> records, std::function<bool(std::uint64_t)> grow);

    /// Errors: kIo; what was written before stays.
    Result<SnapshotStore::Appended> write();

private:
    std::optional<std::size_t> slotFor(const Record& record);

    File& file_;
    std::span<const SnapshotStore::PageRecord> records_;
    std::function<bool(std::uint64_t)> grow_;
    std::unordered_set<ChainKey> chain_; ///< keys of all its pages
};

/// Errors: kInvalidArgument (no tokens or too many, pages of several sizes, a key that isn't that of its tokens).
Result<void> checkRecords(std::span<const SnapshotStore::PageRecord> records);

} // namespace alcuin::inference::snapshot
