#pragma once

#include <QString>
#include <QUuid>

#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::app {

/// A question and its streaming answer, stored, with the path that they end.
struct StoredTurn {
    QUuid conversation;
    std::vector<storage::PathEntry> path;
};

/// Jobs for the storage thread: each appends one turn and returns the whole path. `conversation` may be empty where
/// a new one is to be made.
storage::Result<StoredTurn> storeNextQuestion(storage::Database& database, const storage::Id& conversation,
                                              const QString& text, const storage::Generation& generation);
storage::Result<StoredTurn> storeEditedQuestion(storage::Database& database, const storage::Id& conversation,
                                                const storage::Id& question, const QString& text,
                                                const storage::Generation& generation);
storage::Result<StoredTurn> storeNewAnswer(storage::Database& database, const storage::Id& conversation,
                                           const storage::Id& answer, const storage::Generation& generation);

} // namespace alcuin::app
