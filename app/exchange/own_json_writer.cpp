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

Ordered toJson(const storage::Message& message, const OwnJsonOptions& options) {
    Ordered json{{"id", message.id},
                 {"parentId", idOrNull(message.parentId)},
                 {"role", wordOf(kRoleWords, message.role)},
                 {"state", wordOf(kStateWords, message.state)},
                 {"createdAt", message.createdAt}};
    if (!message.error.empty()) {
        json["error"] = message.error;
    }
    json["parts"] = Ordered::array();
    for (const auto& part : message.parts) {
        json["parts"].push_back(toJson(part));
    }
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
    json["messages"] = Ordered::array();
    for (const auto& message : tree.messages) {
        json["messages"].push_back(toJson(message, options));
    }
    return dumped(json);
}

std::string ownJsonTail() {
    return "\n]\n}\n";
}

} // namespace alcuin::exchange
