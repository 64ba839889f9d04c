#include <alcuin/storage/folder_store.h>

#include <algorithm>

#include <SQLiteCpp/Statement.h>

#include "guard.h"
#include "row_mapping.h"
#include "undoable_rows.h"

namespace alcuin::storage {

namespace {

constexpr std::string_view kWhat = "folder";

std::vector<Folder> readFolders(SQLite::Database& database) {
    SQLite::Statement query(database, "SELECT id, name, created_at FROM folders WHERE deleted_at IS NULL "
                                      "ORDER BY position, rowid");
    std::vector<Folder> folders;
    while (query.executeStep()) {
        folders.push_back(
            {query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getInt64()});
    }
    return folders;
}

} // namespace

FolderStore::FolderStore(Database& database) : connection_(database.connection_.get()) {}

Result<std::vector<Folder>> FolderStore::list() {
    return guarded(*connection_, "listing the folders", [&] { return readFolders(connection_->database); });
}

Result<Folder> FolderStore::create(std::string_view name) {
    return written(*connection_, "making a folder", [&] {
        requireName(name);
        Folder folder{connection_->sources.newId(), std::string(name), connection_->sources.now()};
        SQLite::Statement insert(connection_->database,
                                 "INSERT INTO folders (id, name, position, created_at) "
                                 "SELECT ?1, ?2, coalesce(max(position) + 1, 0), ?3 FROM folders");
        bindText(insert, 1, folder.id);
        bindText(insert, 2, folder.name);
        insert.bind(3, folder.createdAt);
        insert.exec();
        return folder;
    });
}

Result<void> FolderStore::rename(const Id& folder, std::string_view name) {
    return written(*connection_, "renaming a folder", [&] {
        requireName(name);
        SQLite::Statement update(connection_->database, "UPDATE folders SET name = ?2 WHERE id = ?1");
        bindText(update, 1, folder);
        bindText(update, 2, name);
        requireRow(update.exec(), kWhat);
    });
}

Result<void> FolderStore::move(const Id& folder, std::size_t place) {
    return written(*connection_, "moving a folder", [&] {
        auto folders = readFolders(connection_->database);
        const auto from = std::find_if(folders.begin(), folders.end(), [&](const Folder& f) { return f.id == folder; });
        requireRow(from == folders.end() ? 0 : 1, kWhat);
        const Folder moved = *from;
        folders.erase(from);
        folders.insert(folders.begin() + static_cast<std::ptrdiff_t>(std::min(place, folders.size())), moved);
        SQLite::Statement update(connection_->database, "UPDATE folders SET position = ?2 WHERE id = ?1");
        for (std::size_t i = 0; i < folders.size(); ++i) {
            bindText(update, 1, folders[i].id);
            update.bind(2, static_cast<std::int64_t>(i));
            update.exec();
            update.reset();
        }
    });
}

Result<void> FolderStore::remove(const Id& folder) {
    return written(*connection_, "deleting a folder",
                   [&] { setDeleted(*connection_, "folders", folder, true, kWhat); });
}

Result<void> FolderStore::restore(const Id& folder) {
    return written(*connection_, "bringing a folder back",
                   [&] { setDeleted(*connection_, "folders", folder, false, kWhat); });
}

} // namespace alcuin::storage
