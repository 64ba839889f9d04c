#include <alcuin/storage/import_store.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "guard.h"
#include "import_merge.h"
#include "import_rows.h"
#include "message_rows.h"
#include "row_mapping.h"
#include "title.h"

namespace alcuin::storage {

namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw Failure(ErrorCode::kInvalidArgument, why);
}

void requireTree(const ConversationTree& tree) {
    std::unordered_map<Id, bool> seen;
    for (const auto& message : tree.messages) {
        if (message.parentId && !seen.contains(*message.parentId)) {
            refuse(fmt::format("Message {} stands before the one that it answers.", message.id));
        }
        if (!seen.emplace(message.id, true).second) {
            refuse(fmt::format("Two messages have the id {}.", message.id));
        }
    }
    for (const auto& compaction : tree.compactions) {
        if (!seen.contains(compaction.lastMessage)) {
            refuse(fmt::format("A summary stands for message {}, which isn't there.", compaction.lastMessage));
        }
    }
    const auto& leaf = tree.conversation.activeLeaf;
    if (leaf && !seen.contains(*leaf)) {
        refuse(fmt::format("Message {}, which should be shown last, isn't one of the conversation's.", *leaf));
    }
}

bool isTaken(SQLite::Statement& query, const Id& id) {
    query.reset();
    bindText(query, 1, id);
    return query.executeStep();
}

template <typename Record>
bool allFree(SQLite::Database& database, const char* query, const std::vector<Record>& records) {
    SQLite::Statement taken(database, query);
    std::unordered_set<Id> seen;
    return std::all_of(records.begin(), records.end(), [&](const Record& record) {
        return isUuid(record.id) && seen.insert(record.id).second && !isTaken(taken, record.id);
    });
}

/// Nothing has these ids yet, so the tree may keep them.
bool idsAreFree(SQLite::Database& database, const ConversationTree& tree) {
    SQLite::Statement conversation(database, "SELECT 1 FROM conversations WHERE id = ?1");
    return isUuid(tree.conversation.id) && !isTaken(conversation, tree.conversation.id) &&
           allFree(database, "SELECT 1 FROM messages WHERE id = ?1", tree.messages) &&
           allFree(database, "SELECT 1 FROM queued WHERE id = ?1", tree.queued) &&
           allFree(database, "SELECT 1 FROM compactions WHERE id = ?1", tree.compactions);
}

void giveNewIds(ConversationTree& tree, const Sources& sources) {
    tree.conversation.id = sources.newId();
    std::unordered_map<Id, Id> renamed;
    for (auto& message : tree.messages) {
        Id id = sources.newId();
        renamed.emplace(std::exchange(message.id, id), id);
        if (message.parentId) {
            message.parentId = renamed.at(*message.parentId);
        }
    }
    if (tree.conversation.activeLeaf) {
        tree.conversation.activeLeaf = renamed.at(*tree.conversation.activeLeaf);
    }
    for (auto& question : tree.queued) {
        question.id = sources.newId();
    }
    for (auto& compaction : tree.compactions) {
        compaction.id = sources.newId();
        compaction.lastMessage = renamed.at(compaction.lastMessage);
    }
}

void giveTimes(ConversationTree& tree, TimeMs now) {
    const auto fill = [](TimeMs& time, TimeMs otherwise) { time = time == 0 ? otherwise : time; };
    auto& conversation = tree.conversation;
    fill(conversation.createdAt, now);
    fill(conversation.updatedAt, conversation.createdAt);
    for (auto& message : tree.messages) {
        fill(message.createdAt, conversation.createdAt);
    }
}

void giveTitle(ConversationTree& tree) {
    auto& conversation = tree.conversation;
    if (!conversation.title.empty()) {
        return;
    }
    for (const auto& message : tree.messages) {
        for (const auto& part : message.parts) {
            if (message.role == Role::kUser && part.kind == PartKind::kText && conversation.title.empty()) {
                conversation.title = titleFromQuestion(part.text);
            }
        }
    }
    conversation.titleSource = conversation.title.empty() ? TitleSource::kNone : TitleSource::kAutomatic;
}

struct Earlier {
    Id conversation;
    bool same = false; ///< as it is outside now
};

/// The conversation that came from there, or is itself the one that was taken there, if it isn't deleted.
std::optional<Earlier> earlier(SQLite::Database& database, const Origin& origin) {
    SQLite::Statement itself(database, "SELECT 1 FROM conversations WHERE id = ?1 AND deleted_at IS NULL");
    if (isTaken(itself, origin.id)) {
        return Earlier{origin.id, false};
    }
    SQLite::Statement query(database, "SELECT i.conversation_id, i.fingerprint FROM imports AS i "
                                      "JOIN conversations AS c ON c.id = i.conversation_id "
                                      "WHERE i.source = ?1 AND i.source_id = ?2 AND c.deleted_at IS NULL");
    bindText(query, 1, origin.source);
    bindText(query, 2, origin.id);
    if (!query.executeStep()) {
        return std::nullopt;
    }
    const bool same = static_cast<std::uint64_t>(query.getColumn(1).getInt64()) == origin.fingerprint;
    return Earlier{query.getColumn(0).getString(), same};
}

void rememberOrigin(Connection& connection, const Origin& origin, const Id& conversation) {
    SQLite::Statement insert(connection.database,
                             "INSERT OR REPLACE INTO imports (source, source_id, fingerprint, imported_at, "
                             "conversation_id) VALUES (?1, ?2, ?3, ?4, ?5)");
    bindText(insert, 1, origin.source);
    bindText(insert, 2, origin.id);
    insert.bind(3, static_cast<std::int64_t>(origin.fingerprint));
    insert.bind(4, connection.sources.now());
    bindText(insert, 5, conversation);
    insert.exec();
}

} // namespace

ImportStore::ImportStore(Database& database) : connection_(database.connection_.get()) {}

Result<ImportStore::Addition> ImportStore::add(ConversationTree tree, const Origin& origin) {
    return written(*connection_, "storing an imported conversation", [&] {
        auto& database = connection_->database;
        requireTree(tree);
        const auto before = earlier(database, origin);
        if (before && before->same) {
            return Addition{Outcome::kHere, before->conversation, 0};
        }
        for (auto& message : tree.messages) {
            if (message.state == MessageState::kStreaming) {
                message.state = MessageState::kInterrupted;
            }
        }
        giveTitle(tree);
        giveTimes(tree, connection_->sources.now());
        if (before) {
            const std::size_t came = mergeTree(*connection_, before->conversation, tree);
            if (before->conversation != origin.id) {
                rememberOrigin(*connection_, origin, before->conversation);
            }
            return Addition{came > 0 ? Outcome::kMerged : Outcome::kHere, before->conversation, came};
        }
        if (!idsAreFree(database, tree)) {
            giveNewIds(tree, connection_->sources);
        }
        insertTree(*connection_, tree);
        rememberOrigin(*connection_, origin, tree.conversation.id);
        return Addition{Outcome::kAdded, tree.conversation.id, tree.messages.size()};
    });
}

} // namespace alcuin::storage
