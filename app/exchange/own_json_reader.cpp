#include <charconv>

#include <fmt/format.h>

#include "base64.h"
#include "conversation_array.h"
#include "json_values.h"
#include "own_json.h"
#include "own_words.h"

namespace alcuin::exchange {

namespace {

/// Why one conversation can't be read: unwinds to the end of readConversation, half a sentence.
struct Unreadable {
    std::string why;
};

std::int64_t exactInteger(const Json& json, std::int64_t otherwise) {
    return json.is_number_integer() ? json.get<std::int64_t>() : otherwise;
}

std::uint64_t digits(const Json& json) {
    const auto word = text(json);
    std::uint64_t value = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    if (!json.is_null() && (read.ec != std::errc() || read.ptr != word.data() + word.size())) {
        throw Unreadable{"a seed or hash in it isn't a number"};
    }
    return value;
}

std::string bytesOf(const Json& json, std::string_view what) {
    auto bytes = fromBase64(text(json));
    if (!bytes) {
        throw Unreadable{fmt::format("{} in it isn't Base64", what)};
    }
    return std::move(*bytes);
}

template <typename Table>
auto word(const Table& table, const Json& json, std::string_view key, std::string_view otherwise) {
    const auto written = text(json, key);
    const auto value = valueOf(table, written.empty() ? otherwise : std::string_view(written));
    if (!value) {
        throw Unreadable{fmt::format("a {} in it isn't one that this version knows", key)};
    }
    return *value;
}

std::optional<storage::Id> optionalId(const Json& json) {
    auto id = text(json);
    return id.empty() ? std::nullopt : std::optional(std::move(id));
}

std::vector<std::int32_t> tokensOf(const Json& json) {
    const auto bytes = bytesOf(json, "a list of tokens");
    if (bytes.size() % 4 != 0) {
        throw Unreadable{"a list of tokens in it is cut off"};
    }
    std::vector<std::int32_t> tokens(bytes.size() / 4);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
        tokens[i / 4] = static_cast<std::int32_t>(static_cast<std::uint32_t>(tokens[i / 4]) | byte << (i % 4 * 8));
    }
    return tokens;
}

storage::Generation generationOf(const Json& json) {
    storage::Generation generation;
    generation.modelName = text(json, "modelName");
    generation.modelPath = text(json, "modelPath");
    generation.parametersJson = text(json, "parameters");
    generation.seed = digits(at(json, "seed"));
    generation.vocabularyHash = digits(at(json, "vocabularyHash"));
    generation.tokens = tokensOf(at(json, "tokens"));
    generation.promptTokens = exactInteger(at(json, "promptTokens"), 0);
    generation.cachedTokens = exactInteger(at(json, "cachedTokens"), 0);
    generation.contextLength = exactInteger(at(json, "contextLength"), 0);
    generation.queueMs = number(at(json, "queueMs"));
    generation.prefillMs = number(at(json, "prefillMs"));
    generation.timeToFirstTokenMs = number(at(json, "timeToFirstTokenMs"));
    generation.decodeMs = number(at(json, "decodeMs"));
    return generation;
}

storage::Part partOf(const Json& json) {
    storage::Part part;
    part.kind = word(kKindWords, json, "kind", "text");
    part.text = text(json, "text");
    part.name = text(json, "name");
    part.mediaType = text(json, "mediaType");
    part.data = bytesOf(at(json, "data"), "an attachment");
    part.durationMs = exactInteger(at(json, "durationMs"), 0);
    return part;
}

/// The elements of a list, none where there is no list.
const Json& listOf(const Json& json, std::string_view key) {
    static const Json kNone = Json::array();
    const Json& list = at(json, key);
    return list.is_array() ? list : kNone;
}

std::vector<storage::Part> partsOf(const Json& json) {
    std::vector<storage::Part> parts;
    for (const auto& part : listOf(json, "parts")) {
        parts.push_back(partOf(part));
    }
    return parts;
}

std::optional<storage::TimeMs> optionalTime(const Json& json) {
    return json.is_number_integer() ? std::optional(json.get<std::int64_t>()) : std::nullopt;
}

void readSettings(const Json& json, storage::ConversationTree& tree) {
    auto& settings = tree.conversation.settings;
    settings.modelPath = text(json, "modelPath");
    settings.parametersJson = text(json, "parameters");
    settings.instructions = text(json, "instructions");
    if (const Json& persona = at(json, "persona"); persona.is_object()) {
        tree.persona = storage::Persona{text(persona, "id"),           text(persona, "name"),
                                        text(persona, "instructions"), text(persona, "parameters"),
                                        text(persona, "modelPath"),    exactInteger(at(persona, "createdAt"), 0)};
        settings.personaId = tree.persona->id;
    }
}

storage::Message messageOf(const Json& json) {
    storage::Message message;
    message.id = text(json, "id");
    message.parentId = optionalId(at(json, "parentId"));
    message.role = word(kRoleWords, json, "role", "");
    message.state = word(kStateWords, json, "state", "complete");
    message.createdAt = exactInteger(at(json, "createdAt"), 0);
    message.error = text(json, "error");
    message.edited = truth(json, "edited");
    message.parts = partsOf(json);
    if (at(json, "generation").is_object()) {
        message.generation = generationOf(at(json, "generation"));
    }
    return message;
}

storage::ConversationTree treeOf(const Json& json, const Limits& limits) {
    storage::ConversationTree tree;
    auto& conversation = tree.conversation;
    conversation.id = text(json, "id");
    conversation.title = text(json, "title");
    conversation.titleSource = word(kTitleSourceWords, json, "titleSource", "none");
    conversation.createdAt = exactInteger(at(json, "createdAt"), 0);
    conversation.updatedAt = exactInteger(at(json, "updatedAt"), 0);
    conversation.activeLeaf = optionalId(at(json, "activeLeaf"));
    conversation.draft = text(json, "draft");
    conversation.pinnedAt = optionalTime(at(json, "pinnedAt"));
    conversation.archivedAt = optionalTime(at(json, "archivedAt"));
    if (const Json& folder = at(json, "folder"); folder.is_object()) {
        tree.folder =
            storage::Folder{text(folder, "id"), text(folder, "name"), exactInteger(at(folder, "createdAt"), 0)};
        conversation.folderId = tree.folder->id;
    }
    readSettings(at(json, "settings"), tree);
    for (const auto& question : listOf(json, "queued")) {
        tree.queued.push_back(
            {text(question, "id"), {}, partsOf(question), exactInteger(at(question, "createdAt"), 0)});
    }
    for (const auto& each : listOf(json, "compactions")) {
        const Json& active = at(each, "active");
        tree.compactions.push_back({text(each, "id"),
                                    {},
                                    text(each, "lastMessage"),
                                    text(each, "summary"),
                                    text(each, "modelName"),
                                    exactInteger(at(each, "createdAt"), 0),
                                    !active.is_boolean() || active.get<bool>()});
    }
    const Json& messages = at(json, "messages");
    if (!messages.is_array()) {
        throw Unreadable{"it has no list of messages"};
    }
    if (messages.size() > limits.messages) {
        throw Unreadable{fmt::format("it has {} messages, where up to {} are read", messages.size(), limits.messages)};
    }
    for (const auto& message : messages) {
        tree.messages.push_back(messageOf(message));
    }
    return tree;
}

Result<Imported> readConversation(const Json& json, const Limits& limits) {
    try {
        auto tree = treeOf(json, limits);
        std::string id = tree.conversation.id;
        return Imported{std::move(tree), {"alcuin", std::move(id), 0}, {}};
    } catch (const Unreadable& unreadable) {
        return fail(unreadable.why);
    }
}

} // namespace

Result<void> readOwnJson(const Source& source, const Limits& limits, const Listener& listener) {
    const auto members = membersOf(source.bytes, limits);
    if (!members) {
        return fail(
            fmt::format("{} isn't a whole JSON object. It may have been cut off; export it again.", source.name));
    }
    const auto version = parseJson(memberOf(*members, "version"), "its version", limits);
    if (!version || integer(*version) < 1) {
        return fail(
            fmt::format("{} doesn't say which version of the format it has, so nothing was read.", source.name));
    }
    if (integer(*version) > kOwnVersion) {
        return fail(fmt::format("{} was written by a newer version of Alcuin (its format is {}, this version knows "
                                "formats up to {}). Install the newer version to read it.",
                                source.name, integer(*version), kOwnVersion));
    }
    const Source conversations{source.name, memberOf(*members, "conversations")};
    if (conversations.bytes.empty() || conversations.bytes.front() != '[') {
        return fail(fmt::format("{} has no list of conversations.", source.name));
    }
    return readEach(conversations, limits, listener, [&](const Json& json) { return readConversation(json, limits); });
}

} // namespace alcuin::exchange
