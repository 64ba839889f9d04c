#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>

#include "tokenizer/vocabulary.h"

namespace alcuin::inference {

/// Two neighbours become one token; the lowest rank goes first.
struct Merge {
    std::uint32_t rank = 0;
    Token result = kNoToken;
};

/// The merges of a byte-level vocabulary by the pair of tokens they join. Immutable.
class MergeTable {
public:
    /// `merges` are lines "left right", the most urgent first; of a line that comes twice the first counts. A merge of
    /// or into a token that plain text can't become (Vocabulary::isTextual) is left out.
    /// Errors: kCorrupt, naming the line: no two parts, or a part or their union isn't in the vocabulary.
    static Result<MergeTable> create(const Vocabulary& vocabulary, std::span<const std::string> merges);

    std::optional<Merge> find(Token left, Token right) const;

private:
    struct Slot {
        std::uint64_t pair = kEmpty;
        Merge merge;
    };
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0}; ///< no pair of ids, as ids aren't negative

    explicit MergeTable(std::size_t merges);
    void insert(Token left, Token right, Merge merge);
    std::size_t slotOf(std::uint64_t pair) const;

    std::vector<Slot> slots_; ///< open addressing, at most two thirds full, a power of two
    unsigned shift_ = 0;      ///< 64 less the logarithm of the number of slots
};

} // namespace alcuin::inference
