#include "message_rows.h"

#include <fmt/format.h>

#include "guard.h"
#include "row_mapping.h"
#include "search_index.h"

namespace alcuin::storage {

namespace {

void bindGeneration(SQLite::Statement& statement, const Id& message, const Generation& generation) {
    bindText(statement, 1, message);
    bindText(statement, 2, generation.modelName);
    bindText(statement, 3, generation.modelPath);
    bindText(statement, 4, generation.parametersJson);
    statement.bind(5, static_cast<std::int64_t>(generation.seed));
    statement.bind(6, static_cast<std::int64_t>(generation.vocabularyHash));
    bindBlob(statement, 7, toBlob(generation.tokens));
    statement.bind(8, generation.promptTokens);
    statement.bind(9, generation.cachedTokens);
    statement.bind(10, generation.contextLength);
    statement.bind(11, generation.queueMs);
    statement.bind(12, generation.prefillMs);
    statement.bind(13, generation.timeToFirstTokenMs);
    statement.bind(14, generation.decodeMs);
}

/// A row of parts or queued_parts: ?1 is whose it is, ?2 its place.
void bindPart(SQLite::Statement& statement, const Id& owner, std::int64_t position, const Part& part) {
    bindText(statement, 1, owner);
    statement.bind(2, position);
    bindText(statement, 3, toWord(part.kind));
    bindText(statement, 4, part.text);
    bindText(statement, 5, part.name);
    bindText(statement, 6, part.mediaType);
    bindBlob(statement, 7, part.data);
    statement.bind(8, part.durationMs);
}

} // namespace

void insertConversation(SQLite::Database& database, const Conversation& conversation) {
    SQLite::Statement insert(database, "INSERT INTO conversations (id, title, title_source, created_at, updated_at) "
                                       "VALUES (?1, ?2, ?3, ?4, ?5)");
    bindText(insert, 1, conversation.id);
    bindText(insert, 2, conversation.title);
    bindText(insert, 3, toWord(conversation.titleSource));
    insert.bind(4, conversation.createdAt);
    insert.bind(5, conversation.updatedAt);
    insert.exec();
}

void insertMessage(SQLite::Database& database, const Message& message) {
    SQLite::Statement insert(database, "INSERT INTO messages (id, conversation_id, parent_id, role, state, "
                                       "created_at, error, edited) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    bindText(insert, 1, message.id);
    bindText(insert, 2, message.conversationId);
    bindOptional(insert, 3, message.parentId);
    bindText(insert, 4, toWord(message.role));
    bindText(insert, 5, toWord(message.state));
    insert.bind(6, message.createdAt);
    bindText(insert, 7, message.error);
    insert.bind(8, message.edited ? 1 : 0);
    insert.exec();
    replaceParts(database, message.id, message.parts);
    if (message.generation) {
        insertGeneration(database, message.id, *message.generation);
    }
    if (message.state != MessageState::kStreaming) {
        indexMessage(database, message.id);
    }
}

void replaceParts(SQLite::Database& database, const Id& message, const std::vector<Part>& parts) {
    SQLite::Statement upsert(
        database, "INSERT INTO parts (message_id, position, kind, text, name, media_type, data, duration_ms) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (message_id, position) DO UPDATE SET "
                  "kind = excluded.kind, text = excluded.text, name = excluded.name, "
                  "media_type = excluded.media_type, data = excluded.data, duration_ms = excluded.duration_ms "
                  "WHERE text <> excluded.text OR kind <> excluded.kind OR duration_ms <> excluded.duration_ms "
                  "OR name <> excluded.name OR media_type <> excluded.media_type OR data <> excluded.data");
    std::int64_t position = 0;
    for (const auto& part : parts) {
        bindPart(upsert, message, position++, part);
        upsert.exec();
        upsert.reset();
    }
    SQLite::Statement drop(database, "DELETE FROM parts WHERE message_id = ?1 AND position >= ?2");
    bindText(drop, 1, message);
    drop.bind(2, position);
    drop.exec();
}

void insertGeneration(SQLite::Database& database, const Id& message, const Generation& generation) {
    SQLite::Statement insert(
        database, "INSERT INTO generations (message_id, model_name, model_path, parameters, seed, vocabulary_hash, "
                  "tokens, prompt_tokens, cached_tokens, context_length, queue_ms, prefill_ms, "
                  "time_to_first_token_ms, decode_ms) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    bindGeneration(insert, message, generation);
    insert.exec();
}

void updateGeneration(SQLite::Database& database, const Id& message, const Generation& generation) {
    SQLite::Statement update(
        database, "UPDATE generations SET model_name = ?2, model_path = ?3, parameters = ?4, seed = ?5, "
                  "vocabulary_hash = ?6, tokens = ?7, prompt_tokens = ?8, cached_tokens = ?9, context_length = ?10, "
                  "queue_ms = ?11, prefill_ms = ?12, time_to_first_token_ms = ?13, decode_ms = ?14 "
                  "WHERE message_id = ?1");
    bindGeneration(update, message, generation);
    update.exec();
}

void insertCompaction(SQLite::Database& database, const Compaction& compaction) {
    SQLite::Statement insert(database, "INSERT INTO compactions (id, conversation_id, last_message, summary, "
                                       "model_name, created_at, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    bindText(insert, 1, compaction.id);
    bindText(insert, 2, compaction.conversationId);
    bindText(insert, 3, compaction.lastMessage);
    bindText(insert, 4, compaction.summary);
    bindText(insert, 5, compaction.modelName);
    insert.bind(6, compaction.createdAt);
    insert.bind(7, compaction.active ? 1 : 0);
    insert.exec();
}

void setActiveLeaf(SQLite::Database& database, const Id& conversation, const Id& leaf) {
    SQLite::Statement update(database, "UPDATE conversations SET active_leaf = ?2 WHERE id = ?1");
    bindText(update, 1, conversation);
    bindText(update, 2, leaf);
    update.exec();
}

void clearNewDraft(SQLite::Database& database) {
    SQLite::Statement drop(database, "DELETE FROM settings WHERE key = ?1");
    bindText(drop, 1, kNewDraftKey);
    drop.exec();
}

void insertQueuedParts(SQLite::Database& database, const Id& queued, const std::vector<Part>& parts) {
    SQLite::Statement insert(database, "INSERT INTO queued_parts (queued_id, position, kind, text, name, media_type, "
                                       "data, duration_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    std::int64_t position = 0;
    for (const auto& part : parts) {
        bindPart(insert, queued, position++, part);
        insert.exec();
        insert.reset();
    }
}

std::vector<Part> loadQueuedParts(SQLite::Database& database, const Id& queued) {
    SQLite::Statement query(database, fmt::format("SELECT {} FROM queued_parts AS p WHERE p.queued_id = ?1 "
                                                  "ORDER BY p.position",
                                                  kPartColumns));
    bindText(query, 1, queued);
    std::vector<Part> parts;
    while (query.executeStep()) {
        parts.push_back(readPart(query, 0));
    }
    return parts;
}

Conversation loadConversation(SQLite::Database& database, const Id& conversation) {
    SQLite::Statement query(database,
                            fmt::format("SELECT {} FROM conversations AS c WHERE c.id = ?1", kConversationColumns));
    bindText(query, 1, conversation);
    if (!query.executeStep()) {
        throw Failure(ErrorCode::kNotFound, fmt::format("There is no conversation {}. It may have been deleted for "
                                                        "good; choose another one.",
                                                        conversation));
    }
    return readConversation(query);
}

Message loadMessage(SQLite::Database& database, const Id& message) {
    SQLite::Statement query(database, fmt::format("SELECT {} FROM messages AS m LEFT JOIN generations AS g "
                                                  "ON g.message_id = m.id WHERE m.id = ?1",
                                                  kMessageColumns));
    bindText(query, 1, message);
    if (!query.executeStep()) {
        throw Failure(ErrorCode::kNotFound, fmt::format("There is no message {}. Its conversation may have been "
                                                        "deleted for good; choose another one.",
                                                        message));
    }
    Message found = readMessage(query);
    SQLite::Statement parts(
        database, fmt::format("SELECT {} FROM parts AS p WHERE p.message_id = ?1 ORDER BY p.position", kPartColumns));
    bindText(parts, 1, message);
    while (parts.executeStep()) {
        found.parts.push_back(readPart(parts, 0));
    }
    return found;
}

} // namespace alcuin::storage
