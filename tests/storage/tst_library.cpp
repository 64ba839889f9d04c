#include <SQLiteCpp/Database.h>

#include <alcuin/storage/compaction_store.h>
#include <alcuin/storage/folder_store.h>
#include <alcuin/storage/persona_store.h>
#include <alcuin/storage/queue_store.h>
#include <alcuin/storage/settings_store.h>
#include <alcuin/storage/snippet_store.h>

#include "connection.h"
#include "migrations.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

template <typename Rows>
std::vector<std::string> names(const Rows& rows) {
    std::vector<std::string> all;
    for (const auto& row : rows) {
        all.push_back(row.name);
    }
    return all;
}

using Names = std::vector<std::string>;

} // namespace

/// Folders, pins, the archive, personas, snippets, waiting questions and summaries.
class TstLibrary : public QObject {
    Q_OBJECT
private slots:
    void foldersKeepTheirOrderAndComeBack();
    void aConversationsPlaceIsKept();
    void personasAndSnippetsCanBeBroughtBack();
    void whatAConversationWantsIsKept();
    void questionsWaitInOrder();
    void aWaitingQuestionIsSentOnce();
    void anAnswerGoesOnWhereItStopped();
    void anEditedAnswerIsASibling();
    void summariesAreSwitchedNotDeleted();
    void whatWasDeletedIsPurged();
    void inMemoryNothingReachesADisk();
    void aDatabaseOfTheFirstVersionKeepsEverything();
};

void TstLibrary::foldersKeepTheirOrderAndComeBack() {
    StorageFixture f;
    FolderStore folders(*f.database);
    ALCUIN_TAKE(work, folders.create("Work"));
    ALCUIN_TAKE(home, folders.create("Home"));
    ALCUIN_TAKE(third, folders.create("Third"));
    ALCUIN_OK(folders.move(third.id, 0));
    ALCUIN_OK(folders.rename(home.id, "House"));
    ALCUIN_TAKE(listed, folders.list());
    QCOMPARE(names(listed), (Names{"Third", "Work", "House"}));
    const auto turn = f.ask({}, {}, "q", "a");
    ALCUIN_OK(f.store.setFolder(turn.conversation.id, work.id));
    ALCUIN_OK(folders.remove(work.id));
    ALCUIN_TAKE(without, f.store.find(turn.conversation.id));
    QVERIFY(!without.folderId);
    ALCUIN_OK(folders.restore(work.id));
    ALCUIN_TAKE(back, f.store.find(turn.conversation.id));
    QCOMPARE(back.folderId, std::optional<Id>(work.id));
    ALCUIN_TAKE(again, folders.list());
    QCOMPARE(names(again), (Names{"Third", "Work", "House"}));
    ALCUIN_FAILS(folders.create("  "), ErrorCode::kInvalidArgument);
    ALCUIN_FAILS(folders.rename("nowhere", "x"), ErrorCode::kNotFound);
    ALCUIN_FAILS(f.store.setFolder(turn.conversation.id, Id("nowhere")), ErrorCode::kNotFound);
}

void TstLibrary::aConversationsPlaceIsKept() {
    StorageFixture f;
    const auto turn = f.ask({}, {}, "q", "a");
    const Id id = turn.conversation.id;
    ALCUIN_OK(f.store.setPinned(id, true));
    const TimeMs pinned = f.clock.now;
    f.clock.now += 10;
    ALCUIN_OK(f.store.setPinned(id, true)); // stays where it was
    ALCUIN_OK(f.store.setArchived(id, true));
    f.reopen();
    ALCUIN_TAKE(found, f.store.find(id));
    QCOMPARE(found.pinnedAt, std::optional<TimeMs>(pinned));
    QCOMPARE(found.archivedAt, std::optional<TimeMs>(f.clock.now));
    QCOMPARE(found.updatedAt, turn.conversation.updatedAt);
    ALCUIN_OK(f.store.setPinned(id, false));
    ALCUIN_OK(f.store.setArchived(id, false));
    ALCUIN_TAKE(listed, f.store.list());
    QVERIFY(!listed.at(0).pinnedAt && !listed.at(0).archivedAt);
    ALCUIN_FAILS(f.store.setPinned("nowhere", true), ErrorCode::kNotFound);
}

