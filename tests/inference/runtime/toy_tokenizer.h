#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alcuin/inference/tokenizer.h>

namespace alcuin::tests {

/// A vocabulary of 256 bytes and a few special tokens: what a text becomes can be read off it.
class ToyTokenizer final : public inference::Tokenizer {
public:
    using Token = inference::Token;
    static constexpr Token kEnd = 256;
    static constexpr Token kThink = 257;
    static constexpr Token kEndThink = 258;
    static constexpr Token kStart = 259;
    static constexpr Token kBos = 260;
    static constexpr Token kParis = 261; ///< an added token with text: "Paris"

    explicit ToyTokenizer(bool withThink = true, bool addsBos = false) : addsBos_(addsBos) {
        for (int byte = 0; byte < 256; ++byte) {
            pieces_.emplace_back(1, static_cast<char>(byte));
        }
        pieces_.insert(pieces_.end(), {"<|im_end|>", withThink ? "<think>" : "<|a|>", withThink ? "</think>" : "<|b|>",
                                       "<|im_start|>", "<s>", "Paris"});
    }

    std::vector<Token> encode(std::string_view text, inference::SpecialTokens special) const override {
        const inference::TextRun run{0, text.size(), special == inference::SpecialTokens::kRecognised ? 0U : 1U};
        return encode(text, std::span(&run, 1));
    }

    std::vector<Token> encode(std::string_view text, std::span<const inference::TextRun> runs) const override {
        std::vector<Token> tokens;
        for (const auto& run : runs) {
            for (auto at = run.begin; at < run.end;) {
                const auto special =
                    run.origin == inference::TextRun::kTrusted ? specialAt(text.substr(at, run.end - at)) : -1;
                tokens.push_back(special >= 0 ? special : static_cast<unsigned char>(text[at]));
                at += special >= 0 ? pieces_[static_cast<std::size_t>(special)].size() : 1;
            }
        }
        return tokens;
    }

    std::string_view bytes(Token token) const override {
        return isControl(token) ? std::string_view() : piece(token);
    }
    std::string_view piece(Token token) const override {
        return pieces_.at(static_cast<std::size_t>(token));
    }
    std::size_t vocabularySize() const override {
        return pieces_.size();
    }
    std::uint64_t vocabularyHash() const override {
        return 0xA1C;
    }
    bool isControl(Token token) const override {
        return token == kEnd || token == kStart || token == kBos;
    }
    bool isEndOfGeneration(Token token) const override {
        return token == kEnd;
    }
    Token beginningOfText() const override {
        return kBos;
    }
    Token endOfText() const override {
        return kEnd;
    }
    bool addsBeginningOfText() const override {
        return addsBos_;
    }
    Token find(std::string_view piece) const override {
        const auto at = std::find(pieces_.begin(), pieces_.end(), piece);
        return at == pieces_.end() ? -1 : static_cast<Token>(at - pieces_.begin());
    }

private:
    Token specialAt(std::string_view text) const {
        for (Token token = kEnd; token <= kBos; ++token) {
            if (text.starts_with(piece(token))) {
                return token;
            }
        }
        return -1;
    }

    std::vector<std::string> pieces_;
    bool addsBos_;
};

} // namespace alcuin::tests
