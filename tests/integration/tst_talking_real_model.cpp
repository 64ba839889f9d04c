#include <QDir>
#include <QDirIterator>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "platform/directories.h"
#include "program.h"
#include "services/chat_service.h"
#include "services/compaction_service.h"
#include "services/conversation_service.h"
#include "services/ledger_service.h"
#include "services/storage_thread.h"
#include "services/title_writer.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

constexpr qint64 kPage = 64; // tokens that the prefix cache keeps at once

/// With what reckons and sums up; no question may be refused.
class Talking : public tests::Program {
public:
    explicit Talking(const Directories& directories)
        : Program(directories)
        , compactions(conversations, models, chat)
        , ledger(conversations, models, chat, compactions) {
        QObject::connect(&chat, &ChatService::rejected, [](const QUuid&, const Question&, const Trouble& trouble) {
            qFatal("%s", qPrintable(trouble.title + trouble.text));
        });
        load();
    }

    /// What an answer became after `begin` asked for it.
    template <typename Begin>
    MessageView answer(QUuid& conversation, const Begin& begin) {
        QSignalSpy finished(&chat, &ChatService::finished);
        begin();
        if (!QTest::qWaitFor([&] { return !finished.isEmpty(); }, tests::kAnswerMs)) {
            qFatal("no answer came");
        }
        conversation = finished.at(0).at(0).toUuid();
        return finished.at(0).at(1).value<MessageView>();
    }
    MessageView ask(QUuid& conversation, const Question& question) {
        return answer(conversation, [&] { chat.send(conversation, question); });
    }

    /// The coldest answers of a few tokens.
    void keepShort(const QUuid& conversation, int tokens) {
        ConversationSettings wanted;
        wanted.instructions = QStringLiteral("Answer in one short sentence.");
        wanted.parameters = Parameters{};
        wanted.parameters->temperature = 0;
        wanted.parameters->maxTokens = tokens;
        QSignalSpy changed(&chat, &ChatService::settingsChanged);
        chat.setSettings(conversation, wanted);
        if (changed.isEmpty() && !changed.wait()) {
            qFatal("the settings weren't kept");
        }
    }

    CompactionService compactions;
    LedgerService ledger;
};

Question withFile(const QString& text) {
    QString lines;
    for (int i = 0; i < 30; ++i) {
        lines += QStringLiteral("Lighthouse %1 stands on rock %2 above the grey sea.\n").arg(i).arg(i * 7);
    }
    return Question(text, {{QStringLiteral("lighthouses.txt"), QStringLiteral("text/plain"), lines, lines.size()}});
}

} // namespace

/// What the window asks of a model, with one that speaks.
class TstTalkingRealModel : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void theLedgerCountsWhatIsRead();
    void anAnswerGoesOnAndNothingIsReadTwice();
    void aTemporaryChatLeavesNothing();
    void aSummaryMakesRoom();
    void aTitleIsOneOrStaysTheFirstWords();
};

void TstTalkingRealModel::initTestCase() {
    if (tests::realModelPath().isEmpty()) {
        ALCUIN_SKIP(tests::kNoRealModel);
    }
}

void TstTalkingRealModel::theLedgerCountsWhatIsRead() {
    const QTemporaryDir home;
    const auto directories = Directories::locate(home.filePath(QStringLiteral("data")));
    QVERIFY(directories.make().has_value());
    Talking program(directories);
    QUuid conversation;
    program.keepShort({}, 8);
    const Question first = withFile(QStringLiteral("Where does lighthouse 3 stand?"));
    for (const auto& question : {first, Question(QStringLiteral("And lighthouse 4?"))}) {
        QSignalSpy told(&program.ledger, &LedgerService::ledgerChanged);
        program.ledger.watch(conversation, question);
        QVERIFY(told.wait(tests::kAnswerMs));
        const auto ledger = told.last().at(1).value<Ledger>();
        QVERIFY(!ledger.estimated);
        qInfo("instructions %lld, files %lld, conversation %lld, draft %lld, template %lld",
              static_cast<long long>(ledger.instructions), static_cast<long long>(ledger.files),
              static_cast<long long>(ledger.conversation), static_cast<long long>(ledger.draft),
              static_cast<long long>(ledger.templateTokens));
        QVERIFY(ledger.instructions > 0 && ledger.files > 300 && ledger.draft > 0 && ledger.templateTokens > 0);
        const auto answer = program.ask(conversation, question);
        QCOMPARE(answer.measurements.promptTokens, ledger.used());
        QCOMPARE(answer.measurements.contextLength, ledger.contextLength);
        program.ledger.watch(conversation, {});
    }
}

