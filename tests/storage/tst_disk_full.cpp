#include <QProcess>

#include <set>

#include <sqlite3.h>

#include "faulty_disk.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

/// Asks and answers until something fails, remembering what was acknowledged.
struct Talker {
    ConversationStore& store;
    std::set<Id> acknowledged;
    std::size_t conversations = 0;

    Result<void> talk() {
        auto turn = store.appendTurn({}, {}, textParts(std::string(1500, 'q')), someGeneration());
        if (!turn) {
            return tl::unexpected<Error>(turn.error());
        }
        ++conversations;
        acknowledged.insert(turn->question.id);
        acknowledged.insert(turn->answer.id);
        std::string text;
        for (int i = 0; i < 3; ++i) {
            text.append(2000, 'a');
            if (auto flushed = store.flushAnswer(turn->answer.id, textParts(text), someGeneration()); !flushed) {
                return flushed;
            }
        }
        return store.finishAnswer(turn->answer.id, MessageState::kComplete, textParts(text), someGeneration());
    }
};

} // namespace

/// A disk that is full, or refuses, at each single write: an error in words, nothing lost, and on it goes with room.
class TstDiskFull : public QObject {
    Q_OBJECT
private slots:
    void writesFail_data();
    void writesFail();
    void openingOnAFullDisk();
    void theSystemsOwnRefusalIsADiskThatIsFull();
};

void TstDiskFull::writesFail_data() {
    QTest::addColumn<int>("sqliteCode");
    QTest::addColumn<int>("expected");
    QTest::addColumn<int>("points");
    QTest::newRow("full") << SQLITE_FULL << static_cast<int>(ErrorCode::kDiskFull) << 200;
    QTest::newRow("write error") << SQLITE_IOERR_WRITE << static_cast<int>(ErrorCode::kCannotOpen) << 67;
    QTest::newRow("sync error") << SQLITE_IOERR_FSYNC << static_cast<int>(ErrorCode::kCannotOpen) << 67;
}

void TstDiskFull::writesFail() {
    QFETCH(int, sqliteCode);
    QFETCH(int, expected);
    QFETCH(int, points);
    FaultyDisk disk;
    StorageFixture fixture;
    Talker talker{fixture.store, {}, 0};
    for (int point = 0; point < points; ++point) {
        // Spread over the writes of one exchange, however many those are, and over the checkpoints between them.
        disk.failAfter(point % 67, sqliteCode);
        Result<void> result;
        while ((result = talker.talk())) {
        }
        QVERIFY(disk.hasFailed());
        QVERIFY2(result.error().code == static_cast<ErrorCode>(expected), result.error().message.c_str());
        disk.heal();
        ALCUIN_OK(talker.talk());
        if (point % 20 == 0) {
            fixture.reopen();
            ALCUIN_OK(fixture.database->checkIntegrity());
        }
    }
    for (const auto& id : talker.acknowledged) {
        ALCUIN_OK(fixture.store.message(id));
    }
    ALCUIN_TAKE(conversations, fixture.store.list());
    QCOMPARE(conversations.size(), talker.conversations);
    ALCUIN_OK(fixture.database->checkIntegrity());
}

void TstDiskFull::openingOnAFullDisk() {
    FaultyDisk disk;
    bool opened = false;
    int point = 0;
    for (; !opened && point < 500; ++point) {
        const QTemporaryDir directory;
        disk.failAfter(point, SQLITE_FULL);
        {
            const auto database = Database::open(pathOf(directory));
            opened = !disk.hasFailed();
            if (!database) {
                QVERIFY2(database.error().code == ErrorCode::kDiskFull, database.error().message.c_str());
            }
            QVERIFY(database.has_value() || !opened);
        }
        disk.heal();
        const auto database = openDatabase(pathOf(directory));
        ALCUIN_OK(database->checkIntegrity());
        ALCUIN_OK(ConversationStore(*database).appendTurn({}, {}, textParts("q"), {}));
    }
    QVERIFY2(opened && point > 5, "every write of the first opening has failed once");
}

void TstDiskFull::theSystemsOwnRefusalIsADiskThatIsFull() {
    // No stand-in for the disk here: another process may not make its files larger than this.
    const QTemporaryDir directory;
    QProcess writer;
    writer.start(QStringLiteral(ALCUIN_STORAGE_WRITER), {directory.path(), QStringLiteral("3000000")});
    QVERIFY(writer.waitForFinished(60'000));
    QCOMPARE(writer.exitStatus(), QProcess::NormalExit);
    const QByteArray reason = writer.readAllStandardError();
    QVERIFY2(writer.exitCode() == 10 + static_cast<int>(ErrorCode::kDiskFull), reason.constData());
    QVERIFY(reason.contains(directory.filePath("alcuin.db").toUtf8()));
    const auto database = openDatabase(pathOf(directory));
    ALCUIN_OK(database->checkIntegrity());
    ConversationStore store(*database);
    int turns = 0;
    for (const auto& line : writer.readAllStandardOutput().split('\n')) {
        const auto fields = line.split(' ');
        if (fields[0] == "turn") {
            ALCUIN_OK(store.message(fields.at(2).toStdString()));
            ALCUIN_OK(store.message(fields.at(3).toStdString()));
            ++turns;
        }
    }
    QVERIFY(turns > 10);
    ALCUIN_OK(store.appendTurn({}, {}, textParts("with room again"), {}));
}

ALCUIN_TEST(TstDiskFull)
#include "tst_disk_full.moc"
