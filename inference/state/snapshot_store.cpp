#include "state/snapshot_store.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/log.h"
#include "state/snapshot_budget.h"
#include "state/snapshot_file.h"
#include "state/snapshot_writer.h"

namespace alcuin::inference {

namespace {

ChainKey ownerKey(std::string_view owner) {
    const auto bytes = std::as_bytes(std::span(owner));
    return {Checksum::of(bytes, 1), Checksum::of(bytes, 2)};
}

std::string ownerPrefix(const ChainKey& owner) {
    return fmt::format("{:016x}{:016x}-", owner.high, owner.low);
}

std::string fileName(const snapshot::Header& header) {
    return ownerPrefix(header.owner) + fmt::format("{:016x}{:016x}.state", header.root.high, header.root.low);
}

void logTrouble(const Error& error) {
    if (error.code != ErrorCode::kNotFound) {
        logInfo("snapshots: " + error.message);
    }
}

} // namespace

SnapshotStore::SnapshotStore(PrivateDirectory directory, std::uint64_t maxBytes,
                             std::function<std::uint64_t()> freeBytes)
    : directory_(std::move(directory)), maxBytes_(maxBytes), freeBytes_(std::move(freeBytes)) {
    if (!freeBytes_) {
        freeBytes_ = [this] { return directory_.freeBytes(); };
    }
}

SnapshotStore::~SnapshotStore() = default;

Result<std::shared_ptr<SnapshotStore>> SnapshotStore::open(const std::filesystem::path& directory,
                                                           std::uint64_t maxBytes,
                                                           std::function<std::uint64_t()> freeBytes) {
    auto opened = PrivateDirectory::open(directory);
    if (!opened) {
        return tl::unexpected(std::move(opened).error());
    }
    std::shared_ptr<SnapshotStore> store(new SnapshotStore(std::move(*opened), maxBytes, std::move(freeBytes)));
    auto budget = snapshot::Budget::of(store->directory_, {maxBytes, kFreeBytes, store->freeBytes_}, {}, 0);
    if (!budget) {
        return tl::unexpected(std::move(budget).error());
    }
    (void)budget->grow(0); // there may have been a larger limit the last time
    return store;
}

Result<SnapshotStore::Appended> SnapshotStore::append(std::string_view owner, const ChainKey& root,
                                                      std::span<const PageRecord> records) {
    if (records.empty()) {
        return Appended{};
    }
    if (auto checked = snapshot::checkRecords(records); !checked) {
        return tl::unexpected(std::move(checked).error());
    }
    const snapshot::Header header{root, ownerKey(owner), records.front().bytes.size()};
    const std::string name = fileName(header);
    const std::lock_guard lock(mutex_);
    auto opened = directory_.openOrCreateFile(name);
    if (!opened) {
        return tl::unexpected(std::move(opened).error());
    }
    const bool isNew = opened->size() == 0;
    auto file = snapshot::File::open(std::move(*opened), header);
    if (!file) {
        if (!isNew) {
            logTrouble(file.error());
        }
        opened = directory_.openOrCreateFile(name);
        if (!opened) {
            return tl::unexpected(std::move(opened).error());
        }
        file = snapshot::File::start(std::move(*opened), header);
    }
    if (!file) {
        (void)directory_.remove(name); // nothing is in it
        return tl::unexpected(std::move(file).error());
    }
    auto budget = snapshot::Budget::of(directory_, {maxBytes_, kFreeBytes, freeBytes_}, name, file->bytes());
    if (!budget) {
        return tl::unexpected(std::move(budget).error());
    }
    auto appended =
        snapshot::Writer(*file, records, [&budget](std::uint64_t bytes) { return budget->grow(bytes); }).write();
    if (file->index().slots() == 0) {
        (void)directory_.remove(name);
    } else {
        file->touch();
    }
    return appended;
}

SnapshotStore::Restore SnapshotStore::find(std::string_view owner, const ChainKey& root, std::size_t pageBytes,
                                           std::span<const Token> tokens, bool prefilledOnly) {
    const snapshot::Header header{root, ownerKey(owner), pageBytes};
    const std::lock_guard lock(mutex_);
    auto opened = directory_.openFile(fileName(header));
    auto file = opened ? snapshot::File::open(std::move(*opened), header)
                       : Result<snapshot::File>(tl::unexpected(std::move(opened).error()));
    if (!file) {
        logTrouble(file.error());
        return {};
    }
    Restore restore;
    for (const snapshot::Index::Match& match : file->index().find(root, tokens, prefilledOnly)) {
        const snapshot::Record& record = file->index().at(match.slot);
        restore.pages.push_back({record.key, record.parent, record.prefilled, match.tokens, match.slot});
        restore.tokens += match.tokens;
    }
    if (restore.tokens > 0) {
        file->touch();
        restore.file = std::make_shared<snapshot::File>(std::move(*file));
    }
    return restore;
}

std::size_t SnapshotStore::read(const Restore& restore, std::size_t first, std::span<unsigned char* const> pages) {
    if (!restore.file || first >= restore.pages.size()) {
        return 0;
    }
    const snapshot::File& file = *restore.file;
    const std::size_t count = std::min(pages.size(), restore.pages.size() - first);
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) {
        order[i] = i;
        file.willRead(restore.pages[first + i].slot);
    }
    std::ranges::sort(order, {}, [&](std::size_t i) { return restore.pages[first + i].slot; });
    std::size_t good = count;
    for (const std::size_t i : order) {
        const std::size_t slot = restore.pages[first + i].slot;
        if (i >= good) {
            continue; // behind one that is bad
        }
        const snapshot::Record& record = file.index().at(slot);
        const std::span<std::byte> memory(reinterpret_cast<std::byte*>(pages[i]), file.header().pageBytes);
        if (const auto read = file.readPage(slot, record, memory); !read) {
            logTrouble(read.error());
            good = i;
            const std::lock_guard lock(mutex_);
            (void)restore.file->drop(slot, snapshot::Record(record));
        }
    }
    return good;
}

Result<void> SnapshotStore::purge(std::string_view owner) {
    const std::string prefix = ownerPrefix(ownerKey(owner));
    return removeFiles([&prefix](const std::string& name) { return name.starts_with(prefix); });
}

Result<void> SnapshotStore::purgeExcept(std::span<const std::string> owners) {
    std::unordered_set<std::string> kept;
    for (const std::string& owner : owners) {
        kept.insert(ownerPrefix(ownerKey(owner)));
    }
    return removeFiles([&kept](const std::string& name) {
        return snapshot::isSnapshotName(name) && !kept.contains(name.substr(0, name.find('-') + 1));
    });
}

Result<void> SnapshotStore::removeFiles(const std::function<bool(const std::string& name)>& goes) {
    const std::lock_guard lock(mutex_);
    auto entries = directory_.entries();
    if (!entries) {
        return tl::unexpected(std::move(entries).error());
    }
    for (const PrivateDirectory::Entry& entry : *entries) {
        if (goes(entry.name)) {
            if (auto removed = directory_.remove(entry.name); !removed) {
                return removed;
            }
        }
    }
    return directory_.sync();
}

std::uint64_t SnapshotStore::bytes() {
    const std::lock_guard lock(mutex_);
    std::uint64_t total = 0;
    for (const PrivateDirectory::Entry& entry : directory_.entries().value_or(std::vector<PrivateDirectory::Entry>{})) {
        total += snapshot::isSnapshotName(entry.name) ? entry.bytes : 0;
    }
    return total;
}

} // namespace alcuin::inference
