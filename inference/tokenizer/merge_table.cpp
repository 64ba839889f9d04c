#include "tokenizer/merge_table.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

std::uint64_t pairOf(Token left, Token right) {
    return (std::uint64_t{static_cast<std::uint32_t>(left)} << 32U) | static_cast<std::uint32_t>(right);
}

tl::unexpected<Error> badMerge(std::size_t line, std::string_view why) {
    return fail(ErrorCode::kCorrupt, fmt::format("Merge {} of the vocabulary {}.", line, why));
}

} // namespace

MergeTable::MergeTable(std::size_t merges) {
    constexpr std::size_t kLeastSlots = 16;
    slots_.resize(std::bit_ceil(std::max(kLeastSlots, merges + merges / 2 + 1)));
    shift_ = 64U - static_cast<unsigned>(std::bit_width(slots_.size() - 1));
}

Result<MergeTable> MergeTable::create(const Vocabulary& vocabulary, std::span<const std::string> merges) {
    if (merges.size() > std::numeric_limits<std::uint32_t>::max()) {
        return fail(ErrorCode::kUnsupported, fmt::format("The vocabulary has {} merges.", merges.size()));
    }
    MergeTable table(merges.size());
    std::string joined;
    for (std::size_t line = 0; line < merges.size(); ++line) {
        const std::string_view merge = merges[line];
        const std::size_t space = merge.find(' ', 1);
        if (space == std::string_view::npos || space + 1 == merge.size()) {
            return badMerge(line, "doesn't name two parts");
        }
        joined.assign(merge.substr(0, space));
        joined += merge.substr(space + 1);
        const Token left = vocabulary.find(merge.substr(0, space));
        const Token right = vocabulary.find(merge.substr(space + 1));
        const Token result = vocabulary.find(joined);
        if (left == kNoToken || right == kNoToken || result == kNoToken) {
            return badMerge(line, "names a token that isn't there");
        }
        if (vocabulary.isTextual(left) && vocabulary.isTextual(right) && vocabulary.isTextual(result)) {
            table.insert(left, right, {static_cast<std::uint32_t>(line), result});
        }
    }
    return table;
}

std::size_t MergeTable::slotOf(std::uint64_t pair) const {
    constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15ULL; // 2^64 / phi: Knuth's multiplicative hashing
    const std::uint64_t mixed = (pair ^ (pair >> 32U)) * kGoldenRatio;
    std::size_t slot = mixed >> shift_;
    while (slots_[slot].pair != kEmpty && slots_[slot].pair != pair) {
        slot = (slot + 1) & (slots_.size() - 1);
    }
    return slot;
}

void MergeTable::insert(Token left, Token right, Merge merge) {
    const std::uint64_t pair = pairOf(left, right);
    Slot& slot = slots_[slotOf(pair)];
    if (slot.pair == kEmpty) {
        slot = {pair, merge};
    }
}

std::optional<Merge> MergeTable::find(Token left, Token right) const {
    const Slot& slot = slots_[slotOf(pairOf(left, right))];
    if (slot.pair == kEmpty) {
        return std::nullopt;
    }
    return slot.merge;
}

} // namespace alcuin::inference
