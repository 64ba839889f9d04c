#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <alcuin/inference/tokenizer.h>

#include "tokenizer/merge_table.h"
#include "tokenizer/pre_tokenizer.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/vocabulary.h"

namespace alcuin::inference {

/// Byte-level byte-pair encoding: a text is cut at special tokens, what lies between them into pieces, and the bytes
/// of a piece are merged. Source: Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019.
///
/// Which special tokens are recognised in text that isn't trusted:
/// - control and unknown tokens: never;
/// - user-defined tokens: by encode(text, special) everywhere, as in the reference implementation; by encode(text,
/// runs)
///   only those that are all white space, since others (<think>, <tool_call>) mean something to the model's caller.
class ByteLevelTokenizer final : public Tokenizer {
public:
    /// Tokens that mean something by themselves; kNoToken where the file names none. All others are in the vocabulary.
    struct Roles {
        Token beginningOfText = kNoToken;
        Token endOfText = kNoToken;
        Token endOfTurn = kNoToken;
        Token endOfMessage = kNoToken;
        bool addsBeginningOfText = false;
    };

    /// `hash` identifies vocabulary, merges and pre-tokeniser.
    ByteLevelTokenizer(Vocabulary vocabulary, MergeTable merges, PreTokenizer preTokenizer, const Roles& roles,
                       std::uint64_t hash);
    ByteLevelTokenizer(const ByteLevelTokenizer&) = delete;
    ByteLevelTokenizer& operator=(const ByteLevelTokenizer&) = delete;

    std::vector<Token> encode(std::string_view text, SpecialTokens special) const override;
    std::vector<Token> encode(std::string_view text, std::span<const TextRun> runs) const override;
    std::string_view bytes(Token token) const override {
        return vocabulary_.bytes(token);
    }
    std::string_view piece(Token token) const override {
        return vocabulary_.spelling(token);
    }
    std::size_t vocabularySize() const override {
        return vocabulary_.size();
    }
    std::uint64_t vocabularyHash() const override {
        return hash_;
    }
    bool isControl(Token token) const override;
    bool isEndOfGeneration(Token token) const override;
    Token beginningOfText() const override {
        return roles_.beginningOfText;
    }
    Token endOfText() const override {
        return roles_.endOfText;
    }
    bool addsBeginningOfText() const override {
        return roles_.addsBeginningOfText;
    }
    Token find(std::string_view piece) const override {
        return vocabulary_.find(piece);
    }

private:
    std::vector<Token> encodeValid(std::string_view text, const SpecialTokenFinder::Accept& accept) const;
    std::vector<Token> endTokens() const;

    Vocabulary vocabulary_;
    MergeTable merges_;
    PreTokenizer preTokenizer_;
    Roles roles_;
    std::uint64_t hash_ = 0;
    SpecialTokenFinder specialTokens_;
    std::vector<Token> endOfGeneration_; ///< ascending
};

} // namespace alcuin::inference
