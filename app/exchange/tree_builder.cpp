#include "tree_builder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <alcuin/storage/title.h>
#include <fmt/format.h>

#include "text.h"

namespace alcuin::exchange {

using storage::Message;
using storage::Part;
using storage::PartKind;
using storage::Role;

namespace {

bool isAnswer(Role role) {
    return role == Role::kAssistant || role == Role::kTool;
}

/// A program that tells how long it thought in a step of its own: the time goes to the reasoning before it.
void append(std::vector<Part>& parts, std::vector<Part>&& more) {
    for (auto& part : more) {
        if (part.kind == PartKind::kReasoning && part.text.empty()) {
            const auto last = std::find_if(parts.rbegin(), parts.rend(),
                                           [](const Part& each) { return each.kind == PartKind::kReasoning; });
            if (last != parts.rend() && last->durationMs == 0) {
                last->durationMs = part.durationMs;
            }
        } else {
            parts.push_back(std::move(part));
        }
    }
}

std::optional<storage::Generation> generationOf(const TreeBuilder::Node& node) {
    if (node.modelName.empty() && node.promptTokens == 0 && node.decodeMs <= 0) {
        return std::nullopt;
    }
    storage::Generation generation;
    generation.modelName = node.modelName;
    generation.parametersJson = "{}";
    generation.promptTokens = node.promptTokens;
    generation.contextLength = node.contextLength;
    generation.timeToFirstTokenMs = node.timeToFirstTokenMs;
    generation.decodeMs = node.decodeMs;
    return generation;
}

} // namespace

Part textPart(std::string text) {
    Part part;
    part.text = std::move(text);
    return part;
}

Part reasoningPart(std::string text, std::int64_t durationMs) {
    Part part;
    part.kind = PartKind::kReasoning;
    part.text = std::move(text);
    part.durationMs = std::max<std::int64_t>(durationMs, 0);
    return part;
}

Part attachmentPart(std::string name, std::string mediaType, std::string text) {
    Part part;
    part.kind = PartKind::kAttachment;
    part.name = std::move(name);
    part.mediaType = std::move(mediaType);
    part.text = std::move(text);
    return part;
}

void addText(std::vector<Part>& parts, std::string_view text) {
    if (!stripped(text).empty()) {
        parts.push_back(textPart(cleanText(text)));
    }
}

void addAnswer(std::vector<Part>& parts, std::string_view text) {
    constexpr std::string_view kOpen = "<think>";
    constexpr std::string_view kClose = "</think>";
    const auto body = stripped(text);
    if (body.starts_with(kOpen)) {
        const auto end = body.find(kClose);
        const auto thought =
            stripped(body.substr(kOpen.size(), end == std::string_view::npos ? end : end - kOpen.size()));
        if (!thought.empty()) {
            parts.push_back(reasoningPart(cleanText(thought)));
        }
        text = end == std::string_view::npos ? std::string_view() : stripped(body.substr(end + kClose.size()));
    }
    addText(parts, text);
}

void TreeBuilder::add(Node node) {
    if (indexOf_.emplace(node.id, nodes_.size()).second) {
        nodes_.push_back(std::move(node));
    }
}

void TreeBuilder::setActive(std::string id) {
    active_ = std::move(id);
}

std::size_t TreeBuilder::size() const {
    return nodes_.size();
}

std::vector<std::vector<TreeBuilder::Index>> TreeBuilder::orderedChildren(std::vector<Index>& roots) const {
    std::vector<std::vector<Index>> children(nodes_.size());
    for (Index i = 0; i < nodes_.size(); ++i) {
        const auto parent = indexOf_.find(nodes_[i].parent);
        if (parent == indexOf_.end() || parent->second == i) {
            roots.push_back(i);
        } else {
            children[parent->second].push_back(i);
        }
    }
    std::unordered_map<std::string_view, Index> ranks;
    for (Index i = 0; i < nodes_.size(); ++i) {
        if (children[i].size() < 2) {
            continue;
        }
        ranks.clear();
        for (Index rank = 0; rank < nodes_[i].children.size(); ++rank) {
            ranks.emplace(nodes_[i].children[rank], rank);
        }
        const auto rankOf = [&](Index child) {
            const auto found = ranks.find(nodes_[child].id);
            return found == ranks.end() ? std::numeric_limits<Index>::max() : found->second;
        };
        std::stable_sort(children[i].begin(), children[i].end(), [&](Index a, Index b) {
            const auto rankA = rankOf(a);
            const auto rankB = rankOf(b);
            return rankA != rankB ? rankA < rankB : nodes_[a].createdAt < nodes_[b].createdAt;
        });
    }
    return children;
}

TreeBuilder::Index TreeBuilder::place(storage::ConversationTree& tree, Node& node, Index parentMessage,
                                      bool mayJoin) const {
    if (mayJoin) {
        Message& before = tree.messages[parentMessage];
        append(before.parts, std::move(node.parts));
        before.state = node.state;
        before.error = node.error;
        if (auto generation = generationOf(node)) {
            before.generation = std::move(generation);
        }
        return parentMessage;
    }
    Message message;
    message.id = std::to_string(tree.messages.size() + 1);
    if (parentMessage != kNone) {
        message.parentId = tree.messages[parentMessage].id;
    }
    message.role = isAnswer(node.role) ? Role::kAssistant : Role::kUser;
    message.state = node.state;
    message.createdAt = node.createdAt;
    message.error = node.error;
    if (isAnswer(node.role)) {
        message.generation = generationOf(node);
    }
    append(message.parts, std::move(node.parts));
    tree.messages.push_back(std::move(message));
    return tree.messages.size() - 1;
}

void TreeBuilder::emitTree(storage::ConversationTree& tree, LeftOut& leftOut) {
    std::vector<Index> roots;
    const auto children = orderedChildren(roots);
    // Where each node's content went: a message, or that of the nearest one above it that has any.
    std::vector<Index> messageOf(nodes_.size(), kNone);
    struct Visit {
        Index node;
        Index message; ///< of what stands above it
        bool alone;    ///< nothing else follows what stands above it
        Role above;
    };
    std::vector<Visit> open;
    for (auto root = roots.rbegin(); root != roots.rend(); ++root) {
        open.push_back({*root, kNone, false, Role::kUser});
    }
    std::size_t visited = 0;
    while (!open.empty()) {
        const Visit visit = open.back();
        open.pop_back();
        ++visited;
        Node& node = nodes_[visit.node];
        Index message = visit.message;
        Role role = visit.above;
        bool alone = visit.alone;
        if (!node.parts.empty()) {
            const bool joins = message != kNone && alone && isAnswer(role) && isAnswer(node.role);
            message = place(tree, node, message, joins);
            role = node.role;
            alone = true;
        }
        messageOf[visit.node] = message;
        const auto& below = children[visit.node];
        for (auto child = below.rbegin(); child != below.rend(); ++child) {
            open.push_back({*child, message, alone && below.size() == 1, role});
        }
    }
    leftOut.add("messages that follow each other in a circle", nodes_.size() - visited);
    if (const auto active = indexOf_.find(active_); active != indexOf_.end() && messageOf[active->second] != kNone) {
        tree.conversation.activeLeaf = tree.messages[messageOf[active->second]].id;
    } else if (!tree.messages.empty()) {
        tree.conversation.activeLeaf = tree.messages.back().id;
    }
}

Result<storage::ConversationTree> TreeBuilder::build(storage::Conversation conversation, const Limits& limits,
                                                     LeftOut& leftOut) && {
    if (nodes_.size() > limits.messages) {
        return fail(fmt::format("it has {} messages, where up to {} are read", nodes_.size(), limits.messages));
    }
    storage::ConversationTree tree;
    tree.conversation = std::move(conversation);
    emitTree(tree, leftOut);
    auto& head = tree.conversation;
    storage::TimeMs last = head.createdAt;
    for (auto& message : tree.messages) {
        if (head.createdAt == 0) {
            head.createdAt = message.createdAt;
        }
        if (message.createdAt == 0) {
            message.createdAt = last;
        }
        last = std::max(last, message.createdAt);
    }
    head.updatedAt = head.updatedAt == 0 ? last : head.updatedAt;
    head.title = storage::withoutMarkdown(head.title);
    head.titleSource = head.title.empty() ? storage::TitleSource::kNone : storage::TitleSource::kUser;
    return tree;
}

} // namespace alcuin::exchange
