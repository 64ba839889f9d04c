#include <QLineEdit>
#include <QListView>
#include <QMenu>

#include "chat/chat_header.h"
#include "search/search_panel.h"
#include "sidebar/conversation_list_model.h"
#include "support/test_registry.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"
#include "widgets/undo_bar.h"
#include "window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;

namespace {

/// The window with two conversations in it, "one" and "two".
struct Shelf : WindowFixture {
    Shelf() {
        if (!waitUntilReady()) {
            qFatal("no model");
        }
        for (const char* title : {"one", "two"}) {
            page().newChat();
            const auto request = ask(QString::fromLatin1(title));
            engine->write(request, "answer");
            engine->finish(request);
            if (!waitUntilIdle() || !QTest::qWaitFor([&] { return sidebarTitles().contains(title); })) {
                qFatal("no answer");
            }
        }
    }
    QListView& list() const {
        return *window->sidebar().list();
    }
    QModelIndex row(const QString& title) const {
        const auto found =
            list().model()->match(list().model()->index(0, 0), Qt::DisplayRole, title, 1, Qt::MatchExactly);
        return found.value(0);
    }
    QUuid id(const QString& title) const {
        return row(title).data(ui::ConversationListModel::kIdRole).toUuid();
    }
    /// Opens a row's menu and chooses from it, by words; "Move to/Work" goes into a submenu.
    void choose(const QString& title, const QString& path) const {
        list().setCurrentIndex(row(title));
        emit list().customContextMenuRequested(list().visualRect(row(title)).center());
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        const auto parts = path.split(QLatin1Char('/'));
        QAction* action = nullptr;
        QMenu* within = menu;
        for (const auto& part : parts) {
            QVERIFY2(within != nullptr, qPrintable(part));
            action = nullptr;
            for (auto* candidate : within->actions()) {
                action = candidate->text() == part ? candidate : action;
            }
            QVERIFY2(action != nullptr, qPrintable(part));
            within = action->menu();
        }
        action->trigger();
        menu->close();
    }
    void makeFolder(const QString& name) const {
        window->sidebar().makeFolder();
        QLineEdit* editor = nullptr;
        QVERIFY(QTest::qWaitFor([&] { return (editor = list().findChild<QLineEdit*>()) != nullptr; }));
        editor->setText(name);
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_VERIFY(row(name).isValid() && !library->folders().isEmpty() && library->folders().back().name == name);
    }
    QString undoText() const {
        return page().undoBar().isVisible() ? page().undoBar().text() : QString();
    }
};

} // namespace

