#include "services/turn_store.h"

#include <alcuin/storage/conversation_store.h>

#include <optional>

#include "services/record_conversion.h"

namespace alcuin::app {

using storage::ConversationStore;

namespace {

storage::Result<StoredTurn> withPath(ConversationStore& store, const storage::Id& conversation) {
    auto path = store.activePath(conversation);
    if (!path) {
        return tl::unexpected(path.error());
    }
    return StoredTurn{toUuid(conversation), std::move(*path)};
}

storage::Result<StoredTurn> storeQuestion(ConversationStore& store, const storage::Id& conversation,
                                          const std::optional<storage::Id>& parent, const QString& text,
                                          const storage::Generation& generation) {
    storage::Part part;
    part.text = text.toStdString();
    const auto turn = store.appendTurn(conversation, parent, {std::move(part)}, generation);
    if (!turn) {
        return tl::unexpected(turn.error());
    }
    return withPath(store, turn->conversation.id);
}

} // namespace

storage::Result<StoredTurn> storeNextQuestion(storage::Database& database, const storage::Id& conversation,
                                              const QString& text, const storage::Generation& generation) {
    ConversationStore store(database);
    std::optional<storage::Id> parent;
    if (!conversation.empty()) {
        const auto found = store.find(conversation);
        if (!found) {
            return tl::unexpected(found.error());
        }
        parent = found->activeLeaf;
    }
    return storeQuestion(store, conversation, parent, text, generation);
}

storage::Result<StoredTurn> storeEditedQuestion(storage::Database& database, const storage::Id& conversation,
                                                const storage::Id& question, const QString& text,
                                                const storage::Generation& generation) {
    ConversationStore store(database);
    const auto original = store.message(question);
    if (!original) {
        return tl::unexpected(original.error());
    }
    return storeQuestion(store, conversation, original->parentId, text, generation);
}

storage::Result<StoredTurn> storeNewAnswer(storage::Database& database, const storage::Id& conversation,
                                           const storage::Id& answer, const storage::Generation& generation) {
    ConversationStore store(database);
    const auto original = store.message(answer);
    if (!original) {
        return tl::unexpected(original.error());
    }
    if (!original->parentId) {
        return storage::fail(storage::ErrorCode::kInvalidArgument, "This message answers no question.");
    }
    const auto appended = store.appendAnswer(*original->parentId, generation);
    if (!appended) {
        return tl::unexpected(appended.error());
    }
    return withPath(store, conversation);
}

} // namespace alcuin::app
