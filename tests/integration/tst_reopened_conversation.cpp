#include <QDir>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <alcuin/storage/conversation_store.h>

#include "engines/local_loader.h"
#include "platform/directories.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/purge.h"
#include "services/record_conversion.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

constexpr int kLoadMs = 60'000;
constexpr int kAnswerMs = 240'000; // for a sanitizer's build on a busy machine
constexpr int kEnough = 40;        // pieces of an answer: a small model may go on for long

inference::RuntimeOptions keepingStatesIn(const Directories& directories) {
    inference::RuntimeOptions options;
    options.snapshotDirectory = directories.states.toStdString();
    return options;
}

/// The program without its window, from its start to its end.
class Program {
public:
    explicit Program(const Directories& directories)
        : storage(std::move(*StorageThread::open(directories.data)))
        , settings(*storage, {})
        , models(std::make_unique<LocalLoader>(keepingStatesIn(directories)), directories.models, settings)
        , conversations(*storage)
        , chat(*storage, models, conversations) {
        QObject::connect(&conversations, &ConversationService::failed,
                         [](const Trouble& trouble) { qFatal("%s", qPrintable(trouble.title + trouble.text)); });
        QSignalSpy kept(&models, &ModelService::statesKept);
        purgeDeleted(*storage, conversations, models);
        if (!kept.wait(kLoadMs)) {
            qFatal("what was deleted wasn't purged");
        }
    }
    ~Program() {
        chat.shutdown();
    }

    bool load() {
        models.use(tests::realModelPath());
        return QTest::qWaitFor([this] { return models.state() == EngineState::kReady; }, kLoadMs);
    }

    /// Asks; the answer, or as much of it as is enough.
    MessageView ask(QUuid& conversation, const QString& text) {
        QSignalSpy accepted(&chat, &ChatService::accepted);
        QSignalSpy deltas(&chat, &ChatService::answerDelta);
        QSignalSpy finished(&chat, &ChatService::finished);
        chat.send(conversation, text);
        if (!QTest::qWaitFor([&] { return !finished.isEmpty() || deltas.size() >= kEnough; }, kAnswerMs)) {
            qFatal("no answer came");
        }
        conversation = accepted.at(0).at(0).toUuid();
        chat.stop(conversation);
        if (!QTest::qWaitFor([&] { return !finished.isEmpty(); }, kAnswerMs)) {
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

    std::unique_ptr<StorageThread> storage;
    SettingsService settings;
    ModelService models;
    ConversationService conversations;
    ChatService chat;
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
        Program program(directories);
        QVERIFY(program.load());
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
        Program program(directories);
        QVERIFY(program.load());
        const auto second = program.ask(conversation, QStringLiteral("And what was below it?"));
        qInfo("%lld tokens on disk, %lld of %lld read before", static_cast<long long>(staysOf(first)),
              static_cast<long long>(second.measurements.cachedTokens),
              static_cast<long long>(second.measurements.promptTokens));
        QVERIFY(second.measurements.cachedTokens >= staysOf(first));
        QVERIFY(second.measurements.cachedTokens < second.measurements.promptTokens);
        QVERIFY(program.remove(conversation));
    }
    QCOMPARE(statesOf(directories).size(), 1); // it could be undone until now
    const Program program(directories);        // without a model
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
        Program program(directories);
        QVERIFY(program.load());
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
        const Program program(directories);
        QCOMPARE(statesOf(directories).size(), 1);
    }
    Program program(directories);
    QVERIFY(program.load());
    QVERIFY(program.ask(stays, QStringLiteral("And above?")).measurements.cachedTokens >= 192); // three pages at least
    QCOMPARE(statesOf(directories).size(), 1);
}

ALCUIN_TEST(TstReopenedConversation)
#include "tst_reopened_conversation.moc"
