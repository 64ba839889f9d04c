#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>

#include "chat/library/library_dialog.h"
#include "services/library_service.h"
#include "services/storage_thread.h"
#include "support/test_registry.h"
#include "theme/theme.h"

using namespace alcuin;
using Kind = app::LibraryService::Kind;

namespace {

/// The dialog over a library in a directory of its own.
struct Library {
    explicit Library(Kind shown) : kind(shown) {
        auto opened = app::StorageThread::open(directory.path());
        if (!opened) {
            qFatal("%s", opened.error().message.c_str());
        }
        storage = std::move(*opened);
        service = std::make_unique<app::LibraryService>(*storage);
    }

    void add(const QString& name, const QString& text) {
        if (kind == Kind::kSnippet) {
            service->saveSnippet({{}, name, text});
        } else {
            app::Persona persona;
            persona.name = name;
            persona.instructions = text;
            service->savePersona(persona);
        }
        const auto count = names().size();
        if (!QTest::qWaitFor([&] { return names().size() > count; })) {
            qFatal("it wasn't stored");
        }
    }
    void open() {
        dialog = std::make_unique<ui::LibraryDialog>(kind, *service, theme);
        dialog->open();
    }
    /// "name: text" of what is stored.
    QStringList names() const {
        QStringList all;
        if (kind == Kind::kSnippet) {
            for (const auto& each : service->snippets()) {
                all += each.name + ": " + each.text;
            }
        } else {
            for (const auto& each : service->personas()) {
                all += each.name + ": " + each.instructions;
            }
        }
        all.sort();
        return all;
    }
    QListWidget& list() const {
        return *dialog->findChild<QListWidget*>();
    }
    QLineEdit& name() const {
        return *dialog->findChild<QLineEdit*>();
    }
    QPlainTextEdit& text() const {
        return *dialog->findChild<QPlainTextEdit*>();
    }
    QPushButton& button(const QString& words) const {
        for (auto* each : dialog->findChildren<QPushButton*>()) {
            if (each->text() == words) {
                return *each;
            }
        }
        qFatal("no button %s", qPrintable(words));
    }
    void choose(const QString& shown) const {
        list().setCurrentItem(list().findItems(shown, Qt::MatchExactly).value(0));
    }

    Kind kind;
    QTemporaryDir directory;
    ui::Theme theme;
    std::unique_ptr<app::StorageThread> storage;
    std::unique_ptr<app::LibraryService> service;
    std::unique_ptr<ui::LibraryDialog> dialog;
};

} // namespace

