#include "app/chat/house.h"
#include "services/compaction_plan.h"
#include "services/compaction_service.h"
#include "services/ledger_service.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;
using alcuin::tests::texts;

namespace {

struct Talk {
    explicit Talk(const QString& directory)
        : house(directory), compactions(house.conversations, house.models, house.chat) {}

    /// Questions and answers of so many characters each; the conversation.
    QUuid talk(int turns, std::size_t length) {
        QUuid conversation;
        for (int i = 0; i < turns; ++i) {
            conversation = house.ask(conversation, QStringLiteral("Question %1").arg(i));
            house.engine->write(house.engine->requests().size() - 1, std::string(length, char('a' + i)));
            house.finish();
        }
        return conversation;
    }
    std::size_t requests() const {
        return house.engine->requests().size();
    }
    /// Answers the last request, which asks for a summary.
    void summarise(const std::string& text) {
        const auto last = requests() - 1;
        house.engine->write(last, text);
        house.engine->finish(last);
    }
    /// Has it summed up, in as many requests as it takes.
    void compactInSteps(const QUuid& conversation, const QUuid& before = {}) {
        auto answered = requests();
        compactions.compact(conversation, before);
        QTRY_VERIFY(([&] {
            for (; answered < requests(); ++answered) {
                summarise("Short: aaaaaa bbbbbb cccccc.");
            }
            return !done.isEmpty();
        }()));
    }
    CompactionView compacted() {
        if (done.isEmpty() && !done.wait()) {
            qFatal("nothing was summarised");
        }
        return done.takeFirst().at(1).value<CompactionView>();
    }

    House house;
    CompactionService compactions;
    QSignalSpy done{&compactions, &CompactionService::compacted};
    QSignalSpy failed{&compactions, &CompactionService::failed};
};

std::string lastContent(const Talk& talk) {
    return talk.house.engine->requests().back().messages.back().content;
}

} // namespace

class TstCompaction : public QObject {
    Q_OBJECT
private slots:
    void aSummaryStandsForEarlierTurns();
    void itCanBeTakenBack();
    void whatCantBeReadAtOnceIsReadInPieces();
    void aFullContextGoesOnAfterIt();
    void anAnswerThatHadNoRoomIsWrittenAfterIt();
    void whatItStandsForDoesntContinue();
    void aLaterSummaryContainsTheEarlier();
    void itHoldsOnEveryBranchThatContainsIt();
    void itOutlivesTheProgram();
    void withNothingToCoverItSaysSo();
    void whatFailsStoresNothing();
    void itCanBeGivenUp();
    void theLedgerShowsIt();
};

void TstCompaction::aSummaryStandsForEarlierTurns() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3, 100);
    const auto before = talk.house.path(conversation);
    talk.compactions.compact(conversation);
    QVERIFY(talk.compactions.isCompacting(conversation));
    QTRY_COMPARE(talk.requests(), 4U);
    const auto request = talk.house.engine->requests().back();
    QCOMPARE(request.priority, inference::Priority::kNormal);
    QCOMPARE(request.snapshotOwner, std::string());
    // The last question and its answer stay as they are; what is read begins as before.
    QCOMPARE(request.messages.size(), 5U);
    QCOMPARE(request.messages.at(0).content, std::string("Question 0"));
    QCOMPARE(request.messages.back().content, summaryQuestion().text.toStdString());
    talk.summarise("Much: aaaaaa bbbbbb cccccc.");
    const auto compaction = talk.compacted();
    QCOMPARE(compaction.lastMessage, before.at(3).id);
    QCOMPARE(compaction.summary, QStringLiteral("Much: aaaaaa bbbbbb cccccc."));
    QCOMPARE(compaction.modelName, QStringLiteral("scripted"));
    QVERIFY(compaction.active);
    QCOMPARE(texts(talk.house.path(conversation)), texts(before)); // nothing is gone
    talk.house.ask(conversation, QStringLiteral("Next"));
    const auto next = talk.house.engine->requests().back();
    QCOMPARE(next.messages.size(), 3U);
    QCOMPARE(next.messages.at(0).content, std::string("Summary of what was said before:\nMuch: aaaaaa bbbbbb cccccc."
                                                      "\n(End of the summary.)\n\nQuestion 2"));
    talk.house.finish();
    talk.house.ask(conversation, QStringLiteral("And next"));
    QCOMPARE(talk.house.engine->requests().back().messages.at(0).content, next.messages.at(0).content);
    talk.house.finish();
}

