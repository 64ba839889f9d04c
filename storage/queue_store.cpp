#include <alcuin/storage/queue_store.h>

#include <algorithm>
#include <utility>

#include <SQLiteCpp/Statement.h>

#include "guard.h"
#include "message_rows.h"
#include "row_mapping.h"
#include "undoable_rows.h"

namespace alcuin::storage {

namespace {

constexpr std::string_view kWhat = "waiting question";

void requireParts(const std::vector<Part>& parts) {
    if (parts.empty()) {
        throw Failure(ErrorCode::kInvalidArgument, "There is no question to keep.");
    }
}

std::vector<Id> idsInOrder(SQLite::Database& database, const Id& conversation) {
    SQLite::Statement query(database, "SELECT id FROM queued WHERE conversation_id = ?1 ORDER BY position, rowid");
    bindText(query, 1, conversation);
    std::vector<Id> ids;
    while (query.executeStep()) {
        ids.push_back(query.getColumn(0).getString());
    }
    return ids;
}

Id conversationOf(SQLite::Database& database, const Id& queued) {
    SQLite::Statement query(database, "SELECT conversation_id FROM queued WHERE id = ?1");
    bindText(query, 1, queued);
    requireRow(query.executeStep() ? 1 : 0, kWhat);
    return query.getColumn(0).getString();
}

} // namespace

QueueStore::QueueStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::vector<QueuedQuestion>> QueueStore::list(const Id& conversation) {
    return guarded(*connection_, "reading the questions that wait", [&] {
        SQLite::Statement query(connection_->database, "SELECT id, created_at FROM queued WHERE conversation_id = ?1 "
                                                       "ORDER BY position, rowid");
        bindText(query, 1, conversation);
        std::vector<QueuedQuestion> questions;
        while (query.executeStep()) {
            QueuedQuestion question;
            question.id = query.getColumn(0).getString();
            question.conversationId = conversation;
            question.createdAt = query.getColumn(1).getInt64();
            questions.push_back(std::move(question));
        }
        for (auto& question : questions) {
            question.parts = loadQueuedParts(connection_->database, question.id);
        }
        return questions;
    });
}

Result<QueuedQuestion> QueueStore::append(const Id& conversation, std::vector<Part> parts) {
    return written(*connection_, "keeping a question for later", [&] {
        requireParts(parts);
        auto& database = connection_->database;
        if (loadConversation(database, conversation).deletedAt) {
            throw Failure(ErrorCode::kNotFound, "The conversation has been deleted. Bring it back with Undo.");
        }
        QueuedQuestion question;
        question.id = connection_->sources.newId();
        question.conversationId = conversation;
        question.createdAt = connection_->sources.now();
        question.parts = std::move(parts);
        SQLite::Statement insert(database, "INSERT INTO queued (id, conversation_id, position, created_at) "
                                           "SELECT ?1, ?2, coalesce(max(position) + 1, 0), ?3 FROM queued "
                                           "WHERE conversation_id = ?2");
        bindText(insert, 1, question.id);
        bindText(insert, 2, conversation);
        insert.bind(3, question.createdAt);
        insert.exec();
        insertQueuedParts(database, question.id, question.parts);
        SQLite::Statement draft(database, "UPDATE conversations SET draft = '' WHERE id = ?1");
        bindText(draft, 1, conversation);
        draft.exec();
        clearDraftFiles(database, conversation);
        return question;
    });
}

Result<void> QueueStore::update(const Id& queued, const std::vector<Part>& parts) {
    return written(*connection_, "changing a question that waits", [&] {
        requireParts(parts);
        auto& database = connection_->database;
        (void)conversationOf(database, queued);
        SQLite::Statement erase(database, "DELETE FROM queued_parts WHERE queued_id = ?1");
        bindText(erase, 1, queued);
        erase.exec();
        insertQueuedParts(database, queued, parts);
    });
}

Result<void> QueueStore::move(const Id& queued, std::size_t place) {
    return written(*connection_, "moving a question that waits", [&] {
        auto& database = connection_->database;
        auto ids = idsInOrder(database, conversationOf(database, queued));
        std::erase(ids, queued);
        ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(std::min(place, ids.size())), queued);
        SQLite::Statement update(database, "UPDATE queued SET position = ?2 WHERE id = ?1");
        for (std::size_t i = 0; i < ids.size(); ++i) {
            bindText(update, 1, ids[i]);
            update.bind(2, static_cast<std::int64_t>(i));
            update.exec();
            update.reset();
        }
    });
}

Result<void> QueueStore::remove(const Id& queued) {
    return written(*connection_, "taking back a question that waits", [&] {
        SQLite::Statement erase(connection_->database, "DELETE FROM queued WHERE id = ?1");
        bindText(erase, 1, queued);
        requireRow(erase.exec(), kWhat);
    });
}

} // namespace alcuin::storage
