#include <QSignalSpy>
#include <QTemporaryDir>

#include "chat/desk/attachment_strip.h"
#include "chat/desk/desk.h"
#include "chat/transcript_private.h"
#include "support/test_registry.h"
#include "window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;
using tests::written;

namespace {

QStringList filesOf(const WindowFixture& f) {
    QStringList names;
    for (const auto& file : f.composer().attachments().attachments()) {
        names += file.name;
    }
    return names;
}

/// A conversation with one answered question, which is shown.
QUuid talk(const WindowFixture& f, const QString& question) {
    const auto request = f.ask(question);
    f.engine->write(request, "Yes.");
    f.engine->finish(request);
    if (!f.waitUntilIdle()) {
        qFatal("no answer");
    }
    return f.page().conversation();
}

} // namespace

/// What stands in the composer and isn't sent: words and files.
class TestDrafts : public QObject {
    Q_OBJECT
private slots:
    void filesStayWithTheirConversation() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const QTemporaryDir directory;
        const QUuid first = talk(f, "First");
        f.page().newChat();
        const QUuid second = talk(f, "Second");
        QVERIFY(first != second);
        f.page().attach({written(directory, "second.txt", "2"), written(directory, "more.txt", "3")});
        QTRY_COMPARE(filesOf(f), QStringList({"second.txt", "more.txt"}));
        f.page().open(first);
        QCOMPARE(filesOf(f), QStringList());
        f.page().attach({written(directory, "first.txt", "1")});
        QTRY_COMPARE(filesOf(f), QStringList("first.txt"));
        f.page().newChat();
        QTRY_COMPARE(filesOf(f), QStringList());
        f.page().open(second);
        QTRY_COMPARE(filesOf(f), QStringList({"second.txt", "more.txt"}));
        f.page().open(first);
        QTRY_COMPARE(filesOf(f), QStringList("first.txt"));
        QCOMPARE(f.composer().attachments().attachments().first().text, "1");
    }
    void filesAndWordsOutliveARestart() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const QTemporaryDir directory;
        const QUuid begun = talk(f, "Begun");
        f.page().attach({written(directory, "begun.txt", "b")});
        QTRY_COMPARE(filesOf(f), QStringList("begun.txt"));
        f.page().newChat();
        f.type("not sent");
        f.page().attach({written(directory, "new.txt", "n")});
        QTRY_COMPARE(filesOf(f), QStringList("new.txt"));
        f.restart();
        QVERIFY(f.waitUntilReady());
        QTRY_COMPARE(filesOf(f), QStringList("new.txt"));
        QTRY_COMPARE(f.composer().text(), "not sent");
        f.page().open(begun);
        QTRY_COMPARE(filesOf(f), QStringList("begun.txt"));
    }
    void whatWasSentOrRemovedDoesntComeBack() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const QTemporaryDir directory;
        f.page().attach({written(directory, "a.txt", "aaa"), written(directory, "b.txt", "bbb")});
        QTRY_COMPARE(filesOf(f), QStringList({"a.txt", "b.txt"}));
        const QUuid conversation = talk(f, "Take these");
        QCOMPARE(filesOf(f), QStringList());
        f.page().attach({written(directory, "c.txt", "ccc")});
        QTRY_COMPARE(filesOf(f), QStringList("c.txt"));
        f.composer().attachments().setAttachments({});
        f.restart();
        QVERIFY(f.waitUntilReady());
        f.page().open(conversation);
        QTRY_COMPARE(ui::TranscriptAccess::of(f.page().transcript()).list.count(), 2);
        QCOMPARE(filesOf(f), QStringList());
        f.page().newChat();
        QSignalSpy read(f.conversations.get(), &app::ConversationService::draftFilesRead);
        f.conversations->open({});
        QVERIFY(read.wait());
        QVERIFY(read.first().at(1).value<QList<app::Attachment>>().isEmpty());
    }
    void anEditedQuestionLeavesTheDraftAlone() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const QTemporaryDir directory;
        const QUuid conversation = talk(f, "First");
        f.type("my draft");
        f.page().attach({written(directory, "draft.txt", "d")});
        QTRY_COMPARE(filesOf(f), QStringList("draft.txt"));
        auto& state = ui::TranscriptAccess::of(f.page().transcript());
        QTRY_VERIFY(state.actionsEnabled);
        f.page().transcript().setFocus();
        state.focusOn(0, ui::Control{.kind = ui::ControlKind::kEdit});
        QTest::keyClick(&f.page().transcript(), Qt::Key_Return);
        QCOMPARE(filesOf(f), QStringList());
        f.page().attach({written(directory, "edit.txt", "e")});
        QTRY_COMPARE(filesOf(f), QStringList("edit.txt"));
        const auto request = f.engine->requests().size();
        f.press(Qt::Key_Return);
        QTRY_COMPARE(f.engine->requests().size(), request + 1);
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(filesOf(f), QStringList("draft.txt"));
        f.restart();
        QVERIFY(f.waitUntilReady());
        f.page().open(conversation);
        QTRY_COMPARE(filesOf(f), QStringList("draft.txt"));
        QTRY_COMPARE(f.composer().text(), "my draft");
    }
};

ALCUIN_TEST(TestDrafts)
#include "tst_drafts.moc"
