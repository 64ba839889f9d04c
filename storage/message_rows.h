#pragma once

#include <string_view>
#include <vector>

#include <SQLiteCpp/Database.h>

#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// The statements that more than one store function needs. They run in their caller's transaction and throw
/// SQLite::Exception, or Failure for a row that isn't there.

void insertConversation(SQLite::Database& database, const Conversation& conversation);
/// And puts it into the search index, unless it is being written.
void insertMessage(SQLite::Database& database, const Message& message);
/// Writes the parts that differ from the ones stored, and drops the stored ones beyond them.
void replaceParts(SQLite::Database& database, const Id& message, const std::vector<Part>& parts);
void insertGeneration(SQLite::Database& database, const Id& message, const Generation& generation);
void updateGeneration(SQLite::Database& database, const Id& message, const Generation& generation);
void insertCompaction(SQLite::Database& database, const Compaction& compaction);
void setActiveLeaf(SQLite::Database& database, const Id& conversation, const Id& leaf);

/// Of a question that waits.
std::vector<Part> loadQueuedParts(SQLite::Database& database, const Id& queued);
void insertQueuedParts(SQLite::Database& database, const Id& queued, const std::vector<Part>& parts);

/// Where the draft of the conversation not begun yet stands among the settings.
inline constexpr std::string_view kNewDraftKey = "draft.new-conversation";
void clearNewDraft(SQLite::Database& database);
/// The files beside a draft; an empty id: of the conversation that isn't begun yet.
void clearDraftFiles(SQLite::Database& database, const Id& conversation);

/// Failure(kNotFound) if there is none.
Conversation loadConversation(SQLite::Database& database, const Id& conversation);
Message loadMessage(SQLite::Database& database, const Id& message);

} // namespace alcuin::storage
