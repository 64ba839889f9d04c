#include "services/request_builder.h"

#include <nlohmann/json.hpp>

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

inference::Message toMessage(const storage::Message& record) {
    inference::Message message;
    message.role = roleName(record.role);
    for (const auto& part : record.parts) {
        if (part.kind == storage::PartKind::kText) {
            message.content += part.text;
        } else if (part.kind == storage::PartKind::kReasoning) {
            message.reasoning += part.text;
        }
    }
    if (record.generation) {
        message.tokens = record.generation->tokens;
        message.vocabularyHash = record.generation->vocabularyHash;
    }
    return message;
}

} // namespace

inference::GenerationRequest buildRequest(const std::vector<storage::PathEntry>& path) {
    inference::GenerationRequest request;
    request.messages.reserve(path.size());
    if (!path.empty()) {
        request.snapshotOwner = path.front().message.conversationId;
    }
    for (const auto& entry : path) {
        if (entry.message.state != storage::MessageState::kStreaming) {
            request.messages.push_back(toMessage(entry.message));
        }
    }
    return request;
}

std::string parametersJson(const inference::SamplingParameters& parameters) {
    return nlohmann::json{{"temperature", parameters.temperature},
                          {"top_k", parameters.topK},
                          {"top_p", parameters.topP},
                          {"min_p", parameters.minP},
                          {"repetition_penalty", parameters.repetitionPenalty},
                          {"penalty_window", parameters.penaltyWindow}}
        .dump();
}

} // namespace alcuin::app
