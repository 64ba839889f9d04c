#include <QFile>
#include <QFileInfo>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrations.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isOwnersAlone(const QString& path) {
    const auto others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    return QFileInfo::exists(path) && !(QFileInfo(path).permissions() & others);
}

} // namespace

/// Opening: what is made, what is refused and why, and that a refused file stays as it was.
class TstDatabase : public QObject {
    Q_OBJECT
private slots:
    void filesAndFoldersAreTheUsersAlone();
    void rightsOfOthersAreTaken();
    void aCommitIsOnTheDiskAtOnce();
    void aNewerVersionIsRefusedAndUntouched();
    void anotherProgramsDatabaseIsRefusedAndUntouched();
    void whatIsNoDatabaseIsRefusedAndUntouched();
    void aDamagedFileIsRefusedAndUntouched();
    void damageInsideIsReported();
    void aFolderThatCannotBeMadeIsNamed();
    void aFolderThatCannotBeWrittenIsNamed();
    void aFileHeldByAnotherProgramIsLocked();
    void namesWithSpacesAndAccentsWork();
};

void TstDatabase::filesAndFoldersAreTheUsersAlone() {
    const QTemporaryDir directory;
    const QString data = directory.filePath("share/alcuin");
    ::umask(0);
    const auto database = openDatabase(data.toStdString());
    ConversationStore store(*database);
    ALCUIN_OK(store.appendTurn({}, {}, textParts("secret"), {}));
    for (const auto& path :
         {data, directory.filePath("share"), data + "/alcuin.db", data + "/alcuin.db-wal", data + "/alcuin.db-shm"}) {
        QVERIFY2(isOwnersAlone(path), qPrintable(path));
    }
    ::umask(022);
}

void TstDatabase::rightsOfOthersAreTaken() {
    const QTemporaryDir directory;
    openDatabase(pathOf(directory)).reset();
    const QString file = directory.filePath("alcuin.db");
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
    openDatabase(pathOf(directory)).reset();
    QVERIFY(isOwnersAlone(file));
}

void TstDatabase::aCommitIsOnTheDiskAtOnce() {
    StorageFixture fixture;
    QCOMPARE(*fixture.database->schemaVersion(), allMigrations().back().version);
    ALCUIN_OK(fixture.store.appendTurn({}, {}, textParts("acknowledged"), {}));
    // As a crash would leave it: what stands in the files now, without closing anything.
    const QTemporaryDir crashed;
    for (const char* name : {"alcuin.db", "alcuin.db-wal"}) {
        QVERIFY(QFile::copy(fixture.directory.filePath(name), crashed.filePath(name)));
    }
    const auto database = openDatabase(pathOf(crashed));
    ALCUIN_TAKE(conversations, ConversationStore(*database).list());
    QCOMPARE(conversations.size(), std::size_t{1});
    QCOMPARE(conversations[0].title, std::string("acknowledged"));
}

void TstDatabase::aNewerVersionIsRefusedAndUntouched() {
    const QTemporaryDir directory;
    openDatabase(pathOf(directory)).reset();
    const QString file = directory.filePath("alcuin.db");
    {
        SQLite::Database raw(file.toStdString(), SQLite::OPEN_READWRITE);
        raw.exec("PRAGMA user_version = 1000");
    }
    const QByteArray before = bytesOf(file);
    ALCUIN_FAILS(Database::open(pathOf(directory)), ErrorCode::kNewerVersion);
    QVERIFY(bytesOf(file) == before);
    QVERIFY(Database::open(pathOf(directory)).error().message.find(file.toStdString()) != std::string::npos);
}

void TstDatabase::anotherProgramsDatabaseIsRefusedAndUntouched() {
    const QTemporaryDir directory;
    const QString file = directory.filePath("alcuin.db");
    {
        SQLite::Database raw(file.toStdString(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        raw.exec("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x')");
    }
    const QByteArray before = bytesOf(file);
    ALCUIN_FAILS(Database::open(pathOf(directory)), ErrorCode::kCannotOpen);
    QVERIFY(bytesOf(file) == before);
}

void TstDatabase::whatIsNoDatabaseIsRefusedAndUntouched() {
    const QTemporaryDir directory;
    const QString path = directory.filePath("alcuin.db");
    const QByteArray letter = QByteArray("Dear reader, this is a letter.\n").repeated(100);
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(letter) == letter.size());
    }
    ALCUIN_FAILS(Database::open(pathOf(directory)), ErrorCode::kCorrupt);
    QVERIFY(bytesOf(path) == letter);
}

