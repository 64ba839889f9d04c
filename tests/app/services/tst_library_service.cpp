#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include "services/conversation_service.h"
#include "services/library_service.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "support/test_registry.h"

#include <alcuin/storage/conversation_store.h>

using namespace alcuin;
using app::LibraryService;

namespace {

QStringList folderNames(const LibraryService& library) {
    QStringList names;
    for (const auto& folder : library.folders()) {
        names.push_back(folder.name);
    }
    return names;
}

struct Fixture {
    QTemporaryDir directory;
    std::unique_ptr<app::StorageThread> storage = std::move(*app::StorageThread::open(directory.path()));
    LibraryService library{*storage};
    app::ConversationService conversations{*storage};

    QUuid conversation(const char* title) {
        const auto made = storage->call(
            [title](storage::Database& database) { return storage::ConversationStore(database).create(title); });
        return app::toUuid(made->id);
    }
};

} // namespace

/// Folders, personas and snippets as the window has them.
class TstLibraryService : public QObject {
    Q_OBJECT
private slots:
    void foldersAreMadeNamedMovedAndBroughtBack();
    void aConversationHasItsPlace();
    void personasAndSnippetsAreKept();
    void whatCannotBeIsSaid();
};

void TstLibraryService::foldersAreMadeNamedMovedAndBroughtBack() {
    Fixture f;
    QSignalSpy created(&f.library, &LibraryService::folderCreated);
    QSignalSpy removed(&f.library, &LibraryService::removed);
    f.library.createFolder(QStringLiteral("  Work "));
    f.library.createFolder(QStringLiteral("Home"));
    QTRY_COMPARE(created.size(), 2);
    QCOMPARE(folderNames(f.library), QStringList({"Work", "Home"}));
    const QUuid home = created.at(1).at(0).toUuid();
    QCOMPARE(f.library.folderName(home), QStringLiteral("Home"));
    f.library.moveFolder(home, 0);
    QTRY_COMPARE(folderNames(f.library), QStringList({"Home", "Work"}));
    f.library.renameFolder(home, QStringLiteral("House"));
    QTRY_COMPARE(folderNames(f.library), QStringList({"House", "Work"}));
    f.library.remove(LibraryService::Kind::kFolder, home);
    QTRY_COMPARE(folderNames(f.library), QStringList({"Work"}));
    QCOMPARE(removed.at(0).at(2).toString(), QStringLiteral("House"));
    f.library.undoRemove(LibraryService::Kind::kFolder, home);
    QTRY_COMPARE(folderNames(f.library), QStringList({"House", "Work"}));
}

void TstLibraryService::aConversationHasItsPlace() {
    Fixture f;
    const QUuid talk = f.conversation("talk");
    QSignalSpy created(&f.library, &LibraryService::folderCreated);
    f.library.createFolder(QStringLiteral("Work"));
    QTRY_COMPARE(created.size(), 1);
    const QUuid folder = created.at(0).at(0).toUuid();
    f.conversations.moveToFolder(talk, folder);
    f.conversations.setPinned(talk, true);
    f.conversations.setArchived(talk, true);
    const auto summary = [&] { return f.conversations.conversations().value(0); };
    QTRY_VERIFY(summary().archived && summary().pinned && summary().folder == folder);
    f.conversations.moveToFolder(talk, {});
    f.conversations.setPinned(talk, false);
    f.conversations.setArchived(talk, false);
    QTRY_VERIFY(!summary().archived && !summary().pinned && summary().folder.isNull());
}

void TstLibraryService::personasAndSnippetsAreKept() {
    Fixture f;
    app::Persona editor;
    editor.name = QStringLiteral("Editor");
    editor.instructions = QStringLiteral("Be strict.");
    editor.parameters = app::Parameters{};
    editor.parameters->temperature = 0.25;
    f.library.savePersona(editor);
    f.library.saveSnippet({{}, QStringLiteral("Greeting"), QStringLiteral("Dear all")});
    QTRY_VERIFY(f.library.personas().size() == 1 && f.library.snippets().size() == 1);
    app::Persona kept = f.library.personas().at(0);
    QVERIFY(kept.parameters && qFuzzyCompare(kept.parameters->temperature, 0.25));
    kept.instructions = QStringLiteral("Be kind.");
    f.library.savePersona(kept);
    QTRY_COMPARE(f.library.personas().at(0).instructions, QStringLiteral("Be kind."));
    QCOMPARE(f.library.persona(kept.id)->name, QStringLiteral("Editor"));
    f.library.remove(LibraryService::Kind::kSnippet, f.library.snippets().at(0).id);
    QTRY_VERIFY(f.library.snippets().isEmpty());
    f.library.remove(LibraryService::Kind::kPersona, kept.id);
    QTRY_VERIFY(f.library.personas().isEmpty());
    f.library.undoRemove(LibraryService::Kind::kPersona, kept.id);
    QTRY_VERIFY(f.library.personas() == QList<app::Persona>{kept});
}

void TstLibraryService::whatCannotBeIsSaid() {
    Fixture f;
    QSignalSpy failed(&f.library, &LibraryService::failed);
    f.library.createFolder(QStringLiteral("   "));
    QTRY_COMPARE(failed.size(), 1);
    f.library.renameFolder(QUuid::createUuid(), QStringLiteral("x"));
    QTRY_COMPARE(failed.size(), 2);
    QVERIFY(!failed.at(1).at(0).value<app::Trouble>().title.isEmpty());
    QVERIFY(f.library.folders().isEmpty());
}

ALCUIN_TEST(TstLibraryService)
#include "tst_library_service.moc"