/// The list of conversations: folders, pins, the archive, and taking all of it back.
class TestSidebar : public QObject {
    Q_OBJECT
private slots:
    void aPinnedConversationStandsFirst() {
        Shelf f;
        QVERIFY(f.row("two").row() < f.row("one").row());
        f.choose("one", "Pin");
        QTRY_COMPARE(f.sidebarTitles().mid(0, 2), QStringList({"Pinned", "one"}));
        f.choose("one", "Unpin");
        QTRY_COMPARE(f.sidebarTitles().at(0), QStringLiteral("Today"));
    }
    void anArchivedConversationComesBack() {
        Shelf f;
        f.choose("one", "Archive");
        QTRY_VERIFY(!f.row("one").isValid());
        QTRY_COMPARE(f.undoText(), QStringLiteral("Archived “one”."));
        QVERIFY(f.row("Archive").isValid());
        f.page().undoBar().undo();
        QTRY_VERIFY(f.row("one").isValid());
        QVERIFY(!f.row("Archive").isValid());
    }
    void theHeaderSaysThatAConversationIsArchivedAndTakesItOut() {
        Shelf f;
        ui::IconButton* mark = nullptr;
        for (auto* button : f.page().header().findChildren<ui::IconButton*>()) {
            mark = button->picture() == ui::Icon::kArchive ? button : mark;
        }
        QVERIFY(mark != nullptr && !mark->isVisible());
        f.choose("two", "Archive");
        QTRY_VERIFY(mark->isVisible());
        f.page().open(f.id("one"));
        QTRY_VERIFY(!mark->isVisible());
        f.page().newChat();
        f.choose("one", "Archive");
        QTRY_VERIFY(f.row("Archive").isValid());
        QVERIFY(!mark->isVisible());
        emit f.window->sidebar().placeChosen(f.conversations->conversations().first().id, {}, {});
        QTRY_VERIFY(mark->isVisible());
        QTest::mouseClick(mark, Qt::LeftButton);
        QTRY_VERIFY(!mark->isVisible());
        QVERIFY(f.undoText().startsWith(QStringLiteral("Took “")));
        f.page().undoBar().undo();
        QTRY_VERIFY(mark->isVisible());
    }
    void theSearchSaysWhatItCantFindYetAndWhyItFailed() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        auto& results = f.window->sidebar().results();
        const auto said = [&results] {
            QStringList lines;
            for (const auto* label : results.findChildren<ui::Label*>()) {
                if (label->isVisible()) {
                    lines.append(label->text());
                }
            }
            return lines;
        };
        f.window->sidebar().findChild<QLineEdit*>()->setText("ship");
        QTRY_COMPARE(said(), QStringList("Nothing has these words."));
        emit f.search->messagesLeftToIndex(1234);
        QCOMPARE(said().value(1), QLocale().toString(1234) + " messages are still being made ready to be found.");
        f.engine->finish(f.ask("ships"));
        QVERIFY(f.waitUntilIdle());
        QTRY_VERIFY(!f.sidebarTitles().isEmpty());
        QCOMPARE(results.list()->model()->rowCount(), 0);
        emit f.search->messagesLeftToIndex(0); // what was found is looked for anew
        QTRY_COMPARE(results.list()->model()->rowCount(), 4);
        QVERIFY(said().isEmpty());
        f.window->sidebar().findChild<QLineEdit*>()->setText("shi");
        emit f.search->failed({"Something went wrong while storing", "The index is damaged.", {}});
        QCOMPARE(said(), QStringList("Something went wrong while storing\nThe index is damaged."));
    }
    void foldersHoldConversationsAndAreKept() {
        Shelf f;
        f.makeFolder("Work");
        f.choose("one", "Move to/Work");
        QTRY_VERIFY(!f.row("one").isValid());
        QCOMPARE(f.undoText(), QStringLiteral("Moved “one” to “Work”."));
        f.window->activateWindow(); // a menu was open
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        f.list().setFocus();
        f.list().setCurrentIndex(f.row("Work"));
        QTest::keyClick(&f.list(), Qt::Key_Right);
        QCOMPARE(f.list().currentIndex().data().toString(), QStringLiteral("Work"));
        QCOMPARE(f.row("one").row(), f.row("Work").row() + 1);
        f.restart();
        QTRY_VERIFY(f.row("one").isValid()); // the folder is open as it was
        QCOMPARE(f.row("one").row(), f.row("Work").row() + 1);
        f.list().setCurrentIndex(f.row("Work"));
        f.list().setFocus();
        QTest::keyClick(&f.list(), Qt::Key_Return);
        QVERIFY(!f.row("one").isValid());
    }
    /// Something else in the list changes, an answer's title say, while the keyboard is on a folder.
    void theKeyboardStaysOnItsFolder() {
        Shelf f;
        f.makeFolder("Work");
        f.choose("one", "Archive");
        f.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        f.list().setFocus();
        f.list().setCurrentIndex(f.row("Work"));
        f.page().undoBar().undo();
        QTRY_VERIFY(f.row("one").isValid());
        QCOMPARE(f.list().currentIndex().data().toString(), QStringLiteral("Work"));
    }
    void aDeletedFolderComesBackWithWhatWasInIt() {
        Shelf f;
        f.makeFolder("Work");
        f.choose("one", "Move to/Work");
        QTRY_VERIFY(!f.row("one").isValid());
        f.choose("Work", "Delete the folder");
        QTRY_VERIFY(!f.row("Work").isValid());
        QTRY_VERIFY(f.row("one").isValid());
        QTRY_VERIFY(f.undoText().contains(QStringLiteral("“Work”")));
        f.page().undoBar().undo();
        QTRY_VERIFY(f.row("Work").isValid());
        QTRY_VERIFY(!f.row("one").isValid());
        QCOMPARE(f.row("Work").data(ui::ConversationListModel::kCountRole).toInt(), 1);
    }
    void aMoveIsTakenBack() {
        Shelf f;
        f.makeFolder("Work");
        f.choose("one", "Move to/Work");
        QTRY_VERIFY(!f.row("one").isValid());
        f.page().undoBar().undo();
        QTRY_VERIFY(f.row("one").isValid());
    }
};

ALCUIN_TEST(TestSidebar)
#include "tst_sidebar.moc"
