#include <QElapsedTimer>
#include <QProcess>
#include <QThread>

#include <map>
#include <random>

#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

/// What the writer said is committed of one answer.
struct Acknowledged {
    Id conversation;
    Id question;
    std::size_t words = 0;
    bool done = false;
};
using Ledger = std::map<Id, Acknowledged>;

void note(const QByteArray& line, Ledger& ledger) {
    const auto fields = line.trimmed().split(' ');
    if (fields[0] == "turn" && fields.size() == 4) {
        ledger[fields[3].toStdString()] = {fields[1].toStdString(), fields[2].toStdString(), 0, false};
    } else if ((fields[0] == "part" || fields[0] == "done") && fields.size() == 3) {
        auto& answer = ledger[fields[1].toStdString()];
        answer.words = fields[2].toULongLong();
        answer.done = fields[0] == "done";
    }
}

std::size_t wordsIn(const Message& message) {
    return textOf(message).size() / std::string_view("word ").size();
}

} // namespace

/// A process that is killed while it writes: what it said is stored is stored.
class TstKill : public QObject {
    Q_OBJECT
private slots:
    void nothingAcknowledgedIsLost();

private:
    /// Lets a writer run in `directory` and kills it at a random moment.
    void runAndKill(const QString& directory, Ledger& ledger);
    void check(ConversationStore& store, const Ledger& ledger);

    std::mt19937 m_random;
};

void TstKill::runAndKill(const QString& directory, Ledger& ledger) {
    QProcess writer;
    writer.setProcessChannelMode(QProcess::SeparateChannels);
    writer.start(QStringLiteral(ALCUIN_STORAGE_WRITER), {directory});
    QVERIFY(writer.waitForStarted());
    // Every fourth one dies while it opens; the others after some lines, and then at no particular point.
    const unsigned long lines = m_random() % 4 == 0 ? 0 : 1 + m_random() % 60;
    unsigned long seen = 0;
    while (seen < lines) {
        if (!writer.canReadLine() && !writer.waitForReadyRead(30'000)) {
            break;
        }
        while (writer.canReadLine() && seen < lines) {
            note(writer.readLine(), ledger);
            ++seen;
        }
    }
    QVERIFY2(seen == lines, writer.readAllStandardError().constData());
    QThread::usleep(m_random() % 8000);
    writer.kill();
    QVERIFY(writer.waitForFinished());
    QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
    // Said before it died: acknowledged, too. A line without an end wasn't said.
    while (writer.canReadLine()) {
        note(writer.readLine(), ledger);
    }
}

void TstKill::check(ConversationStore& store, const Ledger& ledger) {
    for (const auto& [id, acknowledged] : ledger) {
        ALCUIN_TAKE(question, store.message(acknowledged.question));
        QCOMPARE(question.conversationId, acknowledged.conversation);
        QVERIFY(wordsIn(question) >= 20);
        ALCUIN_TAKE(answer, store.message(id));
        QVERIFY2(wordsIn(answer) >= acknowledged.words, "a part of an answer is lost");
        if (acknowledged.done) {
            QCOMPARE(answer.state, MessageState::kComplete);
        } else {
            // It may have been completed without our hearing of it; it is not left streaming.
            QVERIFY(answer.state == MessageState::kInterrupted || answer.state == MessageState::kComplete);
        }
    }
}

void TstKill::nothingAcknowledgedIsLost() {
    const int kills =
        qMax(1, qEnvironmentVariableIntValue("ALCUIN_KILLS") > 0 ? qEnvironmentVariableIntValue("ALCUIN_KILLS") : 20);
    const unsigned seed = 20251101;
    m_random.seed(seed);
    auto directory = std::make_unique<QTemporaryDir>();
    Ledger all;
    std::size_t acknowledged = 0;
    std::size_t interrupted = 0;
    qint64 slowestOpenMs = 0;
    for (int kill = 0; kill < kills; ++kill) {
        if (kill % 10 == 9) { // begin again, so that the first opening is hit, too
            acknowledged += all.size();
            all.clear();
            directory = std::make_unique<QTemporaryDir>();
        }
        Ledger fresh;
        runAndKill(directory->path(), fresh);
        if (QTest::currentTestFailed()) {
            return;
        }
        QElapsedTimer timer;
        timer.start();
        const auto database = openDatabase(pathOf(*directory));
        slowestOpenMs = qMax(slowestOpenMs, timer.elapsed());
        ALCUIN_OK(database->checkIntegrity());
        ConversationStore store(*database);
        ALCUIN_TAKE(marked, store.markInterrupted());
        QVERIFY(marked <= 1); // the writer writes one answer at a time
        interrupted += marked;
        check(store, fresh);
        all.merge(fresh);
        check(store, all);
        if (QTest::currentTestFailed()) {
            return;
        }
    }
    acknowledged += all.size();
    qInfo("%d kills (seed %u): %zu acknowledged turns, none lost; %zu interrupted answers; slowest opening %lld ms",
          kills, seed, acknowledged, interrupted, static_cast<long long>(slowestOpenMs));
}

ALCUIN_TEST(TstKill)
#include "tst_kill.moc"