void TstLibrary::personasAndSnippetsCanBeBroughtBack() {
    StorageFixture f;
    PersonaStore personas(*f.database);
    ALCUIN_TAKE(editor, personas.create({{}, "Editor", "Be strict.", R"({"temperature":0.2})", "/models/a.gguf", 0}));
    ALCUIN_TAKE(cook, personas.create({{}, "cook", "Be brief.", {}, {}, 0}));
    editor.instructions = "Be kind.";
    ALCUIN_OK(personas.update(editor));
    f.reopen();
    PersonaStore reopened(*f.database);
    ALCUIN_TAKE(listed, reopened.list());
    QCOMPARE(names(listed), (Names{"cook", "Editor"}));
    QCOMPARE(listed[1].instructions, std::string("Be kind."));
    QCOMPARE(listed[1].parametersJson, std::string(R"({"temperature":0.2})"));
    QCOMPARE(listed[1].modelPath, std::string("/models/a.gguf"));
    ALCUIN_OK(reopened.remove(cook.id));
    ALCUIN_TAKE(fewer, reopened.list());
    QCOMPARE(fewer.size(), std::size_t{1});
    ALCUIN_OK(reopened.restore(cook.id));
    SnippetStore snippets(*f.database);
    ALCUIN_TAKE(snippet, snippets.create({{}, "Greeting", "Dear", 0}));
    snippet.text = "Dear all";
    ALCUIN_OK(snippets.update(snippet));
    ALCUIN_OK(snippets.remove(snippet.id));
    ALCUIN_TAKE(none, snippets.list());
    QVERIFY(none.empty());
    ALCUIN_OK(snippets.restore(snippet.id));
    ALCUIN_TAKE(one, snippets.list());
    QCOMPARE(one.at(0).text, std::string("Dear all"));
    ALCUIN_FAILS(snippets.update({"nowhere", "x", "y", 0}), ErrorCode::kNotFound);
    ALCUIN_FAILS(reopened.create({}), ErrorCode::kInvalidArgument);
}

void TstLibrary::whatAConversationWantsIsKept() {
    StorageFixture f;
    ALCUIN_TAKE(persona, PersonaStore(*f.database).create({{}, "Editor", "Be strict.", {}, {}, 0}));
    const auto turn = f.ask({}, {}, "q", "a");
    const ConversationSettings wanted{"/models/a.gguf", R"({"top_k":1})", "Answer in French.", persona.id};
    ALCUIN_OK(f.store.setSettings(turn.conversation.id, wanted));
    f.reopen();
    ALCUIN_TAKE(found, f.store.find(turn.conversation.id));
    QVERIFY(found.settings == wanted);
    ALCUIN_OK(PersonaStore(*f.database).remove(persona.id));
    ALCUIN_TAKE(without, f.store.find(turn.conversation.id));
    QVERIFY(!without.settings.personaId);
    QCOMPARE(without.settings.instructions, wanted.instructions);
}

void TstLibrary::questionsWaitInOrder() {
    StorageFixture f;
    const auto turn = f.ask({}, {}, "q", "a");
    const Id id = turn.conversation.id;
    ALCUIN_OK(f.store.setDraft(id, "second"));
    QueueStore queue(*f.database);
    ALCUIN_TAKE(first, queue.append(id, textParts("first")));
    ALCUIN_TAKE(second, queue.append(id, textParts("second")));
    ALCUIN_TAKE(third, queue.append(id, textParts("third")));
    ALCUIN_TAKE(draft, f.store.draft(id));
    QCOMPARE(draft, std::string()); // what waits isn't in the composer any more
    ALCUIN_OK(queue.move(third.id, 0));
    Part file;
    file.kind = PartKind::kAttachment;
    file.name = "notes.txt";
    file.text = "notes";
    auto changed = textParts("second, changed");
    changed.push_back(file);
    ALCUIN_OK(queue.update(second.id, changed));
    ALCUIN_OK(queue.remove(first.id));
    f.reopen();
    QueueStore reopened(*f.database);
    ALCUIN_TAKE(listed, reopened.list(id));
    QCOMPARE(listed.size(), std::size_t{2});
    QCOMPARE(listed[0].id, third.id);
    QCOMPARE(listed[1].parts.at(0).text, std::string("second, changed"));
    QCOMPARE(listed[1].parts.at(1).name, std::string("notes.txt"));
    ALCUIN_FAILS(reopened.remove(first.id), ErrorCode::kNotFound);
    ALCUIN_FAILS(reopened.append(id, {}), ErrorCode::kInvalidArgument);
    ALCUIN_FAILS(reopened.append("nowhere", textParts("x")), ErrorCode::kNotFound);
}

void TstLibrary::aWaitingQuestionIsSentOnce() {
    StorageFixture f;
    const auto turn = f.ask({}, {}, "q", "a");
    const Id id = turn.conversation.id;
    ALCUIN_TAKE(waiting, QueueStore(*f.database).append(id, textParts("and then?")));
    ALCUIN_OK(f.store.setDraft(id, "being typed"));
    ALCUIN_TAKE(sent, f.store.appendQueued(waiting.id, turn.answer.id, someGeneration()));
    QCOMPARE(textOf(sent.question), std::string("and then?"));
    QCOMPARE(sent.question.parentId, std::optional<Id>(turn.answer.id));
    ALCUIN_TAKE(draft, f.store.draft(id));
    QCOMPARE(draft, std::string("being typed"));
    ALCUIN_TAKE(left, QueueStore(*f.database).list(id));
    QVERIFY(left.empty());
    ALCUIN_FAILS(f.store.appendQueued(waiting.id, turn.answer.id, {}), ErrorCode::kNotFound);
}

