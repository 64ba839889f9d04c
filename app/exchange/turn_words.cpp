#include "turn_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "text.h"

namespace alcuin::exchange {

using storage::Message;
using storage::MessageState;
using storage::Role;

std::string speakerWords(const Message& message) {
    switch (message.role) {
    case Role::kUser:
        return "You";
    case Role::kSystem:
        return "Instructions";
    case Role::kTool:
        return "Tool";
    case Role::kAssistant:
        break;
    }
    const auto model = message.generation ? cleanName(message.generation->modelName) : std::string();
    return model.empty() ? "Answer" : model;
}

std::string reasoningWords(std::int64_t durationMs) {
    const auto duration = readableDuration(durationMs);
    return duration.empty() ? std::string("Reasoning") : fmt::format("Thought for {}", duration);
}

std::string attachmentWords(const storage::Part& part) {
    const auto name = cleanName(part.name);
    return fmt::format("{} ({})", name.empty() ? "Attachment" : name,
                       readableSize(part.data.empty() ? part.text.size() : part.data.size()));
}

std::string stateWords(const Message& message) {
    switch (message.state) {
    case MessageState::kComplete:
        return {};
    case MessageState::kStreaming:
    case MessageState::kInterrupted:
        return "This answer was interrupted.";
    case MessageState::kLength:
        return "This answer ended at the length that was set.";
    case MessageState::kContextFull:
        return "This answer ended because there was no more room for it.";
    case MessageState::kCancelled:
        return "This answer was stopped.";
    case MessageState::kFailed:
        break;
    }
    const auto error = cleanName(message.error, 2000);
    return error.empty() ? "This answer failed." : fmt::format("This answer failed: {}", error);
}

std::vector<std::string> modelNames(const std::vector<const Message*>& path) {
    std::vector<std::string> names;
    for (const auto* message : path) {
        auto name = message->generation ? cleanName(message->generation->modelName) : std::string();
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

} // namespace alcuin::exchange
