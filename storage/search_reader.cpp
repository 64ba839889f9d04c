#include <alcuin/storage/search_reader.h>

#include <algorithm>
#include <limits>
#include <utility>

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "guard.h"
#include "row_mapping.h"
#include "search_index.h"
#include "search_match.h"
#include "search_query.h"
#include "tokenizer.h"

// How a search stays fast among a million messages:
// - The index is walked backwards from its end, by rows; nothing is ranked or sorted. A common word has its 50 newest
//   messages after some 50 steps, a rare one has few at all.
// - FTS5 answers the beginning of a word by merging every word that begins so, in full, before the first row comes:
//   some hundred milliseconds for one letter. So the newest messages that have all the other words are read one by one
//   first and looked at (kLooks); a beginning that is common has its hits there. One that hasn't is rare enough for
//   FTS5 to merge.

namespace alcuin::storage {

namespace {

/// Messages read to find a word by its beginning before the index is asked.
constexpr int kLooks = 400;
/// Virtual machine steps between two questions whether the answer is still wanted: well below a millisecond.
constexpr int kStepsBetweenQuestions = 2000;
constexpr int kCacheKb = 32 * 1024;

constexpr std::string_view kColumns = "m.id, m.role, m.created_at, c.id, c.title, c.archived_at";
/// From a document's number (`d`) to its message and conversation, which isn't deleted. CROSS JOIN keeps the order.
constexpr std::string_view kShown =
    "CROSS JOIN messages AS m ON m.sequence = d.sequence "
    "CROSS JOIN conversations AS c ON c.id = m.conversation_id AND c.deleted_at IS NULL";

/// Messages that match ?1 (none is bound: all), numbered below ?2, newest first.
std::string messagesQuery(bool matching) {
    return matching ? fmt::format("SELECT s.rowid, {} FROM search_words AS s "
                                  "CROSS JOIN search_documents AS d ON d.document = s.rowid {} "
                                  "WHERE s.search_words MATCH ?1 AND s.rowid < ?2 ORDER BY s.rowid DESC",
                                  kColumns, kShown)
                    : fmt::format("SELECT d.document, {} FROM search_documents AS d {} "
                                  "WHERE d.document < ?2 AND ?1 IS NULL ORDER BY d.document DESC",
                                  kColumns, kShown);
}

SearchHit readHit(const SQLite::Statement& row) {
    SearchHit hit;
    hit.place = row.getColumn(0).getInt64();
    hit.message = row.getColumn(1).getString();
    hit.role = toRole(row.getColumn(2).getString());
    hit.at = row.getColumn(3).getInt64();
    hit.conversation = row.getColumn(4).getString();
    hit.title = row.getColumn(5).getString();
    hit.archived = !row.getColumn(6).isNull();
    return hit;
}

Failure interrupted() {
    return {ErrorCode::kInterrupted, "The search was ended before it was done."};
}

/// One search.
class Search {
public:
    Search(SQLite::Database& database, const Tokenizer& tokenizer, SearchQuery query, std::size_t limit,
           const std::function<bool()>& wanted)
        : database_(database)
        , tokenizer_(tokenizer)
        , text_(database)
        , query_(std::move(query))
        , limit_(limit)
        , wanted_(wanted) {}

    void findTitles() {
        SQLite::Statement rows(database_, "SELECT c.id, c.title, c.updated_at, c.archived_at FROM search_titles AS s "
                                          "CROSS JOIN search_title_places AS p ON p.place = s.rowid "
                                          "CROSS JOIN conversations AS c ON c.id = p.conversation_id "
                                          "AND c.deleted_at IS NULL WHERE s.search_titles MATCH ?1 "
                                          "ORDER BY c.updated_at DESC LIMIT ?2");
        rows.bind(1, toMatchExpression(query_));
        rows.bind(2, static_cast<std::int64_t>(limit_));
        while (rows.executeStep()) {
            SearchHit hit;
            hit.conversation = rows.getColumn(0).getString();
            hit.title = hit.snippet = rows.getColumn(1).getString();
            hit.at = rows.getColumn(2).getInt64();
            hit.archived = !rows.getColumn(3).isNull();
            hit.matches = allMatches(hit.title, query_, tokenizer_);
            hits_.push_back(std::move(hit));
        }
    }

    void findMessages(std::int64_t before) {
        found_ = 0;
        if (!query_.back().lastIsPrefix || !lookAtNewest(before)) {
            askIndex(before);
        }
    }

    std::vector<SearchHit> take() {
        return std::move(hits_);
    }

private:
    void requireWanted() const {
        if (wanted_ && !wanted_()) {
            throw interrupted();
        }
    }