void TstLibrary::anAnswerGoesOnWhereItStopped() {
    StorageFixture f;
    ALCUIN_TAKE(turn, f.store.appendTurn({}, {}, textParts("q"), someGeneration()));
    ALCUIN_FAILS(f.store.resumeAnswer(turn.answer.id), ErrorCode::kInvalidArgument); // it is being written
    ALCUIN_OK(f.store.finishAnswer(turn.answer.id, MessageState::kFailed, textParts("half"), someGeneration(), "Why."));
    ALCUIN_TAKE(resumed, f.store.resumeAnswer(turn.answer.id));
    QCOMPARE(resumed.state, MessageState::kStreaming);
    QCOMPARE(textOf(resumed), std::string("half"));
    QVERIFY(resumed.generation && resumed.generation->tokens == someGeneration().tokens);
    QVERIFY(resumed.error.empty());
    ALCUIN_OK(f.store.finishAnswer(turn.answer.id, MessageState::kComplete, textParts("half and half"), {}));
    ALCUIN_FAILS(f.store.resumeAnswer(turn.answer.id), ErrorCode::kInvalidArgument); // it is complete
    ALCUIN_FAILS(f.store.resumeAnswer(turn.question.id), ErrorCode::kInvalidArgument);
    ALCUIN_TAKE(other, f.store.appendAnswer(turn.question.id, someGeneration()));
    ALCUIN_OK(f.store.finishAnswer(other.id, MessageState::kCancelled, textParts("stopped"), {}));
    f.ask(turn.conversation.id, other.id, "next", "b");
    ALCUIN_FAILS(f.store.resumeAnswer(other.id), ErrorCode::kInvalidArgument); // something follows
}

void TstLibrary::anEditedAnswerIsASibling() {
    StorageFixture f;
    const auto turn = f.ask({}, {}, "q", "a");
    ALCUIN_TAKE(edited, f.store.appendEditedAnswer(turn.answer.id, textParts("a, rewritten")));
    QVERIFY(edited.edited);
    QCOMPARE(f.shown(turn.conversation.id), std::string("q / a, rewritten"));
    f.reopen();
    ALCUIN_TAKE(path, f.store.activePath(turn.conversation.id));
    QVERIFY(path.at(1).message.edited && !path.at(1).message.generation);
    QCOMPARE(path.at(1).siblings, (std::vector<Id>{turn.answer.id, edited.id}));
    ALCUIN_TAKE(before, f.store.message(turn.answer.id));
    QVERIFY(!before.edited);
    QCOMPARE(textOf(before), std::string("a"));
    ALCUIN_FAILS(f.store.appendEditedAnswer(turn.question.id, textParts("x")), ErrorCode::kInvalidArgument);
}

void TstLibrary::summariesAreSwitchedNotDeleted() {
    StorageFixture f;
    const auto turn = f.ask({}, {}, "q", "a");
    const auto other = f.ask({}, {}, "q", "a");
    CompactionStore compactions(*f.database);
    ALCUIN_TAKE(made, compactions.append({{}, turn.conversation.id, turn.answer.id, "In short.", "tiny", 0, true}));
    ALCUIN_OK(compactions.setActive(made.id, false));
    ALCUIN_TAKE(listed, compactions.list(turn.conversation.id));
    QCOMPARE(listed.size(), std::size_t{1});
    QVERIFY(!listed[0].active);
    QCOMPARE(listed[0].summary, std::string("In short."));
    QCOMPARE(listed[0].lastMessage, turn.answer.id);
    ALCUIN_FAILS(compactions.append({{}, turn.conversation.id, other.answer.id, "x", {}, 0, true}),
                 ErrorCode::kInvalidArgument);
    ALCUIN_FAILS(compactions.setActive("nowhere", true), ErrorCode::kNotFound);
}

