#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <alcuin/storage/conversation_store.h>

#include "services/storage_thread.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

constexpr const char* kQuestion = "Write a long story about a lighthouse keeper and the sea.";

/// What a session that was killed had said by then.
struct Said {
    storage::Id conversation; ///< empty: nothing was acknowledged
    qint64 bytes = 0;         ///< of the answer, seen
    qint64 bytesASecondAgo = 0;
};

/// Lets a session write for `writingMs` after its first word, then kills it.
Said killedSession(const QString& directory, qint64 writingMs) {
    Said said;
    QProcess session;
    session.start(QStringLiteral(ALCUIN_BINARY_DIR "/tests/chat_session"),
                  {"--data-dir", directory, "--model", alcuin::tests::realModelPath(), "--ask", kQuestion});
    QElapsedTimer sinceFirst;
    QList<QPair<qint64, qint64>> seen; // when, how much
    while (session.state() != QProcess::NotRunning || session.canReadLine()) {
        if (!session.canReadLine() && !session.waitForReadyRead(20) && !sinceFirst.isValid()) {
            continue;
        }
        while (session.canReadLine()) {
            const QString line = QString::fromUtf8(session.readLine()).trimmed();
            if (line.startsWith(QLatin1String("accepted "))) {
                said.conversation = line.mid(9).toStdString();
            } else if (line.startsWith(QLatin1String("delta "))) {
                if (!sinceFirst.isValid()) {
                    sinceFirst.start();
                }
                said.bytes = line.mid(6).toLongLong();
                seen.push_back({sinceFirst.elapsed(), said.bytes});
            } else if (line.startsWith(QLatin1String("failed"))) {
                qFatal("%s", qPrintable(line));
            }
        }
        if (sinceFirst.isValid() && sinceFirst.elapsed() >= writingMs) {
            session.kill();
            session.waitForFinished();
            break;
        }
    }
    for (const auto& [when, bytes] : seen) {
        if (when + 1000 <= sinceFirst.elapsed()) {
            said.bytesASecondAgo = bytes;
        }
    }
    return said;
}

} // namespace

/// kill -9 in the middle of an answer of the real model: question and partial answer are there afterwards.
class TstKillWhileStreaming : public QObject {
    Q_OBJECT
private slots:
    void questionAndPartialAnswerSurvive();
};

void TstKillWhileStreaming::questionAndPartialAnswerSurvive() {
    if (alcuin::tests::realModelPath().isEmpty()) {
        ALCUIN_SKIP(alcuin::tests::kNoRealModel);
    }
    QTemporaryDir directory;
    const int kills =
        qEnvironmentVariableIntValue("ALCUIN_MODEL_KILLS") > 0 ? qEnvironmentVariableIntValue("ALCUIN_MODEL_KILLS") : 3;
    QRandomGenerator random(20240607);
    QList<Said> sessions;
    for (int i = 0; i < kills; ++i) {
        sessions.push_back(killedSession(directory.path(), random.bounded(1100, 2500)));
    }
    const auto storage = StorageThread::open(directory.path());
    QVERIFY(storage.has_value());
    for (const auto& said : sessions) {
        QVERIFY(!said.conversation.empty());
        const auto path = (*storage)->call([&](storage::Database& database) {
            return storage::ConversationStore(database).activePath(said.conversation);
        });
        QVERIFY(path.has_value());
        QCOMPARE(path->size(), 2U);
        QCOMPARE(path->at(0).message.parts.at(0).text, std::string(kQuestion));
        const auto& answer = path->at(1).message;
        QCOMPARE(answer.state, storage::MessageState::kInterrupted);
        const auto kept = static_cast<qint64>(answer.parts.empty() ? 0 : answer.parts.at(0).text.size());
        qInfo("seen %lld bytes, %lld of them a second before the end; kept %lld", static_cast<long long>(said.bytes),
              static_cast<long long>(said.bytesASecondAgo), static_cast<long long>(kept));
        QVERIFY(kept > 0);
        QVERIFY(kept >= said.bytesASecondAgo);
    }
}

ALCUIN_TEST(TstKillWhileStreaming)
#include "tst_kill_while_streaming.moc"