void TstCompaction::itCanBeTakenBack() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3, 100);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.summarise("Much: aaaaaa bbbbbb cccccc.");
    const auto compaction = talk.compacted();
    QSignalSpy changed(&talk.compactions, &CompactionService::compactionsChanged);
    talk.compactions.setCompaction(conversation, compaction.id, false);
    QTRY_VERIFY(!changed.isEmpty() && !changed.last().at(1).value<QList<CompactionView>>().at(0).active);
    talk.house.ask(conversation, QStringLiteral("Next"));
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 7U);
    talk.house.finish();
    talk.compactions.setCompaction(conversation, compaction.id, true);
    talk.house.ask(conversation, QStringLiteral("And next"));
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 5U);
    talk.house.finish();
}

void TstCompaction::whatCantBeReadAtOnceIsReadInPieces() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(4, 420); // 4 * 430 and more of 2048
    QSignalSpy steps(&talk.compactions, &CompactionService::compacting);
    talk.house.engine->setContextLength(1500);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 5U);
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 5U); // two turns and the question for the summary
    talk.summarise("First: aaaaaa bbbbbb cccccc.");
    QTRY_COMPARE(talk.requests(), 6U);
    const auto second = talk.house.engine->requests().back();
    QVERIFY(second.messages.at(0).content.find("First: aaaaaa bbbbbb cccccc.") != std::string::npos);
    QVERIFY(second.messages.at(0).content.find("Question 2") != std::string::npos);
    talk.summarise("Both: aaaaaa bbbbbb cccccc.");
    const auto compaction = talk.compacted();
    QCOMPARE(compaction.summary, QStringLiteral("Both: aaaaaa bbbbbb cccccc."));
    QCOMPARE(compaction.lastMessage, talk.house.path(conversation).at(7).id); // the last turn alone is too long, too
    QCOMPARE(steps.last().at(1).toLongLong(), 8);
    QCOMPARE(steps.last().at(2).toLongLong(), 8);
}

void TstCompaction::aFullContextGoesOnAfterIt() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(4, 450);
    QSignalSpy full(&talk.house.chat, &ChatService::contextFull);
    const QString question(200, QLatin1Char('q'));
    talk.house.chat.send(conversation, question);
    QVERIFY(full.wait());
    QCOMPARE(talk.requests(), 4U);
    talk.compactInSteps(conversation);
    talk.house.ask(conversation, question);
    talk.house.finish();
}

void TstCompaction::anAnswerThatHadNoRoomIsWrittenAfterIt() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(4, 450);
    const auto path = talk.house.path(conversation);
    talk.house.engine->setContextLength(1400);
    QSignalSpy full(&talk.house.chat, &ChatService::contextFull);
    AnswerOptions options;
    options.parameters.emplace().temperature = 0.25;
    talk.house.chat.regenerate(conversation, path.at(7).id, options);
    QVERIFY(full.wait());
    const auto told = full.at(0).at(2).value<ContextFull>();
    QCOMPARE(told.asked, ContextFull::Asked::kAgain);
    QCOMPARE(told.message, path.at(7).id);
    talk.compactInSteps(conversation, told.message);
    QCOMPARE(talk.compacted().lastMessage, path.at(5).id); // the question itself stays in the prompt
    const auto before = talk.requests();
    QSignalSpy regenerating(&talk.house.chat, &ChatService::regenerating);
    talk.house.chat.askOnceMore(conversation);
    QVERIFY(regenerating.wait());
    QTRY_COMPARE(talk.requests(), before + 1);
    QVERIFY(lastContent(talk).find("Question 3") != std::string::npos);
    QCOMPARE(talk.house.engine->requests().back().sampling.temperature, 0.25F); // as it was wished
    talk.house.finish();
    talk.house.chat.askOnceMore(conversation); // it was asked
    QVERIFY(!talk.house.chat.isAnswering(conversation));
    QCOMPARE(talk.requests(), before + 1);
}

void TstCompaction::whatItStandsForDoesntContinue() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.house.ask({}, QStringLiteral("Count"));
    talk.house.engine->write(0, "One hundred aaaaaa bbbbbb cccccc");
    const auto answer = talk.house.finish(inference::FinishReason::kContextFull);
    QVERIFY(answer.canContinue);
    talk.compactInSteps(conversation);
    const auto before = talk.requests();
    QSignalSpy rejected(&talk.house.chat, &ChatService::rejected);
    talk.house.chat.continueAnswer(conversation, answer.id);
    QVERIFY(rejected.wait());
    QCOMPARE(rejected.at(0).at(2).value<Trouble>().title, QStringLiteral("A summary stands for this answer"));
    QCOMPARE(talk.requests(), before);
    talk.house.ask(conversation, QStringLiteral("And the rest?")); // that goes
    talk.house.finish();
}

