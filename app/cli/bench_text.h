#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <alcuin/inference/text_engine.h>

#include "cli/outcome.h"

namespace alcuin::cli {

/// Random words that take about so many tokens as one user's message (within 1 %, or 8 tokens), and how many they take
/// with the template around them. Another seed gives other words from the first on.
struct BenchText {
    std::string words;
    std::size_t tokens = 0;
};
Outcome<BenchText> textOfTokens(const inference::TextEngine& engine, std::size_t tokens, std::uint64_t seed);

/// A question by the user, greedy: what the model says doesn't matter here.
inference::GenerationRequest benchQuestion(std::string text, std::int32_t maxTokens);

/// Waits until a request ends. Fails where it does.
Outcome<inference::Finished> waitForEnd(inference::RequestHandle& handle);

} // namespace alcuin::cli
