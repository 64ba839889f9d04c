#pragma once

#include <string>

#include <alcuin/inference/generation.h>
#include <alcuin/inference/text_engine.h>

#include "cli/answer_printer.h"
#include "cli/chat_options.h"
#include "cli/outcome.h"

namespace alcuin::cli {

/// Questions and answers so far, and how to go on.
class Conversation {
public:
    Conversation(inference::TextEngine& engine, const ChatOptions& options);

    /// Asks and waits for the answer. A question that fails leaves the conversation as it was.
    Outcome<Answer> ask(std::string question, const AnswerStyle& style);

private:
    inference::TextEngine& engine_;
    inference::GenerationRequest request_;
};

/// Talks with whoever sits at standard input, until it ends. Ctrl+C stops an answer.
Outcome<void> converse(inference::TextEngine& engine, const ChatOptions& options);

} // namespace alcuin::cli
