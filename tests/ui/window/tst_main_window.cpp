#include <QAction>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPixmapCache>
#include <QPushButton>
#include <QWheelEvent>

#include "chat/chat_header.h"
#include "chat/first_run_page.h"
#include "chat/model_picker.h"
#include "chat/transcript_private.h"
#include "chat/welcome_page.h"
#include "dialogs/shortcuts_dialog.h"
#include "search/search_panel.h"
#include "support/test_registry.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"
#include "widgets/notice_card.h"
#include "widgets/undo_bar.h"
#include "window/window_actions.h"
#include "window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;

namespace {
template <typename T>
bool shows(const QWidget& parent) {
    const auto* widget = parent.findChild<T*>();
    return widget != nullptr && widget->isVisible();
}

QString titleAt(const ui::Sidebar& sidebar, int row) {
    return sidebar.list()->model()->index(row, 0).data().toString();
}
} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        qRegisterMetaType<QList<app::MessageView>>();
    }
    void aQuestionIsAnsweredAndKept() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        QVERIFY(shows<ui::WelcomePage>(*f.window));
        const auto request = f.ask("What is the capital of France?");
        QCOMPARE(f.composer().text(), QString());
        const QUuid conversation = f.page().conversation();
        QVERIFY(!conversation.isNull());
        QVERIFY(f.page().transcript().isVisible());
        f.engine->write(request, "Paris");
        f.engine->write(request, ".");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        QTRY_COMPARE(f.conversations->conversations().size(), 1);
        f.restart();
        QTRY_COMPARE(f.conversations->conversations().size(), 1);
        QCOMPARE(f.storedTexts(conversation), QStringList({"What is the capital of France?", "Paris."}));
        QVERIFY(f.page().conversation().isNull());
    }
    void everyKeyIsInTheListOfShortcuts() {
        WindowFixture f;
        f.window->findChild<ui::WindowActions*>()->shortcuts->trigger();
        const auto* dialog = f.window->findChild<ui::ShortcutsDialog*>();
        QVERIFY(dialog != nullptr);
        QStringList listed;
        for (const auto* label : dialog->findChildren<QLabel*>()) {
            listed << label->text().split(QStringLiteral(", "));
        }
        int keys = 0;
        for (const QAction* action : f.window->actions()) {
            for (const QKeySequence& sequence : action->shortcuts()) {
                const QString key = sequence.toString(QKeySequence::NativeText);
                QVERIFY2(listed.contains(key), qPrintable(key));
                ++keys;
            }
        }
        QVERIFY(keys > 20);
    }
    void titleAndModelShareANarrowHeader() {
        WindowFixture f(false);
        f.addModel(QStringLiteral("Reasoner-of-the-long-and-winding-name-14B-Instruct.gguf"));
        f.restart();
        QVERIFY(f.waitUntilReady());
        auto& header = f.page().header();
        const auto* picker = header.findChild<ui::ModelPicker*>();
        const auto* title = header.findChild<ui::Label*>();
        f.window->resize(520, 600);
        QTRY_COMPARE(header.width(), 520);
        QTRY_VERIFY(picker->width() > header.width() / 2); // nothing else wants the room
        const int alone = picker->width();
        header.setTitle(QStringLiteral("The height of the water in the mill of the upper village"));
        QTRY_VERIFY(picker->width() < alone);
        QTRY_VERIFY(std::abs(title->width() - picker->width()) <= ui::Space::k1);
        header.setTitle(QStringLiteral("Mill"));
        QTRY_VERIFY(title->width() >= title->sizeHint().width());
        QTRY_VERIFY(picker->width() > title->width());
    }
    void theListOfConversationsGrowsWithTheText() {
        WindowFixture f;
        f.window->resize(1400, 900);
        QTest::qWait(20);
        const int usual = f.window->sidebar().width();
        f.theme->setZoom(2);
        QTRY_COMPARE(f.window->sidebar().width(), usual * 3 / 2);
        f.theme->setZoom(1);
        QTRY_COMPARE(f.window->sidebar().width(), usual);
    }
    void nothingIsLeftToWakeAHiddenWindow() {
        // Qt's cache of pictures has a timer for as long as something is in it.
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto cached = [] {
            QPixmap found;
            return QPixmapCache::find(QStringLiteral("a picture"), &found);
        };
        for (const bool minimized : {false, true}) {
            QCoreApplication::processEvents(); // what the platform still says of the last time
            QPixmap picture(8, 8);
            picture.fill(Qt::black);
            QVERIFY(QPixmapCache::insert(QStringLiteral("a picture"), picture));
            QCoreApplication::processEvents();
            QVERIFY(cached()); // what is seen keeps what it paints with
            minimized ? f.window->showMinimized() : f.window->hide();
            QTRY_VERIFY(!cached());
            f.window->showNormal();
            QVERIFY(QTest::qWaitForWindowExposed(f.window.get()));
        }
    }
    /// 1920 x 1080 dots at 300% leave 640 x 360: what doesn't fit scrolls, and nothing is flattened.
    void nothingIsSqueezedOnASmallScreen() {
        WindowFixture f(false);
        f.window->resize(640, 360);
        QTest::qWait(50);
        QCOMPARE(f.window->size(), QSize(640, 360));
        int seen = 0;
        for (const auto* button : f.window->findChildren<QPushButton*>()) {
            if (button->isVisible()) {
                QVERIFY2(button->height() >= button->sizeHint().height(), qPrintable(button->text()));
                ++seen;
            }
        }
        QVERIFY(seen >= 2);
        QVERIFY(f.composer().height() >= f.composer().sizeHint().height());
    }
    void theQuestionStaysUntilItIsStored() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.type("still here");
        f.press(Qt::Key_Return);
        QCOMPARE(f.composer().text(), "still here"); // its commit comes through the event loop
        QTRY_COMPARE(f.composer().text(), QString());
    }
    void whatIsRefusedStaysInTheComposer() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.storage->flushAndStop();
        f.type("not lost");
        f.press(Qt::Key_Return);
        QTRY_VERIFY(shows<ui::NoticeCard>(*f.window));
        QCOMPARE(f.composer().text(), "not lost");
        QVERIFY(f.page().conversation().isNull());
    }
    void escapeStopsAndKeepsWhatWasWritten() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("count");
        f.engine->write(request, "one two");
        QTRY_VERIFY(f.chat->live(f.page().conversation())->text == "one two");
        QTRY_COMPARE(f.page().findChild<ui::Composer*>()->findChild<ui::IconButton*>("send")->picture(),
                     ui::Icon::kStop);
        f.window->actionList().escape->trigger();
        QVERIFY(f.engine->isCancelled(request));
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(f.storedTexts(f.page().conversation()), QStringList({"count", "one two"}));
    }
    void closingInTheMiddleLosesNothing() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("count");
        const QUuid conversation = f.page().conversation();
        f.engine->write(request, "one two three");
        f.type("half a thou");
        f.restart();
        QCOMPARE(f.storedTexts(conversation), QStringList({"count", "one two three"}));
        QVERIFY(f.waitUntilReady());
        f.page().open(conversation);
        QTRY_COMPARE(f.composer().text(), "half a thou");
    }
    void twoConversationsAreAnsweredAtOnce() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto first = f.ask("first");
        const QUuid one = f.page().conversation();
        f.window->actionList().newChat->trigger();
        const auto second = f.ask("second");
        const QUuid two = f.page().conversation();
        QVERIFY(one != two);
        f.engine->write(first, "answer to the first");
        f.engine->write(second, "answer to the second");
        QTRY_VERIFY(f.chat->live(two)->text == "answer to the second");
        QTRY_COMPARE(f.conversations->conversations().size(), 2);
        QVERIFY(f.conversations->conversations().at(0).answering && f.conversations->conversations().at(1).answering);
        f.page().open(one); // while both go on
        QTRY_VERIFY(f.page().transcript().isVisible());
        f.engine->write(first, ", all of it");
        f.engine->finish(first);
        f.engine->finish(second);
        QTRY_VERIFY(!f.chat->isAnswering(one) && !f.chat->isAnswering(two));
        QCOMPARE(f.storedTexts(one), QStringList({"first", "answer to the first, all of it"}));
        QCOMPARE(f.storedTexts(two), QStringList({"second", "answer to the second"}));
    }
    void draftsBelongToTheirConversation() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("begun");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        const QUuid one = f.page().conversation();
        f.type("draft of one");
        f.page().newChat();
        QTRY_COMPARE(f.composer().text(), QString());
        f.type("draft of none");
        f.page().open(one);
        QTRY_COMPARE(f.composer().text(), "draft of one");
        f.restart();
        QTRY_COMPARE(f.composer().text(), "draft of none");
    }
    void deletingCanBeUndone() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("ships");
        f.engine->write(request, "sail");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        const QUuid one = f.page().conversation();
        QTRY_VERIFY(f.window->actionList().remove->isEnabled());
        f.window->actionList().remove->trigger();
        QTRY_VERIFY(shows<ui::UndoBar>(*f.window));
        QCOMPARE(f.page().undoBar().text(), "Deleted “ships”. Backups keep it for about a week.");
        QCOMPARE(f.conversations->conversations().size(), 0);
        QVERIFY(f.page().conversation().isNull());
        f.page().undoBar().undo();
        QTRY_COMPARE(f.conversations->conversations().size(), 1);
        QCOMPARE(f.page().conversation(), one);
        QVERIFY(!f.page().undoBar().isVisible());
        QCOMPARE(f.storedTexts(one), QStringList({"ships", "sail"}));
    }
    void searchingOpensNothing() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.engine->answerEverythingWith("yes");
        f.ask("ships");
        QVERIFY(f.waitUntilIdle());
        f.page().newChat();
        f.ask("harbours");
        QVERIFY(f.waitUntilIdle());
        const QUuid shown = f.page().conversation();
        QTRY_COMPARE(f.sidebarTitles(), QStringList({"Today", "harbours", "ships"}));
        auto* search = f.window->sidebar().findChild<QLineEdit*>();
        search->setText("ship");
        QAbstractItemModel* results = f.window->sidebar().results().list()->model();
        // The title and the question have it.
        QTRY_COMPARE(results->rowCount(), 4);
        QCOMPARE(f.page().conversation(), shown);
        search->setFocus();
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_VERIFY(f.page().conversation() != shown);
        QVERIFY(f.window->sidebar().clearSearch());
        QVERIFY(f.window->sidebar().list()->isVisible());
        QCOMPARE(f.sidebarTitles().size(), 3);
    }
    void whatWasFoundIsShownAlsoOnAnotherBranch() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto first = f.ask("Name a river.");
        f.engine->write(first, "The Loire, with its castles.");
        f.engine->finish(first);
        QVERIFY(f.waitUntilIdle());
        const QUuid conversation = f.page().conversation();
        const auto before = f.storedTexts(conversation);
        auto& turns = ui::TranscriptAccess::of(f.page().transcript()).list;
        emit f.page().transcript().regenerateRequested(turns.turn(1).view().id);
        QTRY_COMPARE(f.engine->requests().size(), std::size_t{2});
        f.engine->write(1, "The Ebro.");
        f.engine->finish(1);
        QVERIFY(f.waitUntilIdle());
        QTRY_COMPARE(f.storedTexts(conversation).last(), "The Ebro.");
        f.page().newChat();
        f.window->sidebar().findChild<QLineEdit*>()->setText("castles");
        auto& results = f.window->sidebar().results();
        QTRY_COMPARE(results.list()->model()->rowCount(), 2);
        QVERIFY(results.chooseFirst());
        QTRY_COMPARE(f.page().conversation(), conversation);
        QTRY_VERIFY(turns.count() == 2 && turns.turn(1).view().text == before.last());
        QTRY_COMPARE(f.page().transcript().selectedText(), "castles");
    }
    void renamingInPlace() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("ships");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        QTRY_COMPARE(f.sidebarTitles(), QStringList({"Today", "ships"}));
        f.window->sidebar().editTitle(f.page().conversation());
        auto* editor = f.window->sidebar().list()->viewport()->findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        editor->setText("Harbours");
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(f.conversations->conversations().first().title, "Harbours");
        QTRY_COMPARE(titleAt(f.window->sidebar(), 1), "Harbours");
        // In the header too.
        f.page().editTitle();
        auto* headerEditor = f.page().header().findChild<QLineEdit*>();
        QVERIFY(headerEditor->isVisible());
        headerEditor->setText("Fleets");
        QTest::keyClick(headerEditor, Qt::Key_Return);
        QTRY_COMPARE(f.conversations->conversations().first().title, "Fleets");
        // And it can be left.
        f.page().editTitle();
        headerEditor->setText("Wrong");
        QTest::keyClick(headerEditor, Qt::Key_Escape);
        QVERIFY(!headerEditor->isVisible());
        QCOMPARE(f.conversations->conversations().first().title, "Fleets");
    }
    void theFirstRunPageLeavesWhenAModelComes() {
        WindowFixture f(false);
        QTRY_VERIFY(shows<ui::FirstRunPage>(*f.window));
        f.type("hello");
        f.press(Qt::Key_Return);
        QCOMPARE(f.composer().text(), "hello");
        QCOMPARE(f.engine->requests().size(), std::size_t(0));
        f.addModel("tiny.gguf");
        f.models->refresh();
        QVERIFY(f.waitUntilReady());
        QTRY_VERIFY(shows<ui::WelcomePage>(*f.window));
        f.press(Qt::Key_Return);
        QTRY_COMPARE(f.engine->requests().size(), std::size_t(1));
    }
    void aModelThatFailsIsACardNotAWindow() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.window->openModelFile("/nowhere/broken.gguf");
        QTRY_COMPARE(f.models->state(), app::EngineState::kFailed);
        QTRY_VERIFY(shows<ui::NoticeCard>(*f.window));
        QCOMPARE(f.page().notice().trouble().title, "This model can't be used");
        const auto* close = f.page().notice().findChild<ui::IconButton*>();
        const auto* title = f.page().notice().findChild<ui::Label*>();
        const auto apart = [&] { return close->geometry().center().y() - title->geometry().center().y(); };
        QTRY_VERIFY2(std::abs(apart()) <= 2, qPrintable(QString::number(apart())));
        f.window->openModelFile(f.modelDirectory() + "/tiny.gguf");
        QVERIFY(f.waitUntilReady());
        QVERIFY(!shows<ui::NoticeCard>(*f.window));
    }
    void aDroppedFileIsOpenedOrRefusedInWords() {
        WindowFixture f(false);
        f.addModel("other.gguf");
        drop(*f.window, f.modelDirectory() + "/other.gguf");
        QVERIFY(f.waitUntilReady());
        QVERIFY(f.models->current().path.endsWith("other.gguf"));
        f.window->openModelFile("/somewhere/notes.txt");
        QVERIFY(shows<ui::NoticeCard>(*f.window));
        QCOMPARE(f.page().notice().trouble().title, "notes.txt isn't a model file");
        QCOMPARE(f.models->state(), app::EngineState::kReady);
    }
    void aFullContextIsSaidInWords() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("long");
        for (int i = 0; i < 100; ++i) {
            f.engine->write(request, "The river had risen in the night. ");
        }
        f.engine->finish(request, inference::FinishReason::kContextFull);
        QTRY_VERIFY(shows<ui::NoticeCard>(*f.window));
        QVERIFY(f.page().notice().trouble().title.startsWith("The context is full"));
        QTest::mouseClick(f.page().notice().findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_COMPARE(f.engine->requests().size(), request + 2); // what has been said is summed up
    }
    void zoomIsBoundedAndRemembered() {
        WindowFixture f;
        f.window->actionList().zoomIn->trigger();
        QCOMPARE(f.theme->zoom(), 1.1);
        QWheelEvent wheel(QPointF(5, 5), QPointF(5, 5), {}, QPoint(0, 120), Qt::NoButton, Qt::ControlModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&f.edit(), &wheel);
        QCOMPARE(f.theme->zoom(), 1.1 * 1.1);
        QCOMPARE(f.settings->value("window.zoom").toDouble(), f.theme->zoom());
        f.window->actionList().zoomReset->trigger();
        QCOMPARE(f.theme->zoom(), 1.0);
        for (int i = 0; i < 40; ++i) {
            f.window->actionList().zoomOut->trigger();
        }
        QCOMPARE(f.theme->zoom(), 0.5);
    }
    void theSidebarMakesRoomAndIsRemembered() {
        WindowFixture f;
        QVERIFY(f.window->sidebar().isVisible());
        f.window->resize(600, 600);
        QTRY_VERIFY(!f.window->sidebar().isVisible());
        f.window->resize(1000, 700);
        QTRY_VERIFY(f.window->sidebar().isVisible());
        f.window->actionList().toggleSidebar->trigger();
        QVERIFY(!f.window->sidebar().isVisible());
        f.restart();
        QVERIFY(!f.window->sidebar().isVisible());
    }
    void tabWalksFromTheListToTheComposer() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.engine->answerEverythingWith("yes");
        f.ask("order");
        QVERIFY(f.waitUntilIdle());
        f.type("more");
        QStringList order;
        const QWidget* widget = &f.edit();
        do {
            if ((widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isVisible() && widget->isEnabled()) {
                const auto* button = qobject_cast<const QAbstractButton*>(widget);
                order.push_back(button != nullptr && !button->text().isEmpty() ? button->text()
                                                                               : widget->accessibleName());
            }
            widget = widget->nextInFocusChain();
        } while (widget != &f.edit());
        order.last() = order.last().section(':', 0, 0); // the ledger: what it counts comes a little later
        QCOMPARE(order, QStringList({"Your question", "Attach text or code files", "Snippets and personas", "Send",
                                     "New chat", "New temporary chat", "Search in all conversations", "Conversations",
                                     "Show or hide the list of conversations", "Model: tiny",
                                     "Settings of this conversation", "Menu", "Conversation", "Context"}));
    }
    void everyControlHasANameAndIsLargeEnough() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("names");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        for (const auto* widget : f.window->findChildren<QWidget*>()) {
            if ((widget->focusPolicy() & Qt::TabFocus) == 0 || !widget->isVisible()) {
                continue;
            }
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            const QString name =
                widget->accessibleName().isEmpty() && button != nullptr ? button->text() : widget->accessibleName();
            const QByteArray what = QByteArray(widget->metaObject()->className());
            QVERIFY2(!name.isEmpty(), what + " has no accessible name");
            if (button != nullptr) {
                QVERIFY2(widget->height() >= ui::Space::kHitTarget && widget->width() >= ui::Space::kHitTarget,
                         what + " is too small: " + name.toUtf8());
            }
        }
    }

private:
    static void drop(QWidget& window, const QString& path) {
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &drop);
    }
};

ALCUIN_TEST(TestMainWindow)
#include "tst_main_window.moc"
