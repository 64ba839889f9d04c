#include "open_webui.h"

#include <algorithm>
#include <array>

#include "conversation_array.h"
#include "json_values.h"
#include "text.h"
#include "tree_builder.h"

namespace alcuin::exchange {

using storage::MessageState;
using storage::Part;
using storage::Role;

namespace {

constexpr std::int64_t kMsPerSecond = 1000;

/// The value of an attribute in an opening tag; empty where there is none.
std::string_view attribute(std::string_view tag, std::string_view name) {
    for (std::size_t from = 0;;) {
        const auto found = tag.find(name, from);
        if (found == std::string_view::npos) {
            return {};
        }
        const auto value = found + name.size();
        if (found > 0 && tag[found - 1] == ' ' && tag.substr(value, 2) == "=\"") {
            const auto end = tag.find('"', value + 2);
            return end == std::string_view::npos ? std::string_view() : tag.substr(value + 2, end - value - 2);
        }
        from = value;
    }
}

std::int64_t secondsIn(std::string_view digits) {
    std::int64_t seconds = 0;
    for (const char c : digits.substr(0, 9)) {
        if (c < '0' || c > '9') {
            break;
        }
        seconds = seconds * 10 + (c - '0');
    }
    return seconds;
}

std::string unescaped(std::string_view text) {
    struct Entity {
        std::string_view name;
        char character;
    };
    constexpr std::array<Entity, 6> kEntities{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#x27;", '\''}, {"&#39;", '\''}}};
    std::string plain;
    while (!text.empty()) {
        bool known = false;
        for (const auto& entity : kEntities) {
            if (text.front() == '&' && text.starts_with(entity.name)) {
                plain.push_back(entity.character);
                text.remove_prefix(entity.name.size());
                known = true;
                break;
            }
        }
        if (!known) {
            plain.push_back(text.front());
            text.remove_prefix(1);
        }
    }
    return plain;
}

/// The words of a block of reasoning: its summary and the signs of a quote go.
std::string thoughtIn(std::string_view body) {
    constexpr std::string_view kSummary = "</summary>";
    if (const auto end = body.find(kSummary); end != std::string_view::npos) {
        body.remove_prefix(end + kSummary.size());
    }
    std::string thought;
    body = stripped(body);
    while (!body.empty()) {
        const auto end = body.find('\n');
        auto line = body.substr(0, end);
        if (line.starts_with("> ")) {
            line.remove_prefix(2);
        } else if (line == ">") {
            line = {};
        }
        thought += line;
        thought += '\n';
        body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
    }
    return unescaped(stripped(thought));
}

/// An answer's text with its <details type="..."> taken apart.
void addContent(std::vector<Part>& parts, std::string_view content, LeftOut& leftOut) {
    constexpr std::string_view kOpen = "<details type=\"";
    constexpr std::string_view kClose = "</details>";
    std::string words;
    while (true) {
        const auto begin = content.find(kOpen);
        const auto close = begin == std::string_view::npos ? begin : content.find('>', begin);
        const auto end = close == std::string_view::npos ? close : content.find(kClose, close);
        if (end == std::string_view::npos) {
            break;
        }
        const auto tag = content.substr(begin, close - begin);
        words += content.substr(0, begin);
        if (attribute(tag, "type") == "reasoning") {
            addAnswer(parts, words);
            words.clear();
            if (auto thought = thoughtIn(content.substr(close + 1, end - close - 1)); !thought.empty()) {
                parts.push_back(
                    reasoningPart(cleanText(thought), secondsIn(attribute(tag, "duration")) * kMsPerSecond));
            }
        } else {
            leftOut.add("calls of tools");
        }
        content.remove_prefix(end + kClose.size());
    }
    words += content;
    addAnswer(parts, stripped(words));
}

std::string contentText(const Json& content, LeftOut& leftOut) {
    if (!content.is_array()) {
        return text(content);
    }
    std::string all;
    for (const auto& part : content) {
        if (text(part, "type") == "text") {
            all += (all.empty() ? "" : "\n\n") + text(part, "text");
        } else {
            leftOut.add(text(part, "type") == "image_url" ? "pictures" : "parts of kinds that Alcuin doesn't know");
        }
    }
    return all;
}

/// The words in an item of `output`: in its content or, of reasoning, in its summary.
std::string itemText(const Json& item) {
    std::string all;
    for (const char* key : {"content", "summary"}) {
        const Json& blocks = at(item, key);
        if (blocks.is_string()) {
            all += text(blocks);
        } else if (blocks.is_array()) {
            for (const auto& block : blocks) {
                all += text(block, "text");
            }
        }
        if (!stripped(all).empty()) {
            break;
        }
    }
    return all;
}

/// Newer versions keep an answer's steps apart in `output`, as the Responses API has them. `content` may hold the same
/// as one text, with its reasoning in <details> or without, or nothing.
void addAnswerOf(std::vector<Part>& parts, const std::string& content, const Json& output, LeftOut& leftOut) {
    const bool hasWords = !stripped(content).empty();
    const bool isWhole = hasWords && content.find("<details type=\"reasoning\"") != std::string::npos;
    if (output.is_array() && !isWhole) {
        for (const auto& item : output) {
            const auto type = text(item, "type");
            if (type == "reasoning") {
                if (const auto thought = itemText(item); !stripped(thought).empty()) {
                    const auto seconds = number(at(item, "duration"), 0);
                    parts.push_back(
                        reasoningPart(cleanText(stripped(thought)), static_cast<std::int64_t>(seconds * kMsPerSecond)));
                }
            } else if (type == "message" && !hasWords) {
                addAnswer(parts, itemText(item));
            } else if (type == "function_call" && content.find("<details type=\"tool_calls\"") == std::string::npos) {
                leftOut.add("calls of tools");
            }
        }
    }
    addContent(parts, content, leftOut);
}

void addFiles(std::vector<Part>& parts, const Json& files, LeftOut& leftOut) {
    if (!files.is_array()) {
        return;
    }
    for (const auto& file : files) {
        const auto words = text(at(at(at(file, "file"), "data"), "content"));
        if (text(file, "type") == "image") {
            leftOut.add("pictures");
        } else if (words.empty()) {
            leftOut.add("attached files, which the export doesn't hold");
        } else {
            auto name = cleanName(text(file, "name"));
            parts.push_back(attachmentPart(name.empty() ? "file" : std::move(name), "text/plain", cleanText(words)));
        }
    }
}

TreeBuilder::Node nodeOf(const std::string& id, const Json& json, std::string& instructions, LeftOut& leftOut) {
    TreeBuilder::Node node;
    node.id = id;
    node.parent = text(json, "parentId");
    if (at(json, "childrenIds").is_array()) {
        for (const auto& child : at(json, "childrenIds")) {
            node.children.push_back(text(child));
        }
    }
    const auto role = text(json, "role");
    const auto content = contentText(at(json, "content"), leftOut);
    if (role == "system") {
        instructions = instructions.empty() ? cleanText(content) : instructions;
        return node;
    }
    node.role = role == "user" ? Role::kUser : role == "tool" ? Role::kTool : Role::kAssistant;
    node.createdAt = time(at(json, "timestamp"));
    addFiles(node.parts, at(json, "files"), leftOut);
    if (node.role == Role::kUser) {
        addText(node.parts, content);
        return node;
    }
    addAnswerOf(node.parts, content, at(json, "output"), leftOut);
    node.modelName = cleanName(text(json, "modelName").empty() ? text(json, "model") : text(json, "modelName"));
    node.promptTokens = integer(at(at(json, "usage"), "prompt_tokens"));
    const Json& error = at(json, "error");
    if (error.is_object() || error.is_string() || truth(json, "error")) {
        node.state = MessageState::kFailed;
        node.error = cleanText(error.is_string() ? text(error) : text(error, "content"));
        if (node.parts.empty()) {
            node.parts.push_back(textPart({})); // it stays, for what is said of its failure
        }
    } else if (at(json, "done").is_boolean() && !truth(json, "done")) {
        node.state = MessageState::kInterrupted;
    }
    const Json& sources = at(json, "sources");
    leftOut.add("references to web pages", sources.is_array() ? sources.size() : 0);
    return node;
}

void addList(TreeBuilder& builder, const Json& messages, std::string& instructions, LeftOut& leftOut) {
    std::string previous;
    for (const auto& message : messages) {
        auto node = nodeOf(std::to_string(builder.size() + 1), message, instructions, leftOut);
        node.parent = std::exchange(previous, node.id);
        node.children.clear();
        builder.add(std::move(node));
    }
}

} // namespace

Result<void> readOpenWebUi(const Source& source, const Limits& limits, const Listener& listener) {
    const auto read = [&](const Json& json) -> Result<Imported> {
        const Json& chat = at(json, "chat").is_object() ? at(json, "chat") : json;
        const Json& history = at(chat, "history");
        LeftOut leftOut;
        TreeBuilder builder;
        std::string instructions = cleanText(text(at(chat, "params"), "system"));
        if (at(history, "messages").is_object()) {
            for (const auto& [id, node] : at(history, "messages").items()) {
                builder.add(nodeOf(id, node, instructions, leftOut));
            }
            builder.setActive(text(history, "currentId"));
        } else if (at(chat, "messages").is_array()) {
            addList(builder, at(chat, "messages"), instructions, leftOut);
        } else {
            return fail("it has no messages in the way that Open WebUI writes them");
        }
        storage::Conversation conversation;
        conversation.title = cleanName(text(json, "title").empty() ? text(chat, "title") : text(json, "title"));
        conversation.createdAt = time(at(json, "created_at"));
        conversation.updatedAt = time(at(json, "updated_at"));
        if (conversation.createdAt == 0) {
            conversation.createdAt = time(at(chat, "timestamp"));
        }
        conversation.settings.instructions = std::move(instructions);
        if (truth(json, "archived")) {
            conversation.archivedAt = std::max(conversation.updatedAt, conversation.createdAt);
        }
        if (truth(json, "pinned")) {
            conversation.pinnedAt = std::max(conversation.updatedAt, conversation.createdAt);
        }
        auto tree = std::move(builder).build(std::move(conversation), limits, leftOut);
        if (!tree) {
            return tl::unexpected(tree.error());
        }
        auto id = text(json, "id");
        return Imported{std::move(*tree), {"open-webui", id.empty() ? text(chat, "id") : id, 0}, std::move(leftOut)};
    };
    return readEach(source, limits, listener, read);
}

} // namespace alcuin::exchange
