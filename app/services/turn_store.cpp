#include "services/turn_store.h"

#include <alcuin/storage/conversation_store.h>

#include <algorithm>

#include "services/record_conversion.h"

namespace alcuin::app {

using storage::ConversationStore;
using Path = std::vector<storage::PathEntry>;

namespace {

/// From the root up to `last`, which need not be on the path that is shown.
storage::Result<Path> pathTo(ConversationStore& store, const storage::Id& conversation, const storage::Id& last) {
    auto path = store.activePath(conversation);
    if (!path) {
        return path;
    }
    const auto at =
        std::find_if(path->begin(), path->end(), [&](const auto& entry) { return entry.message.id == last; });
    if (at != path->end()) {
        path->erase(at + 1, path->end());
        return path;
    }
    path->clear();
    std::optional<storage::Id> next = last;
    while (next) {
        auto message = store.message(*next);
        if (!message) {
            return tl::unexpected(message.error());
        }
        next = message->parentId;
        storage::PathEntry entry;
        entry.message = std::move(*message);
        entry.siblings = {entry.message.id};
        path->push_back(std::move(entry));
    }
    std::reverse(path->begin(), path->end());
    return path;
}

/// The path that a question at the end of a conversation follows.
storage::Result<void> readEnd(ConversationStore& store, const QUuid& conversation, WishSource& source) {
    if (conversation.isNull()) {
        return {};
    }
    const auto found = store.find(toId(conversation));
    if (!found) {
        return tl::unexpected(found.error());
    }
    source.parent = found->activeLeaf;
    auto path = store.activePath(found->id);
    if (!path) {
        return tl::unexpected(path.error());
    }
    source.input.path = std::move(*path);
    return {};
}

/// The path up to what stands before a message.
storage::Result<void> readBefore(ConversationStore& store, const Wish& wish, WishSource& source) {
    const auto message = store.message(toId(wish.message));
    if (!message) {
        return tl::unexpected(message.error());
    }
    source.parent = message->parentId;
    if (!source.parent) {
        return {};
    }
    auto path = pathTo(store, toId(wish.conversation), *source.parent);
    if (!path) {
        return tl::unexpected(path.error());
    }
    source.input.path = std::move(*path);
    return {};
}

} // namespace

storage::Result<WishSource> readSource(storage::Database& database, const Wish& wish) {
    ConversationStore store(database);
    WishSource source;
    const auto read =
        wish.kind == Wish::Kind::kNext ? readEnd(store, wish.conversation, source) : readBefore(store, wish, source);
    if (!read) {
        return tl::unexpected(read.error());
    }
    if (wish.kind == Wish::Kind::kAnew) {
        if (!source.parent) {
            return storage::fail(storage::ErrorCode::kInvalidArgument, "This message answers no question.");
        }
    } else {
        source.input.draft = toParts(wish.question);
    }
    source.input.parameters = wish.options.parameters.value_or(Parameters{});
    source.modelPath = wish.options.modelPath.toStdString();
    source.input.keepsState = true;
    return source;
}

storage::Result<WishSource> readDraftSource(storage::Database& database, const QUuid& conversation,
                                            const Question& draft) {
    Wish wish;
    wish.conversation = conversation;
    wish.question = draft;
    return readSource(database, wish);
}

storage::Result<StoredTurn> storeTurn(storage::Database& database, const Wish& wish, const WishSource& source,
                                      const storage::Generation& generation) {
    ConversationStore store(database);
    storage::Id conversation = toId(wish.conversation);
    if (wish.kind == Wish::Kind::kAnew) {
        const auto answer = store.appendAnswer(*source.parent, generation);
        if (!answer) {
            return tl::unexpected(answer.error());
        }
    } else {
        const auto turn = store.appendTurn(conversation, source.parent, source.input.draft, generation);
        if (!turn) {
            return tl::unexpected(turn.error());
        }
        conversation = turn->conversation.id;
    }
    auto path = store.activePath(conversation);
    if (!path) {
        return tl::unexpected(path.error());
    }
    return StoredTurn{toUuid(conversation), std::move(*path)};
}

} // namespace alcuin::app
