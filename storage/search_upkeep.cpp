#include <alcuin/storage/search_upkeep.h>

#include <chrono>
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

/// Messages taken in by one step, and letters, after which it ends: about 10 ms.
constexpr int kMessagesAStep = 200;
constexpr std::int64_t kLettersAStep = 96 * 1024;
/// What one step merges before it commits, and index pages (of 4 KB) between two looks at the clock. Writing the pages
/// and the log's checkpoint come on top, so that nobody who stores something waits longer than some 50 ms.
constexpr std::chrono::milliseconds kStep{10};
constexpr int kPagesASlice = 16;
/// Every commit that adds words leaves a segment. So many are made before they are merged; searches read them all.
constexpr std::int64_t kSegmentsToMerge = 16;
constexpr int kTidyAsked = 0;
constexpr int kTidyBegun = 1;

class Budget {
public:
    bool isSpent() const {
        return std::chrono::steady_clock::now() - m_begin >= kStep;
    }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

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

/// Runs one slice of a merge; whether it had anything to do.
bool mergeSlice(SQLite::Database& database, std::string_view table, int pages) {
    const int before = database.getTotalChanges();
    database.exec(fmt::format("INSERT INTO {0} ({0}, rank) VALUES ('merge', {1})", table, pages));
    // FTS5's own rule: less than two changes mean that there was nothing to merge.
    return database.getTotalChanges() - before >= 2;
}

/// Takes the next messages below `below` into the index. Returns the lowest, or nothing after the last one.
std::optional<std::int64_t> takeIn(SQLite::Database& database, std::int64_t below) {
    SQLite::Statement query(database, "SELECT m.sequence, m.id, m.state, (SELECT sum(length(p.text)) FROM parts AS p "
                                      "WHERE p.message_id = m.id) FROM messages AS m WHERE m.sequence < ?1 "
                                      "ORDER BY m.sequence DESC");
    query.bind(1, below);
    std::vector<Id> messages;
    std::optional<std::int64_t> lowest = below;
    std::int64_t length = 0;
    for (int seen = 0; seen < kMessagesAStep && length < kLettersAStep; ++seen) {
        if (!query.executeStep()) {
            lowest = std::nullopt;
            break;
        }
        lowest = query.getColumn(0).getInt64();
        if (toMessageState(query.getColumn(2).getString()) != MessageState::kStreaming) {
            messages.push_back(query.getColumn(1).getString());
            length += query.getColumn(3).getInt64();
        }
    }
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        indexMessage(database, *message); // upwards, as the index likes it
    }
    return lowest;
}

/// Takes messages in, or merges what was taken in by steps before.
void fill(SQLite::Database& database, std::int64_t below) {
    const auto segments = taskValue(database, "segments").value_or(0);
    if (segments >= kSegmentsToMerge) {
        const Budget budget;
        bool more = true;
        while (more && !budget.isSpent()) {
            more = mergeSlice(database, "search_words", kPagesASlice);
        }
        setTask(database, "segments", more ? segments : 0);
    } else if (const auto lowest = takeIn(database, below)) {
        setTask(database, "fill", *lowest);
        setTask(database, "segments", segments + 1);
    } else {
        endTask(database, "fill");
        endTask(database, "segments");
    }
}

/// A negative number makes all segments there are now the input of one merge; positive ones go on with it.
void tidy(SQLite::Database& database, const char* task, std::string_view table, std::int64_t state) {
    const Budget budget;
    if (state == kTidyAsked) {
        (void)mergeSlice(database, table, -kPagesASlice);
        setTask(database, task, kTidyBegun);
    }
    bool more = true;
    while (more && !budget.isSpent()) {
        more = mergeSlice(database, table, kPagesASlice);
    }
    if (!more) {
        endTask(database, task);
        setTask(database, "trim", 0);
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
    bool onlyTrim = false;
    auto more = written(*connection_, "keeping the search index in order", [&] {
        if (const auto below = taskValue(database, "fill")) {
            mergeByItself(database, false);
            fill(database, *below);
        } else if (const auto titles = taskValue(database, "tidy titles")) {
            tidy(database, "tidy titles", "search_titles", *titles);
        } else if (const auto words = taskValue(database, "tidy")) {
            tidy(database, "tidy", "search_words", *words);
        } else {
            onlyTrim = taskValue(database, "trim").has_value();
        }
        SQLite::Statement any(database, "SELECT 1 FROM search_upkeep");
        const bool left = any.executeStep();
        if (!left || onlyTrim) {
            mergeByItself(database, true);
        }
        return left;
    });
    return more && onlyTrim ? trim() : more;
}

/// The words are gone from the tables and the index; the log may still hold pages with them.
Result<bool> SearchUpkeep::trim() {
    auto& database = connection_->database;
    return guarded(*connection_, "keeping the search index in order", [&] {
        if (!truncateLog(database)) {
            throw Failure(ErrorCode::kLocked, fmt::format("Another program is reading {}, so deleted text may still "
                                                          "stand in its log. Close that program.",
                                                          connection_->path.string()));
        }
        endTask(database, "trim");
        return false;
    });
}

} // namespace alcuin::storage
