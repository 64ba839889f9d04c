#include <alcuin/storage/conversation_store.h>

#include <fmt/format.h>

#include "guard.h"
#include "message_rows.h"
#include "row_mapping.h"

namespace alcuin::storage {

namespace {

void requireChange(SQLite::Database& database, int changed, const Id& conversation) {
    if (changed == 0) {
        (void)loadConversation(database, conversation); // says that it isn't there
    }
}

/// Now, or never.
void setTime(Connection& connection, std::string_view column, const Id& conversation, bool set) {
    SQLite::Statement update(connection.database,
                             fmt::format("UPDATE conversations SET {0} = CASE WHEN ?2 THEN coalesce({0}, ?3) END "
                                         "WHERE id = ?1",
                                         column));
    bindText(update, 1, conversation);
    update.bind(2, set ? 1 : 0);
    update.bind(3, connection.sources.now());
    requireChange(connection.database, update.exec(), conversation);
}

} // namespace

ConversationStore::ConversationStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::vector<Conversation>> ConversationStore::list() {
    return guarded(*connection_, "listing the conversations", [&] {
        SQLite::Statement query(connection_->database,
                                fmt::format("SELECT {} FROM conversations AS c WHERE c.deleted_at IS NULL "
                                            "ORDER BY c.updated_at DESC, c.rowid DESC",
                                            kConversationColumns));
        std::vector<Conversation> conversations;
        while (query.executeStep()) {
            conversations.push_back(readConversation(query));
        }
        return conversations;
    });
}

Result<std::vector<Id>> ConversationStore::ids() {
    return guarded(*connection_, "listing the conversations", [&] {
        SQLite::Statement query(connection_->database, "SELECT id FROM conversations WHERE deleted_at IS NULL");
        std::vector<Id> ids;
        while (query.executeStep()) {
            ids.push_back(query.getColumn(0).getString());
        }
        return ids;
    });
}

Result<Conversation> ConversationStore::find(const Id& conversation) {
    return guarded(*connection_, "reading a conversation",
                   [&] { return loadConversation(connection_->database, conversation); });
}

Result<Conversation> ConversationStore::create(std::string_view title, TitleSource source) {
    return written(*connection_, "making a conversation", [&] {
        Conversation conversation;
        conversation.id = connection_->sources.newId();
        conversation.title = title;
        conversation.titleSource = source;
        conversation.createdAt = conversation.updatedAt = connection_->sources.now();
        insertConversation(connection_->database, conversation);
        return conversation;
    });
}

Result<void> ConversationStore::rename(const Id& conversation, std::string_view title, TitleSource source) {
    return written(*connection_, "renaming a conversation", [&] {
        SQLite::Statement update(connection_->database,
                                 "UPDATE conversations SET title = ?2, title_source = ?3 WHERE id = ?1");
        bindText(update, 1, conversation);
        bindText(update, 2, title);
        bindText(update, 3, toWord(source));
        requireChange(connection_->database, update.exec(), conversation);
    });
}

Result<void> ConversationStore::setDraft(const Id& conversation, std::string_view draft) {
    return written(*connection_, "keeping a draft", [&] {
        if (conversation.empty()) {
            SQLite::Statement keep(connection_->database, "INSERT INTO settings (key, value) VALUES (?1, ?2) "
                                                          "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
            bindText(keep, 1, kNewDraftKey);
            bindText(keep, 2, draft);
            keep.exec();
            return;
        }
        SQLite::Statement update(connection_->database, "UPDATE conversations SET draft = ?2 WHERE id = ?1");
        bindText(update, 1, conversation);
        bindText(update, 2, draft);
        requireChange(connection_->database, update.exec(), conversation);
    });
}

Result<std::string> ConversationStore::draft(const Id& conversation) {
    return guarded(*connection_, "reading a draft", [&] {
        if (!conversation.empty()) {
            return loadConversation(connection_->database, conversation).draft;
        }
        SQLite::Statement query(connection_->database, "SELECT value FROM settings WHERE key = ?1");
        bindText(query, 1, kNewDraftKey);
        return query.executeStep() ? query.getColumn(0).getString() : std::string();
    });
}

Result<void> ConversationStore::setPinned(const Id& conversation, bool pinned) {
    return written(*connection_, "pinning a conversation",
                   [&] { setTime(*connection_, "pinned_at", conversation, pinned); });
}

Result<void> ConversationStore::setArchived(const Id& conversation, bool archived) {
    return written(*connection_, "putting a conversation into the archive",
                   [&] { setTime(*connection_, "archived_at", conversation, archived); });
}

Result<void> ConversationStore::setFolder(const Id& conversation, const std::optional<Id>& folder) {
    return written(*connection_, "moving a conversation", [&] {
        auto& database = connection_->database;
        if (folder) {
            SQLite::Statement query(database, "SELECT 1 FROM folders WHERE id = ?1 AND deleted_at IS NULL");
            bindText(query, 1, *folder);
            if (!query.executeStep()) {
                throw Failure(ErrorCode::kNotFound, "The folder has been deleted. Choose another one.");
            }
        }
        SQLite::Statement update(database, "UPDATE conversations SET folder_id = ?2 WHERE id = ?1");
        bindText(update, 1, conversation);
        bindOptional(update, 2, folder);
        requireChange(database, update.exec(), conversation);
    });
}

Result<void> ConversationStore::setSettings(const Id& conversation, const ConversationSettings& settings) {
    return written(*connection_, "storing what a conversation wants", [&] {
        auto& database = connection_->database;
        SQLite::Statement update(database, "UPDATE conversations SET model_path = ?2, parameters = ?3, "
                                           "instructions = ?4, persona_id = ?5 WHERE id = ?1");
        bindText(update, 1, conversation);
        bindText(update, 2, settings.modelPath);
        bindText(update, 3, settings.parametersJson);
        bindText(update, 4, settings.instructions);
        bindOptional(update, 5, settings.personaId);
        requireChange(database, update.exec(), conversation);
    });
}

Result<void> ConversationStore::remove(const Id& conversation) {
    return written(*connection_, "deleting a conversation", [&] {
        SQLite::Statement update(connection_->database,
                                 "UPDATE conversations SET deleted_at = ?2 WHERE id = ?1 AND deleted_at IS NULL");
        bindText(update, 1, conversation);
        update.bind(2, connection_->sources.now());
        requireChange(connection_->database, update.exec(), conversation);
    });
}

Result<void> ConversationStore::restore(const Id& conversation) {
    return written(*connection_, "bringing a conversation back", [&] {
        SQLite::Statement update(connection_->database, "UPDATE conversations SET deleted_at = NULL WHERE id = ?1");
        bindText(update, 1, conversation);
        requireChange(connection_->database, update.exec(), conversation);
    });
}

} // namespace alcuin::storage
