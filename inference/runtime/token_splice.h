#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <alcuin/inference/generation.h>
#include <alcuin/inference/tokenizer.h>

namespace alcuin::inference {

/// Generated tokens that stand for the bytes [begin, end) of a text.
struct TokenSplice {
    std::span<const Token> tokens;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The part of `generated` that stands for `text`, cut between tokens and between characters; the last such part if
/// there are several. Tokens without text (control tokens) at either end are left out. Where the text begins or ends
/// inside a token, as it does where a model wrote the line feed behind its last word as one token with its full stop,
/// that token isn't in it, so that the text's first or last bytes are left to the tokenizer.
/// None if the text isn't in there or holds no whole token, if the part holds an end-of-generation token, or if an id
/// isn't of the vocabulary: such tokens can't have been one answer.
std::optional<TokenSplice> spliceOf(std::span<const Token> generated, std::string_view text,
                                    const Tokenizer& tokenizer);

} // namespace alcuin::inference