    /// Reads the newest messages that have all the words but the one that has only begun. True: nothing more is to be
    /// found. False: those numbered below `before`, which is set, are still to be looked at.
    bool lookAtNewest(std::int64_t& before) {
        const auto others = withoutPrefix(query_);
        SQLite::Statement rows(database_, messagesQuery(!others.empty()));
        if (!others.empty()) {
            rows.bind(1, toMatchExpression(others));
        }
        rows.bind(2, before);
        for (int looks = 0; looks < kLooks; ++looks) {
            if (found_ == limit_ || !rows.executeStep()) {
                return true;
            }
            requireWanted();
            SearchHit hit = readHit(rows);
            before = hit.place;
            const std::string text = text_.of(hit.message);
            if (matches(text, query_, tokenizer_)) {
                add(std::move(hit), text);
            }
        }
        return found_ == limit_;
    }

    void askIndex(std::int64_t before) {
        SQLite::Statement rows(database_, messagesQuery(true));
        rows.bind(1, toMatchExpression(query_));
        rows.bind(2, before);
        while (found_ < limit_ && rows.executeStep()) {
            requireWanted();
            SearchHit hit = readHit(rows);
            const std::string text = text_.of(hit.message);
            add(std::move(hit), text);
        }
    }

    void add(SearchHit hit, const std::string& text) {
        auto excerpt = excerptOf(text, query_, tokenizer_);
        hit.snippet = std::move(excerpt.text);
        hit.matches = std::move(excerpt.matches);
        hits_.push_back(std::move(hit));
        ++found_;
    }

    SQLite::Database& database_;
    const Tokenizer& tokenizer_;
    SearchableText text_;
    SearchQuery query_;
    std::size_t limit_;
    const std::function<bool()>& wanted_;
    std::vector<SearchHit> hits_;
    std::size_t found_ = 0; ///< messages
};

} // namespace

struct SearchReader::State {
    State(const std::filesystem::path& file)
        : connection(file, Sources::system(), Connection::Kind::kReader), tokenizer(connection.database.getHandle()) {}

    Connection connection;
    Tokenizer tokenizer;
};

SearchReader::SearchReader(std::unique_ptr<State> state) : state_(std::move(state)) {}

SearchReader::~SearchReader() = default;

Result<std::unique_ptr<SearchReader>> SearchReader::open(const std::filesystem::path& file) {
    constexpr std::string_view kAction = "opening the database for searching";
    return guardedFile(file, kAction, [&]() -> Result<std::unique_ptr<SearchReader>> {
        auto state = std::make_unique<State>(file);
        auto ready = guarded(state->connection, kAction, [&] {
            auto& database = state->connection.database;
            database.exec("PRAGMA query_only = ON");
            database.exec("PRAGMA wal_autocheckpoint = 0");
            database.exec("PRAGMA temp_store = MEMORY");
            database.exec(fmt::format("PRAGMA cache_size = -{}", kCacheKb));
            (void)pragmaNumber(database, "SELECT count(*) FROM sqlite_schema"); // reads the schema: is it ours?
        });
        if (!ready) {
            return tl::unexpected<Error>(ready.error());
        }
        return std::unique_ptr<SearchReader>(new SearchReader(std::move(state)));
    });
}

Result<std::vector<SearchHit>> SearchReader::find(std::string_view text, std::size_t limit,
                                                  const std::optional<std::int64_t>& before,
                                                  const std::function<bool()>& wanted) {
    auto& connection = state_->connection;
    sqlite3* handle = connection.database.getHandle();
    if (wanted) {
        const auto isUnwanted = [](void* question) {
            return (*static_cast<const std::function<bool()>*>(question))() ? 0 : 1;
        };
        sqlite3_progress_handler(handle, kStepsBetweenQuestions, isUnwanted,
                                 const_cast<std::function<bool()>*>(&wanted)); // only asked, through C
    }
    auto hits = guarded(connection, "searching", [&]() -> std::vector<SearchHit> {
        auto query = parseSearch(text, state_->tokenizer);
        if (query.empty() || limit == 0) {
            return {};
        }
        const SQLite::Transaction snapshot(connection.database); // ends by rolling back nothing
        Search search(connection.database, state_->tokenizer, std::move(query), limit, wanted);
        if (!before) {
            search.findTitles();
        }
        search.findMessages(before.value_or(std::numeric_limits<std::int64_t>::max()));
        return search.take();
    });
    sqlite3_progress_handler(handle, 0, nullptr, nullptr);
    return hits;
}

} // namespace alcuin::storage
