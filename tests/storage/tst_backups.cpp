#include <alcuin/storage/backups.h>

#include <QFile>
#include <QFileInfo>

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "faulty_disk.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

constexpr TimeMs kDay = TimeMs{24} * 3600 * 1000;

/// Steps until the copy is whole, and finishes it.
Result<Backup> backUp(StorageFixture& fixture) {
    BackupStore store(*fixture.database);
    for (;;) {
        auto step = store.step();
        if (!step) {
            return tl::unexpected(step.error());
        }
        if (!step->more) {
            return finishBackup(step->copy, fixture.clock.now);
        }
    }
}

QStringList namesIn(const StorageFixture& fixture) {
    return QDir(fixture.directory.filePath("backups")).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

/// Overwrites the last third of a file: opening it shows nothing of that.
void damage(const std::filesystem::path& file) {
    QFile bytes(QString::fromStdString(file.string()));
    QVERIFY(bytes.open(QIODevice::ReadWrite));
    QVERIFY(bytes.size() > 40'000);
    const qint64 from = bytes.size() / 3 * 2;
    QVERIFY(bytes.seek(from));
    QCOMPARE(bytes.write(QByteArray(bytes.size() - from, '\x5a')), bytes.size() - from);
}

/// Enough that damage can be done.
void talk(StorageFixture& fixture, const std::string& words) {
    for (int i = 0; i < 40; ++i) {
        fixture.ask({}, {}, words + ' ' + std::to_string(i), std::string(3000, 'a'));
    }
}

} // namespace

/// A copy of every day is kept for a week, and is there when it is needed.
class TstBackups : public QObject {
    Q_OBJECT
private slots:
    void aCopyIsMadeInStepsWhileMoreIsWritten();
    void oneADayIsKeptForAWeek();
    void theLastOneStaysHoweverOld();
    void aFullDiskLeavesTheEarlierOnes();
    void closingInTheMiddleLeavesNothing();
    void aDamagedDatabaseReplacesNoGoodBackup();
    void theNewestGoodBackupTakesThePlaceOfADamagedDatabase();
    void whatWasDeletedIsInNoBackupAfterAWeek();
};

void TstBackups::aCopyIsMadeInStepsWhileMoreIsWritten() {
    StorageFixture fixture;
    talk(fixture, "before");
    fixture.ask({}, {}, std::string(40'000'000, 'x'), "a"); // more than one step copies
    BackupStore store(*fixture.database);
    ALCUIN_TAKE(first, store.step());
    QVERIFY(first.more);
    QCOMPARE(listBackups(pathOf(fixture.directory)).size(), std::size_t{0});
    const auto during = fixture.ask({}, {}, "written meanwhile", "a");
    ALCUIN_TAKE(backup, backUp(fixture)); // goes on with it
    QCOMPARE(backup.madeAt, fixture.clock.now / 1000 * 1000);
    QCOMPARE(QFileInfo(QString::fromStdString(backup.file.string())).permissions() &
                 (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
    QCOMPARE(namesIn(fixture), QStringList({"alcuin-20231114T221320Z.db"}));
    // What was copied is a database like any other.
    const QTemporaryDir elsewhere;
    QVERIFY(QFile::copy(QString::fromStdString(backup.file.string()), elsewhere.filePath("alcuin.db")));
    const auto copy = openDatabase(pathOf(elsewhere));
    ALCUIN_OK(copy->checkIntegrity());
    ALCUIN_TAKE(listed, ConversationStore(*copy).list());
    QCOMPARE(listed.size(), std::size_t{42});
    ALCUIN_OK(ConversationStore(*copy).find(during.conversation.id));
}

void TstBackups::oneADayIsKeptForAWeek() {
    StorageFixture fixture;
    const auto directory = pathOf(fixture.directory);
    // One from before there was a folder for them.
    QFile old(fixture.directory.filePath("alcuin.db.backup-v1"));
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.close();
    int made = 0;
    for (int hour = 0; hour < 20 * 24; hour += 4) {
        fixture.ask({}, {}, "q", "a");
        if (isBackupDue(directory, fixture.clock.now)) {
            ALCUIN_OK(backUp(fixture));
            ++made;
        }
        fixture.clock.now += 4 * 3600 * 1000;
    }
    QVERIFY2(made >= 19 && made <= 24, qPrintable(QString::number(made)));
    const auto kept = listBackups(directory);
    QVERIFY(kept.size() >= 7 && kept.size() <= 10);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        QVERIFY(fixture.clock.now - kept[i].madeAt <= kBackupsKeptMs + kDay);
        QVERIFY(i == 0 || kept[i].madeAt < kept[i - 1].madeAt);
    }
    QCOMPARE(namesIn(fixture).size(), static_cast<qsizetype>(kept.size()) - (QFile::exists(old.fileName()) ? 1 : 0));
    // The clock was ahead once: that one neither stays for ever nor keeps the next one from being made.
    fixture.clock.now += 400 * kDay;
    ALCUIN_OK(backUp(fixture));
    fixture.clock.now -= 399 * kDay;
    fixture.ask({}, {}, "q", "a");
    QVERIFY(isBackupDue(directory, fixture.clock.now));
    ALCUIN_OK(backUp(fixture));
    QCOMPARE(listBackups(directory).front().madeAt, fixture.clock.now / 1000 * 1000);
}

void TstBackups::theLastOneStaysHoweverOld() {
    StorageFixture fixture;
    const auto directory = pathOf(fixture.directory);
    QVERIFY(isBackupDue(directory, fixture.clock.now));
    ALCUIN_OK(backUp(fixture));
    fixture.clock.now += 100 * kDay;
    fixture.database.reset();
    // Nothing was written since: there is no need for another.
    QVERIFY(QFile::exists(fixture.directory.filePath("alcuin.db")));
    const auto made = std::filesystem::last_write_time(listBackups(directory).front().file);
    std::filesystem::last_write_time(directory / "alcuin.db", made - std::chrono::seconds(1));
    QVERIFY(!isBackupDue(directory, fixture.clock.now));
    std::filesystem::last_write_time(directory / "alcuin.db", made + std::chrono::seconds(1));
    QVERIFY(isBackupDue(directory, fixture.clock.now));
    QCOMPARE(listBackups(directory).size(), std::size_t{1});
}

void TstBackups::aFullDiskLeavesTheEarlierOnes() {
    FaultyDisk disk;
    int failures = 0;
    for (const int allowed : {0, 1, 7, 40}) {
        for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
            StorageFixture other;
            talk(other, "words");
            ALCUIN_OK(backUp(other));
            other.clock.now += 9 * kDay;
            disk.failAfter(allowed, code);
            const auto failed = backUp(other);
            disk.heal();
            QVERIFY(!failed.has_value());
            QVERIFY(failed.error().code == (code == SQLITE_FULL ? ErrorCode::kDiskFull : ErrorCode::kCannotOpen));
            QVERIFY2(failed.error().message.ends_with('.'), failed.error().message.c_str());
            QCOMPARE(namesIn(other), QStringList({"alcuin-20231114T221320Z.db"}));
            ++failures;
            other.ask({}, {}, "goes on", "a");
            ALCUIN_OK(backUp(other));
            QCOMPARE(namesIn(other).size(), 1); // and now the old one goes
            other.database.reset();
        }
    }
    QCOMPARE(failures, 8);
}

void TstBackups::closingInTheMiddleLeavesNothing() {
    StorageFixture fixture;
    fixture.ask({}, {}, std::string(40'000'000, 'x'), "a");
    ALCUIN_TAKE(step, BackupStore(*fixture.database).step());
    QVERIFY(step.more);
    QCOMPARE(namesIn(fixture).size(), 1);
    fixture.reopen();
    QCOMPARE(namesIn(fixture), QStringList());
    // What a kill leaves goes with the next one.
    QFile left(fixture.directory.filePath("backups/alcuin-20231113T221320Z.db.part"));
    QVERIFY(left.open(QIODevice::WriteOnly));
    left.close();
    ALCUIN_OK(backUp(fixture));
    QCOMPARE(namesIn(fixture), QStringList({"alcuin-20231114T221320Z.db"}));
}

void TstBackups::aDamagedDatabaseReplacesNoGoodBackup() {
    StorageFixture fixture;
    talk(fixture, "words");
    ALCUIN_TAKE(good, backUp(fixture));
    fixture.clock.now += 9 * kDay;
    const auto file = fixture.database->path();
    fixture.database.reset();
    damage(file);
    auto opened = Database::open(pathOf(fixture.directory)); // nothing is amiss at first sight
    QVERIFY(opened.has_value());
    fixture.database = std::move(*opened);
    ALCUIN_FAILS(backUp(fixture), ErrorCode::kCorrupt);
    QCOMPARE(namesIn(fixture), QStringList({QString::fromStdString(good.file.filename().string())}));
    fixture.database.reset();
    // From now on it is looked at closely.
    ALCUIN_FAILS(Database::open(pathOf(fixture.directory)), ErrorCode::kCorrupt);
}

void TstBackups::theNewestGoodBackupTakesThePlaceOfADamagedDatabase() {
    StorageFixture fixture;
    talk(fixture, "first day");
    ALCUIN_OK(backUp(fixture));
    fixture.clock.now += kDay;
    const auto second = fixture.ask({}, {}, "second day", "a");
    ALCUIN_TAKE(good, backUp(fixture));
    fixture.clock.now += kDay;
    fixture.ask({}, {}, "third day", "a");
    ALCUIN_TAKE(bad, backUp(fixture));
    const auto directory = pathOf(fixture.directory);
    const auto file = fixture.database->path();
    fixture.database.reset();
    damage(bad.file);
    damage(file);
    QFile damaged(QString::fromStdString(file.string()));
    QVERIFY(damaged.open(QIODevice::ReadOnly));
    const QByteArray original = damaged.readAll();
    QFile log(QString::fromStdString(file.string() + "-wal"));
    QVERIFY(log.open(QIODevice::WriteOnly));
    log.write("what stood in its log");
    log.close();

    ALCUIN_TAKE(newest, newestGoodBackup(directory));
    QCOMPARE(newest.file.string(), good.file.string());
    ALCUIN_TAKE(aside, restoreBackup(directory, newest, fixture.clock.now));
    fixture.database = openDatabase(directory, &fixture.clock);
    fixture.store = ConversationStore(*fixture.database);
    ALCUIN_OK(fixture.database->checkIntegrity());
    QCOMPARE(fixture.shown(second.conversation.id), std::string("second day / a"));
    QVERIFY(std::filesystem::exists(good.file));
    QFile kept(QString::fromStdString(aside.string()));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QVERIFY(kept.readAll() == original); // nothing is ever deleted
    QFile keptLog(QString::fromStdString(aside.string() + "-wal"));
    QVERIFY(keptLog.open(QIODevice::ReadOnly));
    QCOMPARE(keptLog.readAll(), QByteArray("what stood in its log"));

    fixture.database.reset();
    for (const auto& backup : listBackups(directory)) {
        if (std::filesystem::file_size(backup.file) > 0) {
            damage(backup.file);
        }
    }
    ALCUIN_FAILS(newestGoodBackup(directory), ErrorCode::kNotFound);
}

void TstBackups::whatWasDeletedIsInNoBackupAfterAWeek() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "HUSHHUSH", "HUSHHUSH");
    ALCUIN_OK(backUp(fixture));
    ALCUIN_OK(fixture.store.remove(turn.conversation.id));
    fixture.clock.now += kDay;
    ALCUIN_OK(fixture.store.purgeDeleted(fixture.clock.now));
    QVERIFY(allBytes(pathOf(fixture.directory)).contains("HUSHHUSH")); // a backup still has it, and that is its use
    for (int day = 0; day < 8; ++day) {
        ALCUIN_OK(fixture.store.setDraft({}, std::to_string(day)));
        if (isBackupDue(pathOf(fixture.directory), fixture.clock.now)) {
            ALCUIN_OK(backUp(fixture));
        }
        fixture.clock.now += kDay;
    }
    QCOMPARE(allBytes(pathOf(fixture.directory)).count("HUSHHUSH"), 0);
}

ALCUIN_TEST(TstBackups)
#include "tst_backups.moc"
