#include <alcuin/storage/import_store.h>

#include <alcuin/storage/folder_store.h>

#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

Message message(Id id, std::optional<Id> parent, Role role, std::string text) {
    Message made;
    made.id = std::move(id);
    made.parentId = std::move(parent);
    made.role = role;
    made.createdAt = 1'600'000'000'000;
    made.parts = textParts(std::move(text));
    return made;
}

/// A question with two answers, the older one shown.
ConversationTree smallTree() {
    ConversationTree tree;
    tree.conversation.createdAt = tree.conversation.updatedAt = 1'600'000'000'000;
    tree.conversation.activeLeaf = "b";
    tree.messages = {message("a", std::nullopt, Role::kUser, "How are you?"),
                     message("b", "a", Role::kAssistant, "Well."), message("c", "a", Role::kAssistant, "Fine.")};
    return tree;
}

const Origin kOrigin{"elsewhere", "number 1", 7};

struct ImportFixture : StorageFixture {
    ImportStore imports{*database};
    void reopen() {
        StorageFixture::reopen();
        imports = ImportStore(*database);
    }
};

} // namespace

/// Whole conversations from outside: all or nothing, and each once.
class TstImportStore : public QObject {
    Q_OBJECT
private slots:
    void aTreeIsStoredWithItsTimesAndItsBranch();
    void theSameOriginIsTakenOnce();
    void whatGrewElsewhereComesAsBranches();
    void whatWentOnHereStaysShown();
    void anOwnConversationComesBackWithWhatWasSaidElsewhere();
    void whatWasDeletedIsTakenAgain();
    void aPurgeForgetsWhereItCameFrom();
    void treesThatMakeNoSenseChangeNothing_data();
    void treesThatMakeNoSenseChangeNothing();
    void anAnswerBeingWrittenIsInterrupted();
    void foldersAreFoundByNameOrMade();
    void idsOfUuidsAreKept();
};

void TstImportStore::aTreeIsStoredWithItsTimesAndItsBranch() {
    ImportFixture fixture;
    ALCUIN_TAKE(added, fixture.imports.add(smallTree(), kOrigin));
    QVERIFY(added.outcome == ImportStore::Outcome::kAdded);
    fixture.reopen();
    ALCUIN_TAKE(tree, fixture.store.tree(added.conversation));
    QCOMPARE(tree.conversation.title, std::string("How are you?"));
    QVERIFY(tree.conversation.titleSource == TitleSource::kAutomatic);
    QCOMPARE(tree.conversation.updatedAt, 1'600'000'000'000);
    QCOMPARE(tree.messages.size(), std::size_t{3});
    QCOMPARE(tree.messages[1].createdAt, 1'600'000'000'000);
    QCOMPARE(fixture.shown(added.conversation), std::string("How are you? / Well."));
    QVERIFY(tree.messages[0].id != "a");
    QCOMPARE(*tree.messages[2].parentId, tree.messages[0].id);
    ALCUIN_OK(fixture.database->checkIntegrity());
    // It goes on like any other.
    fixture.ask(added.conversation, tree.messages[1].id, "And now?", "Still well.");
    QCOMPARE(fixture.shown(added.conversation), std::string("How are you? / Well. / And now? / Still well."));
}

void TstImportStore::theSameOriginIsTakenOnce() {
    ImportFixture fixture;
    ALCUIN_TAKE(first, fixture.imports.add(smallTree(), kOrigin));
    fixture.reopen();
    ALCUIN_TAKE(again, fixture.imports.add(smallTree(), kOrigin));
    QVERIFY(again.outcome == ImportStore::Outcome::kHere);
    QCOMPARE(again.conversation, first.conversation);
    ALCUIN_TAKE(changed, fixture.imports.add(smallTree(), Origin{"elsewhere", "number 1", 8}));
    QVERIFY(changed.outcome == ImportStore::Outcome::kHere); // something else than its messages
    QCOMPARE(changed.messages, std::size_t{0});
    ALCUIN_TAKE(other, fixture.imports.add(smallTree(), Origin{"nowhere", "number 1", 7}));
    QVERIFY(other.outcome == ImportStore::Outcome::kAdded);
    QCOMPARE(fixture.store.list()->size(), std::size_t{2});
}

