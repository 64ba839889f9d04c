#include <alcuin/storage/conversation_store.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "guard.h"
#include "row_mapping.h"
#include "search_index.h"

namespace alcuin::storage {

namespace {

constexpr std::string_view kAction = "deleting for good";
/// What one step takes at most: about 25 ms of index and pages to overwrite.
constexpr std::size_t kMessagesAStep = 40;
constexpr std::int64_t kBytesAStep = 128 * 1024;
constexpr std::size_t kConversationsAStep = 40;

struct Message {
    Id id;
    std::int64_t document = 0; ///< its place in the index
};

/// What the next step takes away.
struct Batch {
    std::vector<Message> messages; ///< children before their parents
    std::vector<Id> emptied;       ///< conversations of which nothing is left then
    std::optional<Id> partly;      ///< the one of which something is
    std::int64_t bytes = 0;

    bool isFull() const {
        return messages.size() >= kMessagesAStep || bytes >= kBytesAStep || emptied.size() >= kConversationsAStep;
    }
};

/// Whether the batch has all of the conversation's messages.
bool gather(SQLite::Database& database, const Id& conversation, Batch& batch) {
    SQLite::Statement query(database, "SELECT m.id, coalesce(d.document, 0), (SELECT sum(length(p.text) + "
                                      "length(p.data)) FROM parts AS p WHERE p.message_id = m.id) "
                                      "FROM (SELECT sequence, id FROM messages WHERE conversation_id = ?1 "
                                      "ORDER BY sequence DESC LIMIT ?2) AS m "
                                      "LEFT JOIN search_documents AS d ON d.sequence = m.sequence "
                                      "ORDER BY m.sequence DESC");
    bindText(query, 1, conversation);
    query.bind(2, static_cast<std::int64_t>(kMessagesAStep + 1)); // one more says that there are more
    while (query.executeStep()) {
        if (batch.isFull()) {
            return false;
        }
        batch.messages.push_back({query.getColumn(0).getString(), query.getColumn(1).getInt64()});
        batch.bytes += query.getColumn(2).getInt64();
    }
    return true;
}

Batch nextBatch(SQLite::Database& database, TimeMs before) {
    SQLite::Statement hidden(database, "SELECT id FROM conversations WHERE deleted_at < ?1 ORDER BY deleted_at, rowid");
    hidden.bind(1, before);
    Batch batch;
    while (!batch.isFull() && hidden.executeStep()) {
        const Id conversation = hidden.getColumn(0).getString();
        if (gather(database, conversation, batch)) {
            batch.emptied.push_back(conversation);
        } else {
            batch.partly = conversation;
        }
    }
    return batch;
}

void eraseEach(SQLite::Database& database, const char* sql, const std::vector<Id>& ids) {
    SQLite::Statement erase(database, sql);
    for (const auto& id : ids) {
        bindText(erase, 1, id);
        erase.exec();
        erase.reset();
    }
}

void take(SQLite::Database& database, const Batch& batch) {
    std::vector<Id> ids;
    for (const auto& message : batch.messages) {
        ids.push_back(message.id);
    }
    auto indexed = batch.messages; // in the order of their numbers: the index takes them in one go then
    std::sort(indexed.begin(), indexed.end(),
              [](const Message& left, const Message& right) { return left.document < right.document; });
    if (!indexed.empty()) {
        mergeByItself(database, false); // until SearchUpkeep has brought the index in order
    }
    for (const auto& message : indexed) {
        unindexMessage(database, message.id);
    }
    if (batch.partly) {
        eraseEach(database, "UPDATE conversations SET active_leaf = NULL WHERE id = ?1", {*batch.partly});
    }
    eraseEach(database, "DELETE FROM messages WHERE id = ?1", ids);
    eraseEach(database, "DELETE FROM conversations WHERE id = ?1", batch.emptied);
}

bool isHidden(SQLite::Database& database, std::string_view table, TimeMs before) {
    SQLite::Statement any(database, fmt::format("SELECT 1 FROM {} WHERE deleted_at < ?1", table));
    any.bind(1, before);
    return any.executeStep();
}

} // namespace

Result<ConversationStore::Purged> ConversationStore::purgeStep(TimeMs before) {
    bool gone = false;
    auto purged = written(*connection_, kAction, [&] {
        auto& database = connection_->database;
        const Batch batch = nextBatch(database, before);
        take(database, batch);
        gone = !batch.messages.empty() || !batch.emptied.empty();
        if (isHidden(database, "conversations", before)) {
            return Purged{true, batch.emptied.size()};
        }
        for (const std::string_view table : {"folders", "personas", "snippets"}) {
            SQLite::Statement erase(database, fmt::format("DELETE FROM {} WHERE deleted_at < ?1", table));
            erase.bind(1, before);
            gone = erase.exec() > 0 || gone;
        }
        if (gone) {
            database.exec("INSERT OR REPLACE INTO search_upkeep (task, value) VALUES ('trim', 0)");
        }
        return Purged{false, batch.emptied.size()};
    });
    if (purged && !purged->more && gone) {
        // Where a reader keeps the log, or a disk fails, it stays noted above as still to be done.
        (void)guarded(*connection_, kAction, [&] { return truncateLog(connection_->database); });
    }
    return purged;
}

Result<std::size_t> ConversationStore::purgeDeleted(TimeMs before) {
    std::size_t conversations = 0;
    for (;;) {
        const auto step = purgeStep(before);
        if (!step) {
            return tl::unexpected(step.error());
        }
        conversations += step->conversations;
        if (!step->more) {
            return conversations;
        }
    }
}

} // namespace alcuin::storage
