#include "services/request_builder.h"

#include <algorithm>
#include <utility>

#include "exchange/text.h"
#include "services/parameters.h"

namespace alcuin::app {

namespace {

const char* roleName(storage::Role role) {
    switch (role) {
    case storage::Role::kSystem:
        return "system";
    case storage::Role::kUser:
        return "user";
    case storage::Role::kAssistant:
        return "assistant";
    case storage::Role::kTool:
        return "tool";
    }
    return "user";
}

PromptSection fileSection(const storage::Part& part) {
    const std::string fence = exchange::fenceFor(part.text);
    const char* end = part.text.empty() || part.text.back() == '\n' ? "" : "\n";
    return {LedgerKind::kFile, part.name,
            "File \"" + part.name + "\":\n" + fence + "\n" + part.text + end + fence + "\n\n"};
}

/// Files come before the words that ask about them.
void appendSections(PromptMessage& message, const std::vector<storage::Part>& parts, LedgerKind kind) {
    for (const auto& part : parts) {
        if (part.kind == storage::PartKind::kAttachment) {
            message.sections.push_back(fileSection(part));
        }
    }
    PromptSection words{kind, {}, {}};
    for (const auto& part : parts) {
        if (part.kind == storage::PartKind::kText) {
            words.text += part.text;
        } else if (part.kind == storage::PartKind::kReasoning) {
            message.reasoning += part.text;
        }
    }
    message.sections.push_back(std::move(words));
}

PromptMessage toPrompt(const storage::Message& record) {
    PromptMessage message;
    message.role = roleName(record.role);
    message.id = record.id;
    appendSections(message, record.parts, LedgerKind::kTurn);
    if (record.generation) {
        message.tokens = record.generation->tokens;
        message.vocabularyHash = record.generation->vocabularyHash;
    }
    return message;
}

/// The first entry that isn't covered by the summary; 0 where the path doesn't contain its last message.
std::size_t firstShown(const PromptInput& input) {
    if (!input.summary) {
        return 0;
    }
    for (std::size_t i = 0; i < input.path.size(); ++i) {
        if (input.path[i].message.id == input.summary->lastMessage) {
            return i + 1;
        }
    }
    return 0;
}

bool isLeftOut(const PromptInput& input, std::size_t index) {
    const bool last = index + 1 == input.path.size();
    return input.path[index].message.state == storage::MessageState::kStreaming && !(last && input.continues);
}

/// Puts a section in front of the first question, where every template takes it.
void leadFirstQuestion(std::vector<PromptMessage>& messages, PromptSection section) {
    const auto first =
        std::find_if(messages.begin(), messages.end(), [](const auto& message) { return message.role == "user"; });
    if (first != messages.end()) {
        first->sections.insert(first->sections.begin(), std::move(section));
    }
}

} // namespace

bool isSummedUp(const PromptInput& input) {
    return !input.path.empty() && firstShown(input) == input.path.size();
}

std::vector<PromptMessage> promptMessages(const PromptInput& input, InstructionsPlace place) {
    std::vector<PromptMessage> messages;
    messages.reserve(input.path.size() + 2);
    const auto begin = firstShown(input);
    for (auto i = begin; i < input.path.size(); ++i) {
        if (!isLeftOut(input, i)) {
            messages.push_back(toPrompt(input.path[i].message));
        }
    }
    if (!input.draft.empty()) {
        PromptMessage draft;
        draft.role = "user";
        appendSections(draft, input.draft, LedgerKind::kDraft);
        messages.push_back(std::move(draft));
    }
    if (begin > 0) {
        leadFirstQuestion(messages,
                          {LedgerKind::kSummary,
                           {},
                           "Summary of what was said before:\n" + input.summary->text + "\n(End of the summary.)\n\n"});
    }
    if (input.instructions.empty()) {
        return messages;
    }
    if (place == InstructionsPlace::kFirstQuestion) {
        leadFirstQuestion(messages, {LedgerKind::kInstructions, {}, input.instructions + "\n\n"});
        return messages;
    }
    PromptMessage system;
    system.role = "system";
    system.sections.push_back({LedgerKind::kInstructions, {}, input.instructions});
    messages.insert(messages.begin(), std::move(system));
    return messages;
}

inference::Message toMessage(const PromptMessage& message) {
    inference::Message asked;
    asked.role = message.role;
    for (const auto& section : message.sections) {
        asked.content += section.text;
    }
    asked.reasoning = message.reasoning;
    asked.tokens = message.tokens;
    asked.vocabularyHash = message.vocabularyHash;
    return asked;
}

inference::GenerationRequest buildRequest(const PromptInput& input, InstructionsPlace place) {
    inference::GenerationRequest request;
    for (const auto& message : promptMessages(input, place)) {
        request.messages.push_back(toMessage(message));
    }
    if (input.keepsState && !input.path.empty()) {
        request.snapshotOwner = input.path.front().message.conversationId;
    }
    request.addGenerationPrompt = !input.continues;
    const Parameters parameters = input.parameters.value_or(Parameters());
    request.sampling = toSampling(parameters);
    request.maxTokens = parameters.maxTokens;
    request.reproducible = parameters.seed.has_value();
    return request;
}

} // namespace alcuin::app
