#include "opening.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTimer>
#include <QtTest/QTest>

#include <functional>
#include <memory>

#include <SQLiteCpp/Database.h>

#include <alcuin/storage/backups.h>
#include <alcuin/storage/conversation_store.h>

#include "services/storage_thread.h"
#include "support/test_registry.h"
#include "theme/theme.h"
#include "window/error_window.h"
#include "window/wait_window.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

template <typename Window>
Window* shown() {
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (auto* window = qobject_cast<Window*>(widget); window != nullptr && window->isVisible()) {
            return window;
        }
    }
    return nullptr;
}

/// Does something once, as soon as such a window is there (and is as it is wanted).
template <typename Window>
class When {
public:
    explicit When(
        std::function<void(Window&)> act,
        std::function<bool(const Window&)> fits = [](const Window&) { return true; }) {
        QObject::connect(&m_timer, &QTimer::timeout, [this, act = std::move(act), fits = std::move(fits)] {
            if (auto* window = shown<Window>(); window != nullptr && fits(*window)) {
                m_timer.stop();
                came = true;
                act(*window);
            }
        });
        m_timer.start(10);
    }
    bool came = false;

private:
    QTimer m_timer;
};

/// Presses the button that says so.
void press(const QWidget& window, const QString& words) {
    for (auto* button : window.findChildren<QPushButton*>()) {
        if (button->text() == words) {
            QTest::mouseClick(button, Qt::LeftButton);
            return;
        }
    }
    qFatal("there is no button %s", qPrintable(words));
}

/// A data directory and what stands in it, before the program starts.
struct Home {
    QTemporaryDir directory;
    ui::Theme theme;

    QString file(const QString& name = QStringLiteral("alcuin.db")) const {
        return directory.filePath(name);
    }
    std::filesystem::path path() const {
        return directory.path().toStdString();
    }
    QByteArray bytes() const {
        QFile database(file());
        return database.open(QIODevice::ReadOnly) ? database.readAll() : QByteArray();
    }

    void ask(int questions) const {
        const auto database = std::move(*storage::Database::open(path()));
        for (int i = 0; i < questions; ++i) {
            storage::Part part;
            part.text = std::string(3000, 'a');
            QVERIFY(storage::ConversationStore(*database).appendTurn({}, {}, {part}, {}));
        }
    }
    void backUp() const {
        const auto database = std::move(*storage::Database::open(path()));
        storage::BackupStore store(*database);
        auto step = store.step();
        while (step && step->more) {
            step = store.step();
        }
        QVERIFY(step && storage::finishBackup(step->copy, storage::Sources::system().now()));
    }
    /// In the middle, where opening alone doesn't look; and the note of whoever came upon it.
    void damage() const {
        QFile database(file());
        QVERIFY(database.open(QIODevice::ReadWrite));
        const qint64 from = database.size() / 3 * 2;
        QVERIFY(from > 40'000 && database.seek(from));
        database.write(QByteArray(database.size() - from, '\x5a'));
        QFile mark(file(QStringLiteral("alcuin.db.suspect")));
        QVERIFY(mark.open(QIODevice::WriteOnly));
    }
    /// As the version before this one left it.
    void makeOld() const {
        SQLite::Database database(file().toStdString(), SQLite::OPEN_READWRITE);
        database.exec("DROP TABLE draft_files");
        database.exec("PRAGMA user_version = 4");
    }

    std::unique_ptr<StorageThread> open() const {
        return openStorage(directory.path(), theme);
    }
};

std::size_t conversationsIn(StorageThread& storage) {
    const auto all =
        storage.call([](storage::Database& database) { return storage::ConversationStore(database).list(); });
    return all ? all->size() : 0;
}

} // namespace

/// The start, as long as there is no main window: what takes long is said, and what is broken has a way on.
class TstOpening : public QObject {
    Q_OBJECT
private slots:
    void whatIsInOrderOpens();
    void theBackupThatIsOfferedStandsInThePlaceOfADamagedFile();
    void whoQuitsChangesNothing();
    void withoutABackupItIsSaid();
    void whatCannotBeHelpedIsSaid();
    void aMigrationThatTakesLongIsTold();
};

