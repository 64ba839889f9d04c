#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <alcuin/inference/generation.h>
#include <alcuin/inference/tokenizer.h>

namespace alcuin::inference {

/// The part of `generated` that stands for exactly `text`, cut between tokens; the last such part if there are
/// several. Tokens without text (control tokens) at either end are left out. None if no part does, if it holds an
/// end-of-generation token, or if an id isn't of the vocabulary: such tokens can't have been one answer.
std::optional<std::span<const Token>> tokensOfText(std::span<const Token> generated, std::string_view text,
                                                   const Tokenizer& tokenizer);

} // namespace alcuin::inference
