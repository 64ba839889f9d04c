#include "migrations.h"

#include <QFile>
#include <QFileInfo>

#include <SQLiteCpp/Statement.h>

#include <array>

#include "files.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

constexpr std::array<Migration, 3> kGrowing{{
    {1, "0001_notes.sql", "CREATE TABLE notes (text TEXT NOT NULL) STRICT;"},
    {2, "0002_colours.sql", "ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';"},
    {3, "0003_index.sql", "CREATE INDEX notes_by_colour ON notes (colour); UPDATE notes SET colour = 'blue';"},
}};

constexpr std::array<Migration, 3> kBroken{{
    kGrowing[0],
    kGrowing[1],
    {3, "0003_broken.sql", "UPDATE notes SET colour = 'red'; DROP TABLE notes; SELECT * FROM nowhere;"},
}};

std::unique_ptr<Connection> connectTo(const QTemporaryDir& directory) {
    const auto file = pathOf(directory) / "notes.db";
    if (!preparePrivateFile(file)) {
        qFatal("no file");
    }
    return std::make_unique<Connection>(file, Sources::system());
}

std::string firstText(Connection& connection, const char* query) {
    return connection.database.execAndGet(query).getString();
}

} // namespace

/// Steps of the schema: each all or nothing, and a copy first.
class TstMigrations : public QObject {
    Q_OBJECT
private slots:
    void theStepsOfThisVersionAreNumberedFromOne();
    void anEmptyFileGetsAllStepsAndNoCopy();
    void contentIsKeptAndCopiedFirst();
    void aStepThatFailsLeavesTheOneBefore();
    void aDatabaseOfThisVersionIsLeftAlone();
};

void TstMigrations::theStepsOfThisVersionAreNumberedFromOne() {
    int expected = 0;
    for (const auto& migration : allMigrations()) {
        QCOMPARE(migration.version, ++expected);
        QVERIFY(!migration.sql.empty());
    }
    QVERIFY(expected >= 1);
}

void TstMigrations::anEmptyFileGetsAllStepsAndNoCopy() {
    const QTemporaryDir directory;
    const auto connection = connectTo(directory);
    ALCUIN_OK(checkOrigin(*connection, kGrowing));
    ALCUIN_OK(migrate(*connection, kGrowing));
    QCOMPARE(pragmaNumber(connection->database, "PRAGMA user_version"), std::int64_t{3});
    QCOMPARE(QDir(directory.path()).entryList({"*backup*"}).size(), 0);
}

void TstMigrations::contentIsKeptAndCopiedFirst() {
    const QTemporaryDir directory;
    const auto connection = connectTo(directory);
    ALCUIN_OK(migrate(*connection, std::span(kGrowing).first(1)));
    connection->database.exec("INSERT INTO notes VALUES ('kept')");
    connection->database.exec(
        "INSERT INTO notes VALUES (CAST(zeroblob(20000000) AS TEXT))"); // more than is copied at once
    std::vector<Opening> told;
    ALCUIN_OK(migrate(*connection, kGrowing, [&told](const Opening& opening) { told.push_back(opening); }));
    QCOMPARE(firstText(*connection, "SELECT text || ' ' || colour FROM notes"), std::string("kept blue"));
    QVERIFY(told.size() >= 4);
    double before = 0;
    for (std::size_t i = 0; i + 2 < told.size(); ++i) {
        QVERIFY(told[i].work == Opening::Work::kCopying && told[i].done > before && told[i].done <= 1.0);
        before = *told[i].done;
    }
    QVERIFY(told.back().work == Opening::Work::kChanging);

    const QStringList copies = QDir(directory.filePath("backups")).entryList({"notes-*-v1.db"});
    QCOMPARE(copies.size(), 1);
    const QString copy = directory.filePath("backups/" + copies.first());
    QCOMPARE(QFileInfo(copy).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    SQLite::Database old(copy.toStdString());
    QCOMPARE(old.execAndGet("PRAGMA user_version").getInt(), 1);
    QCOMPARE(old.execAndGet("SELECT text FROM notes").getString(), std::string("kept"));
    QCOMPARE(QDir(directory.filePath("backups")).entryList({"*.part", "*-wal", "*-shm"}).size(), 0);
}

void TstMigrations::aStepThatFailsLeavesTheOneBefore() {
    const QTemporaryDir directory;
    const auto connection = connectTo(directory);
    ALCUIN_OK(migrate(*connection, std::span(kGrowing).first(1)));
    connection->database.exec("INSERT INTO notes VALUES ('kept')");
    ALCUIN_FAILS(migrate(*connection, kBroken), ErrorCode::kInternal);
    QCOMPARE(pragmaNumber(connection->database, "PRAGMA user_version"), std::int64_t{2});
    QCOMPARE(firstText(*connection, "SELECT text || ' ' || colour FROM notes"), std::string("kept grey"));
    // A corrected program goes on from there.
    ALCUIN_OK(migrate(*connection, kGrowing));
    QCOMPARE(firstText(*connection, "SELECT text || ' ' || colour FROM notes"), std::string("kept blue"));
}

void TstMigrations::aDatabaseOfThisVersionIsLeftAlone() {
    const QTemporaryDir directory;
    const auto connection = connectTo(directory);
    ALCUIN_OK(migrate(*connection, kGrowing));
    connection->database.exec("INSERT INTO notes VALUES ('kept', 'green')");
    ALCUIN_OK(migrate(*connection, kGrowing));
    QCOMPARE(firstText(*connection, "SELECT colour FROM notes"), std::string("green"));
    ALCUIN_FAILS(checkOrigin(*connection, std::span(kGrowing).first(2)), ErrorCode::kNewerVersion);
    QCOMPARE(QDir(directory.path()).entryList({"*backup*"}).size(), 0);
}

ALCUIN_TEST(TstMigrations)
#include "tst_migrations.moc"
