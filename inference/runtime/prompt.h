#pragma once

#include <vector>

#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// A conversation as the model reads it.
struct Prompt {
    std::vector<Token> tokens;
    PromptUsage usage;              ///< without contextLength
    bool startsInReasoning = false; ///< it ends inside <think>, so the answer begins with reasoning
};

} // namespace alcuin::inference
