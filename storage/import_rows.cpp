#include "import_rows.h"

#include <string>

#include <SQLiteCpp/Statement.h>

#include "message_rows.h"
#include "row_mapping.h"

namespace alcuin::storage {

namespace {

/// The first id that a query of two texts finds.
std::optional<Id> findId(SQLite::Database& database, const char* sql, std::string_view first, std::string_view second) {
    SQLite::Statement query(database, sql);
    bindText(query, 1, first);
    bindText(query, 2, second);
    return query.executeStep() ? std::optional<Id>(query.getColumn(0).getString()) : std::nullopt;
}

/// The id itself, unless a row has it.
Id freeId(Connection& connection, const char* sql, const Id& wanted) {
    SQLite::Statement query(connection.database, sql);
    bindText(query, 1, wanted);
    return wanted.empty() || query.executeStep() ? connection.sources.newId() : wanted;
}

std::optional<Id> folderOf(Connection& connection, const std::optional<Folder>& folder) {
    if (!folder || folder->name.empty()) {
        return std::nullopt;
    }
    auto& database = connection.database;
    if (auto there = findId(database,
                            "SELECT id FROM folders WHERE deleted_at IS NULL AND (id = ?1 OR name = ?2) "
                            "ORDER BY id = ?1 DESC, position LIMIT 1",
                            folder->id, folder->name)) {
        return there;
    }
    const Id id = freeId(connection, "SELECT 1 FROM folders WHERE id = ?1", folder->id);
    SQLite::Statement insert(database, "INSERT INTO folders (id, name, position, created_at) "
                                       "SELECT ?1, ?2, coalesce(max(position) + 1, 0), ?3 FROM folders");
    bindText(insert, 1, id);
    bindText(insert, 2, folder->name);
    insert.bind(3, folder->createdAt);
    insert.exec();
    return id;
}

std::optional<Id> personaOf(Connection& connection, const std::optional<Persona>& persona) {
    if (!persona || persona->name.empty()) {
        return std::nullopt;
    }
    auto& database = connection.database;
    if (auto there = findId(database,
                            "SELECT id FROM personas WHERE deleted_at IS NULL AND (id = ?1 OR name = ?2) "
                            "ORDER BY id = ?1 DESC LIMIT 1",
                            persona->id, persona->name)) {
        return there;
    }
    const Id id = freeId(connection, "SELECT 1 FROM personas WHERE id = ?1", persona->id);
    SQLite::Statement insert(database, "INSERT INTO personas (id, name, instructions, parameters, model_path, "
                                       "created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    bindText(insert, 1, id);
    bindText(insert, 2, persona->name);
    bindText(insert, 3, persona->instructions);
    bindText(insert, 4, persona->parametersJson);
    bindText(insert, 5, persona->modelPath);
    insert.bind(6, persona->createdAt);
    insert.exec();
    return id;
}

void bindTime(SQLite::Statement& statement, int index, const std::optional<TimeMs>& time) {
    if (time) {
        statement.bind(index, *time);
    } else {
        statement.bind(index);
    }
}

/// What insertConversation leaves as it is in a new conversation.
void completeConversation(Connection& connection, const ConversationTree& tree) {
    const auto& conversation = tree.conversation;
    SQLite::Statement update(connection.database,
                             "UPDATE conversations SET draft = ?2, active_leaf = ?3, folder_id = ?4, pinned_at = ?5, "
                             "archived_at = ?6, model_path = ?7, parameters = ?8, instructions = ?9, persona_id = ?10 "
                             "WHERE id = ?1");
    bindText(update, 1, conversation.id);
    bindText(update, 2, conversation.draft);
    bindOptional(update, 3, conversation.activeLeaf);
    bindOptional(update, 4, folderOf(connection, tree.folder));
    bindTime(update, 5, conversation.pinnedAt);
    bindTime(update, 6, conversation.archivedAt);
    bindText(update, 7, conversation.settings.modelPath);
    bindText(update, 8, conversation.settings.parametersJson);
    bindText(update, 9, conversation.settings.instructions);
    bindOptional(update, 10, personaOf(connection, tree.persona));
    update.exec();
}

void insertQueued(SQLite::Database& database, const Id& conversation, const std::vector<QueuedQuestion>& queued) {
    SQLite::Statement insert(database,
                             "INSERT INTO queued (id, conversation_id, position, created_at) VALUES (?1, ?2, ?3, ?4)");
    std::int64_t position = 0;
    for (const auto& question : queued) {
        bindText(insert, 1, question.id);
        bindText(insert, 2, conversation);
        insert.bind(3, position++);
        insert.bind(4, question.createdAt);
        insert.exec();
        insert.reset();
        insertQueuedParts(database, question.id, question.parts);
    }
}

} // namespace

bool isUuid(const Id& id) {
    constexpr std::size_t kLength = 36;
    if (id.size() != kLength) {
        return false;
    }
    for (std::size_t i = 0; i < kLength; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = id[i];
        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return true;
}

Id freeMessageId(Connection& connection, const Id& wanted) {
    return isUuid(wanted) ? freeId(connection, "SELECT 1 FROM messages WHERE id = ?1", wanted)
                          : connection.sources.newId();
}

void insertTree(Connection& connection, const ConversationTree& tree) {
    auto& database = connection.database;
    const Id& conversation = tree.conversation.id;
    insertConversation(database, tree.conversation);
    for (auto message : tree.messages) {
        message.conversationId = conversation;
        insertMessage(database, message);
    }
    insertQueued(database, conversation, tree.queued);
    for (Compaction compaction : tree.compactions) {
        compaction.conversationId = conversation;
        insertCompaction(database, compaction);
    }
    completeConversation(connection, tree);
}

} // namespace alcuin::storage