void TstLibrary::whatWasDeletedIsPurged() {
    StorageFixture f;
    const auto turn = f.ask({}, {}, "q", "a");
    const Id id = turn.conversation.id;
    ALCUIN_TAKE(folder, FolderStore(*f.database).create("SECRETFOLDER"));
    ALCUIN_OK(f.store.setFolder(id, folder.id));
    ALCUIN_TAKE(persona, PersonaStore(*f.database).create({{}, "n", "SECRETPERSONA", {}, {}, 0}));
    ALCUIN_OK(f.store.setSettings(id, {{}, {}, {}, persona.id}));
    ALCUIN_TAKE(snippet, SnippetStore(*f.database).create({{}, "n", "SECRETSNIPPET", 0}));
    const auto gone = f.ask({}, {}, "q", "a");
    ALCUIN_TAKE(waiting, QueueStore(*f.database).append(gone.conversation.id, textParts("SECRETQUEUED")));
    ALCUIN_TAKE(
        summary,
        CompactionStore(*f.database).append({{}, gone.conversation.id, gone.answer.id, "SECRETSUMMARY", {}, 0, true}));
    QVERIFY(!waiting.id.empty() && !summary.id.empty());
    QVERIFY(allBytes(pathOf(f.directory)).contains("SECRET"));
    ALCUIN_OK(FolderStore(*f.database).remove(folder.id));
    ALCUIN_OK(PersonaStore(*f.database).remove(persona.id));
    ALCUIN_OK(SnippetStore(*f.database).remove(snippet.id));
    ALCUIN_OK(f.store.remove(gone.conversation.id));
    ALCUIN_TAKE(purged, f.store.purgeDeleted(f.clock.now + 1));
    QCOMPARE(purged, std::size_t{1});
    QVERIFY(!allBytes(pathOf(f.directory)).contains("SECRET"));
    ALCUIN_FAILS(FolderStore(*f.database).restore(folder.id), ErrorCode::kNotFound);
    ALCUIN_TAKE(kept, f.store.find(id));
    QVERIFY(!kept.folderId && !kept.settings.personaId);
    ALCUIN_OK(f.database->checkIntegrity());
}

void TstLibrary::inMemoryNothingReachesADisk() {
    ALCUIN_TAKE(database, Database::openInMemory());
    ConversationStore store(*database);
    ALCUIN_TAKE(turn, store.appendTurn({}, {}, textParts("unseen"), someGeneration()));
    ALCUIN_OK(store.finishAnswer(turn.answer.id, MessageState::kComplete, textParts("a"), {}));
    ALCUIN_TAKE(path, store.activePath(turn.conversation.id));
    QCOMPARE(path.size(), std::size_t{2});
    ALCUIN_OK(SettingsStore(*database).set("a", "b"));
    ALCUIN_OK(store.remove(turn.conversation.id));
    ALCUIN_TAKE(purged, store.purgeDeleted(turn.conversation.updatedAt + 1'000'000'000));
    QCOMPARE(purged, std::size_t{1});
    QVERIFY(!QFile::exists(":memory:"));
}

void TstLibrary::aDatabaseOfTheFirstVersionKeepsEverything() {
    StorageFixture f;
    const auto turn = f.ask({}, {}, "old question", "old answer");
    f.database.reset();
    // Back to the first version: what came later is dropped, as it wasn't there.
    {
        SQLite::Database raw((pathOf(f.directory) / "alcuin.db").string(), SQLite::OPEN_READWRITE);
        SQLite::Database first(f.directory.filePath("first.db").toStdString(),
                               SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        first.exec(std::string(allMigrations().front().sql));
        first.exec("PRAGMA user_version = 1");
        first.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
        raw.exec("ATTACH '" + f.directory.filePath("first.db").toStdString() + "' AS first");
        raw.exec("INSERT INTO first.conversations SELECT id, title, title_source, created_at, updated_at, deleted_at, "
                 "active_leaf, draft FROM main.conversations");
        raw.exec("INSERT INTO first.messages SELECT sequence, id, conversation_id, parent_id, role, state, created_at, "
                 "error FROM main.messages");
        raw.exec("INSERT INTO first.parts SELECT * FROM main.parts");
        raw.exec("INSERT INTO first.generations SELECT * FROM main.generations");
    }
    const QTemporaryDir old;
    QVERIFY(QFile::copy(f.directory.filePath("first.db"), old.filePath("alcuin.db")));
    const auto database = openDatabase(pathOf(old));
    ConversationStore store(*database);
    ALCUIN_TAKE(path, store.activePath(turn.conversation.id));
    QCOMPARE(path.size(), std::size_t{2});
    QCOMPARE(textOf(path[1].message), std::string("old answer"));
    QVERIFY(!path[1].message.edited);
    QCOMPARE(QDir(old.filePath("backups")).entryList({"alcuin-*-v1.db"}).size(), 1);
    ALCUIN_TAKE(folder, FolderStore(*database).create("New"));
    ALCUIN_OK(store.setFolder(turn.conversation.id, folder.id));
    ALCUIN_OK(database->checkIntegrity());
}

ALCUIN_TEST(TstLibrary)
#include "tst_library.moc"
