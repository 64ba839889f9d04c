#include <alcuin/storage/compaction_store.h>

#include <utility>

#include <SQLiteCpp/Statement.h>

#include "guard.h"
#include "message_rows.h"
#include "row_mapping.h"
#include "undoable_rows.h"

namespace alcuin::storage {

CompactionStore::CompactionStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::vector<Compaction>> CompactionStore::list(const Id& conversation) {
    return guarded(*connection_, "reading a conversation's summaries", [&] {
        SQLite::Statement query(connection_->database,
                                "SELECT id, last_message, summary, model_name, created_at, active FROM compactions "
                                "WHERE conversation_id = ?1 ORDER BY rowid");
        bindText(query, 1, conversation);
        std::vector<Compaction> compactions;
        while (query.executeStep()) {
            Compaction compaction;
            compaction.id = query.getColumn(0).getString();
            compaction.conversationId = conversation;
            compaction.lastMessage = query.getColumn(1).getString();
            compaction.summary = query.getColumn(2).getString();
            compaction.modelName = query.getColumn(3).getString();
            compaction.createdAt = query.getColumn(4).getInt64();
            compaction.active = query.getColumn(5).getInt() != 0;
            compactions.push_back(std::move(compaction));
        }
        return compactions;
    });
}

Result<Compaction> CompactionStore::append(Compaction compaction) {
    return written(*connection_, "storing a summary", [&] {
        auto& database = connection_->database;
        if (compaction.summary.empty() ||
            loadMessage(database, compaction.lastMessage).conversationId != compaction.conversationId) {
            throw Failure(ErrorCode::kInvalidArgument, "A summary needs words, and turns of its own conversation.");
        }
        compaction.id = connection_->sources.newId();
        compaction.createdAt = connection_->sources.now();
        insertCompaction(database, compaction);
        return compaction;
    });
}

Result<void> CompactionStore::setActive(const Id& compaction, bool active) {
    return written(*connection_, "switching a summary", [&] {
        SQLite::Statement update(connection_->database, "UPDATE compactions SET active = ?2 WHERE id = ?1");
        bindText(update, 1, compaction);
        update.bind(2, active ? 1 : 0);
        requireRow(update.exec(), "summary");
    });
}

} // namespace alcuin::storage
