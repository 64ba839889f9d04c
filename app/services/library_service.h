#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QUuid>

#include <optional>

#include "services/chat_values.h"

namespace alcuin::app {

class StorageThread;

struct Folder {
    QUuid id;
    QString name;

    bool operator==(const Folder&) const = default;
};

/// Instructions, and optionally a model and parameters, under a name.
struct Persona {
    QUuid id;
    QString name;
    QString instructions;
    std::optional<Parameters> parameters;
    QString modelPath;

    bool operator==(const Persona&) const = default;
};

/// A text to be put into the composer, under a name.
struct Snippet {
    QUuid id;
    QString name;
    QString text;

    bool operator==(const Snippet&) const = default;
};

/// Folders, personas and snippets. Every call returns at once; answers come as signals on the GUI thread. What is
/// removed can be brought back until the next start. Errors are reported by `failed` and leave everything as it was.
class LibraryService : public QObject {
    Q_OBJECT
public:
    enum class Kind { kFolder, kPersona, kSnippet };

    explicit LibraryService(StorageThread& storage, QObject* parent = nullptr);

    /// As last reported; folders in the person's order, the others by name.
    const QList<Folder>& folders() const;
    const QList<Persona>& personas() const;
    const QList<Snippet>& snippets() const;
    /// Empty: there is none of that id.
    QString folderName(const QUuid& folder) const;
    std::optional<Persona> persona(const QUuid& persona) const;

    void refresh();

    /// Answered by folderCreated.
    void createFolder(const QString& name);
    void renameFolder(const QUuid& folder, const QString& name);
    /// To that place, counted from 0.
    void moveFolder(const QUuid& folder, int place);

    /// A null id makes a new one, any other replaces what stands under it.
    void savePersona(const Persona& persona);
    void saveSnippet(const Snippet& snippet);

    /// Hides it; answered by `removed`.
    void remove(Kind kind, const QUuid& id);
    void undoRemove(Kind kind, const QUuid& id);

signals:
    void foldersChanged();
    void personasChanged();
    void snippetsChanged();
    void folderCreated(const QUuid& folder);
    void removed(alcuin::app::LibraryService::Kind kind, const QUuid& id, const QString& name);
    void failed(const alcuin::app::Trouble& trouble);

private:
    template <typename Job>
    void change(Job job);
    QString nameOf(Kind kind, const QUuid& id) const;

    StorageThread& m_storage;
    QList<Folder> m_folders;
    QList<Persona> m_personas;
    QList<Snippet> m_snippets;
};

} // namespace alcuin::app
