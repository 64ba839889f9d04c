#include "state/snapshot_writer.h"

#include <algorithm>
#include <utility>

namespace alcuin::inference::snapshot {

namespace {

/// Pages of other branches that a file may have however short the chain is: 4096 tokens.
constexpr std::size_t kLeastOthers = 64;

Record recordOf(const SnapshotStore::PageRecord& page, std::uint64_t turn) {
    Record record{page.key, page.parent, page.prefilled, static_cast<std::uint32_t>(page.tokens.size()), {}, turn, 0};
    std::ranges::copy(page.tokens, record.tokens.begin());
    return record;
}

} // namespace

Result<void> checkRecords(std::span<const SnapshotStore::PageRecord> records) {
    for (const SnapshotStore::PageRecord& page : records) {
        const bool sized = !page.tokens.empty() && page.tokens.size() <= kPageTokens && !page.bytes.empty() &&
                           page.bytes.size() <= kMaxPageBytes && page.bytes.size() == records.front().bytes.size();
        if (!sized || chainNext(page.parent, page.tokens, page.prefilled) != page.key) {
            return fail(ErrorCode::kInvalidArgument, "A page of state to be kept doesn't belong to its tokens.");
        }
    }
    return {};
}

Writer::Writer(File& file, std::span<const SnapshotStore::PageRecord> records, std::function<bool(std::uint64_t)> grow)
    : file_(file), records_(records), grow_(std::move(grow)) {
    file_.index().addAncestors(records.front().parent, chain_);
    for (const SnapshotStore::PageRecord& page : records) {
        chain_.insert(page.key);
    }
}

Result<SnapshotStore::Appended> Writer::write() {
    const std::uint64_t turn = file_.index().lastTurn() + 1;
    SnapshotStore::Appended appended;
    for (const SnapshotStore::PageRecord& page : records_) {
        const Index& index = file_.index();
        const Record record = recordOf(page, turn);
        const bool reached = page.parent == file_.header().root || index.holds(page.parent);
        if (!reached || index.holds(page.key) || index.covers(record)) {
            continue;
        }
        const auto slot = slotFor(record);
        if (!slot) {
            break;
        }
        if (auto written = file_.put(*slot, record, page.bytes); !written) {
            return tl::unexpected(std::move(written).error());
        }
        ++appended.pages;
        appended.tokens += page.tokens.size();
    }
    return appended;
}

std::optional<std::size_t> Writer::slotFor(const Record& record) {
    const Index& index = file_.index();
    if (const auto slot = index.coveredBy(record)) {
        return slot;
    }
    if (const auto slot = index.firstFree()) {
        return slot;
    }
    const std::size_t ofChain = static_cast<std::size_t>(
        std::ranges::count_if(chain_, [&index](const ChainKey& key) { return index.holds(key); }));
    if (index.used() - ofChain >= std::max(kLeastOthers, chain_.size())) {
        if (const auto slot = index.oldestLeaf(chain_)) {
            return slot;
        }
    }
    if (index.slots() < kMaxSlots && grow_(stride(file_.header().pageBytes))) {
        return index.slots();
    }
    return index.oldestLeaf(chain_);
}

} // namespace alcuin::inference::snapshot
