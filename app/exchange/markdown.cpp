#include "markdown.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "active_path.h"
#include "text.h"
#include "turn_words.h"

namespace alcuin::exchange {

namespace {

using storage::Message;
using storage::Part;
using storage::PartKind;

/// A YAML scalar in quotes: JSON's strings are YAML's.
std::string yamlText(std::string_view text) {
    return nlohmann::json(cleanText(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Words that mean themselves: what Markdown would take for a sign gets a backslash.
std::string literal(std::string_view words) {
    std::string text;
    for (const char c : words) {
        text += std::string_view("\\`*_[]<>&|~$").find(c) == std::string_view::npos ? std::string(1, c)
                                                                                    : std::string{'\\', c};
    }
    return text;
}

/// A line without what marks quotes and lists before it, as far as a block can begin there.
std::string_view blockBegin(std::string_view line) {
    while (!line.empty()) {
        const auto text = line.find_first_not_of(' ');
        if (text == std::string_view::npos || text > 3) {
            return {};
        }
        line.remove_prefix(text);
        std::size_t marker = 0;
        if (line.front() == '>') {
            marker = 1;
        } else if (line.size() > 1 && std::string_view("-+*").find(line.front()) != std::string_view::npos &&
                   line[1] == ' ') {
            marker = 2;
        } else {
            const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
            if (digits == 0 || digits > 9 || digits + 1 >= line.size() ||
                (line[digits] != '.' && line[digits] != ')') || line[digits + 1] != ' ') {
                return line;
            }
            marker = digits + 2;
        }
        line.remove_prefix(marker);
        if (!line.empty() && line.front() == ' ' && marker == 1) {
            line.remove_prefix(1);
        }
    }
    return line;
}

struct Fence {
    char character = 0; ///< 0: none is open
    std::size_t length = 0;
};

/// The run of backticks or tildes that a line begins with, if it is one of a fence.
Fence fenceAt(std::string_view begin) {
    if (begin.empty() || (begin.front() != '`' && begin.front() != '~')) {
        return {};
    }
    const auto length = std::min(begin.find_first_not_of(begin.front()), begin.size());
    if (length < 3 || (begin.front() == '`' && begin.find('`', length) != std::string_view::npos)) {
        return {};
    }
    return {begin.front(), length};
}

/// HTML blocks of CommonMark's kinds 1 to 5: they go on over empty lines until an end of their own.
bool beginsEndlessHtml(std::string_view begin) {
    constexpr std::array<std::string_view, 4> kTags{"script", "pre", "style", "textarea"};
    if (begin.size() < 2 || begin.front() != '<') {
        return false;
    }
    if (begin[1] == '!' || begin[1] == '?') {
        return true;
    }
    return std::any_of(kTags.begin(), kTags.end(), [&](std::string_view tag) {
        return begin.size() > tag.size() && std::equal(tag.begin(), tag.end(), begin.begin() + 1, [](char a, char b) {
                   return a == std::tolower(static_cast<unsigned char>(b));
               });
    });
}

std::string attachmentBlock(const Part& part) {
    const auto head = fmt::format("**{}**", literal(attachmentWords(part)));
    return part.text.empty() ? head + "\n" : fmt::format("{}\n\n{}", head, fenced(cleanText(part.text)));
}

std::string reasoningBlock(const Part& part) {
    // The empty lines end the HTML blocks, so that the quote between them is Markdown.
    return fmt::format("<details>\n<summary>{}</summary>\n\n{}\n</details>\n", reasoningWords(part.durationMs),
                       asQuote(closedMarkdown(cleanText(stripped(part.text)))));
}

std::string partBlock(const Part& part) {
    switch (part.kind) {
    case PartKind::kReasoning:
        return reasoningBlock(part);
    case PartKind::kAttachment:
        return attachmentBlock(part);
    case PartKind::kText:
        break;
    }
    return closedMarkdown(cleanText(part.text));
}

std::string frontMatter(const storage::ConversationTree& tree, const std::vector<const Message*>& path) {
    const auto& conversation = tree.conversation;
    auto head =
        fmt::format("---\ntitle: {}\nid: {}\ncreated: {}\nupdated: {}\n", yamlText(conversation.title),
                    yamlText(conversation.id), isoTime(conversation.createdAt), isoTime(conversation.updatedAt));
    if (tree.folder) {
        head += fmt::format("folder: {}\n", yamlText(tree.folder->name));
    }
    if (const auto models = modelNames(path); !models.empty()) {
        head += "models:\n";
        for (const auto& model : models) {
            head += fmt::format("  - {}\n", yamlText(model));
        }
    }
    if (path.size() < tree.messages.size()) {
        head += fmt::format("other-branches: {} messages\n", tree.messages.size() - path.size());
    }
    return head + "---\n";
}

} // namespace

std::string asQuote(std::string_view text) {
    std::string lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        lines += line.empty() ? ">" : "> ";
        lines += line;
        lines += '\n';
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return lines;
}

std::string closedMarkdown(std::string_view text) {
    std::string closed;
    closed.reserve(text.size() + 8);
    Fence open;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        const auto begin = blockBegin(line);
        const Fence fence = fenceAt(begin);
        bool escape = false;
        if (open.character == 0) {
            open = fence;
            escape = fence.character == 0 && beginsEndlessHtml(begin);
        } else if (fence.character == open.character && fence.length >= open.length &&
                   stripped(begin.substr(fence.length)).empty()) {
            open = {};
        }
        const auto before = line.size() - (escape ? begin.size() : 0);
        closed += line.substr(0, before);
        if (escape) {
            closed += '\\';
            closed += begin;
        }
        closed += '\n';
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    if (open.character != 0) {
        closed += std::string(open.length, open.character) + '\n';
    }
    return closed;
}

std::string toMarkdown(const storage::ConversationTree& tree) {
    const auto path = activePath(tree);
    auto text = frontMatter(tree, path);
    const auto title = cleanName(tree.conversation.title);
    text += fmt::format("\n# {}\n", title.empty() ? "Conversation" : literal(title));
    for (const auto* message : path) {
        text += fmt::format("\n## {}\n", literal(speakerWords(*message)));
        text += fmt::format("\n*{}*\n", readableTime(message->createdAt));
        for (const auto& part : message->parts) {
            text += '\n';
            text += partBlock(part);
        }
        if (const auto state = stateWords(*message); !state.empty()) {
            text += fmt::format("\n*{}*\n", literal(state));
        }
    }
    return text;
}

} // namespace alcuin::exchange
