#include "search_index.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "row_mapping.h"

namespace alcuin::storage {

namespace {

/// A document's number is its message's second times this, and on from there: 12 bits for those of one second keep
/// the differences that the index stores small (three bytes at one message a minute).
constexpr std::int64_t kPerSecond = 4096;
constexpr std::int64_t kMsPerSecond = 1000;
/// Times before 1970 and after the year 36000 are a mistake of whoever wrote them.
constexpr std::int64_t kLastSecond = std::int64_t{1} << 40;

std::optional<std::int64_t> documentOf(SQLite::Database& database, std::int64_t sequence) {
    SQLite::Statement query(database, "SELECT document FROM search_documents WHERE sequence = ?1");
    query.bind(1, sequence);
    return query.executeStep() ? std::optional<std::int64_t>(query.getColumn(0).getInt64()) : std::nullopt;
}

/// The next free number in the message's second; where that is full, in a later one, in ever larger steps: thousands
/// of imported messages without a time all have the same.
std::int64_t freeDocument(SQLite::Database& database, TimeMs createdAt) {
    SQLite::Statement last(database, "SELECT max(document) FROM search_documents WHERE document BETWEEN ?1 AND ?2");
    std::int64_t second = std::clamp<std::int64_t>(createdAt / kMsPerSecond, 0, kLastSecond);
    for (std::int64_t step = 1;; step *= 2) {
        const std::int64_t first = second * kPerSecond;
        last.bind(1, first);
        last.bind(2, first + kPerSecond - 1);
        const bool any = last.executeStep() && !last.getColumn(0).isNull();
        const std::int64_t next = any ? last.getColumn(0).getInt64() + 1 : first;
        if (next < first + kPerSecond) {
            return next;
        }
        last.reset();
        second += step;
    }
}

struct Place {
    std::int64_t sequence = 0;
    TimeMs createdAt = 0;
};

std::optional<Place> placeOf(SQLite::Database& database, const Id& message) {
    SQLite::Statement query(database, "SELECT sequence, created_at FROM messages WHERE id = ?1");
    bindText(query, 1, message);
    if (!query.executeStep()) {
        return std::nullopt;
    }
    return Place{query.getColumn(0).getInt64(), query.getColumn(1).getInt64()};
}

} // namespace

SearchableText::SearchableText(SQLite::Database& database)
    : parts_(database, "SELECT CASE kind WHEN 'text' THEN text ELSE name END FROM parts "
                       "WHERE message_id = ?1 AND kind IN ('text', 'attachment') ORDER BY position") {}

std::string SearchableText::of(const Id& message) {
    parts_.reset();
    bindText(parts_, 1, message);
    std::string text;
    while (parts_.executeStep()) {
        text += (text.empty() ? "" : "\n") + parts_.getColumn(0).getString();
    }
    return text;
}

void indexMessage(SQLite::Database& database, const Id& message) {
    const auto place = placeOf(database, message);
    if (!place || documentOf(database, place->sequence)) {
        return;
    }
    const std::int64_t document = freeDocument(database, place->createdAt);
    SQLite::Statement note(database, "INSERT INTO search_documents (document, sequence) VALUES (?1, ?2)");
    note.bind(1, document);
    note.bind(2, place->sequence);
    note.exec();
    SQLite::Statement insert(database, "INSERT INTO search_words (rowid, text) VALUES (?1, ?2)");
    insert.bind(1, document);
    bindText(insert, 2, SearchableText(database).of(message));
    insert.exec();
}

void unindexMessage(SQLite::Database& database, const Id& message) {
    const auto place = placeOf(database, message);
    const auto document = place ? documentOf(database, place->sequence) : std::nullopt;
    if (!document) {
        return;
    }
    SQLite::Statement erase(database, "INSERT INTO search_words (search_words, rowid, text) VALUES ('delete', ?1, ?2)");
    erase.bind(1, *document);
    bindText(erase, 2, SearchableText(database).of(message));
    erase.exec();
    SQLite::Statement forget(database, "DELETE FROM search_documents WHERE document = ?1");
    forget.bind(1, *document);
    forget.exec();
    database.exec("INSERT OR REPLACE INTO search_upkeep (task, value) VALUES ('tidy', 0)");
}

void mergeByItself(SQLite::Database& database, bool on) {
    constexpr int kUsual = 0; // FTS5 takes it for its own default
    constexpr int kMostSegments = 1999;
    constexpr int kUsualMerge = 4;
    const auto configure = [&database](const char* option, int value) {
        SQLite::Statement now(database, "SELECT v FROM search_words_config WHERE k = ?1");
        now.bind(1, option);
        if (now.executeStep() && now.getColumn(0).getInt() == value) {
            return;
        }
        SQLite::Statement set(database, "INSERT INTO search_words (search_words, rank) VALUES (?1, ?2)");
        set.bind(1, option);
        set.bind(2, value);
        set.exec();
    };
    configure("automerge", on ? kUsualMerge : 0);
    configure("crisismerge", on ? kUsual : kMostSegments);
}

} // namespace alcuin::storage
