#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base64.h"
#include "own_json.h"
#include "own_words.h"

namespace alcuin::exchange {

namespace {

using Ordered = nlohmann::ordered_json; // members in the order in which the header names them

Ordered idOrNull(const std::optional<storage::Id>& id) {
    return id ? Ordered(*id) : Ordered(nullptr);
}

std::string tokenBytes(const std::vector<std::int32_t>& tokens) {
    std::string bytes;
    bytes.reserve(tokens.size() * 4);
    for (const auto token : tokens) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes.push_back(static_cast<char>(static_cast<std::uint32_t>(token) >> shift & 0xFFU));
        }
    }
    return bytes;
}

Ordered toJson(const storage::Generation& generation, const OwnJsonOptions& options) {
    Ordered json{{"modelName", generation.modelName},
                 {"modelPath", generation.modelPath},
                 {"parameters", generation.parametersJson},
                 {"seed", std::to_string(generation.seed)},
                 {"vocabularyHash", std::to_string(generation.vocabularyHash)}};
    if (options.tokens) {
        json["tokens"] = toBase64(tokenBytes(generation.tokens));
    }
    json["promptTokens"] = generation.promptTokens;
    json["cachedTokens"] = generation.cachedTokens;
    json["contextLength"] = generation.contextLength;
    json["queueMs"] = generation.queueMs;
    json["prefillMs"] = generation.prefillMs;
    json["timeToFirstTokenMs"] = generation.timeToFirstTokenMs;
    json["decodeMs"] = generation.decodeMs;
    return json;
}

Ordered toJson(const storage::Part& part) {
    Ordered json{{"kind", wordOf(kKindWords, part.kind)}, {"text", part.text}};
    if (!part.name.empty()) {
        json["name"] = part.name;
    }
    if (!part.mediaType.empty()) {
        json["mediaType"] = part.mediaType;
    }
    if (!part.data.empty()) {
        json["data"] = toBase64(part.data);
    }
    if (part.durationMs != 0) {
        json["durationMs"] = part.durationMs;
    }
    return json;
}

Ordered toJson(const std::vector<storage::Part>& parts) {
    Ordered json = Ordered::array();
    for (const auto& part : parts) {
        json.push_back(toJson(part));
    }
    return json;
}

Ordered toJson(const storage::ConversationTree& tree, const storage::ConversationSettings& settings) {
    Ordered json{{"modelPath", settings.modelPath},
                 {"parameters", settings.parametersJson},
                 {"instructions", settings.instructions}};
    if (const auto& persona = tree.persona) {
        json["persona"] = Ordered{{"id", persona->id},
                                  {"name", persona->name},
                                  {"instructions", persona->instructions},
                                  {"parameters", persona->parametersJson},
                                  {"modelPath", persona->modelPath},
                                  {"createdAt", persona->createdAt}};
    }
    return json;
}

Ordered toJson(const storage::QueuedQuestion& question) {
    return {{"id", question.id}, {"createdAt", question.createdAt}, {"parts", toJson(question.parts)}};
}

Ordered toJson(const storage::Compaction& compaction) {
    return {{"id", compaction.id},
            {"lastMessage", compaction.lastMessage},
            {"summary", compaction.summary},
            {"modelName", compaction.modelName},
            {"createdAt", compaction.createdAt},
            {"active", compaction.active}};
}

Ordered toJson(const storage::Message& message, const OwnJsonOptions& options) {
    Ordered json{{"id", message.id},
                 {"parentId", idOrNull(message.parentId)},
                 {"role", wordOf(kRoleWords, message.role)},
                 {"state", wordOf(kStateWords, message.state)},
                 {"createdAt", message.createdAt}};
    if (message.edited) {
        json["edited"] = true;
    }
    if (!message.error.empty()) {
        json["error"] = message.error;
    }
    json["parts"] = toJson(message.parts);
    if (message.generation) {
        json["generation"] = toJson(*message.generation, options);
    }
    return json;
}

std::string dumped(const Ordered& json) {
    return json.dump(1, ' ', false, Ordered::error_handler_t::replace);
}

} // namespace

std::string ownJsonHead(storage::TimeMs exportedAt) {
    return fmt::format("{{\n\"format\": \"{}\",\n\"version\": {},\n\"exportedAt\": {},\n\"conversations\": [\n",
                       kOwnFormat, kOwnVersion, exportedAt);
}

std::string ownJsonConversation(const storage::ConversationTree& tree, const OwnJsonOptions& options) {
    const auto& conversation = tree.conversation;
    Ordered json{{"id", conversation.id},
                 {"title", conversation.title},
                 {"titleSource", wordOf(kTitleSourceWords, conversation.titleSource)},
                 {"createdAt", conversation.createdAt},
                 {"updatedAt", conversation.updatedAt},
                 {"activeLeaf", idOrNull(conversation.activeLeaf)},
                 {"draft", conversation.draft}};
    if (conversation.pinnedAt) {
        json["pinnedAt"] = *conversation.pinnedAt;
    }
    if (conversation.archivedAt) {
        json["archivedAt"] = *conversation.archivedAt;
    }
    if (tree.folder) {
        json["folder"] =
            Ordered{{"id", tree.folder->id}, {"name", tree.folder->name}, {"createdAt", tree.folder->createdAt}};
    }
    json["settings"] = toJson(tree, conversation.settings);
    json["messages"] = Ordered::array();
    for (const auto& message : tree.messages) {
        json["messages"].push_back(toJson(message, options));
    }
    for (const auto& question : tree.queued) {
        json["queued"].push_back(toJson(question));
    }
    for (const auto& compaction : tree.compactions) {
        json["compactions"].push_back(toJson(compaction));
    }
    return dumped(json);
}

std::string ownJsonTail() {
    return "\n]\n}\n";
}

} // namespace alcuin::exchange