void TstImportStore::whatGrewElsewhereComesAsBranches() {
    ImportFixture fixture;
    ALCUIN_TAKE(first, fixture.imports.add(smallTree(), kOrigin));
    const Id id = first.conversation;
    ALCUIN_TAKE(before, fixture.store.tree(id));
    // Elsewhere: two turns more below what is shown, and one of the old answers once more.
    auto grown = smallTree();
    const auto append = [&grown](const char* messageId, const char* parent, Role role, const char* words) {
        Message message = grown.messages[1];
        message.id = messageId;
        message.parentId = parent;
        message.role = role;
        message.parts = textParts(words);
        grown.messages.push_back(std::move(message));
    };
    append("d", "b", Role::kUser, "And then?");
    append("e", "d", Role::kAssistant, "Then this.");
    append("f", "a", Role::kAssistant, "Well."); // the same words again are another answer
    grown.conversation.activeLeaf = "e";
    grown.conversation.updatedAt = fixture.clock.now + 5;
    ALCUIN_TAKE(merged, fixture.imports.add(grown, Origin{"elsewhere", "number 1", 8}));
    QVERIFY(merged.outcome == ImportStore::Outcome::kMerged);
    QCOMPARE(merged.conversation, id);
    QCOMPARE(merged.messages, std::size_t{3});
    QCOMPARE(fixture.shown(id), std::string("How are you? / Well. / And then? / Then this."));
    ALCUIN_TAKE(after, fixture.store.tree(id));
    QCOMPARE(after.messages.size(), before.messages.size() + 3);
    QCOMPARE(after.conversation.updatedAt, fixture.clock.now + 5);
    for (std::size_t i = 0; i < before.messages.size(); ++i) { // nothing that was there has changed
        QCOMPARE(after.messages[i].id, before.messages[i].id);
        QCOMPARE(textOf(after.messages[i]), textOf(before.messages[i]));
    }
    // The same file again, and under another fingerprint: nothing more comes.
    for (const std::uint64_t fingerprint : {8U, 9U}) {
        ALCUIN_TAKE(again, fixture.imports.add(grown, Origin{"elsewhere", "number 1", fingerprint}));
        QVERIFY(again.outcome == ImportStore::Outcome::kHere);
        QCOMPARE(again.messages, std::size_t{0});
    }
    QCOMPARE(fixture.store.tree(id)->messages.size(), after.messages.size());
    ALCUIN_OK(fixture.database->checkIntegrity());
}

void TstImportStore::whatWentOnHereStaysShown() {
    ImportFixture fixture;
    ALCUIN_TAKE(first, fixture.imports.add(smallTree(), kOrigin));
    ALCUIN_TAKE(before, fixture.store.tree(first.conversation));
    fixture.ask(first.conversation, before.messages[1].id, "Asked here", "Answered here");
    auto grown = smallTree();
    Message there = grown.messages[0];
    there.id = "d";
    there.parentId = "b";
    there.parts = textParts("Asked there");
    grown.messages.push_back(there);
    grown.conversation.activeLeaf = "d";
    ALCUIN_TAKE(merged, fixture.imports.add(grown, Origin{"elsewhere", "number 1", 8}));
    QCOMPARE(merged.messages, std::size_t{1});
    QCOMPARE(fixture.shown(first.conversation), std::string("How are you? / Well. / Asked here / Answered here"));
    ALCUIN_TAKE(after, fixture.store.tree(first.conversation));
    QCOMPARE(after.messages.back().parentId, std::optional(before.messages[1].id)); // a branch beside it
}

void TstImportStore::anOwnConversationComesBackWithWhatWasSaidElsewhere() {
    StorageFixture elsewhere;
    const auto turn = elsewhere.ask({}, {}, "first", "one");
    ALCUIN_TAKE(early, elsewhere.store.tree(turn.conversation.id));
    elsewhere.ask(turn.conversation.id, turn.answer.id, "second", "two");
    ALCUIN_TAKE(late, elsewhere.store.tree(turn.conversation.id));
    ImportFixture fixture;
    const Id id = turn.conversation.id;
    ALCUIN_TAKE(added, fixture.imports.add(early, Origin{"alcuin", id, 1}));
    QCOMPARE(added.conversation, id);
    ALCUIN_TAKE(merged, fixture.imports.add(late, Origin{"alcuin", id, 2}));
    QVERIFY(merged.outcome == ImportStore::Outcome::kMerged);
    QCOMPARE(merged.messages, std::size_t{2});
    QCOMPARE(fixture.shown(id), std::string("first / one / second / two"));
    ALCUIN_TAKE(whole, fixture.store.tree(id));
    QCOMPARE(whole.messages.back().id, late.messages.back().id); // ids stay the same in both places
}

void TstImportStore::whatWasDeletedIsTakenAgain() {
    ImportFixture fixture;
    ALCUIN_TAKE(first, fixture.imports.add(smallTree(), kOrigin));
    ALCUIN_OK(fixture.store.remove(first.conversation));
    ALCUIN_TAKE(again, fixture.imports.add(smallTree(), kOrigin));
    QVERIFY(again.outcome == ImportStore::Outcome::kAdded);
    QVERIFY(again.conversation != first.conversation);
}

