#include "services/turn_store.h"

#include <alcuin/storage/compaction_store.h>
#include <alcuin/storage/conversation_store.h>

#include <algorithm>

#include "services/conversation_settings.h"
#include "services/parameters.h"
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

/// The path that a wish is asked from.
storage::Result<void> readPath(ConversationStore& store, const Wish& wish,
                               const std::optional<storage::Conversation>& conversation, WishSource& source) {
    std::optional<storage::Id> last;
    if (wish.kind == Wish::Kind::kNext) {
        last = conversation ? conversation->activeLeaf : std::nullopt;
        source.parent = last;
    } else {
        const auto message = store.message(toId(wish.message));
        if (!message) {
            return tl::unexpected(message.error());
        }
        source.parent = message->parentId;
        last = wish.kind == Wish::Kind::kContinue ? message->id : message->parentId;
        if (wish.kind == Wish::Kind::kAnew && !last) {
            return storage::fail(storage::ErrorCode::kInvalidArgument, "This message answers no question.");
        }
    }
    if (!last) {
        return {};
    }
    return pathTo(store, toId(wish.conversation), *last).map([&](Path path) { source.input.path = std::move(path); });
}

/// The summary in force: of those that are switched on and whose last message is on the path, the furthest one.
storage::Result<void> readSummary(storage::Database& database, const storage::Id& conversation, PromptInput& input) {
    const auto compactions = storage::CompactionStore(database).list(conversation);
    if (!compactions) {
        return tl::unexpected(compactions.error());
    }
    for (auto entry = input.path.rbegin(); entry != input.path.rend() && !input.summary; ++entry) {
        for (const auto& compaction : *compactions) {
            if (compaction.active && compaction.lastMessage == entry->message.id) {
                input.summary = PromptSummary{compaction.lastMessage, compaction.summary}; // the latest of several
            }
        }
    }
    return {};
}

/// With what it is to be answered: as wished, as the answer that is gone on with has it, as the conversation has it.
void takeSettings(const Wish& wish, const std::optional<storage::Conversation>& conversation, WishSource& source) {
    const auto stored = conversation ? conversation->settings : storage::ConversationSettings{};
    source.modelPath = apply(wish.unsaved.value_or(stored), source.input);
    if (wish.kind == Wish::Kind::kContinue) {
        const auto& generation = source.input.path.back().message.generation;
        if (const auto had = generation ? parametersFromJson(generation->parametersJson) : std::nullopt) {
            source.input.parameters = *had;
        }
        source.input.continues = true;
    }
    if (wish.options.parameters) {
        source.input.parameters = *wish.options.parameters;
    }
    if (!wish.options.modelPath.isEmpty()) {
        source.modelPath = wish.options.modelPath.toStdString();
    }
}

/// Appends the question, as one that waited or as a new one.
storage::Result<ConversationStore::Turn> appendQuestion(ConversationStore& store, const Wish& wish,
                                                        const WishSource& source,
                                                        const storage::Generation& generation) {
    if (!wish.queued.isNull()) {
        return store.appendQueued(toId(wish.queued), source.parent, generation);
    }
    return store.appendTurn(toId(wish.conversation), source.parent, source.input.draft, generation);
}

} // namespace

storage::Result<WishSource> readSource(storage::Database& database, const Wish& wish) {
    ConversationStore store(database);
    WishSource source;
    std::optional<storage::Conversation> conversation;
    if (!wish.conversation.isNull()) {
        auto found = store.find(toId(wish.conversation));
        if (!found) {
            return tl::unexpected(found.error());
        }
        conversation = std::move(*found);
    }
    auto read = readPath(store, wish, conversation, source);
    if (read && conversation) {
        read = readSummary(database, conversation->id, source.input);
    }
    if (!read) {
        return tl::unexpected(read.error());
    }
    takeSettings(wish, conversation, source);
    if (wish.asksQuestion()) {
        source.input.draft = toParts(wish.question);
    }
    return source;
}

storage::Result<WishSource> readDraftSource(storage::Database& database, const QUuid& conversation,
                                            const Question& draft,
                                            const std::optional<storage::ConversationSettings>& unsaved) {
    Wish wish;
    wish.conversation = conversation;
    wish.question = draft;
    wish.unsaved = unsaved;
    return readSource(database, wish);
}

storage::Result<StoredTurn> storeTurn(storage::Database& database, const Wish& wish, const WishSource& source,
                                      const storage::Generation& generation) {
    ConversationStore store(database);
    storage::Id conversation = toId(wish.conversation);
    StoredTurn stored;
    if (wish.kind == Wish::Kind::kAnew) {
        if (const auto answer = store.appendAnswer(*source.parent, generation); !answer) {
            return tl::unexpected(answer.error());
        }
    } else if (wish.kind == Wish::Kind::kContinue) {
        if (const auto resumed = store.resumeAnswer(toId(wish.message)); !resumed) {
            return tl::unexpected(resumed.error());
        }
    } else {
        const auto turn = appendQuestion(store, wish, source, generation);
        if (!turn) {
            return tl::unexpected(turn.error());
        }
        if (conversation.empty() && wish.unsaved && *wish.unsaved != storage::ConversationSettings{}) {
            if (const auto kept = store.setSettings(turn->conversation.id, *wish.unsaved); !kept) {
                stored.settingsLost = kept.error();
            }
        }
        conversation = turn->conversation.id;
    }
    auto path = store.activePath(conversation);
    if (!path) {
        return tl::unexpected(path.error());
    }
    stored.conversation = toUuid(conversation);
    stored.path = std::move(*path);
    return stored;
}

storage::Result<Path> storeEditedAnswer(storage::Database& database, const storage::Id& conversation,
                                        const storage::Id& original, const std::vector<storage::Part>& parts) {
    ConversationStore store(database);
    if (const auto edited = store.appendEditedAnswer(original, parts); !edited) {
        return tl::unexpected(edited.error());
    }
    return store.activePath(conversation);
}

} // namespace alcuin::app
