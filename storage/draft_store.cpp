#include <alcuin/storage/draft_store.h>

#include <algorithm>
#include <utility>

#include <SQLiteCpp/Statement.h>

#include "guard.h"
#include "message_rows.h"
#include "row_mapping.h"

namespace alcuin::storage {

namespace {

void bindOwner(SQLite::Statement& statement, const Id& conversation) {
    bindOptional(statement, 1, conversation.empty() ? std::nullopt : std::optional(conversation));
}

} // namespace

void clearDraftFiles(SQLite::Database& database, const Id& conversation) {
    SQLite::Statement erase(database, "DELETE FROM draft_files WHERE conversation_id IS ?1");
    bindOwner(erase, conversation);
    erase.exec();
}

DraftStore::DraftStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::vector<Part>> DraftStore::files(const Id& conversation) {
    return guarded(*connection_, "reading a draft's files", [&] {
        SQLite::Statement query(connection_->database, "SELECT name, media_type, text FROM draft_files "
                                                       "WHERE conversation_id IS ?1 ORDER BY position");
        bindOwner(query, conversation);
        std::vector<Part> files;
        while (query.executeStep()) {
            Part file;
            file.kind = PartKind::kAttachment;
            file.name = query.getColumn(0).getString();
            file.mediaType = query.getColumn(1).getString();
            file.text = query.getColumn(2).getString();
            files.push_back(std::move(file));
        }
        return files;
    });
}

Result<void> DraftStore::setFiles(const Id& conversation, const std::vector<Part>& files) {
    return written(*connection_, "keeping a draft's files", [&] {
        const auto isFile = [](const Part& part) { return part.kind == PartKind::kAttachment; };
        if (!std::all_of(files.begin(), files.end(), isFile)) {
            throw Failure(ErrorCode::kInvalidArgument, "Only files stand beside a draft.");
        }
        auto& database = connection_->database;
        if (!conversation.empty()) {
            (void)loadConversation(database, conversation); // it is there
        }
        clearDraftFiles(database, conversation);
        std::int64_t position = 0;
        for (const auto& file : files) {
            SQLite::Statement insert(database, "INSERT INTO draft_files (conversation_id, position, name, media_type, "
                                               "text) VALUES (?1, ?2, ?3, ?4, ?5)");
            bindOwner(insert, conversation);
            insert.bind(2, position++);
            bindText(insert, 3, file.name);
            bindText(insert, 4, file.mediaType);
            bindText(insert, 5, file.text);
            insert.exec();
        }
    });
}

} // namespace alcuin::storage
