#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "guard.h"
#include "message_rows.h"
#include "row_mapping.h"
#include <alcuin/storage/conversation_store.h>

namespace alcuin::storage {

namespace {

using Places = std::unordered_map<Id, std::size_t>;

std::vector<Message> readMessages(SQLite::Database& database, const Id& conversation, Places& places) {
    SQLite::Statement query(database, fmt::format("SELECT {} FROM messages AS m LEFT JOIN generations AS g "
                                                  "ON g.message_id = m.id WHERE m.conversation_id = ?1 "
                                                  "ORDER BY m.sequence",
                                                  kMessageColumns));
    bindText(query, 1, conversation);
    std::vector<Message> messages;
    while (query.executeStep()) {
        Message message = readMessage(query);
        places.emplace(message.id, messages.size());
        messages.push_back(std::move(message));
    }
    return messages;
}

void readParts(SQLite::Database& database, const Id& conversation, const Places& places,
               std::vector<Message>& messages) {
    SQLite::Statement query(database, fmt::format("SELECT m.id, {} FROM messages AS m JOIN parts AS p "
                                                  "ON p.message_id = m.id WHERE m.conversation_id = ?1 "
                                                  "ORDER BY m.sequence, p.position",
                                                  kPartColumns));
    bindText(query, 1, conversation);
    while (query.executeStep()) {
        messages[places.at(query.getColumn(0).getString())].parts.push_back(readPart(query, 1));
    }
}

std::vector<QueuedQuestion> readQueued(SQLite::Database& database, const Id& conversation) {
    SQLite::Statement query(database, "SELECT id, created_at FROM queued WHERE conversation_id = ?1 "
                                      "ORDER BY position, rowid");
    bindText(query, 1, conversation);
    std::vector<QueuedQuestion> questions;
    while (query.executeStep()) {
        Id id = query.getColumn(0).getString();
        auto parts = loadQueuedParts(database, id);
        questions.push_back({std::move(id), conversation, std::move(parts), query.getColumn(1).getInt64()});
    }
    return questions;
}

std::vector<Compaction> readCompactions(SQLite::Database& database, const Id& conversation) {
    SQLite::Statement query(database, "SELECT id, last_message, summary, model_name, created_at, active "
                                      "FROM compactions WHERE conversation_id = ?1 ORDER BY rowid");
    bindText(query, 1, conversation);
    std::vector<Compaction> compactions;
    while (query.executeStep()) {
        compactions.push_back({query.getColumn(0).getString(), conversation, query.getColumn(1).getString(),
                               query.getColumn(2).getString(), query.getColumn(3).getString(),
                               query.getColumn(4).getInt64(), query.getColumn(5).getInt() != 0});
    }
    return compactions;
}

std::optional<Folder> readFolder(SQLite::Database& database, const std::optional<Id>& folder) {
    SQLite::Statement query(database, "SELECT id, name, created_at FROM folders WHERE id = ?1");
    bindOptional(query, 1, folder);
    if (!query.executeStep()) {
        return std::nullopt;
    }
    return Folder{query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getInt64()};
}

std::optional<Persona> readPersona(SQLite::Database& database, const std::optional<Id>& persona) {
    SQLite::Statement query(database, "SELECT id, name, instructions, parameters, model_path, created_at "
                                      "FROM personas WHERE id = ?1");
    bindOptional(query, 1, persona);
    if (!query.executeStep()) {
        return std::nullopt;
    }
    return Persona{query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getString(),
                   query.getColumn(3).getString(), query.getColumn(4).getString(), query.getColumn(5).getInt64()};
}

} // namespace

Result<ConversationTree> ConversationStore::tree(const Id& conversation) {
    return guarded(*connection_, "reading a conversation", [&] {
        auto& database = connection_->database;
        SQLite::Transaction snapshot(database); // all of it as of one moment
        ConversationTree tree;
        tree.conversation = loadConversation(database, conversation);
        Places places;
        tree.messages = readMessages(database, conversation, places);
        readParts(database, conversation, places, tree.messages);
        tree.queued = readQueued(database, conversation);
        tree.compactions = readCompactions(database, conversation);
        tree.folder = readFolder(database, tree.conversation.folderId);
        tree.persona = readPersona(database, tree.conversation.settings.personaId);
        return tree;
    });
}

} // namespace alcuin::storage
