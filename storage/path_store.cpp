#include <string>
#include <unordered_map>

#include <fmt/format.h>

#include "guard.h"
#include "message_rows.h"
#include "row_mapping.h"
#include <alcuin/storage/conversation_store.h>

namespace alcuin::storage {

namespace {

/// From the active leaf of conversation ?1 up to its root; `height` is 0 at the leaf. The limit ends a damaged file's
/// circle of parents; no conversation reaches it.
constexpr std::string_view kPath =
    "WITH RECURSIVE path (id, parent_id, height) AS ("
    "SELECT m.id, m.parent_id, 0 FROM conversations AS c JOIN messages AS m ON m.id = c.active_leaf WHERE c.id = ?1 "
    "UNION ALL "
    "SELECT m.id, m.parent_id, path.height + 1 FROM path JOIN messages AS m ON m.id = path.parent_id LIMIT 1000000) ";

using Places = std::unordered_map<Id, std::size_t>;

std::vector<PathEntry> readPath(SQLite::Database& database, const Id& conversation, Places& places) {
    SQLite::Statement query(database, fmt::format("{}SELECT {} FROM path JOIN messages AS m ON m.id = path.id "
                                                  "LEFT JOIN generations AS g ON g.message_id = m.id "
                                                  "ORDER BY path.height DESC",
                                                  kPath, kMessageColumns));
    bindText(query, 1, conversation);
    std::vector<PathEntry> path;
    while (query.executeStep()) {
        PathEntry entry;
        entry.message = readMessage(query);
        if (!places.emplace(entry.message.id, path.size()).second) {
            throw Failure(ErrorCode::kCorrupt,
                          fmt::format("The messages of conversation {} follow each other in a circle: the database is "
                                      "damaged. Put a backup in its place.",
                                      conversation));
        }
        path.push_back(std::move(entry));
    }
    return path;
}

void readParts(SQLite::Database& database, const Id& conversation, const Places& places, std::vector<PathEntry>& path) {
    SQLite::Statement query(database, fmt::format("{}SELECT path.id, {} FROM path JOIN parts AS p "
                                                  "ON p.message_id = path.id ORDER BY path.height DESC, p.position",
                                                  kPath, kPartColumns));
    bindText(query, 1, conversation);
    while (query.executeStep()) {
        path[places.at(query.getColumn(0).getString())].message.parts.push_back(readPart(query, 1));
    }
}

void readSiblings(SQLite::Database& database, const Id& conversation, const Places& places,
                  std::vector<PathEntry>& path) {
    SQLite::Statement query(database, fmt::format("{}SELECT path.id, s.id FROM path JOIN messages AS s "
                                                  "ON s.conversation_id = ?1 AND s.parent_id IS path.parent_id "
                                                  "ORDER BY path.height DESC, s.sequence",
                                                  kPath));
    bindText(query, 1, conversation);
    while (query.executeStep()) {
        auto& entry = path[places.at(query.getColumn(0).getString())];
        Id sibling = query.getColumn(1).getString();
        if (sibling == entry.message.id) {
            entry.siblingIndex = entry.siblings.size();
        }
        entry.siblings.push_back(std::move(sibling));
    }
}

} // namespace

Result<std::vector<PathEntry>> ConversationStore::activePath(const Id& conversation) {
    return guarded(*connection_, "reading a conversation", [&] {
        auto& database = connection_->database;
        (void)loadConversation(database, conversation);
        Places places;
        auto path = readPath(database, conversation, places);
        readParts(database, conversation, places, path);
        readSiblings(database, conversation, places, path);
        return path;
    });
}

Result<void> ConversationStore::activateBranch(const Id& message) {
    return written(*connection_, "showing another branch", [&] {
        auto& database = connection_->database;
        // The youngest of all descendants has no child: a child would be younger still.
        SQLite::Statement query(database, "WITH RECURSIVE branch (id, sequence, conversation_id) AS ("
                                          "SELECT id, sequence, conversation_id FROM messages WHERE id = ?1 UNION "
                                          "SELECT m.id, m.sequence, m.conversation_id FROM branch JOIN messages AS m "
                                          "ON m.parent_id = branch.id) "
                                          "SELECT id, conversation_id FROM branch ORDER BY sequence DESC LIMIT 1");
        bindText(query, 1, message);
        if (!query.executeStep()) {
            (void)loadMessage(database, message); // says that it isn't there
            return;
        }
        setActiveLeaf(database, query.getColumn(1).getString(), query.getColumn(0).getString());
    });
}

Result<Message> ConversationStore::message(const Id& message) {
    return guarded(*connection_, "reading a message", [&] { return loadMessage(connection_->database, message); });
}

} // namespace alcuin::storage
