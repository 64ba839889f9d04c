#include <alcuin/storage/snippet_store.h>

#include <SQLiteCpp/Statement.h>

#include "guard.h"
#include "row_mapping.h"
#include "undoable_rows.h"

namespace alcuin::storage {

namespace {
constexpr std::string_view kWhat = "snippet";
}

SnippetStore::SnippetStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::vector<Snippet>> SnippetStore::list() {
    return guarded(*connection_, "listing the snippets", [&] {
        SQLite::Statement query(connection_->database, "SELECT id, name, text, created_at FROM snippets "
                                                       "WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, rowid");
        std::vector<Snippet> snippets;
        while (query.executeStep()) {
            snippets.push_back({query.getColumn(0).getString(), query.getColumn(1).getString(),
                                query.getColumn(2).getString(), query.getColumn(3).getInt64()});
        }
        return snippets;
    });
}

Result<Snippet> SnippetStore::create(Snippet snippet) {
    return written(*connection_, "storing a snippet", [&] {
        requireName(snippet.name);
        snippet.id = connection_->sources.newId();
        snippet.createdAt = connection_->sources.now();
        SQLite::Statement insert(connection_->database,
                                 "INSERT INTO snippets (id, name, text, created_at) VALUES (?1, ?2, ?3, ?4)");
        bindText(insert, 1, snippet.id);
        bindText(insert, 2, snippet.name);
        bindText(insert, 3, snippet.text);
        insert.bind(4, snippet.createdAt);
        insert.exec();
        return snippet;
    });
}

Result<void> SnippetStore::update(const Snippet& snippet) {
    return written(*connection_, "changing a snippet", [&] {
        requireName(snippet.name);
        SQLite::Statement update(connection_->database, "UPDATE snippets SET name = ?2, text = ?3 WHERE id = ?1");
        bindText(update, 1, snippet.id);
        bindText(update, 2, snippet.name);
        bindText(update, 3, snippet.text);
        requireRow(update.exec(), kWhat);
    });
}

Result<void> SnippetStore::remove(const Id& snippet) {
    return written(*connection_, "deleting a snippet",
                   [&] { setDeleted(*connection_, "snippets", snippet, true, kWhat); });
}

Result<void> SnippetStore::restore(const Id& snippet) {
    return written(*connection_, "bringing a snippet back",
                   [&] { setDeleted(*connection_, "snippets", snippet, false, kWhat); });
}

} // namespace alcuin::storage
