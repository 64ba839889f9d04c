#pragma once

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

#include <alcuin/storage/import_store.h>
#include <alcuin/storage/records.h>

#include "services/exchange_values.h"

namespace alcuin::storage {
class Database;
}

namespace alcuin::app {

/// Where conversations are, for work that reads and writes files beside it. Each call may wait for the storage thread.
struct ConversationShelf {
    std::function<storage::Result<std::vector<storage::Conversation>>()> list;
    std::function<storage::Result<storage::ConversationTree>(const storage::Id&)> tree;
    std::function<storage::Result<storage::ImportStore::Addition>(storage::ConversationTree, const storage::Origin&)>
        add;

    /// Straight into a database, on its own thread.
    static ConversationShelf of(storage::Database& database);
};

/// What work that takes long tells and asks on its way. Both may be empty.
struct JobProgress {
    std::function<void(qint64 done, qint64 total)> tell; ///< in conversations (export) or kilobytes (import)
    std::function<bool()> stopped;
};

/// Writes conversations (no ids: all of them, oldest first). JSON: into one file; a `path` that is a directory gets one
/// with a name of its own. Markdown and HTML: one conversation into the file `path`, or, if that is a directory or
/// there are several, each into a file of its own in the directory `path`, which is made. A file appears whole or not
/// at all, for the user alone; one that is there is replaced only where its name was given.
ExchangeReport exportConversations(const ConversationShelf& shelf, const std::vector<storage::Id>& ids,
                                   ExportFormat format, const QString& path, const ExportOptions& options,
                                   const JobProgress& progress);

/// Reads files and folders of any known program and adds what isn't there yet, each conversation in a transaction of
/// its own. Folders are gone through with those in them (links aren't followed); what isn't an export is passed over
/// there.
ExchangeReport importConversations(const ConversationShelf& shelf, const QStringList& paths,
                                   const JobProgress& progress);

/// The same text that exportConversations writes, for one conversation that goes elsewhere than into a file.
std::string exportedText(const storage::ConversationTree& tree, ExportFormat format, const ExportOptions& options);

} // namespace alcuin::app
