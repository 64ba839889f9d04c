#include <utility>

#include <fmt/format.h>

#include "guard.h"
#include "message_rows.h"
#include "row_mapping.h"
#include "search_index.h"
#include "title.h"
#include <alcuin/storage/conversation_store.h>

namespace alcuin::storage {

namespace {

Message newAnswer(Connection& connection, const Message& question, const Generation& generation) {
    Message answer;
    answer.id = connection.sources.newId();
    answer.conversationId = question.conversationId;
    answer.parentId = question.id;
    answer.role = Role::kAssistant;
    answer.state = MessageState::kStreaming;
    answer.createdAt = connection.sources.now();
    answer.generation = generation;
    return answer;
}

Conversation openedOrNew(Connection& connection, const Id& id, const std::vector<Part>& question) {
    Conversation conversation;
    if (id.empty()) {
        conversation.id = connection.sources.newId();
        conversation.createdAt = connection.sources.now();
        insertConversation(connection.database, conversation);
    } else {
        conversation = loadConversation(connection.database, id);
        if (conversation.deletedAt) {
            throw Failure(ErrorCode::kNotFound, "The conversation has been deleted. Bring it back with Undo, or begin "
                                                "a new one.");
        }
    }
    if (conversation.titleSource == TitleSource::kNone && conversation.title.empty()) {
        for (const auto& part : question) {
            if (part.kind == PartKind::kText && conversation.title.empty()) {
                conversation.title = titleFromQuestion(part.text);
            }
        }
        conversation.titleSource = conversation.title.empty() ? TitleSource::kNone : TitleSource::kAutomatic;
    }
    return conversation;
}

void requireParent(SQLite::Database& database, const Id& parent, const Id& conversation) {
    if (loadMessage(database, parent).conversationId != conversation) {
        throw Failure(ErrorCode::kInvalidArgument,
                      fmt::format("Message {} stands in another conversation, so nothing can follow it here.", parent));
    }
}

/// What a new turn changes in its conversation's row.
void updateConversation(SQLite::Database& database, const Conversation& conversation) {
    SQLite::Statement update(database, "UPDATE conversations SET title = ?2, title_source = ?3, updated_at = ?4, "
                                       "active_leaf = ?5, draft = ?6 WHERE id = ?1");
    bindText(update, 1, conversation.id);
    bindText(update, 2, conversation.title);
    bindText(update, 3, toWord(conversation.titleSource));
    update.bind(4, conversation.updatedAt);
    bindOptional(update, 5, conversation.activeLeaf);
    bindText(update, 6, conversation.draft);
    update.exec();
}

/// Only an answer that is being written may change.
void requireStreaming(SQLite::Database& database, const Id& answer) {
    SQLite::Statement query(database, "SELECT state FROM messages WHERE id = ?1");
    bindText(query, 1, answer);
    if (!query.executeStep()) {
        (void)loadMessage(database, answer); // says that it isn't there
    } else if (toMessageState(query.getColumn(0).getString()) != MessageState::kStreaming) {
        throw Failure(ErrorCode::kInvalidArgument,
                      fmt::format("Answer {} is finished and can't be changed any more.", answer));
    }
}

void writeAnswer(SQLite::Database& database, const Id& answer, const std::vector<Part>& parts,
                 const Generation& generation) {
    requireStreaming(database, answer);
    replaceParts(database, answer, parts);
    updateGeneration(database, answer, generation);
}

ConversationStore::Turn insertTurn(Connection& connection, const Id& conversation, const std::optional<Id>& parent,
                                   std::vector<Part> question, const Generation& generation) {
    if (question.empty()) {
        throw Failure(ErrorCode::kInvalidArgument, "There is no question to store.");
    }
    auto& database = connection.database;
    ConversationStore::Turn turn;
    turn.conversation = openedOrNew(connection, conversation, question);
    if (parent) {
        requireParent(database, *parent, turn.conversation.id);
    }
    turn.question.id = connection.sources.newId();
    turn.question.conversationId = turn.conversation.id;
    turn.question.parentId = parent;
    turn.question.role = Role::kUser;
    turn.question.createdAt = connection.sources.now();
    turn.question.parts = std::move(question);
    insertMessage(database, turn.question);
    turn.answer = newAnswer(connection, turn.question, generation);
    insertMessage(database, turn.answer);
    turn.conversation.updatedAt = turn.answer.createdAt;
    turn.conversation.activeLeaf = turn.answer.id;
    turn.conversation.draft.clear();
    updateConversation(database, turn.conversation);
    if (conversation.empty()) {
        clearNewDraft(database);
    }
    return turn;
}

/// A new answer, or one that is written again, is what the conversation shows.
void showAnswer(Connection& connection, const Message& answer) {
    SQLite::Statement update(connection.database,
                             "UPDATE conversations SET active_leaf = ?2, updated_at = ?3 WHERE id = ?1");
    bindText(update, 1, answer.conversationId);
    bindText(update, 2, answer.id);
    update.bind(3, connection.sources.now());
    update.exec();
}

} // namespace

Result<ConversationStore::Turn> ConversationStore::appendTurn(const Id& conversation, const std::optional<Id>& parent,
                                                              std::vector<Part> question,
                                                              const Generation& generation) {
    return written(*connection_, "storing a question", [&] {
        Turn turn = insertTurn(*connection_, conversation, parent, std::move(question), generation);
        clearDraftFiles(connection_->database, conversation);
        return turn;
    });
}

Result<ConversationStore::Turn> ConversationStore::appendQueued(const Id& queued, const std::optional<Id>& parent,
                                                                const Generation& generation) {
    return written(*connection_, "storing a question that waited", [&] {
        auto& database = connection_->database;
        SQLite::Statement query(database, "SELECT conversation_id FROM queued WHERE id = ?1");
        bindText(query, 1, queued);
        if (!query.executeStep()) {
            throw Failure(ErrorCode::kNotFound, "This question doesn't wait any more. It was sent or taken back.");
        }
        const Id conversation = query.getColumn(0).getString();
        const std::string draft = loadConversation(database, conversation).draft;
        Turn turn = insertTurn(*connection_, conversation, parent, loadQueuedParts(database, queued), generation);
        SQLite::Statement erase(database, "DELETE FROM queued WHERE id = ?1");
        bindText(erase, 1, queued);
        erase.exec();
        // Nobody pressed Send: what stands in the composer stays.
        turn.conversation.draft = draft;
        updateConversation(database, turn.conversation);
        return turn;
    });
}

Result<Message> ConversationStore::appendAnswer(const Id& question, const Generation& generation) {
    return written(*connection_, "storing a new answer", [&] {
        auto& database = connection_->database;
        const Message asked = loadMessage(database, question);
        if (asked.role == Role::kAssistant) {
            throw Failure(ErrorCode::kInvalidArgument,
                          fmt::format("Message {} is an answer itself; only a question can be answered.", question));
        }
        Message answer = newAnswer(*connection_, asked, generation);
        insertMessage(database, answer);
        showAnswer(*connection_, answer);
        return answer;
    });
}

Result<Message> ConversationStore::resumeAnswer(const Id& answer) {
    return written(*connection_, "going on with an answer", [&] {
        auto& database = connection_->database;
        Message resumed = loadMessage(database, answer);
        const bool stopped = resumed.state != MessageState::kComplete && resumed.state != MessageState::kStreaming;
        if (resumed.role != Role::kAssistant || !stopped || !resumed.generation) {
            throw Failure(ErrorCode::kInvalidArgument, "Only an answer that stopped before its end can go on.");
        }
        SQLite::Statement following(database, "SELECT 1 FROM messages WHERE parent_id = ?1");
        bindText(following, 1, answer);
        if (following.executeStep()) {
            throw Failure(ErrorCode::kInvalidArgument,
                          "Something follows this answer, so it can't go on. Ask for a new one instead.");
        }
        unindexMessage(database, answer); // it changes from here on
        SQLite::Statement update(database, "UPDATE messages SET state = ?2, error = '' WHERE id = ?1");
        bindText(update, 1, answer);
        bindText(update, 2, toWord(MessageState::kStreaming));
        update.exec();
        showAnswer(*connection_, resumed);
        resumed.state = MessageState::kStreaming;
        resumed.error.clear();
        return resumed;
    });
}

Result<Message> ConversationStore::appendEditedAnswer(const Id& original, std::vector<Part> parts) {
    return written(*connection_, "storing another version of an answer", [&] {
        auto& database = connection_->database;
        const Message before = loadMessage(database, original);
        if (before.role != Role::kAssistant || before.state == MessageState::kStreaming || parts.empty()) {
            throw Failure(ErrorCode::kInvalidArgument, "Only an answer that is finished can be edited.");
        }
        Message edited;
        edited.id = connection_->sources.newId();
        edited.conversationId = before.conversationId;
        edited.parentId = before.parentId;
        edited.role = Role::kAssistant;
        edited.createdAt = connection_->sources.now();
        edited.parts = std::move(parts);
        edited.edited = true;
        insertMessage(database, edited);
        showAnswer(*connection_, edited);
        return edited;
    });
}

Result<void> ConversationStore::flushAnswer(const Id& answer, const std::vector<Part>& parts,
                                            const Generation& generation) {
    return written(*connection_, "storing a part of an answer",
                   [&] { writeAnswer(connection_->database, answer, parts, generation); });
}

Result<void> ConversationStore::finishAnswer(const Id& answer, MessageState state, const std::vector<Part>& parts,
                                             const Generation& generation, std::string_view error) {
    return written(*connection_, "storing an answer", [&] {
        if (state == MessageState::kStreaming) {
            throw Failure(ErrorCode::kInvalidArgument, "An answer can't be finished and streaming at once.");
        }
        auto& database = connection_->database;
        writeAnswer(database, answer, parts, generation);
        SQLite::Statement update(database, "UPDATE messages SET state = ?2, error = ?3 WHERE id = ?1");
        bindText(update, 1, answer);
        bindText(update, 2, toWord(state));
        bindText(update, 3, error);
        update.exec();
        indexMessage(database, answer);
    });
}

Result<std::size_t> ConversationStore::markInterrupted() {
    return written(*connection_, "looking for interrupted answers", [&] {
        auto& database = connection_->database;
        std::vector<Id> answers;
        SQLite::Statement query(database, "SELECT id FROM messages WHERE state = 'streaming' ORDER BY sequence");
        while (query.executeStep()) {
            answers.push_back(query.getColumn(0).getString());
        }
        SQLite::Statement update(database, "UPDATE messages SET state = 'interrupted' WHERE state = 'streaming'");
        update.exec();
        for (const auto& answer : answers) {
            indexMessage(database, answer);
        }
        return answers.size();
    });
}

} // namespace alcuin::storage
