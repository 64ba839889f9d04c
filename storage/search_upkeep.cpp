#include <alcuin/storage/search_upkeep.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "guard.h"
#include "row_mapping.h"
#include "search_index.h"

// Why the index is rewritten after a deletion. An FTS5 index is a list of sorted segments; taking a message out adds a
// segment that says so, with its words, and leaves the older segments alone. Only merging all segments into one drops
// both. SQLite 3.40 has no other way ('secure-delete' came with 3.42). 'optimize' does it in one go, which takes about
// as long as building the index did; 'merge' does it in slices of pages, and remembers in the index itself how far it
// has come. So a start never waits for it, and searching goes on meanwhile.

namespace alcuin::storage {

namespace {

/// Messages taken in by one step.
constexpr int kMessagesAStep = 250;
/// Index pages (of 4 KB) written by one step: 2 MB.
constexpr int kPagesAStep = 500;
constexpr int kTidyAsked = 0;
constexpr int kTidyBegun = 1;

std::optional<std::int64_t> taskValue(SQLite::Database& database, const char* task) {
    SQLite::Statement query(database, "SELECT value FROM search_upkeep WHERE task = ?1");
    query.bind(1, task);
    return query.executeStep() ? std::optional<std::int64_t>(query.getColumn(0).getInt64()) : std::nullopt;
}

void setTask(SQLite::Database& database, const char* task, std::int64_t value) {
    SQLite::Statement set(database, "INSERT OR REPLACE INTO search_upkeep (task, value) VALUES (?1, ?2)");
    set.bind(1, task);
    set.bind(2, value);
    set.exec();
}

void endTask(SQLite::Database& database, const char* task) {
    SQLite::Statement drop(database, "DELETE FROM search_upkeep WHERE task = ?1");
    drop.bind(1, task);
    drop.exec();
}

/// Takes the next messages below `below` into the index.
void fill(SQLite::Database& database, std::int64_t below) {
    SQLite::Statement query(database, "SELECT sequence, id, state FROM messages WHERE sequence < ?1 "
                                      "ORDER BY sequence DESC LIMIT ?2");
    query.bind(1, below);
    query.bind(2, kMessagesAStep);
    std::vector<Id> messages;
    std::int64_t lowest = below;
    int seen = 0;
    while (query.executeStep()) {
        ++seen;
        lowest = query.getColumn(0).getInt64();
        if (toMessageState(query.getColumn(2).getString()) != MessageState::kStreaming) {
            messages.push_back(query.getColumn(1).getString());
        }
    }
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        indexMessage(database, *message); // upwards, as the index likes it
    }
    if (seen < kMessagesAStep) {
        endTask(database, "fill");
    } else {
        setTask(database, "fill", lowest);
    }
}

/// Runs one slice of a merge; whether it had anything to do.
bool mergeSlice(SQLite::Database& database, std::string_view table, int pages) {
    const int before = database.getTotalChanges();
    database.exec(fmt::format("INSERT INTO {0} ({0}, rank) VALUES ('merge', {1})", table, pages));
    // FTS5's own rule: less than two changes mean that there was nothing to merge.
    return database.getTotalChanges() - before >= 2;
}

/// A negative number makes all segments there are now the input of one merge; positive ones go on with it.
void tidy(SQLite::Database& database, const char* task, std::string_view table, std::int64_t state) {
    if (state == kTidyAsked) {
        (void)mergeSlice(database, table, -kPagesAStep);
        setTask(database, task, kTidyBegun);
    } else if (!mergeSlice(database, table, kPagesAStep)) {
        endTask(database, task);
    }
}

} // namespace

SearchUpkeep::SearchUpkeep(Database& database) : connection_(database.connection_.get()) {}

Result<SearchUpkeep::Pending> SearchUpkeep::pending() {
    return guarded(*connection_, "looking at the search index", [&] {
        auto& database = connection_->database;
        SQLite::Statement any(database, "SELECT 1 FROM search_upkeep");
        Pending pending;
        pending.any = any.executeStep();
        pending.messages = taskValue(database, "fill").value_or(0);
        return pending;
    });
}

Result<bool> SearchUpkeep::step() {
    auto& database = connection_->database;
    bool tidied = false;
    auto more = written(*connection_, "keeping the search index in order", [&] {
        if (const auto below = taskValue(database, "fill")) {
            fill(database, *below);
        } else if (const auto titles = taskValue(database, "tidy titles")) {
            tidy(database, "tidy titles", "search_titles", *titles);
        } else if (const auto words = taskValue(database, "tidy")) {
            tidy(database, "tidy", "search_words", *words);
            tidied = !taskValue(database, "tidy");
        }
        SQLite::Statement any(database, "SELECT 1 FROM search_upkeep");
        return any.executeStep();
    });
    if (!more || *more || !tidied) {
        return more;
    }
    // The words are gone from the index; the log may still hold pages with them.
    return guarded(*connection_, "keeping the search index in order", [&] {
        (void)truncateLog(database); // a reader forbids it at worst: the next start makes up for that
        return false;
    });
}

} // namespace alcuin::storage