void TstDatabase::aDamagedFileIsRefusedAndUntouched() {
    StorageFixture fixture;
    for (int i = 0; i < 50; ++i) {
        fixture.ask({}, {}, std::string(3000, 'q'), std::string(3000, 'a'));
    }
    fixture.database.reset();
    const QString path = fixture.directory.filePath("alcuin.db");
    const QByteArray whole = bytesOf(path);
    QVERIFY(whole.size() > 100'000);
    QByteArray torn = whole;
    torn.replace(100, 3000, QByteArray(3000, '\xA5')); // the first page: the schema
    for (const QByteArray& damaged : {torn, whole.left(whole.size() / 2)}) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(damaged) == damaged.size());
        file.close();
        ALCUIN_FAILS(Database::open(pathOf(fixture.directory)), ErrorCode::kCorrupt);
        QVERIFY(bytesOf(path) == damaged);
    }
}

void TstDatabase::damageInsideIsReported() {
    StorageFixture fixture;
    for (int i = 0; i < 50; ++i) {
        fixture.ask({}, {}, std::string(3000, 'q'), std::string(3000, 'a'));
    }
    ALCUIN_OK(fixture.database->checkIntegrity());
    fixture.database.reset();
    QFile file(fixture.directory.filePath("alcuin.db"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    // Every page but the first: the file opens, and what is read of it is an error rather than nonsense.
    for (qint64 at = 4096; at + 64 < file.size(); at += 4096) {
        QVERIFY(file.seek(at) && file.write(QByteArray(64, '\xA5')) == 64);
    }
    file.close();
    auto opened = Database::open(pathOf(fixture.directory));
    if (!opened) {
        QCOMPARE(opened.error().code, ErrorCode::kCorrupt);
        return;
    }
    ALCUIN_FAILS((*opened)->checkIntegrity(), ErrorCode::kCorrupt);
    ALCUIN_FAILS(ConversationStore(**opened).list(), ErrorCode::kCorrupt);
}

void TstDatabase::aFolderThatCannotBeMadeIsNamed() {
    const QTemporaryDir directory;
    QFile file(directory.filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const std::string path = directory.filePath("file/data").toStdString();
    ALCUIN_FAILS(Database::open(path), ErrorCode::kCannotOpen);
    QVERIFY(Database::open(path).error().message.find("file") != std::string::npos);
    // A folder where the file should be.
    QVERIFY(QDir(directory.path()).mkpath("data/alcuin.db"));
    ALCUIN_FAILS(Database::open(directory.filePath("data").toStdString()), ErrorCode::kCannotOpen);
}

void TstDatabase::aFolderThatCannotBeWrittenIsNamed() {
    const QTemporaryDir directory;
    const QString closed = directory.filePath("closed");
    QVERIFY(QDir().mkdir(closed));
    QVERIFY(QFile::setPermissions(closed, QFile::ReadOwner | QFile::ExeOwner));
    // Root may write everywhere but in the kernel's own folders.
    const std::string path = ::geteuid() == 0 ? "/proc/self" : closed.toStdString();
    ALCUIN_FAILS(Database::open(path), ErrorCode::kCannotOpen);
    QVERIFY(Database::open(path).error().message.find(path) != std::string::npos);
    QVERIFY(QFile::setPermissions(closed, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
}

void TstDatabase::aFileHeldByAnotherProgramIsLocked() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "q", "a");
    SQLite::Database other(fixture.directory.filePath("alcuin.db").toStdString(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    ALCUIN_FAILS(fixture.store.setDraft(turn.conversation.id, "x"), ErrorCode::kLocked);
    other.exec("ROLLBACK");
    ALCUIN_OK(fixture.store.setDraft(turn.conversation.id, "x"));
}

void TstDatabase::namesWithSpacesAndAccentsWork() {
    const QTemporaryDir directory;
    const QString data = directory.filePath(QString::fromUtf8("Données d’été 日本 %20?x=y"));
    const auto database = openDatabase(data.toUtf8().toStdString());
    ALCUIN_OK(ConversationStore(*database).appendTurn({}, {}, textParts("q"), {}));
    QVERIFY(QFileInfo::exists(data + "/alcuin.db"));
}

ALCUIN_TEST(TstDatabase)
#include "tst_database.moc"
