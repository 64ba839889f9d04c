#include "state/snapshot_file.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/checksum.h"

namespace alcuin::inference::snapshot {

namespace {

/// Bytes that are read or written at a time: the checksum finds them in the second level of cache.
constexpr std::size_t kPieceBytes = std::size_t{512} << 10U;

std::optional<Record> readRecord(const PrivateFile& file, std::uint64_t offset) {
    RecordBytes bytes{};
    return file.readAt(offset, bytes) ? decodeRecord(bytes) : std::nullopt;
}

} // namespace

File::File(PrivateFile file, const Header& header) : file_(std::move(file)), header_(header) {}

Result<File> File::open(PrivateFile source, const Header& header) {
    const auto corrupt = [](std::string_view why) {
        return fail(ErrorCode::kCorrupt, "The snapshot " + std::string(why) + "; it isn't used.");
    };
    if (source.size() < kBlockBytes) {
        return corrupt("is too short");
    }
    HeaderBytes bytes{};
    if (auto read = source.readAt(0, bytes); !read) {
        return tl::unexpected(std::move(read).error());
    }
    const auto found = decodeHeader(bytes);
    if (!found) {
        return corrupt("has no valid header");
    }
    if (*found != header) {
        return corrupt("is of another model or kind of state");
    }
    File file(std::move(source), header);
    const std::uint64_t slots = (file.file_.size() - kBlockBytes) / stride(header.pageBytes);
    if (slots > kMaxSlots) {
        return corrupt("is too large to be real");
    }
    std::vector<std::optional<Record>> records;
    for (std::size_t slot = 0; slot < slots; ++slot) {
        records.push_back(readRecord(file.file_, slotOffset(header.pageBytes, slot)));
    }
    file.index_ = Index(std::move(records));
    return file;
}

Result<File> File::start(PrivateFile source, const Header& header) {
    File file(std::move(source), header);
    if (auto emptied = file.file_.resize(0); !emptied) {
        return tl::unexpected(std::move(emptied).error());
    }
    if (auto sized = file.file_.resize(kBlockBytes); !sized) {
        return tl::unexpected(std::move(sized).error());
    }
    if (auto written = file.file_.writeAt(0, encode(header)); !written) {
        return tl::unexpected(std::move(written).error());
    }
    return file;
}

Result<void> File::put(std::size_t slot, Record record, std::span<const std::byte> page) {
    const bool isNew = slot == index_.slots();
    const std::uint64_t end = bytes();
    // What is left of a torn slot goes before the new one is written over it.
    auto done = isNew ? file_.resize(end) : file_.writeAt(slotOffset(header_.pageBytes, slot), RecordBytes{});
    if (done && isNew) {
        done = file_.resize(end + stride(header_.pageBytes));
    }
    if (done) {
        done = writeSlot(slot, record, page);
    }
    if (done) {
        index_.put(slot, record);
    } else if (isNew) {
        (void)file_.resize(end); // or the slot stays, free
    } else {
        index_.free(slot);
    }
    return done;
}

Result<void> File::writeSlot(std::size_t slot, Record& record, std::span<const std::byte> page) {
    const std::uint64_t offset = slotOffset(header_.pageBytes, slot);
    Checksum checksum(checksumSeed(record.key));
    for (std::size_t at = 0; at < page.size(); at += kPieceBytes) {
        const auto piece = page.subspan(at, std::min(kPieceBytes, page.size() - at));
        checksum.update(piece);
        if (auto written = file_.writeAt(offset + kBlockBytes + at, piece); !written) {
            return written;
        }
    }
    record.pageChecksum = checksum.value();
    return file_.writeAt(offset, encode(record));
}

Result<void> File::readPage(std::size_t slot, const Record& record, std::span<std::byte> page) const {
    const std::uint64_t offset = slotOffset(header_.pageBytes, slot) + kBlockBytes;
    Checksum checksum(checksumSeed(record.key));
    for (std::size_t at = 0; at < page.size(); at += kPieceBytes) {
        const auto piece = page.subspan(at, std::min(kPieceBytes, page.size() - at));
        if (auto read = file_.readAt(offset + at, piece); !read) {
            return read;
        }
        checksum.update(piece);
    }
    if (checksum.value() != record.pageChecksum) {
        return fail(ErrorCode::kCorrupt, "A page of a snapshot isn't what was written; it isn't used.");
    }
    return {};
}

void File::willRead(std::size_t slot) const {
    file_.willRead(slotOffset(header_.pageBytes, slot), stride(header_.pageBytes));
}

Result<void> File::drop(std::size_t slot, const Record& record) {
    const std::uint64_t offset = slotOffset(header_.pageBytes, slot);
    if (readRecord(file_, offset) != record) {
        return {};
    }
    return file_.writeAt(offset, RecordBytes{});
}

} // namespace alcuin::inference::snapshot