void TstTalkingRealModel::anAnswerGoesOnAndNothingIsReadTwice() {
    const QTemporaryDir home;
    const auto directories = Directories::locate(home.filePath(QStringLiteral("data")));
    QVERIFY(directories.make().has_value());
    Talking program(directories);
    QUuid conversation;
    program.keepShort({}, 6);
    const auto cut = program.ask(conversation, withFile(QStringLiteral("Where does lighthouse 3 stand?")));
    QCOMPARE(cut.state, MessageState::kLength);
    QVERIFY(cut.canContinue);
    const auto more = program.answer(conversation, [&] { program.chat.continueAnswer(conversation, cut.id); });
    qInfo("\"%s\" went on as \"%s\"", qPrintable(cut.text), qPrintable(more.text));
    QCOMPARE(more.id, cut.id);
    QVERIFY(more.text.startsWith(cut.text));
    QVERIFY(more.measurements.completionTokens > cut.measurements.completionTokens);
    QCOMPARE(more.measurements.promptTokens, cut.measurements.promptTokens);
    const auto next = program.ask(conversation, QStringLiteral("And lighthouse 4?"));
    const qint64 before = cut.measurements.promptTokens + more.measurements.completionTokens;
    qInfo("%lld of %lld tokens read before; the turn before had %lld",
          static_cast<long long>(next.measurements.cachedTokens),
          static_cast<long long>(next.measurements.promptTokens), static_cast<long long>(before));
    QVERIFY(next.measurements.cachedTokens >= (before - 2) / kPage * kPage);
}

void TstTalkingRealModel::aTemporaryChatLeavesNothing() {
    const QTemporaryDir home;
    const auto directories = Directories::locate(home.filePath(QStringLiteral("data")));
    QVERIFY(directories.make().has_value());
    const QByteArray secret("Zwetschgendatschi");
    {
        Talking program(directories);
        QUuid conversation = program.chat.beginTemporary();
        program.keepShort(conversation, 6);
        program.ask(conversation, withFile(QString::fromLatin1(secret) + QStringLiteral(" is what?")));
        program.ask(conversation, QStringLiteral("Why?"));
    }
    QVERIFY(QDir(directories.states).isEmpty());
    QDirIterator files(home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    int looked = 0;
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains(secret), qPrintable(file.fileName()));
        ++looked;
    }
    QVERIFY(looked > 0);
}

void TstTalkingRealModel::aSummaryMakesRoom() {
    const QTemporaryDir home;
    const auto directories = Directories::locate(home.filePath(QStringLiteral("data")));
    QVERIFY(directories.make().has_value());
    Talking program(directories);
    QUuid conversation;
    program.keepShort({}, 120);
    program.ask(conversation, withFile(QStringLiteral("What should I know about lighthouses and their keepers?")));
    program.ask(conversation, QStringLiteral("I want to bake sourdough bread. My oven only reaches 220 degrees. How?"));
    program.ask(conversation, QStringLiteral("Why is the sky blue?"));
    const auto before = program.ask(conversation, QStringLiteral("And why is the sunset red?"));
    QSignalSpy compacted(&program.compactions, &CompactionService::compacted);
    QSignalSpy failed(&program.compactions, &CompactionService::failed);
    program.compactions.compact(conversation);
    QVERIFY(QTest::qWaitFor([&] { return !compacted.isEmpty() || !failed.isEmpty(); }, tests::kAnswerMs));
    if (compacted.isEmpty()) { // a model as small as this one may have nothing to say about any turn: then it is said
        const auto trouble = failed.at(0).at(1).value<Trouble>();
        qInfo("no summary: %s", qPrintable(trouble.text));
        QCOMPARE(trouble.action, Trouble::Action::kFirstSentences);
        program.compactions.keepFirstSentences(conversation);
        QVERIFY(!compacted.isEmpty() || compacted.wait(tests::kAnswerMs));
    }
    const auto summary = compacted.at(0).at(1).value<CompactionView>();
    qInfo("the summary, by \"%s\":\n%s", qPrintable(summary.modelName), qPrintable(summary.summary));
    QVERIFY(summary.summary.contains(QStringLiteral("220")) || !summary.summary.contains(QStringLiteral("“")));
    const auto after = program.ask(conversation, QStringLiteral("And at noon?"));
    QVERIFY(after.measurements.promptTokens < before.measurements.promptTokens);
    program.compactions.setCompaction(conversation, summary.id, false);
    const auto again = program.ask(conversation, QStringLiteral("And at night?"));
    QVERIFY(again.measurements.promptTokens > before.measurements.promptTokens);
}

void TstTalkingRealModel::aTitleIsOneOrStaysTheFirstWords() {
    const QTemporaryDir home;
    const auto directories = Directories::locate(home.filePath(QStringLiteral("data")));
    QVERIFY(directories.make().has_value());
    Talking program(directories);
    const TitleWriter titles(program.conversations, program.models, program.chat, program.settings);
    QSignalSpy done(&titles, &TitleWriter::done);
    QUuid conversation;
    program.keepShort({}, 200); // a drawn answer may go in circles until the context is full, and gets no title then
    const auto answer = program.ask(conversation, QStringLiteral("What is the capital of France?"));
    QCOMPARE(answer.state, MessageState::kComplete);
    QVERIFY(!done.isEmpty() || done.wait(tests::kAnswerMs));
    const QString title = done.at(0).at(1).toString();
    qInfo("the title: \"%s\"", qPrintable(title));
    QTRY_VERIFY(!program.conversations.conversations().isEmpty());
    const QString expected = title.isEmpty() ? QStringLiteral("What is the capital of France?") : title;
    QTRY_COMPARE(program.conversations.conversations().at(0).title, expected);
}

ALCUIN_TEST(TstTalkingRealModel)
#include "tst_talking_real_model.moc"
