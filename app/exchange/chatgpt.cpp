#include "chatgpt.h"

#include <algorithm>

#include <fmt/format.h>

#include "conversation_array.h"
#include "json_text.h"
#include "json_values.h"
#include "text.h"
#include "tree_builder.h"

namespace alcuin::exchange {

using storage::MessageState;
using storage::Role;

namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::string_view kNext = "\xEE\x88\x82"; ///< U+E202, between the fields of a mark

/// What the program shows for a mark in a text: the name of a person or place, a link; of what it draws itself, and of
/// references to web pages, nothing. The fields of a mark stand between characters U+E202:
///     entity ["city","Paris","capital of France"]      url Title https://...      cite turn0search1
std::string shownFor(std::string_view mark, const Limits& limits, LeftOut& leftOut) {
    const auto field = [&mark] {
        const auto end = mark.find(kNext);
        const auto value = mark.substr(0, end);
        mark.remove_prefix(end == std::string_view::npos ? mark.size() : end + kNext.size());
        return value;
    };
    const auto kind = field();
    if (kind.starts_with("entity")) {
        const auto list = kind == "entity" ? mark : kind.substr(std::string_view("entity").size());
        const auto json = parseJson(list, "a mark", limits);
        return json && json->is_array() && json->size() > 1 ? cleanName(text((*json)[1])) : std::string();
    }
    if (kind == "url") {
        const auto title = cleanName(field());
        const auto address = field();
        const bool isLink = address.starts_with("https://") || address.starts_with("http://");
        return isLink && address.find_first_of(" <>\n") == std::string_view::npos
                   ? fmt::format("[{}](<{}>)", title, address)
                   : title;
    }
    leftOut.add(kind.find("cite") != std::string_view::npos ? "references to web pages" : "pictures and cards");
    return {};
}

/// A text without the marks that only ChatGPT knows: each stands between U+E200 and U+E201.
std::string withoutMarks(std::string_view text, const Limits& limits, LeftOut& leftOut) {
    constexpr std::string_view kOpen = "\xEE\x88\x80";
    constexpr std::string_view kClose = "\xEE\x88\x81";
    std::string kept;
    while (true) {
        const auto begin = text.find(kOpen);
        const auto end = begin == std::string_view::npos ? begin : text.find(kClose, begin);
        if (end == std::string_view::npos) {
            kept += text;
            return kept;
        }
        kept += text.substr(0, begin);
        kept += shownFor(text.substr(begin + kOpen.size(), end - begin - kOpen.size()), limits, leftOut);
        text.remove_prefix(end + kClose.size());
    }
}

Role roleOf(const Json& message) {
    const auto role = text(at(message, "author"), "role");
    return role == "assistant" ? Role::kAssistant
           : role == "tool"    ? Role::kTool
           : role == "system"  ? Role::kSystem
                               : Role::kUser;
}

MessageState stateOf(const Json& message) {
    const auto status = text(message, "status");
    const auto finish = text(at(at(message, "metadata"), "finish_details"), "type");
    if (finish == "max_tokens") {
        return MessageState::kLength;
    }
    if (finish == "interrupted") {
        return MessageState::kCancelled;
    }
    return status == "in_progress" || status == "finished_partial_completion" ? MessageState::kInterrupted
                                                                              : MessageState::kComplete;
}

/// One message's content, taken apart by its kind.
class ContentReader {
public:
    ContentReader(const Json& message, Role role, const Limits& limits, LeftOut& leftOut)
        : message_(message), content_(at(message, "content")), role_(role), limits_(limits), leftOut_(leftOut) {}

    std::vector<storage::Part> read() {
        const auto kind = text(content_, "content_type");
        if (kind == "code") {
            addCode();
        } else if (kind == "execution_output" || kind == "system_error" || kind == "tether_quote") {
            addFenced(text(content_, "text"));
        } else if (kind == "tether_browsing_display") {
            addFenced(text(content_, "result"));
        } else if (kind == "thoughts") {
            addThoughts();
        } else if (kind == "reasoning_recap") {
            const auto seconds = number(at(at(message_, "metadata"), "finished_duration_sec"));
            parts_.push_back(reasoningPart({}, static_cast<std::int64_t>(seconds * kMsPerSecond)));
        } else if (at(content_, "parts").is_array()) {
            addParts();
        } else if (at(content_, "text").is_string()) {
            addText(parts_, text(content_, "text"));
        } else if (!content_.is_null()) {
            leftOut_.add("parts of kinds that Alcuin doesn't know");
        }
        leftOut_.add("attached files, which the export doesn't hold",
                     at(at(message_, "metadata"), "attachments").is_array()
                         ? at(at(message_, "metadata"), "attachments").size()
                         : 0);
        return std::move(parts_);
    }

private:
    void addFenced(const std::string& output) {
        if (!stripped(output).empty()) {
            addText(parts_, fenced(cleanText(output)));
        }
    }