void TstImportStore::aPurgeForgetsWhereItCameFrom() {
    ImportFixture fixture;
    ALCUIN_TAKE(first, fixture.imports.add(smallTree(), Origin{"elsewhere", "a very telling name", 7}));
    ALCUIN_OK(fixture.store.remove(first.conversation));
    QVERIFY(allBytes(pathOf(fixture.directory)).contains("a very telling name"));
    ALCUIN_TAKE(purged, fixture.store.purgeDeleted(fixture.clock.now + 1));
    QCOMPARE(purged, std::size_t{1});
    QVERIFY(!allBytes(pathOf(fixture.directory)).contains("a very telling name"));
}

void TstImportStore::treesThatMakeNoSenseChangeNothing_data() {
    QTest::addColumn<int>("which");
    QTest::newRow("a child before its parent") << 0;
    QTest::newRow("a parent that isn't there") << 1;
    QTest::newRow("an id twice") << 2;
    QTest::newRow("a leaf that isn't there") << 3;
    QTest::newRow("a summary of nothing") << 4;
}

void TstImportStore::treesThatMakeNoSenseChangeNothing() {
    QFETCH(int, which);
    auto tree = smallTree();
    switch (which) {
    case 0:
        std::swap(tree.messages[0], tree.messages[1]);
        break;
    case 1:
        tree.messages[2].parentId = "z";
        break;
    case 2:
        tree.messages[2].id = "b";
        break;
    case 3:
        tree.conversation.activeLeaf = "z";
        break;
    default:
        tree.compactions.push_back({"k", {}, "z", "Nothing", {}, 1, true});
    }
    ImportFixture fixture;
    ALCUIN_FAILS(fixture.imports.add(tree, kOrigin), ErrorCode::kInvalidArgument);
    QVERIFY(fixture.store.list()->empty());
    ALCUIN_TAKE(good, fixture.imports.add(smallTree(), kOrigin));
    QVERIFY(good.outcome == ImportStore::Outcome::kAdded);
}

void TstImportStore::anAnswerBeingWrittenIsInterrupted() {
    ImportFixture fixture;
    auto tree = smallTree();
    tree.messages[1].state = MessageState::kStreaming;
    ALCUIN_TAKE(added, fixture.imports.add(tree, kOrigin));
    QVERIFY(fixture.store.tree(added.conversation)->messages[1].state == MessageState::kInterrupted);
}

void TstImportStore::foldersAreFoundByNameOrMade() {
    ImportFixture fixture;
    FolderStore folders(*fixture.database);
    ALCUIN_TAKE(work, folders.create("Work"));
    auto tree = smallTree();
    tree.folder = Folder{"elsewhere's id", "Work", 5};
    ALCUIN_TAKE(first, fixture.imports.add(tree, kOrigin));
    QCOMPARE(*fixture.store.find(first.conversation)->folderId, work.id);
    tree.folder = Folder{"another", "Garden", 5};
    ALCUIN_OK(fixture.imports.add(tree, Origin{"elsewhere", "number 2", 0}));
    ALCUIN_OK(fixture.imports.add(tree, Origin{"elsewhere", "number 3", 0}));
    ALCUIN_TAKE(all, folders.list());
    QCOMPARE(all.size(), std::size_t{2});
    QCOMPARE(all[1].name, std::string("Garden"));
}

void TstImportStore::idsOfUuidsAreKept() {
    ImportFixture fixture;
    auto tree = smallTree();
    tree.conversation.id = "0a1b2c3d-0001-4000-8000-000000000001";
    tree.messages.resize(1);
    tree.messages[0].id = "0a1b2c3d-0001-4000-8000-000000000002";
    tree.conversation.activeLeaf = tree.messages[0].id;
    ALCUIN_TAKE(first, fixture.imports.add(tree, kOrigin));
    QCOMPARE(first.conversation, tree.conversation.id);
    QCOMPARE(fixture.store.tree(first.conversation)->messages[0].id, tree.messages[0].id);
    // The conversation's id is free, its message's isn't: all are made anew.
    tree.conversation.id = "0a1b2c3d-0001-4000-8000-000000000003";
    ALCUIN_TAKE(second, fixture.imports.add(tree, Origin{"elsewhere", "number 2", 0}));
    QVERIFY(second.conversation != tree.conversation.id);
}

ALCUIN_TEST(TstImportStore)
#include "tst_import_store.moc"
