#include "state/snapshot_index.h"

#include <algorithm>
#include <utility>

namespace alcuin::inference::snapshot {

namespace {

/// A page of the tree that holds tokens wanted, and how it was reached.
struct Reached {
    std::size_t slot = 0;
    std::size_t tokens = 0;
    std::size_t from = 0; ///< index of the one before
};

std::size_t commonStart(std::span<const Token> a, std::span<const Token> b) {
    const auto common = std::min(a.size(), b.size());
    const auto end = std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin()).first;
    return static_cast<std::size_t>(end - a.begin());
}

/// Whether everything that `part` could be found for, `whole` could be too. Behind a full page others may follow, which
/// name it: nothing stands for that.
bool gives(const Record& whole, const Record& part) {
    return part.tokenCount < kPageTokens && (whole.prefilled || !part.prefilled) &&
           whole.tokenCount >= part.tokenCount && commonStart(whole.held(), part.held()) == part.tokenCount;
}

} // namespace

Index::Index(std::vector<std::optional<Record>> slots) : slots_(std::move(slots)) {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        if (auto record = std::exchange(slots_[slot], std::nullopt); record && !holds(record->key)) {
            put(slot, *record);
        }
    }
}

void Index::put(std::size_t slot, const Record& record) {
    if (slot == slots_.size()) {
        slots_.emplace_back();
    }
    free(slot);
    slots_[slot] = record;
    byKey_.emplace(record.key, slot);
    byParent_.emplace(record.parent, slot);
    lastTurn_ = std::max(lastTurn_, record.turn);
}

void Index::free(std::size_t slot) {
    if (!slots_[slot]) {
        return;
    }
    byKey_.erase(slots_[slot]->key);
    const auto [first, last] = byParent_.equal_range(slots_[slot]->parent);
    byParent_.erase(std::find_if(first, last, [slot](const auto& child) { return child.second == slot; }));
    slots_[slot].reset();
}

std::vector<Index::Match> Index::find(const ChainKey& root, std::span<const Token> tokens, bool prefilledOnly) const {
    constexpr auto kRoot = static_cast<std::size_t>(-1);
    std::vector<Reached> full;     // level by level
    std::optional<Reached> partly; // behind the last level: the longest of the pages that end there
    const auto follow = [&](const ChainKey& parent, std::size_t from) {
        const auto [first, last] = byParent_.equal_range(parent);
        for (const bool prefilled : {true, false}) {
            for (auto child = first; child != last && (prefilled || !prefilledOnly); ++child) {
                const Record& record = *slots_[child->second];
                const std::size_t common = record.prefilled == prefilled ? commonStart(record.held(), tokens) : 0;
                if (common == kPageTokens) {
                    full.push_back({child->second, common, from});
                } else if (common > (partly ? partly->tokens : 0)) {
                    partly = Reached{child->second, common, from};
                }
            }
        }
    };
    follow(root, kRoot);
    std::size_t lastLevel = 0;
    for (std::size_t level = 0; level < full.size();) {
        const std::size_t end = full.size();
        tokens = tokens.subspan(kPageTokens);
        partly.reset();
        for (std::size_t i = level; i < end; ++i) {
            follow(slots_[full[i].slot]->key, i);
        }
        lastLevel = std::exchange(level, end);
    }
    std::vector<Match> path;
    std::optional<Reached> page = partly || full.empty() ? partly : full[lastLevel];
    while (page) {
        path.push_back({page->slot, page->tokens});
        page = page->from == kRoot ? std::nullopt : std::optional(full[page->from]);
    }
    std::ranges::reverse(path);
    return path;
}

bool Index::covers(const Record& record) const {
    const auto [first, last] = byParent_.equal_range(record.parent);
    return std::any_of(first, last, [&](const auto& child) { return gives(*slots_[child.second], record); });
}

std::optional<std::size_t> Index::coveredBy(const Record& record) const {
    const auto [first, last] = byParent_.equal_range(record.parent);
    const auto child = std::find_if(first, last, [&](const auto& c) { return gives(record, *slots_[c.second]); });
    return child == last ? std::nullopt : std::optional(child->second);
}

std::optional<std::size_t> Index::firstFree() const {
    const auto slot = std::ranges::find_if(slots_, [](const auto& record) { return !record.has_value(); });
    return slot == slots_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(slot - slots_.begin()));
}

std::optional<std::size_t> Index::oldestLeaf(const std::unordered_set<ChainKey>& kept) const {
    std::optional<std::size_t> oldest;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        const auto& record = slots_[slot];
        if (record && !byParent_.contains(record->key) && !kept.contains(record->key) &&
            (!oldest || record->turn < slots_[*oldest]->turn)) {
            oldest = slot;
        }
    }
    return oldest;
}

void Index::addAncestors(ChainKey key, std::unordered_set<ChainKey>& to) const {
    for (auto found = byKey_.find(key); found != byKey_.end() && to.insert(key).second; found = byKey_.find(key)) {
        key = slots_[found->second]->parent;
    }
}

} // namespace alcuin::inference::snapshot
