#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <alcuin/inference/error.h>

#include "base/private_directory.h"
#include "state/snapshot_format.h"
#include "state/snapshot_index.h"

namespace alcuin::inference::snapshot {

/// A file of pages, open. What it says is believed as far as checksums and keys bear it out; the pages themselves are
/// checked when they are read.
/// Threads: one at a time, but readPage beside everything that leaves its slot alone.
class File {
public:
    /// Reads the records; slots that aren't whole are free. Errors: kCorrupt (not a file of ours, or of another
    /// identity, owner or page size), kIo.
    static Result<File> open(PrivateFile file, const Header& header);
    /// Empties the file and begins it. Errors: kIo.
    static Result<File> start(PrivateFile file, const Header& header);

    const Header& header() const {
        return header_;
    }
    const Index& index() const {
        return index_;
    }
    std::uint64_t bytes() const {
        return slotOffset(header_.pageBytes, index_.slots());
    }

    /// Writes a page into a slot, whatever was there; index().slots() is the one behind the last. `record` lacks the
    /// page's checksum. Errors: kIo; then the slot is free.
    Result<void> put(std::size_t slot, Record record, std::span<const std::byte> page);

    /// Fills `page` with the bytes that belong to `record`. Errors: kIo, kCorrupt (they aren't its bytes).
    Result<void> readPage(std::size_t slot, const Record& record, std::span<std::byte> page) const;
    /// Lets the disk begin with pages that will be read soon.
    void willRead(std::size_t slot) const;

    /// Makes a slot free whose page turned out to be bad, if it still holds that record: for who opens the file after
    /// this; the index here stays. Errors: kIo.
    Result<void> drop(std::size_t slot, const Record& record);

    void touch() {
        file_.touch();
    }

private:
    File(PrivateFile file, const Header& header);
    Result<void> writeSlot(std::size_t slot, Record& record, std::span<const std::byte> page);

    PrivateFile file_;
    Header header_;
    Index index_;
};

} // namespace alcuin::inference::snapshot
