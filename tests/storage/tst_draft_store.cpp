#include <alcuin/storage/draft_store.h>
#include <alcuin/storage/queue_store.h>

#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

Part file(const std::string& name, const std::string& text) {
    Part part;
    part.kind = PartKind::kAttachment;
    part.name = name;
    part.mediaType = "text/plain";
    part.text = text;
    return part;
}

std::string namesOf(const std::vector<Part>& files) {
    std::string names;
    for (const auto& each : files) {
        names += each.name + "=" + each.text + ";";
    }
    return names;
}

} // namespace

/// Files of questions that aren't sent yet.
class TstDraftStore : public QObject {
    Q_OBJECT
private slots:
    void theyOutliveARestart();
    void sendingTakesThemAway();
    void whatWaitedTakesNoneAway();
    void theyGoWithTheirConversation();
    void onlyFilesAreTaken();
};

void TstDraftStore::theyOutliveARestart() {
    StorageFixture f;
    ALCUIN_TAKE(conversation, f.store.create());
    ALCUIN_OK(DraftStore(*f.database).setFiles(conversation.id, {file("b", "2"), file("a", "1")}));
    ALCUIN_OK(DraftStore(*f.database).setFiles({}, {file("new", "3")}));
    f.reopen();
    DraftStore drafts(*f.database);
    ALCUIN_TAKE(kept, drafts.files(conversation.id));
    QCOMPARE(namesOf(kept), std::string("b=2;a=1;"));
    ALCUIN_TAKE(notBegun, drafts.files({}));
    QCOMPARE(namesOf(notBegun), std::string("new=3;"));
    ALCUIN_OK(drafts.setFiles(conversation.id, {file("c", "4")}));
    ALCUIN_TAKE(replaced, drafts.files(conversation.id));
    QCOMPARE(namesOf(replaced), std::string("c=4;"));
}

void TstDraftStore::sendingTakesThemAway() {
    StorageFixture f;
    DraftStore drafts(*f.database);
    ALCUIN_OK(drafts.setFiles({}, {file("new", "1")}));
    ALCUIN_TAKE(turn, f.store.appendTurn({}, std::nullopt, textParts("Question"), someGeneration()));
    ALCUIN_TAKE(none, drafts.files({}));
    QVERIFY(none.empty());
    const Id conversation = turn.conversation.id;
    ALCUIN_OK(drafts.setFiles(conversation, {file("a", "1")}));
    ALCUIN_OK(drafts.setFiles({}, {file("other", "1")}));
    ALCUIN_OK(f.store.finishAnswer(turn.answer.id, MessageState::kComplete, textParts("Yes"), someGeneration(), {}));
    ALCUIN_TAKE(next, f.store.appendTurn(conversation, turn.answer.id, textParts("Next"), someGeneration()));
    ALCUIN_TAKE(gone, drafts.files(conversation));
    QVERIFY(gone.empty());
    ALCUIN_TAKE(stays, drafts.files({}));
    QCOMPARE(namesOf(stays), std::string("other=1;"));
    ALCUIN_OK(drafts.setFiles(conversation, {file("b", "1")}));
    ALCUIN_TAKE(waiting, QueueStore(*f.database).append(conversation, textParts("Waits")));
    QVERIFY(!waiting.id.empty() && !next.answer.id.empty());
    ALCUIN_TAKE(goneToo, drafts.files(conversation));
    QVERIFY(goneToo.empty());
}

/// Nobody pressed Send: what stands in the composer stays.
void TstDraftStore::whatWaitedTakesNoneAway() {
    StorageFixture f;
    ALCUIN_TAKE(turn, f.store.appendTurn({}, std::nullopt, textParts("Question"), someGeneration()));
    ALCUIN_TAKE(waiting, QueueStore(*f.database).append(turn.conversation.id, textParts("Waits")));
    DraftStore drafts(*f.database);
    ALCUIN_OK(drafts.setFiles(turn.conversation.id, {file("a", "1")}));
    ALCUIN_OK(f.store.finishAnswer(turn.answer.id, MessageState::kComplete, textParts("Yes"), someGeneration(), {}));
    ALCUIN_TAKE(sent, f.store.appendQueued(waiting.id, turn.answer.id, someGeneration()));
    QVERIFY(!sent.question.id.empty());
    ALCUIN_TAKE(stays, drafts.files(turn.conversation.id));
    QCOMPARE(namesOf(stays), std::string("a=1;"));
}

void TstDraftStore::theyGoWithTheirConversation() {
    StorageFixture f;
    ALCUIN_TAKE(conversation, f.store.create());
    ALCUIN_OK(DraftStore(*f.database).setFiles(conversation.id, {file("secret.txt", "Zwetschgendatschi")}));
    ALCUIN_OK(f.store.remove(conversation.id));
    f.clock.now += 1000;
    ALCUIN_TAKE(purged, f.store.purgeDeleted(f.clock.now + 1));
    QVERIFY(purged > 0);
    QVERIFY(!allBytes(pathOf(f.directory)).contains("Zwetschgendatschi"));
}

void TstDraftStore::onlyFilesAreTaken() {
    StorageFixture f;
    ALCUIN_FAILS(DraftStore(*f.database).setFiles({}, textParts("words")), ErrorCode::kInvalidArgument);
    ALCUIN_FAILS(DraftStore(*f.database).setFiles("nowhere", {}), ErrorCode::kNotFound);
}

ALCUIN_TEST(TstDraftStore)
#include "tst_draft_store.moc"
