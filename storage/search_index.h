#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// The index of words. All of these run in their caller's transaction and throw SQLite::Exception.

/// What of a message can be searched: its texts and its attachments' names, one below the other. Reasoning isn't.
class SearchableText {
public:
    explicit SearchableText(SQLite::Database& database);
    std::string of(const Id& message);

private:
    SQLite::Statement parts_;
};

/// Puts a message, as it stands in the tables, into the index, unless it is there. Its parts don't change afterwards
/// but by unindexMessage first.
void indexMessage(SQLite::Database& database, const Id& message);
void unindexMessage(SQLite::Database& database, const Id& message);

/// Whether FTS5 merges segments as it likes, in the midst of whatever commit (the usual way), or SearchUpkeep does so
/// in small steps, while much is put in or taken out: a merge of FTS5's own may take a second in a large index.
void mergeByItself(SQLite::Database& database, bool on);

} // namespace alcuin::storage