/// Personas and snippets: written, changed, removed and brought back.
class TestLibraryDialog : public QObject {
    Q_OBJECT
private slots:
    void anEmptyOneBeginsWithANewEntry() {
        Library f(Kind::kSnippet);
        f.open();
        QVERIFY(f.dialog->isActiveWindow() || f.dialog->focusWidget() == &f.name());
        QTest::keyClicks(&f.name(), "Sign-off");
        QTest::keyClick(&f.name(), Qt::Key_Tab);
        QCOMPARE(f.dialog->focusWidget(), &f.text());
        QTest::keyClicks(&f.text(), "Kind regards");
        QTest::keyClick(&f.text(), Qt::Key_Escape);
        QVERIFY(!f.dialog->isVisible());
        QTRY_COMPARE(f.names(), QStringList("Sign-off: Kind regards"));
    }
    void whatHasNoNameGoesByItsFirstWords() {
        Library f(Kind::kPersona);
        f.open();
        QTest::keyClicks(&f.text(), "You are a patient teacher");
        f.button("New persona").click();
        QTRY_COMPARE(f.names(), QStringList("You are a patient teacher: You are a patient teacher"));
        QCOMPARE(f.name().text(), "");
        QCOMPARE(f.text().toPlainText(), "");
        f.button("Done").click(); // nothing was written: nothing is added
        QVERIFY(!f.dialog->isVisible());
        QCOMPARE(f.names().size(), 1);
    }
    void aChangeIsKeptWhenAnotherIsChosen() {
        Library f(Kind::kSnippet);
        f.add("One", "first");
        f.add("Two", "second");
        f.open();
        f.choose("One");
        f.text().setPlainText("changed");
        f.choose("Two");
        QTRY_COMPARE(f.names(), QStringList({"One: changed", "Two: second"}));
        QCOMPARE(f.name().text(), "Two");
        QCOMPARE(f.text().toPlainText(), "second");
        QCOMPARE(f.list().currentItem()->text(), "Two");
    }
    void aRemovedOneComesBackAsItWas_data() {
        QTest::addColumn<bool>("persona");
        QTest::newRow("snippet") << false;
        QTest::newRow("persona") << true;
    }
    void aRemovedOneComesBackAsItWas() {
        QFETCH(bool, persona);
        Library f(persona ? Kind::kPersona : Kind::kSnippet);
        f.add("One", "first");
        f.add("Two", "second");
        f.open();
        f.choose("Two");
        f.text().setPlainText("second, changed");
        f.button("Remove").click();
        QTRY_COMPARE(f.names(), QStringList("One: first"));
        QTRY_COMPARE(f.name().text(), "One"); // what is shown is what is left
        QCOMPARE(f.text().toPlainText(), "first");
        auto& undo = f.button("Undo removing");
        QVERIFY(undo.isVisible());
        QCOMPARE(f.dialog->focusWidget(), &undo);
        undo.click();
        QTRY_COMPARE(f.names(), QStringList({"One: first", "Two: second, changed"}));
        QTRY_COMPARE(f.name().text(), "Two");
        QCOMPARE(f.text().toPlainText(), "second, changed");
        QVERIFY(!undo.isVisible());
        f.button("Done").click();
        QTest::qWait(20); // for what would be stored now
        QCOMPARE(f.names(), QStringList({"One: first", "Two: second, changed"}));
    }
    void theLastOneRemovedLeavesNothingBehind() {
        Library f(Kind::kSnippet);
        f.add("One", "first");
        f.open();
        f.button("Remove").click();
        QTRY_COMPARE(f.names(), QStringList());
        QCOMPARE(f.name().text(), "");
        QCOMPARE(f.text().toPlainText(), "");
        QVERIFY(!f.button("Remove").isEnabled());
        f.button("Undo removing").click();
        QTRY_COMPARE(f.names(), QStringList("One: first"));
        QTRY_COMPARE(f.text().toPlainText(), "first");
    }
    void itIsUsedByKeyboard() {
        Library f(Kind::kSnippet);
        f.add("One", "first");
        f.add("Two", "second");
        f.open();
        f.choose("One");
        f.list().setFocus();
        QTest::keyClick(&f.list(), Qt::Key_Down);
        QCOMPARE(f.name().text(), "Two");
        QTest::keyClick(&f.list(), Qt::Key_Delete);
        QTRY_COMPARE(f.names(), QStringList("One: first"));
        QTest::keyClick(f.dialog->focusWidget(), Qt::Key_Space); // the way back has the keyboard
        QTRY_COMPARE(f.names().size(), 2);
        QTRY_COMPARE(f.name().text(), "Two");
        QCOMPARE(f.dialog->focusWidget(), &f.list());
    }
    void anEmptyListSaysSo() {
        Library f(Kind::kPersona);
        f.open();
        const auto* words = f.list().viewport()->findChild<QLabel*>();
        QVERIFY(words->isVisible());
        QCOMPARE(words->text(), "No personas yet");
        QTest::keyClicks(&f.name(), "Teacher");
        f.button("New persona").click();
        QTRY_VERIFY(!words->isVisible());
    }
    void aNamesHintBeginsWhereTheWindowsLinesBegin() {
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        const auto back = qScopeGuard([] { QGuiApplication::setLayoutDirection(Qt::LeftToRight); });
        Library f(Kind::kSnippet);
        f.open();
        QVERIFY((f.name().alignment() & Qt::AlignRight) != 0);
        QTest::keyClicks(&f.name(), "Sign-off"); // its own letters run from the left
        QVERIFY((f.name().alignment() & Qt::AlignLeft) != 0);
    }
    void everyControlHasAName() {
        for (const auto kind : {Kind::kSnippet, Kind::kPersona}) {
            Library f(kind);
            f.add("One", "first");
            f.open();
            for (const auto* widget : f.dialog->findChildren<QWidget*>()) {
                if (widget->focusPolicy() != Qt::NoFocus && widget->isVisible()) {
                    const auto* button = qobject_cast<const QPushButton*>(widget);
                    const QString named = button != nullptr ? button->text() : widget->accessibleName();
                    QVERIFY2(!named.isEmpty() || widget->parentWidget() == &f.list() ||
                                 widget->parentWidget() == &f.text(),
                             widget->metaObject()->className());
                }
            }
        }
    }
};

ALCUIN_TEST(TestLibraryDialog)
#include "tst_library_dialog.moc"