void TstOpening::whatIsInOrderOpens() {
    const Home home;
    home.ask(1);
    const When<ui::ErrorWindow> error([](ui::ErrorWindow& window) { window.close(); });
    const auto storage = home.open();
    QVERIFY(storage);
    QVERIFY(!error.came);
    QCOMPARE(conversationsIn(*storage), std::size_t{1});
}

void TstOpening::theBackupThatIsOfferedStandsInThePlaceOfADamagedFile() {
    const Home home;
    home.ask(40);
    home.backUp();
    home.ask(1); // after it, and so not in it
    home.damage();
    const QByteArray damaged = home.bytes();
    const When<ui::ErrorWindow> offered(
        [](ui::ErrorWindow& window) { press(window, QStringLiteral("Go on with the backup")); });
    const auto storage = home.open();
    QVERIFY(offered.came);
    QVERIFY(storage);
    QCOMPARE(conversationsIn(*storage), std::size_t{40});
    QVERIFY(shown<ui::ErrorWindow>() == nullptr);
    const auto aside = QDir(home.directory.path()).entryInfoList({QStringLiteral("alcuin.db.damaged-*[0-9]")});
    QCOMPARE(aside.size(), 1);
    QFile kept(aside.first().filePath());
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), damaged);
}

void TstOpening::whoQuitsChangesNothing() {
    const Home home;
    home.ask(40);
    home.backUp();
    home.damage();
    const QByteArray damaged = home.bytes();
    const When<ui::ErrorWindow> offered([](ui::ErrorWindow& window) { press(window, QStringLiteral("Quit")); });
    QVERIFY(!home.open());
    QVERIFY(offered.came);
    QCOMPARE(home.bytes(), damaged);
    QCOMPARE(QDir(home.directory.path()).entryList({QStringLiteral("alcuin.db.damaged-*")}).size(), 0);
}

void TstOpening::withoutABackupItIsSaid() {
    const Home home;
    home.ask(40);
    home.damage();
    QStringList buttons;
    const When<ui::ErrorWindow> said([&buttons](ui::ErrorWindow& window) {
        for (const auto* button : window.findChildren<QPushButton*>()) {
            buttons << button->text();
        }
        window.close();
    });
    QVERIFY(!home.open());
    QCOMPARE(buttons, QStringList({"Quit", "Show the folder"}));
}

void TstOpening::whatCannotBeHelpedIsSaid() {
    const Home home;
    {
        SQLite::Database other(home.file().toStdString(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE theirs (text TEXT)");
    }
    const QByteArray before = home.bytes();
    const When<ui::ErrorWindow> said([](ui::ErrorWindow& window) { press(window, QStringLiteral("Quit")); });
    QVERIFY(!home.open());
    QVERIFY(said.came);
    QCOMPARE(home.bytes(), before);
}

void TstOpening::aMigrationThatTakesLongIsTold() {
    const Home home;
    home.ask(3);
    home.makeOld();
    // Somebody else writes, for as long as it takes until a window says what is waited for.
    SQLite::Database other(home.file().toStdString(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    bool stayed = false;
    const When<ui::WaitWindow> told(
        [&](ui::WaitWindow& window) {
            stayed = !window.close() && window.isVisible();
            other.exec("ROLLBACK");
        },
        [](const ui::WaitWindow& window) { return window.words().contains(QStringLiteral("this version's format")); });
    const When<ui::ErrorWindow> error([](ui::ErrorWindow& window) { window.close(); });
    const auto storage = home.open();
    QVERIFY(told.came && !error.came);
    QVERIFY(stayed);
    QVERIFY(storage);
    QVERIFY(shown<ui::WaitWindow>() == nullptr);
    QCOMPARE(conversationsIn(*storage), std::size_t{3});
    QCOMPARE(QDir(home.file(QStringLiteral("backups"))).entryList({QStringLiteral("*-v4.db")}).size(), 1);
}

ALCUIN_TEST(TstOpening)
#include "tst_opening.moc"
