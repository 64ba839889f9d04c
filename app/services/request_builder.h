#pragma once

#include <optional>
#include <string>
#include <vector>

#include <alcuin/inference/generation.h>
#include <alcuin/storage/records.h>

#include "services/chat_values.h"

namespace alcuin::app {

/// What stands for the turns up to and including `lastMessage`.
struct PromptSummary {
    storage::Id lastMessage;
    std::string text;
};

/// All that an engine is asked from.
struct PromptInput {
    std::vector<storage::PathEntry> path; ///< from the root; a streaming answer at its end is left out
    std::vector<storage::Part> draft;     ///< a question that isn't stored yet; empty: none
    std::string instructions;             ///< empty: none
    std::optional<PromptSummary> summary;
    std::optional<Parameters> parameters; ///< none: as the model's makers advise
    bool continues = false;               ///< the answer at the path's end is to be gone on with, streaming or not
    bool keepsState = false;              ///< what was read is kept on disk under the conversation's id
};

/// Where instructions stand. Some templates refuse a system message: then they lead the first question.
enum class InstructionsPlace { kSystemMessage, kFirstQuestion };

/// A stretch of a message's text, and what it is.
struct PromptSection {
    LedgerKind kind = LedgerKind::kTurn;
    std::string name; ///< files
    std::string text; ///< as it stands in the message
};

/// A message as it is asked, section by section; the sections' texts in their order are its content.
struct PromptMessage {
    std::string role;
    std::vector<PromptSection> sections;
    std::string reasoning;
    std::vector<inference::Token> tokens;
    std::uint64_t vocabularyHash = 0;
    storage::Id id; ///< empty: instructions or a draft
};

/// A summary stands for the whole path: of its last message's own words the model is told nothing.
bool isSummedUp(const PromptInput& input);

/// The messages of a prompt. The same input gives the same bytes, and a longer path begins with those of a shorter one,
/// so that an engine never reads twice what was said before: files, instructions and the summary are written the same
/// way in every turn. Answers carry the token ids they were generated as, reasoning included: the engine finds the part
/// that the prompt shows.
std::vector<PromptMessage> promptMessages(const PromptInput& input, InstructionsPlace place);

inference::Message toMessage(const PromptMessage& message);

/// What an engine is asked. With a seed the answer is reproducible.
inference::GenerationRequest buildRequest(const PromptInput& input, InstructionsPlace place);

} // namespace alcuin::app
