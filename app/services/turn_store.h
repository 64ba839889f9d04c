#pragma once

#include <QUuid>

#include <optional>
#include <string>
#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

#include "services/request_builder.h"
#include "services/wish.h"

namespace alcuin::app {

/// What a wish is asked from.
struct WishSource {
    PromptInput input;
    std::optional<storage::Id> parent; ///< that the question is appended to
    std::string modelPath;             ///< that is to answer; empty: whichever is loaded
};

/// A question and its streaming answer, stored, with the path that they end.
struct StoredTurn {
    QUuid conversation;
    std::vector<storage::PathEntry> path;
    std::optional<storage::Error> settingsLost; ///< why a new conversation doesn't have the settings it was begun with
};

/// Reads what a wish is asked from, its own question included; stores nothing.
storage::Result<WishSource> readSource(storage::Database& database, const Wish& wish);

/// The same for the end of a conversation, with a question that isn't stored; a null one isn't begun yet. `unsaved` as
/// in a wish.
storage::Result<WishSource> readDraftSource(storage::Database& database, const QUuid& conversation,
                                            const Question& draft,
                                            const std::optional<storage::ConversationSettings>& unsaved = std::nullopt);

/// Stores the turn that was asked from `source`.
storage::Result<StoredTurn> storeTurn(storage::Database& database, const Wish& wish, const WishSource& source,
                                      const storage::Generation& generation);

/// Stores a person's version of an answer beside it and returns the path that it ends.
storage::Result<std::vector<storage::PathEntry>> storeEditedAnswer(storage::Database& database,
                                                                   const storage::Id& conversation,
                                                                   const storage::Id& original,
                                                                   const std::vector<storage::Part>& parts);

} // namespace alcuin::app
