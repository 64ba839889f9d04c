#include <QDir>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <alcuin/storage/conversation_store.h>

#include "platform/directories.h"
#include "program.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/purge.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

constexpr int kEnough = 40; // pieces of an answer: a small model may go on for long

/// It has purged what was deleted when it is there.
class Reopened : public tests::Program {
public:
    explicit Reopened(const Directories& directories) : Program(directories) {
        QSignalSpy kept(&models, &ModelService::statesKept);
        purgeDeleted(*storage, conversations, models);
        if (!kept.wait(tests::kLoadMs)) {
            qFatal("what was deleted wasn't purged");
        }
    }

    /// Asks; the answer, or as much of it as is enough.
    MessageView ask(QUuid& conversation, const QString& text) {
        QSignalSpy accepted(&chat, &ChatService::accepted);
        QSignalSpy deltas(&chat, &ChatService::answerDelta);
        QSignalSpy finished(&chat, &ChatService::finished);
        chat.send(conversation, text);
        if (!QTest::qWaitFor([&] { return !finished.isEmpty() || deltas.size() >= kEnough; }, tests::kAnswerMs)) {
            qFatal("no answer came");
        }
        conversation = accepted.at(0).at(0).toUuid();
        chat.stop(conversation);
        if (!QTest::qWaitFor([&] { return !finished.isEmpty(); }, tests::kAnswerMs)) {
            qFatal("the answer didn't end");
        }
        return finished.at(0).at(1).value<MessageView>();
    }

    bool remove(const QUuid& conversation) {
        conversations.refresh();
        QSignalSpy removed(&conversations, &ConversationService::removed);
        return QTest::qWaitFor([this] { return !conversations.conversations().isEmpty(); }) &&
               (conversations.remove(conversation), removed.wait());
    }
};

QFileInfoList statesOf(const Directories& directories) {
    return QDir(directories.states).entryInfoList(QDir::Files | QDir::Hidden);
}

/// Tokens that stay on disk of a turn: whole pages of what the model has read and written. Two tokens less than were
/// written, since the last one hasn't been read, and one more may come after an answer was stopped.
qint64 staysOf(const MessageView& answer) {
    constexpr qint64 kPage = 64;
    return (answer.measurements.promptTokens + answer.measurements.completionTokens - 2) / kPage * kPage;
}

QString tale(const QString& question) {
    return QStringLiteral("The lighthouse stood on the rock above the grey sea. ").repeated(20) + question;
}

} // namespace

/// A conversation goes on after the program was closed without being read again, and leaves nothing when it is deleted.
class TstReopenedConversation : public QObject {
    Q_OBJECT
private slots:
    void itGoesOnWhereItWasAndLeavesNothing();
    void whatAKilledPurgeLeftGoesAtTheNextStart();
};

void TstReopenedConversation::itGoesOnWhereItWasAndLeavesNothing() {
    if (tests::realModelPath().isEmpty()) {
        ALCUIN_SKIP(tests::kNoRealModel);
    }
    const QTemporaryDir home;
    const auto directories = Directories::locate(home.filePath(QStringLiteral("data")));
    QVERIFY(directories.make().has_value());
    QUuid conversation;
    MessageView first;
    {
        Reopened program(directories);
        program.load();
        first = program.ask(conversation, tale(QStringLiteral("Where did it stand?")));
        QCOMPARE(first.measurements.cachedTokens, 0);
        QVERIFY(first.measurements.promptTokens > 200);
        QVERIFY(first.measurements.completionTokens > 0);
    }
    const auto others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFileInfo(directories.states).permissions() & others, QFile::Permissions());
    QCOMPARE(statesOf(directories).size(), 1);
    QCOMPARE(statesOf(directories).at(0).permissions() & (others | QFile::ExeOwner), QFile::Permissions());
    {
        Reopened program(directories);
        program.load();
        const auto second = program.ask(conversation, QStringLiteral("And what was below it?"));
        qInfo("%lld tokens on disk, %lld of %lld read before", static_cast<long long>(staysOf(first)),
              static_cast<long long>(second.measurements.cachedTokens),
              static_cast<long long>(second.measurements.promptTokens));
        QVERIFY(second.measurements.cachedTokens >= staysOf(first));
        QVERIFY(second.measurements.cachedTokens < second.measurements.promptTokens);
        QVERIFY(program.remove(conversation));
    }
    QCOMPARE(statesOf(directories).size(), 1); // it could be undone until now
    const Reopened program(directories);       // without a model
    QVERIFY(QDir(directories.states).isEmpty());
    const auto found = program.storage->call(
        [&](storage::Database& database) { return storage::ConversationStore(database).find(toId(conversation)); });
    QVERIFY(!found && found.error().code == storage::ErrorCode::kNotFound);
}

void TstReopenedConversation::whatAKilledPurgeLeftGoesAtTheNextStart() {
    if (tests::realModelPath().isEmpty()) {
        ALCUIN_SKIP(tests::kNoRealModel);
    }
    const QTemporaryDir home;
    const auto directories = Directories::locate(home.filePath(QStringLiteral("data")));
    QVERIFY(directories.make().has_value());
    QUuid deleted;
    QUuid stays;
    {
        Reopened program(directories);
        program.load();
        program.ask(deleted, tale(QStringLiteral("Where did it stand?")));
        program.ask(stays, tale(QStringLiteral("What was below?")));
    }
    QCOMPARE(statesOf(directories).size(), 2);
    {
        // As if the process had been killed between the rows and the states.
        const auto storage = StorageThread::open(directories.data);
        QVERIFY(storage.has_value());
        const auto purged = (*storage)->call([&](storage::Database& database) {
            storage::ConversationStore store(database);
            (void)store.remove(toId(deleted));
            return store.purgeDeleted(storage::Sources::system().now() + 1);
        });
        QCOMPARE(purged.value_or(0), std::size_t(1));
    }
    QCOMPARE(statesOf(directories).size(), 2);
    {
        const Reopened program(directories);
        QCOMPARE(statesOf(directories).size(), 1);
    }
    Reopened program(directories);
    program.load();
    QVERIFY(program.ask(stays, QStringLiteral("And above?")).measurements.cachedTokens >= 192); // three pages at least
    QCOMPARE(statesOf(directories).size(), 1);
}

ALCUIN_TEST(TstReopenedConversation)
#include "tst_reopened_conversation.moc"
