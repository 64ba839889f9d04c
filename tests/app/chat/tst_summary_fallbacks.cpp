#include "app/chat/house.h"
#include "services/compaction_plan.h"
#include "services/compaction_service.h"
#include "services/summary_text.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;
using alcuin::tests::texts;

namespace {

const std::string kRubbish = "I am ready to help. How may I do so today?";

struct Talk {
    explicit Talk(const QString& directory)
        : house(directory), compactions(house.conversations, house.models, house.chat) {
        house.engine->setContextLength(8192); // of a character each
    }

    /// About lighthouses, each question and answer with its own number; the conversation.
    QUuid talk(int turns, int sentences = 12) {
        QUuid conversation;
        for (int i = 0; i < turns; ++i) {
            conversation = house.ask(conversation, QStringLiteral("Where does lighthouse %1 stand?").arg(i));
            std::string answer;
            for (int k = 0; k < sentences; ++k) {
                answer += "Lighthouse " + std::to_string(i) + " stands on cliff " + std::to_string(k) + ". ";
            }
            house.engine->write(house.engine->requests().size() - 1, answer);
            house.finish();
        }
        return conversation;
    }
    std::size_t requests() const {
        return house.engine->requests().size();
    }
    std::string question() const {
        return house.engine->requests().back().messages.back().content;
    }
    void answer(const std::string& text, inference::FinishReason reason = inference::FinishReason::kStop) {
        const auto last = requests() - 1;
        house.engine->write(last, text);
        house.engine->finish(last, reason);
    }
    CompactionView compacted() {
        if (done.isEmpty() && !done.wait()) {
            qFatal("nothing was summarised");
        }
        return done.takeFirst().at(1).value<CompactionView>();
    }
    Trouble trouble() {
        if (failed.isEmpty() && !failed.wait()) {
            qFatal("nothing failed");
        }
        return failed.takeFirst().at(1).value<Trouble>();
    }

    House house;
    CompactionService compactions;
    QSignalSpy done{&compactions, &CompactionService::compacted};
    QSignalSpy failed{&compactions, &CompactionService::failed};
};

} // namespace

/// Summaries where a model is small, or its limit.
class TstSummaryFallbacks : public QObject {
    Q_OBJECT
private slots:
    void aTextThatWasCutEndsWithASentence();
    void aTextWithoutAWholeSentenceIsNone();
    void whatIsRefusedIsAskedForTurnByTurn_data();
    void whatIsRefusedIsAskedForTurnByTurn();
    void oneThatGoesRoundInCirclesIsntWaitedFor();
    void aModelThatWritesNothingLeavesTheChoice();
    void firstSentencesNeedNoModel();
    void aTurnThatCantBeReadAtOnceIsCoveredToo();
    void whatWasSummarisedBeforeStays();
    void turnsAsShortAsTheirSummaryStay();
    void itMakesRoomForAQuestionThatDidntFit();
    void itCanBeGivenUpBetweenTurns();
};

void TstSummaryFallbacks::aTextThatWasCutEndsWithASentence() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.answer("Lighthouses stand on cliffs. The second lighthouse stan", inference::FinishReason::kLength);
    const auto compaction = talk.compacted();
    QCOMPARE(compaction.summary, QStringLiteral("Lighthouses stand on cliffs.\n") + cutOffMark());
    QCOMPARE(compaction.modelName, QStringLiteral("scripted"));
}

void TstSummaryFallbacks::aTextWithoutAWholeSentenceIsNone() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.answer("The lighthouses that stand on cliffs", inference::FinishReason::kLength);
    QTRY_COMPARE(talk.requests(), 5U); // asked turn by turn
    talk.answer("Lighthouse 0 stands on a cli", inference::FinishReason::kLength);
    QTRY_COMPARE(talk.requests(), 6U);
    talk.answer("Lighthouse 1 stands on a cliff.");
    const QString summary = talk.compacted().summary;
    QVERIFY2(!summary.contains(QStringLiteral("a cli\n")), qPrintable(summary));
    QVERIFY(summary.contains(QStringLiteral("Answered: “Lighthouse 0 stands on cliff 0.")));
    QVERIFY(summary.endsWith(QStringLiteral("Answered: Lighthouse 1 stands on a cliff.")));
}

