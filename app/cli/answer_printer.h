#pragma once

#include <string>
#include <vector>

#include <alcuin/inference/generation.h>
#include <alcuin/inference/text_engine.h>

#include "cli/outcome.h"

namespace alcuin::cli {

/// A whole answer with its measurements.
struct Answer {
    std::string text;
    std::string reasoning;
    std::vector<inference::Token> tokens;
    inference::Finished finished;
    bool interrupted = false; ///< by Ctrl+C
};

struct AnswerStyle {
    bool stream = true;         ///< write the answer to standard output as it comes, with one newline at its end
    bool showReasoning = false; ///< write the reasoning to standard error as it comes
};

/// Waits for an answer. Ctrl+C cancels it. If standard output can't be written any more, the request is cancelled and
/// that is the failure.
Outcome<Answer> receiveAnswer(inference::RequestHandle handle, const AnswerStyle& style);

/// "prefill 41 tokens, 812.3 tokens/s; decode 8 tokens, 95.2 tokens/s"
std::string speedLine(const inference::Finished& finished);

double prefillSpeed(const inference::Finished& finished); ///< tokens per second
double decodeSpeed(const inference::Finished& finished);  ///< tokens per second, after the first token

/// "stop", "length", "context_full" or "cancelled"
std::string reasonName(inference::FinishReason reason);

} // namespace alcuin::cli