    void addCode() {
        const auto recipient = text(message_, "recipient");
        auto language = cleanName(text(content_, "language"), 40);
        if (language == "unknown" || language.find('`') != std::string::npos) {
            language = recipient == "python" ? "python" : "";
        }
        if (const auto code = text(content_, "text"); !stripped(code).empty()) {
            addText(parts_, fenced(cleanText(code), language));
        }
    }

    void addThoughts() {
        std::string all;
        for (const auto& thought : at(content_, "thoughts")) {
            const auto summary = cleanName(text(thought, "summary"));
            const auto words = cleanText(text(thought, "content"));
            all += all.empty() ? "" : "\n\n";
            all += summary.empty() ? words : fmt::format("**{}**\n\n{}", summary, words);
        }
        if (!stripped(all).empty()) {
            parts_.push_back(reasoningPart(std::move(all)));
        }
    }

    void addParts() {
        std::string all;
        for (const auto& part : at(content_, "parts")) {
            if (part.is_string()) {
                all += all.empty() ? "" : "\n\n";
                all += withoutMarks(text(part), limits_, leftOut_);
            } else {
                addObject(part, all);
            }
        }
        if (role_ == Role::kTool) {
            addFenced(all);
        } else {
            addText(parts_, all);
        }
    }

    void addObject(const Json& part, std::string& all) {
        const auto kind = text(part, "content_type");
        if (kind == "audio_transcription") {
            all += all.empty() ? "" : "\n\n";
            all += text(part, "text");
        } else if (kind == "image_asset_pointer") {
            leftOut_.add("pictures");
        } else if (kind == "audio_asset_pointer" || kind == "real_time_user_audio_video_asset_pointer") {
            leftOut_.add("sound recordings");
        } else if (!part.is_null()) {
            leftOut_.add("parts of kinds that Alcuin doesn't know");
        }
    }

    const Json& message_;
    const Json& content_;
    Role role_;
    const Limits& limits_;
    LeftOut& leftOut_;
    std::vector<storage::Part> parts_;
};

bool isHidden(const Json& message, Role role) {
    const auto kind = text(at(message, "content"), "content_type");
    return role == Role::kSystem || kind == "user_editable_context" || kind == "model_editable_context" ||
           truth(at(message, "metadata"), "is_visually_hidden_from_conversation");
}

TreeBuilder::Node nodeOf(const std::string& id, const Json& json, const Limits& limits, LeftOut& leftOut) {
    TreeBuilder::Node node;
    node.id = id;
    node.parent = text(json, "parent");
    for (const auto& child : at(json, "children")) {
        node.children.push_back(text(child));
    }
    const Json& message = at(json, "message");
    if (!message.is_object()) {
        return node;
    }
    node.role = roleOf(message);
    if (isHidden(message, node.role)) {
        LeftOut none;
        const Json& content = at(message, "content");
        if (!ContentReader(message, node.role, limits, none).read().empty() ||
            !text(content, "user_instructions").empty() || !text(content, "user_profile").empty()) {
            leftOut.add("hidden messages and instructions");
        }
        return node;
    }
    node.state = stateOf(message);
    node.createdAt = time(at(message, "create_time"));
    node.parts = ContentReader(message, node.role, limits, leftOut).read();
    if (node.role != Role::kUser) {
        node.modelName = cleanName(text(at(message, "metadata"), "model_slug"));
    }
    return node;
}

} // namespace

Result<void> readChatGpt(const Source& source, const Limits& limits, const Listener& listener) {
    const auto read = [&](const Json& json) -> Result<Imported> {
        const Json& mapping = at(json, "mapping");
        if (!mapping.is_object()) {
            return fail("it has no messages in the way that ChatGPT writes them");
        }
        LeftOut leftOut;
        TreeBuilder builder;
        for (const auto& [id, node] : mapping.items()) {
            builder.add(nodeOf(id, node, limits, leftOut));
        }
        builder.setActive(text(json, "current_node"));
        storage::Conversation conversation;
        conversation.title = cleanName(text(json, "title"));
        conversation.createdAt = time(at(json, "create_time"));
        conversation.updatedAt = time(at(json, "update_time"));
        if (truth(json, "is_archived")) {
            conversation.archivedAt = std::max(conversation.updatedAt, conversation.createdAt);
        }
        if (truth(json, "is_starred")) {
            conversation.pinnedAt = std::max(conversation.updatedAt, conversation.createdAt);
        }
        auto tree = std::move(builder).build(std::move(conversation), limits, leftOut);
        if (!tree) {
            return tl::unexpected(tree.error());
        }
        auto id = text(json, "conversation_id");
        return Imported{std::move(*tree), {"chatgpt", id.empty() ? text(json, "id") : id, 0}, std::move(leftOut)};
    };
    return readEach(source, limits, listener, read);
}

} // namespace alcuin::exchange
