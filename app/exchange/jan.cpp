#include "jan.h"

#include <utility>

#include "conversation_array.h"
#include "json_values.h"
#include "text.h"
#include "tree_builder.h"

namespace alcuin::exchange {

using storage::MessageState;
using storage::Role;

namespace {

void addPart(TreeBuilder::Node& node, const Json& part, std::string& words, LeftOut& leftOut) {
    const auto type = text(part, "type");
    const Json& body = at(part, "text");
    const auto value = body.is_string() ? text(body) : text(body, "value");
    if (type == "text") {
        words += (words.empty() ? "" : "\n\n") + value;
    } else if (type == "reasoning") {
        if (!stripped(value).empty()) {
            node.parts.push_back(reasoningPart(cleanText(stripped(value))));
        }
    } else if (type == "image_url" || type == "image") {
        leftOut.add("pictures");
    } else if (type == "tool_call") {
        leftOut.add("calls of tools");
    } else {
        leftOut.add("parts of kinds that Alcuin doesn't know");
    }
}

MessageState stateOf(const Json& message) {
    const auto status = text(message, "status");
    return status == "stopped"   ? MessageState::kCancelled
           : status == "pending" ? MessageState::kInterrupted
           : status == "error"   ? MessageState::kFailed
                                 : MessageState::kComplete;
}

TreeBuilder::Node nodeOf(const Json& message, std::string& instructions, LeftOut& leftOut) {
    TreeBuilder::Node node;
    const auto role = text(message, "role");
    node.role = role == "user" ? Role::kUser : role == "tool" ? Role::kTool : Role::kAssistant;
    node.createdAt = time(at(message, "created_at"));
    std::string words = text(at(message, "content"));
    if (at(message, "content").is_array()) {
        for (const auto& part : at(message, "content")) {
            addPart(node, part, words, leftOut);
        }
    }
    if (role == "system") {
        instructions = instructions.empty() ? cleanText(words) : instructions;
        node.parts.clear();
        return node;
    }
    if (node.role == Role::kUser) {
        addText(node.parts, words);
    } else if (node.role == Role::kTool) {
        addText(node.parts, stripped(words).empty() ? std::string() : fenced(cleanText(words)));
    } else {
        addAnswer(node.parts, words);
        node.state = stateOf(message);
        node.error = node.state == MessageState::kFailed ? cleanName(text(message, "error_code")) : std::string();
        node.modelName = cleanName(text(at(message, "metadata"), "modelId"));
    }
    const Json& attachments = at(message, "attachments");
    leftOut.add("attached files, which the export doesn't hold", attachments.is_array() ? attachments.size() : 0);
    return node;
}

} // namespace

Result<void> readJan(const Source& thread, const Source& messages, const Limits& limits, const Listener& listener) {
    const auto read = [&](const Json& json) -> Result<Imported> {
        if (!json.is_object()) {
            return fail("its thread.json isn't one of Jan's");
        }
        const Json& assistants = at(json, "assistants");
        const Json& assistant = assistants.is_array() && !assistants.empty() ? assistants[0] : at(json, "assistants");
        const auto model = cleanName(text(at(assistant, "model"), "id"));
        std::string instructions = cleanText(text(assistant, "instructions"));
        LeftOut leftOut;
        TreeBuilder builder;
        std::string previous;
        auto rest = messages.bytes;
        while (!rest.empty() && builder.size() <= limits.messages) {
            const auto end = rest.find('\n');
            const auto line = stripped(rest.substr(0, end));
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
            if (line.empty()) {
                continue;
            }
            const auto message = parseJson(line, "a line", limits);
            if (!message || !message->is_object()) {
                leftOut.add("messages that can't be read");
                continue;
            }
            auto node = nodeOf(*message, instructions, leftOut);
            if (node.role == Role::kAssistant && node.modelName.empty()) {
                node.modelName = model;
            }
            node.id = std::to_string(builder.size() + 1);
            node.parent = std::exchange(previous, node.id);
            builder.add(std::move(node));
        }
        storage::Conversation conversation;
        conversation.title = cleanName(text(json, "title"));
        conversation.createdAt = time(at(json, "created"));
        conversation.updatedAt = time(at(json, "updated"));
        conversation.settings.instructions = std::move(instructions);
        auto tree = std::move(builder).build(std::move(conversation), limits, leftOut);
        if (!tree) {
            return tl::unexpected(tree.error());
        }
        return Imported{std::move(*tree), {"jan", text(json, "id"), 0}, std::move(leftOut)};
    };
    return readEach(thread, limits, listener, read);
}

} // namespace alcuin::exchange
