#include "lm_studio.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "conversation_array.h"
#include "json_values.h"
#include "text.h"
#include "tree_builder.h"

namespace alcuin::exchange {

using storage::MessageState;
using storage::Role;

namespace {

constexpr double kMsPerSecond = 1000.0;

/// "Thought for 19.35 seconds", in milliseconds.
std::int64_t durationIn(std::string_view title) {
    const auto digit = title.find_first_of("0123456789");
    if (digit == std::string_view::npos) {
        return 0;
    }
    double value = 0;
    const auto read = std::from_chars(title.data() + digit, title.data() + title.size(), value);
    constexpr double kLongest = 1e6;
    if (read.ec != std::errc() || value > kLongest) {
        return 0;
    }
    const bool minutes = title.find("minute") != std::string_view::npos;
    return static_cast<std::int64_t>(value * kMsPerSecond * (minutes ? 60.0 : 1.0));
}

/// "1780959828218-0.1": when the step began.
storage::TimeMs timeOf(const Json& step) {
    const auto identifier = text(step, "stepIdentifier");
    std::int64_t value = 0;
    const auto read = std::from_chars(identifier.data(), identifier.data() + identifier.size(), value);
    return read.ec == std::errc() ? time(Json(value)) : 0;
}

std::string blockText(const Json& content, LeftOut& leftOut) {
    if (content.is_string()) {
        return text(content);
    }
    std::string all;
    if (!content.is_array()) {
        return all;
    }
    for (const auto& block : content) {
        const auto type = text(block, "type");
        if (type == "text") {
            all += truth(block, "isStructural") ? std::string() : text(block, "text");
        } else if (type == "file") {
            leftOut.add(text(block, "fileType") == "image" ? "pictures"
                                                           : "attached files, which the export doesn't hold");
        } else if (type == "toolCallRequest" || type == "toolCallResult") {
            leftOut.add("calls of tools");
        } else {
            leftOut.add("parts of kinds that Alcuin doesn't know");
        }
    }
    return all;
}

void addSpeeds(TreeBuilder::Node& node, const Json& step) {
    const Json& info = at(step, "genInfo");
    if (!info.is_object()) {
        return;
    }
    if (const auto name = cleanName(text(info, "indexedModelIdentifier")); !name.empty()) {
        node.modelName = name;
    }
    const Json& stats = at(info, "stats");
    node.promptTokens = integer(at(stats, "promptTokensCount"));
    node.timeToFirstTokenMs = number(at(stats, "timeToFirstTokenSec")) * kMsPerSecond;
    const auto reason = text(stats, "stopReason");
    node.state = reason == "userStopped"                           ? MessageState::kCancelled
                 : reason == "maxPredictedTokensReached"           ? MessageState::kLength
                 : reason == "contextLengthReached"                ? MessageState::kContextFull
                 : reason == "failed" || reason == "modelUnloaded" ? MessageState::kInterrupted
                                                                   : MessageState::kComplete;
}

void addStep(TreeBuilder::Node& node, const Json& step, std::string& words, LeftOut& leftOut) {
    const auto type = text(step, "type");
    if (type == "toolStatus") {
        return; // the call itself is counted in a content block
    }
    if (type != "contentBlock") {
        leftOut.add(type == "debugInfoBlock" || type == "status" ? "technical notes"
                                                                 : "parts of kinds that Alcuin doesn't know");
        return;
    }
    if (node.createdAt == 0) {
        node.createdAt = timeOf(step);
    }
    const auto content = blockText(at(step, "content"), leftOut);
    const Json& style = at(step, "style");
    if (text(style, "type") == "thinking") {
        addAnswer(node.parts, words);
        words.clear();
        if (!stripped(content).empty()) {
            node.parts.push_back(reasoningPart(cleanText(stripped(content)), durationIn(text(style, "title"))));
        }
    } else {
        words += content;
    }
    addSpeeds(node, step);
}

TreeBuilder::Node nodeOf(const Json& version, LeftOut& leftOut) {
    TreeBuilder::Node node;
    const auto role = text(version, "role");
    node.role = role == "assistant" ? Role::kAssistant : role == "system" ? Role::kSystem : Role::kUser;
    std::string words = blockText(at(version, "content"), leftOut);
    if (node.role == Role::kAssistant) {
        node.modelName = cleanName(text(at(version, "senderInfo"), "senderName"));
        for (const auto& step : at(version, "steps")) {
            addStep(node, step, words, leftOut);
        }
        addAnswer(node.parts, words);
    } else if (node.role == Role::kSystem) {
        leftOut.add("instructions in the middle", stripped(words).empty() ? 0 : 1);
    } else {
        addText(node.parts, words);
    }
    return node;
}

void addVersions(TreeBuilder& builder, const Json& message, std::size_t number, std::string& previous,
                 LeftOut& leftOut) {
    const Json& versions = at(message, "versions");
    if (!versions.is_array() || versions.empty()) {
        return;
    }
    const auto selected = std::clamp<std::int64_t>(integer(at(message, "currentlySelected")), 0,
                                                   static_cast<std::int64_t>(versions.size()) - 1);
    std::string shown;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        auto node = nodeOf(versions[i], leftOut);
        node.id = fmt::format("{}.{}", number, i);
        node.parent = previous;
        if (i == static_cast<std::size_t>(selected)) {
            shown = node.id;
        }
        builder.add(std::move(node));
    }
    previous = shown;
}

} // namespace

Result<void> readLmStudio(const Source& source, const Limits& limits, const Listener& listener) {
    const auto read = [&](const Json& json) -> Result<Imported> {
        const Json& messages = at(json, "messages");
        if (!messages.is_array()) {
            return fail("it has no messages in the way that LM Studio writes them");
        }
        LeftOut leftOut;
        TreeBuilder builder;
        std::string previous;
        std::size_t number = 0;
        for (const auto& message : messages) {
            addVersions(builder, message, ++number, previous, leftOut);
        }
        builder.setActive(previous);
        storage::Conversation conversation;
        conversation.title = cleanName(text(json, "name"));
        conversation.createdAt = time(at(json, "createdAt"));
        conversation.settings.instructions = cleanText(text(json, "systemPrompt"));
        if (truth(json, "pinned")) {
            conversation.pinnedAt = conversation.createdAt;
        }
        auto tree = std::move(builder).build(std::move(conversation), limits, leftOut);
        if (!tree) {
            return tl::unexpected(tree.error());
        }
        const auto created = integer(at(json, "createdAt"));
        return Imported{std::move(*tree),
                        {"lm-studio", created > 0 ? std::to_string(created) : std::string(), 0},
                        std::move(leftOut)};
    };
    return readEach(source, limits, listener, read);
}

} // namespace alcuin::exchange
