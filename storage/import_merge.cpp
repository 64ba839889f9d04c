#include "import_merge.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>

#include <SQLiteCpp/Statement.h>

#include "import_rows.h"
#include "message_rows.h"
#include "row_mapping.h"
#include "search_index.h"

namespace alcuin::storage {

namespace {

/// As SearchableText has it.
std::string wordsOf(const Message& message) {
    std::string words;
    for (const auto& part : message.parts) {
        if (part.kind == PartKind::kText || part.kind == PartKind::kAttachment) {
            words += (words.empty() ? "" : "\n") + (part.kind == PartKind::kText ? part.text : part.name);
        }
    }
    return words;
}

/// The messages that a conversation has, to be found by place and words.
class There {
public:
    There(SQLite::Database& database, const Id& conversation) {
        SQLite::Statement query(database, "SELECT id, coalesce(parent_id, ''), role FROM messages "
                                          "WHERE conversation_id = ?1 ORDER BY sequence");
        bindText(query, 1, conversation);
        SearchableText words(database);
        while (query.executeStep()) {
            const Id id = query.getColumn(0).getString();
            const Id parent = query.getColumn(1).getString();
            parents_.emplace(id, parent);
            byPlace_[{parent, toRole(query.getColumn(2).getString()), words.of(id)}].push_back(id);
        }
    }

    bool has(const Id& id) const {
        return parents_.contains(id);
    }

    /// Each is given once: two equal answers are two.
    std::optional<Id> take(const Id& parent, const Message& message) {
        const auto found = byPlace_.find({parent, message.role, wordsOf(message)});
        if (found == byPlace_.end() || found->second.empty()) {
            return std::nullopt;
        }
        Id id = found->second.front();
        found->second.pop_front();
        return id;
    }

private:
    std::unordered_map<Id, Id> parents_;
    std::map<std::tuple<Id, Role, std::string>, std::deque<Id>> byPlace_;
};

bool isBelow(Id message, const Id& ancestor, const std::unordered_map<Id, Id>& parents) {
    while (!message.empty() && message != ancestor) {
        const auto parent = parents.find(message);
        message = parent == parents.end() ? Id() : parent->second;
    }
    return message == ancestor;
}

} // namespace

std::size_t mergeTree(Connection& connection, const Id& conversation, const ConversationTree& tree) {
    auto& database = connection.database;
    There there(database, conversation);
    std::unordered_map<Id, Id> here;    // of an id in the tree, the one in the database
    std::unordered_map<Id, Id> parents; // by the database's ids
    std::size_t added = 0;
    for (const auto& from : tree.messages) {
        const Id parent = from.parentId ? here.at(*from.parentId) : Id();
        auto id = there.has(from.id) ? std::optional(from.id) : there.take(parent, from);
        if (!id) {
            Message message = from;
            message.id = freeMessageId(connection, from.id);
            message.conversationId = conversation;
            message.parentId = parent.empty() ? std::nullopt : std::optional(parent);
            insertMessage(database, message);
            id = message.id;
            ++added;
        }
        here.emplace(from.id, *id);
        parents.emplace(*id, parent);
    }
    if (added == 0) {
        return 0;
    }
    const auto shown = loadConversation(database, conversation).activeLeaf;
    const auto& leaf = tree.conversation.activeLeaf;
    if (leaf && (!shown || isBelow(here.at(*leaf), *shown, parents))) {
        setActiveLeaf(database, conversation, here.at(*leaf));
    }
    SQLite::Statement update(database, "UPDATE conversations SET updated_at = max(updated_at, ?2) WHERE id = ?1");
    bindText(update, 1, conversation);
    update.bind(2, tree.conversation.updatedAt);
    update.exec();
    return added;
}

} // namespace alcuin::storage
