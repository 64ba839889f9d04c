#include "services/library_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <alcuin/storage/folder_store.h>
#include <alcuin/storage/persona_store.h>
#include <alcuin/storage/snippet_store.h>

#include "services/parameters.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"

namespace alcuin::app {

using storage::Database;
using storage::FolderStore;
using storage::PersonaStore;
using storage::SnippetStore;

namespace {

/// Everything that the service shows, read at once.
struct Library {
    std::vector<storage::Folder> folders;
    std::vector<storage::Persona> personas;
    std::vector<storage::Snippet> snippets;
};

storage::Result<Library> readLibrary(Database& database) {
    Library library;
    auto folders = FolderStore(database).list();
    if (!folders) {
        return tl::unexpected(std::move(folders).error());
    }
    auto personas = PersonaStore(database).list();
    if (!personas) {
        return tl::unexpected(std::move(personas).error());
    }
    auto snippets = SnippetStore(database).list();
    if (!snippets) {
        return tl::unexpected(std::move(snippets).error());
    }
    return Library{std::move(*folders), std::move(*personas), std::move(*snippets)};
}

Persona toPersona(const storage::Persona& record) {
    return {toUuid(record.id), QString::fromStdString(record.name), QString::fromStdString(record.instructions),
            parametersFromJson(record.parametersJson), QString::fromStdString(record.modelPath)};
}

storage::Persona toRecord(const Persona& persona) {
    return {toId(persona.id),
            persona.name.simplified().toStdString(),
            persona.instructions.toStdString(),
            persona.parameters ? toJson(*persona.parameters) : std::string(),
            persona.modelPath.toStdString(),
            0};
}

template <typename Entries>
auto find(const Entries& entries, const QUuid& id) {
    return std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.id == id; });
}

template <typename Value>
storage::Result<void> withoutValue(const storage::Result<Value>& result) {
    return result ? storage::Result<void>() : tl::unexpected(result.error());
}

storage::Result<void> setHidden(Database& database, LibraryService::Kind kind, const storage::Id& id, bool hidden) {
    switch (kind) {
    case LibraryService::Kind::kFolder:
        return hidden ? FolderStore(database).remove(id) : FolderStore(database).restore(id);
    case LibraryService::Kind::kPersona:
        return hidden ? PersonaStore(database).remove(id) : PersonaStore(database).restore(id);
    case LibraryService::Kind::kSnippet:
        return hidden ? SnippetStore(database).remove(id) : SnippetStore(database).restore(id);
    }
    return {};
}

} // namespace

LibraryService::LibraryService(StorageThread& storage, QObject* parent) : QObject(parent), m_storage(storage) {}

const QList<Folder>& LibraryService::folders() const {
    return m_folders;
}

const QList<Persona>& LibraryService::personas() const {
    return m_personas;
}

const QList<Snippet>& LibraryService::snippets() const {
    return m_snippets;
}

QString LibraryService::folderName(const QUuid& folder) const {
    const auto at = find(m_folders, folder);
    return at == m_folders.end() ? QString() : at->name;
}

std::optional<Persona> LibraryService::persona(const QUuid& persona) const {
    const auto at = find(m_personas, persona);
    return at == m_personas.end() ? std::nullopt : std::optional(*at);
}

void LibraryService::refresh() {
    m_storage.run([](Database& database) { return readLibrary(database); }, this,
                  [this](const storage::Result<Library>& read) {
                      if (!read) {
                          emit failed(toTrouble(read.error()));
                          return;
                      }
                      QList<Folder> folders;
                      for (const auto& folder : read->folders) {
                          folders.push_back({toUuid(folder.id), QString::fromStdString(folder.name)});
                      }
                      QList<Persona> personas;
                      for (const auto& persona : read->personas) {
                          personas.push_back(toPersona(persona));
                      }
                      QList<Snippet> snippets;
                      for (const auto& snippet : read->snippets) {
                          snippets.push_back({toUuid(snippet.id), QString::fromStdString(snippet.name),
                                              QString::fromStdString(snippet.text)});
                      }
                      if (std::exchange(m_folders, folders) != folders) {
                          emit foldersChanged();
                      }
                      if (std::exchange(m_personas, personas) != personas) {
                          emit personasChanged();
                      }
                      if (std::exchange(m_snippets, snippets) != snippets) {
                          emit snippetsChanged();
                      }
                  });
}

/// Runs a job on the store and reads everything again, whether it went well or not.
template <typename Job>
void LibraryService::change(Job job) {
    m_storage.run(std::move(job), this, [this](const storage::Result<void>& changed) {
        if (!changed) {
            emit failed(toTrouble(changed.error()));
        }
        refresh();
    });
}

void LibraryService::createFolder(const QString& name) {
    m_storage.run(
        [name = name.simplified().toStdString()](Database& database) { return FolderStore(database).create(name); },
        this,
        [this](const storage::Result<storage::Folder>& made) {
            if (!made) {
                emit failed(toTrouble(made.error()));
                return;
            }
            const Folder folder{toUuid(made->id), QString::fromStdString(made->name)};
            m_folders.push_back(folder);
            emit foldersChanged();
            emit folderCreated(folder.id);
        });
}

void LibraryService::renameFolder(const QUuid& folder, const QString& name) {
    change([id = toId(folder), name = name.simplified().toStdString()](Database& database) {
        return FolderStore(database).rename(id, name);
    });
}

void LibraryService::moveFolder(const QUuid& folder, int place) {
    change([id = toId(folder), place](Database& database) {
        return FolderStore(database).move(id, static_cast<std::size_t>(std::max(place, 0)));
    });
}

void LibraryService::savePersona(const Persona& persona) {
    change([record = toRecord(persona), isNew = persona.id.isNull()](Database& database) {
        PersonaStore store(database);
        return isNew ? withoutValue(store.create(record)) : store.update(record);
    });
}

void LibraryService::saveSnippet(const Snippet& snippet) {
    const storage::Snippet record{toId(snippet.id), snippet.name.simplified().toStdString(), snippet.text.toStdString(),
                                  0};
    change([record, isNew = snippet.id.isNull()](Database& database) {
        SnippetStore store(database);
        return isNew ? withoutValue(store.create(record)) : store.update(record);
    });
}

QString LibraryService::nameOf(Kind kind, const QUuid& id) const {
    const auto name = [&](const auto& entries) {
        const auto at = find(entries, id);
        return at == entries.end() ? QString() : at->name;
    };
    return kind == Kind::kFolder ? name(m_folders) : kind == Kind::kPersona ? name(m_personas) : name(m_snippets);
}

void LibraryService::remove(Kind kind, const QUuid& id) {
    m_storage.run([kind, record = toId(id)](Database& database) { return setHidden(database, kind, record, true); },
                  this,
                  [this, kind, id, name = nameOf(kind, id)](const storage::Result<void>& hidden) {
                      if (hidden) {
                          emit removed(kind, id, name);
                      } else {
                          emit failed(toTrouble(hidden.error()));
                      }
                      refresh();
                  });
}

void LibraryService::undoRemove(Kind kind, const QUuid& id) {
    change([kind, record = toId(id)](Database& database) { return setHidden(database, kind, record, false); });
}

} // namespace alcuin::app