void TstSummaryFallbacks::whatIsRefusedIsAskedForTurnByTurn_data() {
    QTest::addColumn<QString>("whole");
    QTest::newRow("says nothing") << QString::fromStdString(kRubbish);
    QTest::newRow("nothing") << "  \n";
    QTest::newRow("in circles") << QStringLiteral("The lighthouse stands on a cliff. ").repeated(20);
    QTest::newRow("three words among many")
        << "I'm excited to help you plan the lighthouse. The cliff where it stands is a great example of effective "
           "communication, happy concerns, useful reminders, important planning, thrilling adventures, and dreams.";
}

void TstSummaryFallbacks::whatIsRefusedIsAskedForTurnByTurn() {
    QFETCH(QString, whole);
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3);
    const auto before = talk.house.path(conversation);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.answer(whole.toStdString());
    QTRY_COMPARE(talk.requests(), 5U);
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 1U);
    QVERIFY(talk.question().find(
                "Question: Where does lighthouse 0 stand?\n\nAnswer: Lighthouse 0 stands on cliff 0.") == 0);
    talk.answer("It is said to stand on several cliffs: lighthouse 0.");
    QTRY_COMPARE(talk.requests(), 6U);
    QVERIFY(talk.question().find("Where does lighthouse 1 stand?") != std::string::npos);
    QVERIFY(talk.done.isEmpty());
    talk.answer(kRubbish);
    const auto compaction = talk.compacted();
    QCOMPARE(compaction.modelName, QStringLiteral("scripted"));
    QCOMPARE(compaction.lastMessage, before.at(3).id);
    const auto lines = compaction.summary.split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 5);
    QCOMPARE(lines.at(1), QStringLiteral("Asked: “Where does lighthouse 0 stand?”"));
    QCOMPARE(lines.at(2), QStringLiteral("Answered: It is said to stand on several cliffs: lighthouse 0."));
    QCOMPARE(lines.at(3), QStringLiteral("Asked: “Where does lighthouse 1 stand?”"));
    QVERIFY(lines.at(4).startsWith(QStringLiteral("Answered: “Lighthouse 1 stands on cliff 0.")));
    QCOMPARE(texts(talk.house.path(conversation)), texts(before));
}

void TstSummaryFallbacks::oneThatGoesRoundInCirclesIsntWaitedFor() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    for (int i = 0; i < 20; ++i) {
        talk.house.engine->write(3, "The lighthouse stands on a cliff. ");
    }
    QTRY_COMPARE(talk.requests(), 5U);
    QTRY_VERIFY(talk.house.engine->isCancelled(3));
    talk.answer("Lighthouse 0 stands on cliffs.");
    QTRY_COMPARE(talk.requests(), 6U);
    talk.answer("Lighthouse 1 stands on cliffs.");
    QCOMPARE(talk.compacted().modelName, QStringLiteral("scripted"));
}

void TstSummaryFallbacks::aModelThatWritesNothingLeavesTheChoice() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3);
    talk.compactions.compact(conversation);
    for (std::size_t request = 4; request <= 6; ++request) {
        QTRY_COMPARE(talk.requests(), request);
        talk.answer(kRubbish);
    }
    QCOMPARE(talk.trouble().action, Trouble::Action::kFirstSentences);
    QVERIFY(!talk.compactions.isCompacting(conversation));
    QVERIFY(talk.done.isEmpty());
    talk.house.ask(conversation, QStringLiteral("Next")); // with every turn as it was
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 7U);
    talk.house.finish();
}

