#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tokenizer/merge_table.h"
#include "tokenizer/vocabulary.h"

namespace alcuin::inference {

/// Byte-pair encoding of one text's pieces, one after the other, with the memory that this takes. A piece that came
/// before is copied from the output instead of being merged again.
/// Threads: one at a time; make one per text.
class BytePairEncoder {
public:
    /// `wholePieces`: a piece that is itself a token stays whole, whatever the merges say (llama-bpe).
    /// Both tables must outlive the encoder.
    BytePairEncoder(const Vocabulary& vocabulary, const MergeTable& merges, bool wholePieces);

    /// Appends the tokens of `piece` to `tokens`, which must be the same vector, only grown, in every call; `piece`
    /// must stay where it is while the encoder lives. A byte for which the vocabulary has no token is left out, as in
    /// the reference implementation. Time: O(n log n) in the length of the piece.
    void encode(std::string_view piece, std::vector<Token>& tokens);

private:
    static constexpr std::uint32_t kEnd = 0xFFFFFFFFU;

    /// A run of bytes that is one token so far, in a doubly linked list.
    struct Symbol {
        Token token = kNoToken; ///< kNoToken once it was merged into the one before
        std::uint32_t previous = kEnd;
        std::uint32_t next = kEnd;
    };
    struct Candidate {
        std::uint32_t rank = 0;
        std::uint32_t left = 0; ///< index of the left symbol
        Token leftToken = kNoToken;
        Token rightToken = kNoToken; ///< out of date when the symbols' tokens are others by now
        Token result = kNoToken;
    };
    struct Span {
        std::size_t begin = 0;
        std::size_t count = 0;
    };

    bool encodeWhole(std::string_view piece, std::vector<Token>& tokens);
    void mergeAll(std::string_view piece);
    void apply(const Candidate& candidate);
    void consider(std::uint32_t left);

    const Vocabulary& vocabulary_;
    const MergeTable& merges_;
    bool wholePieces_;
    std::vector<Symbol> symbols_;
    std::vector<Candidate> heap_;
    std::string spelling_;
    std::unordered_map<std::string_view, Span> seen_; ///< where in the output a piece's tokens stand
};

} // namespace alcuin::inference
