#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "models/synth_model.h"

namespace alcuin::inference::synth {

/// GGUF's kinds of tokens.
inline constexpr std::int32_t kNormalToken = 1;
inline constexpr std::int32_t kControlToken = 3;
inline constexpr std::int32_t kUserDefinedToken = 4;
inline constexpr std::int32_t kUnusedToken = 5;

struct NamedToken {
    std::uint32_t id;
    std::string_view text;
    std::int32_t kind = kControlToken;
};

/// A byte-level vocabulary to be made up.
struct VocabularyShape {
    std::size_t size;
    std::size_t firstOrdinary; ///< the first of the tokens of single bytes; merged ones follow
    std::size_t ordinary;      ///< tokens of bytes and merged ones
    std::string_view preTokenizer;
    std::span<const NamedToken> named;
    std::uint32_t beginningOfText;
    std::uint32_t endOfText;
    std::uint32_t padding;
    bool addsBeginningOfText;
    std::string_view chatTemplate;
};

/// The tokenizer.* entries: 256 tokens of single bytes, merges of two tokens that come before, each with its result,
/// the named tokens at their ids, unused ones elsewhere. Deterministic.
DraftEntries madeUpVocabulary(const VocabularyShape& shape);

} // namespace alcuin::inference::synth
