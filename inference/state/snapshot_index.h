#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "state/snapshot_format.h"

namespace alcuin::inference::snapshot {

/// What the slots of a file hold, as a tree: the pages behind each page.
class Index {
public:
    /// One entry a slot; nothing where it is free. Of several slots with one key, the first counts and the others
    /// are free.
    explicit Index(std::vector<std::optional<Record>> slots = {});

    std::size_t slots() const {
        return slots_.size();
    }
    std::size_t used() const {
        return byKey_.size();
    }
    const Record& at(std::size_t slot) const {
        return *slots_[slot];
    }
    bool holds(const ChainKey& key) const {
        return byKey_.contains(key);
    }
    std::uint64_t lastTurn() const {
        return lastTurn_;
    }

    /// Puts a record into a slot, whatever was there; the slot behind the last makes one more.
    void put(std::size_t slot, const Record& record);
    void free(std::size_t slot);

    /// The longest run of pages from `root` on that hold these tokens, with the tokens that count of each: all 64, but
    /// of the last page. Pages written by prefill rows are preferred. `prefilledOnly`: no others.
    struct Match {
        std::size_t slot = 0;
        std::size_t tokens = 0;
    };
    std::vector<Match> find(const ChainKey& root, std::span<const Token> tokens, bool prefilledOnly) const;

    /// Whether a page behind the same parent gives all that this one would.
    bool covers(const Record& record) const;
    /// A page behind the same parent that gives nothing which this one wouldn't.
    std::optional<std::size_t> coveredBy(const Record& record) const;
    std::optional<std::size_t> firstFree() const;
    /// The page that was added first of those that no page follows, `kept` apart.
    std::optional<std::size_t> oldestLeaf(const std::unordered_set<ChainKey>& kept) const;
    /// Adds the pages that lead to `key`, and itself, as far as they are here.
    void addAncestors(ChainKey key, std::unordered_set<ChainKey>& to) const;

private:
    std::vector<std::optional<Record>> slots_;
    std::unordered_map<ChainKey, std::size_t> byKey_;
    std::unordered_multimap<ChainKey, std::size_t> byParent_;
    std::uint64_t lastTurn_ = 0;
};

} // namespace alcuin::inference::snapshot
