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
        return tree;
    });
}

} // namespace alcuin::storage