void TstCompaction::aLaterSummaryContainsTheEarlier() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3, 50);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.summarise("Early: aaaaaa bbbbbb cccccc.");
    talk.compacted();
    for (int i = 0; i < 2; ++i) {
        talk.house.ask(conversation, QStringLiteral("Later %1").arg(i));
        talk.house.engine->write(talk.requests() - 1, "yes");
        talk.house.finish();
    }
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 7U);
    QVERIFY(talk.house.engine->requests().back().messages.at(0).content.find("Early: aaaaaa bbbbbb cccccc.") !=
            std::string::npos);
    talk.summarise("Early and later: aaaaaa bbbbbb cccccc.");
    talk.compacted();
    talk.house.ask(conversation, QStringLiteral("Next"));
    const auto next = talk.house.engine->requests().back();
    QVERIFY(next.messages.at(0).content.find("Early and later: aaaaaa bbbbbb cccccc.") != std::string::npos);
    QCOMPARE(next.messages.size(), 3U);
    talk.house.finish();
}

void TstCompaction::itHoldsOnEveryBranchThatContainsIt() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(3, 50);
    const auto path = talk.house.path(conversation);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.summarise("Much: aaaaaa bbbbbb cccccc.");
    talk.compacted();
    QSignalSpy accepted(&talk.house.chat, &ChatService::accepted);
    talk.house.chat.edit(conversation, path.at(4).id, QStringLiteral("Otherwise"));
    QVERIFY(accepted.wait());
    QVERIFY(lastContent(talk).find("Much: aaaaaa bbbbbb cccccc.") != std::string::npos);
    talk.house.finish();
    talk.house.chat.edit(conversation, path.at(2).id, QStringLiteral("Earlier"));
    QVERIFY(accepted.wait());
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 3U);
    QCOMPARE(talk.house.engine->requests().back().messages.at(0).content, std::string("Question 0"));
    talk.house.finish();
}

void TstCompaction::itOutlivesTheProgram() {
    QTemporaryDir directory;
    QUuid conversation;
    {
        Talk talk(directory.path());
        conversation = talk.talk(2, 50);
        talk.compactions.compact(conversation);
        QTRY_COMPARE(talk.requests(), 3U);
        talk.summarise("Much: aaaaaa.");
        talk.compacted();
        talk.house.chat.shutdown();
    }
    Talk talk(directory.path());
    QSignalSpy changed(&talk.compactions, &CompactionService::compactionsChanged);
    talk.house.path(conversation);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(changed.at(0).at(1).value<QList<CompactionView>>().at(0).summary, QStringLiteral("Much: aaaaaa."));
    talk.house.ask(conversation, QStringLiteral("Next"));
    QVERIFY(talk.house.engine->requests().back().messages.at(0).content.find("Much: aaaaaa.") != std::string::npos);
    talk.house.finish();
}

void TstCompaction::withNothingToCoverItSaysSo() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.house.ask({}, QStringLiteral("One"));
    talk.compactions.compact(conversation);
    QVERIFY(talk.failed.wait());
    QVERIFY(!talk.compactions.isCompacting(conversation));
    QCOMPARE(talk.requests(), 1U);
    talk.house.finish();
}

void TstCompaction::whatFailsStoresNothing() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(2, 50);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 3U);
    talk.summarise("  \n");
    QVERIFY(talk.failed.wait());
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.summarise("I am ready to help. How may I do so?");
    QVERIFY(talk.failed.wait());
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 5U);
    talk.house.engine->fail(4, {inference::ErrorCode::kDevice, "The device is gone."});
    QVERIFY(talk.failed.wait());
    QCOMPARE(talk.failed.size(), 3);
    talk.house.ask(conversation, QStringLiteral("Next"));
    QCOMPARE(talk.house.engine->requests().back().messages.size(), 5U);
    talk.house.finish();
}

void TstCompaction::itCanBeGivenUp() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    const QUuid conversation = talk.talk(2, 50);
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 3U);
    talk.compactions.cancel(conversation);
    QCOMPARE(talk.failed.size(), 1);
    QTRY_VERIFY(talk.house.engine->isCancelled(2));
    QVERIFY(!talk.compactions.isCompacting(conversation));
}

void TstCompaction::theLedgerShowsIt() {
    QTemporaryDir directory;
    Talk talk(directory.path());
    LedgerService ledger(talk.house.conversations, talk.house.models, talk.house.chat, talk.compactions);
    QSignalSpy told(&ledger, &LedgerService::ledgerChanged);
    const QUuid conversation = talk.talk(3, 100);
    ledger.watch(conversation, {});
    QVERIFY(told.wait());
    const auto before = told.last().at(1).value<Ledger>();
    talk.compactions.compact(conversation);
    QTRY_COMPARE(talk.requests(), 4U);
    talk.summarise("Much: aaaaaa bbbbbb cccccc.");
    talk.compacted();
    QTRY_VERIFY(told.last().at(1).value<Ledger>().used() < before.used());
    const auto entries = told.last().at(1).value<Ledger>().entries;
    QCOMPARE(entries.at(0).kind, LedgerKind::kSummary);
}

ALCUIN_TEST(TstCompaction)
#include "tst_compaction.moc"