void TstSummaryFallbacks::firstSentencesNeedNoModel() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(4);
    const auto before = talk.house.path(conversation);
    talk.compactions.keepFirstSentences(conversation);
    const auto compaction = talk.compacted();
    QCOMPARE(talk.requests(), 4U);
    QCOMPARE(compaction.modelName, QString());
    QCOMPARE(compaction.lastMessage, before.at(5).id);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(compaction.summary.contains(QStringLiteral("Asked: “Where does lighthouse %1 stand?”").arg(i)));
        QVERIFY(compaction.summary.contains(QStringLiteral("Answered: “Lighthouse %1 stands on cliff 0.").arg(i)));
    }
    talk.house.ask(conversation, QStringLiteral("Next"));
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 3U);
    QVERIFY(talk.house.engine->requests().back().messages.front().content.find("“Lighthouse 0 stands on cliff 0.") !=
            std::string::npos);
    talk.house.finish();
    QSignalSpy changed(&talk.compactions, &CompactionService::compactionsChanged);
    talk.compactions.setCompaction(conversation, compaction.id, false);
    QVERIFY(changed.wait());
    talk.house.ask(conversation, QStringLiteral("And next"));
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 11U);
    talk.house.finish();
}

void TstSummaryFallbacks::aTurnThatCantBeReadAtOnceIsCoveredToo() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(2, 24); // more than 700 of the engine's tokens each
    talk.house.engine->setContextLength(800);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 3U); // not asked for the whole: no turn fits beside that question
    QVERIFY(talk.question().find("Question: Where does lighthouse 0 stand?") == 0);
    QVERIFY(talk.question().size() < 600);
    talk.answer("Lighthouse 0 stands on cliffs.");
    QTRY_COMPARE(talk.requests(), 4U);
    talk.answer("Lighthouse 1 stands on cliffs.");
    const auto compaction = talk.compacted();
    QVERIFY(compaction.summary.size() <= 320);
    QCOMPARE(compaction.lastMessage, talk.house.path(conversation).at(3).id);
}

void TstSummaryFallbacks::whatWasSummarisedBeforeStays() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.answer("Earlier: lighthouses stand on cliffs.");
    talk.compacted();
    for (int i = 3; i < 5; ++i) {
        talk.house.ask(conversation, QStringLiteral("Where does lighthouse %1 stand?").arg(i));
        talk.house.engine->write(talk.requests() - 1, std::string(900, 'x') + " on a cliff. And more is said. ");
        talk.house.finish();
    }
    talk.compactions.keepFirstSentences(conversation);
    const QString summary = talk.compacted().summary;
    QVERIFY2(summary.contains(QStringLiteral("Earlier: lighthouses stand on cliffs.\nAsked: “Where does lighthouse 2")),
             qPrintable(summary));
    QVERIFY(!summary.contains(QStringLiteral("lighthouse 0")));
}

void TstSummaryFallbacks::turnsAsShortAsTheirSummaryStay() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3, 1);
    talk.compactions.keepFirstSentences(conversation);
    QCOMPARE(talk.trouble().action, Trouble::Action::kNone);
    QVERIFY(talk.done.isEmpty());
}

void TstSummaryFallbacks::itMakesRoomForAQuestionThatDidntFit() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(7, 8);
    talk.house.engine->setContextLength(2048);
    QSignalSpy full(&talk.house.chat, &ChatService::contextFull);
    const QString question(200, QLatin1Char('q'));
    talk.house.chat.send(conversation, question);
    QVERIFY(full.wait());
    talk.compactions.keepFirstSentences(conversation);
    talk.compacted();
    talk.house.ask(conversation, question);
    talk.house.finish();
}

void TstSummaryFallbacks::itCanBeGivenUpBetweenTurns() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.answer(kRubbish);
    QTRY_COMPARE(talk.requests(), 5U);
    talk.compactions.cancel(conversation);
    QCOMPARE(talk.failed.size(), 1);
    QTRY_VERIFY(talk.house.engine->isCancelled(4));
    talk.compactions.keepFirstSentences(conversation); // and another can be begun at once
    talk.compacted();
    QVERIFY(!talk.compactions.isCompacting(conversation));
}

ALCUIN_TEST(TstSummaryFallbacks)
#include "tst_summary_fallbacks.moc"
