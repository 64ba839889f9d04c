#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTreeWidget>

#include "chat/desk/attachment_strip.h"
#include "chat/desk/context_full_card.h"
#include "chat/desk/desk.h"
#include "chat/desk/file_chip.h"
#include "chat/desk/queue_strip.h"
#include "chat/desk/slash_menu.h"
#include "chat/ledger/ledger_bar.h"
#include "chat/transcript_private.h"
#include "services/library_service.h"
#include "support/test_registry.h"
#include "widgets/icon_button.h"
#include "window/window_actions.h"
#include "window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;
using tests::written;

namespace {

ui::IconButton* buttonCalled(const QWidget& parent, const QString& name) {
    for (auto* button : parent.findChildren<ui::IconButton*>()) {
        if (button->accessibleName() == name) {
            return button;
        }
    }
    return nullptr;
}

QStringList wordsOf(const QWidget& parent) {
    QStringList words;
    for (const auto* label : parent.findChildren<QLabel*>()) {
        if (label->isVisible()) {
            words += label->text();
        }
    }
    return words;
}

} // namespace

class TestDesk : public QObject {
    Q_OBJECT
private slots:
    void droppedFilesGoAlongAndAreShownInTheQuestion() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        QTemporaryDir directory;
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(written(directory, "notes.txt", "seven swans"))});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(f.window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(f.window.get(), &drop);
        const auto& strip = f.composer().attachments();
        QTRY_COMPARE(strip.attachments().size(), 1);
        QVERIFY(strip.isVisible());
        QCOMPARE(strip.findChild<ui::FileChip*>()->accessibleName(), "File notes.txt, 11 bytes");
        const auto request = f.ask("How many?");
        QVERIFY(strip.attachments().isEmpty());
        QVERIFY(!strip.isVisible());
        std::string sent;
        const auto requests = f.engine->requests();
        for (const auto& message : requests.at(request).messages) {
            sent += message.content;
        }
        QVERIFY(sent.find("seven swans") != std::string::npos);
        const auto& turns = ui::TranscriptAccess::of(f.page().transcript()).list;
        QCOMPARE(turns.turn(0).frame().files.size(), 1);
        f.engine->finish(request);
    }
    void aFileIsRemovedByKeyboardAndTheFocusStays() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        QTemporaryDir directory;
        f.page().attach({written(directory, "a.txt", "a"), written(directory, "b.txt", "b")});
        auto& strip = f.composer().attachments();
        QTRY_COMPARE(strip.attachments().size(), 2);
        auto* first = strip.findChildren<ui::FileChip*>().first();
        first->setFocus();
        QTest::keyClick(first, Qt::Key_Delete);
        QCOMPARE(strip.attachments().size(), 1);
        QCOMPARE(strip.attachments().first().name, "b.txt");
        auto* second = qobject_cast<ui::FileChip*>(f.window->focusWidget());
        QVERIFY(second != nullptr);
        QTest::keyClick(second, Qt::Key_Delete);
        QVERIFY(strip.attachments().isEmpty());
        QCOMPARE(f.window->focusWidget(), &f.edit());
    }
    void whatCantGoAlongSaysWhy() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        QTemporaryDir directory;
        f.page().attach({written(directory, "tool.bin", QByteArray("\0\1\2\3", 4))});
        auto& strip = f.composer().attachments();
        QTRY_VERIFY(strip.isVisible() && !wordsOf(strip).join(' ').contains("Reading"));
        QVERIFY(strip.attachments().isEmpty());
        QVERIFY(wordsOf(strip).join(' ').contains("tool.bin"));
        auto* mime = new QMimeData;
        mime->setImageData(QImage(4, 4, QImage::Format_RGB32));
        QGuiApplication::clipboard()->setMimeData(mime);
        f.edit().paste();
        QCOMPARE(f.composer().text(), QString());
        QVERIFY(!wordsOf(strip).join(' ').contains("tool.bin"));
        QVERIFY(!wordsOf(strip).isEmpty());
    }
    void filesStayWithTheirConversation() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("first");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        const QUuid first = f.page().conversation();
        QTemporaryDir directory;
        f.page().attach({written(directory, "a.txt", "a")});
        QTRY_COMPARE(f.composer().attachments().attachments().size(), 1);
        f.page().newChat();
        QVERIFY(f.composer().attachments().attachments().isEmpty());
        f.page().open(first);
        QTRY_COMPARE(f.composer().attachments().attachments().size(), 1);
    }
    void questionsWaitAreEditedMovedRemovedAndAsked() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("first");
        auto& queue = f.page().desk().queue();
        for (const char* words : {"second", "third", "fourth"}) {
            const auto before = queue.waiting().size();
            f.type(words);
            f.press(Qt::Key_Return);
            QTRY_COMPARE(queue.waiting().size(), before + 1);
            QTRY_COMPARE(f.composer().text(), QString());
        }
        QVERIFY(queue.isVisible());
        QTest::mouseClick(buttonCalled(*queue.findChildren<QWidget*>().last()->parentWidget(), "Ask earlier"),
                          Qt::LeftButton);
        QTRY_COMPARE(queue.waiting().at(1).question.text, "fourth");
        QTest::mouseClick(buttonCalled(queue, "Edit: back to the composer"), Qt::LeftButton);
        QTRY_COMPARE(f.composer().text(), "second");
        QTRY_COMPARE(queue.waiting().size(), 2);
        QTest::mouseClick(buttonCalled(queue, "Remove"), Qt::LeftButton);
        QTRY_COMPARE(queue.waiting().size(), 1);
        QCOMPARE(f.composer().text(), "second");
        f.engine->finish(request);
        QTRY_COMPARE(f.engine->requests().size(), request + 2);
        QCOMPARE(f.engine->requests().back().messages.back().content, "third");
        QTRY_VERIFY(!queue.isVisible());
        QCOMPARE(f.composer().text(), "second");
        f.engine->finish(request + 1);
    }
    void aHeldQueueSaysWhyAndIsSentOn() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("first");
        f.engine->write(request, "an");
        auto& queue = f.page().desk().queue();
        f.type("second");
        f.press(Qt::Key_Return);
        QTRY_COMPARE(queue.waiting().size(), 1);
        QTRY_COMPARE(f.composer().text(), QString());
        f.press(Qt::Key_Escape);
        QVERIFY(f.waitUntilIdle());
        QTRY_VERIFY(wordsOf(queue).contains("Held, as the answer was stopped"));
        auto* sendNow = queue.findChild<QPushButton*>();
        QVERIFY(sendNow->isVisible());
        QTest::mouseClick(sendNow, Qt::LeftButton);
        QTRY_COMPARE(f.engine->requests().size(), request + 2);
        QCOMPARE(f.engine->requests().back().messages.back().content, "second");
        f.engine->finish(request + 1);
    }
    void slashPutsASnippetWhereItWasTyped() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.library->saveSnippet({{}, "Greeting", "Dear reader,"});
        f.library->saveSnippet({{}, "Farewell", "Yours"});
        QTRY_COMPARE(f.library->snippets().size(), 2);
        auto& menu = f.page().desk().slashMenu();
        f.type("a/b ");
        QVERIFY(!menu.isVisible());
        f.press(Qt::Key_Return, Qt::ShiftModifier);
        f.type("/");
        QVERIFY(menu.isVisible());
        f.type("gree");
        QVERIFY(menu.isVisible());
        QCOMPARE(menu.list().count(), 1);
        f.press(Qt::Key_Return);
        QVERIFY(!menu.isVisible());
        QCOMPARE(f.composer().text(), "a/b \nDear reader,");
        f.press(Qt::Key_Return, Qt::ShiftModifier);
        f.type("/");
        QVERIFY(menu.isVisible());
        f.press(Qt::Key_Escape);
        QVERIFY(!menu.isVisible());
        f.type("usr");
        QVERIFY(!menu.isVisible());
        QCOMPARE(f.composer().text(), "a/b \nDear reader,\n/usr");
    }
    void slashTellsItsCommandsApart() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.type("/");
        const auto& list = f.page().desk().slashMenu().list();
        QSet<int> icons;
        for (int row = 0; row < list.count(); ++row) {
            icons.insert(list.item(row)->data(ui::SlashMenu::kIconRole).toInt());
        }
        QCOMPARE(list.count(), 3);
        QCOMPARE(icons.size(), 3);
    }
    void theLedgerCountsAndSaysWhatFillsTheContext() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        auto& bar = f.page().desk().ledgerBar();
        f.type("twelve bytes");
        QTRY_VERIFY(bar.ledger().contextLength == 2048 && bar.ledger().draft >= 12);
        QVERIFY(bar.accessibleName().startsWith("Context: "));
        bar.setFocus();
        QTest::keyClick(&bar, Qt::Key_Space);
        auto& popover = f.page().desk().ledgerPopover();
        QVERIFY(popover.isVisible());
        QVERIFY(wordsOf(popover).contains("What you are writing"));
        QVERIFY(popover.findChild<QTreeWidget*>()->topLevelItemCount() > 0);
        QTest::keyClick(&popover, Qt::Key_Escape);
        QVERIFY(!popover.isVisible());
    }
    void aQuestionThatDoesntFitStaysAndOffersWhatHelps() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        QTemporaryDir directory;
        f.page().attach({written(directory, "long.txt", QByteArray(4000, 'x'))});
        QTRY_COMPARE(f.composer().attachments().attachments().size(), 1);
        f.type("What is it?");
        f.press(Qt::Key_Return);
        auto& card = f.page().desk().fullCard();
        QTRY_VERIFY(card.isVisible());
        QCOMPARE(f.composer().text(), "What is it?");
        QCOMPARE(f.composer().attachments().attachments().size(), 1);
        QCOMPARE(f.engine->requests().size(), std::size_t(0));
        for (auto* button : card.findChildren<QPushButton*>()) {
            if (button->text() == "Ask without the files") {
                QVERIFY(button->isVisible());
                QTest::mouseClick(button, Qt::LeftButton);
            }
        }
        QTRY_COMPARE(f.engine->requests().size(), std::size_t(1));
        QVERIFY(!card.isVisible());
        f.engine->finish(0);
    }
};

ALCUIN_TEST(TestDesk)
#include "tst_desk.moc"
