#include "app/chat/house.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;
using alcuin::tests::texts;

/// Answers that go on after what they have, or are rewritten.
class TstGoingOn : public QObject {
    Q_OBJECT
private slots:
    void aStoppedAnswerGoesOnAfterWhatItHas();
    void whatIsCompleteDoesntGoOn();
    void onlyTheLastAnswerCanGoOn();
    void anAnswerThatGoesOnCanBeStoppedAgain();
    void anAnswerGoesOnWithItsOwnParameters();
    void aKillWhileGoingOnKeepsBothParts();
    void anEditedAnswerIsASibling();
    void nothingIsEditedWhileAnAnswerIsWritten();
};

void TstGoingOn::aStoppedAnswerGoesOnAfterWhatItHas() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Count"));
    house.engine->write(0, "Hm.", inference::Channel::kReasoning);
    house.engine->write(0, "One, ");
    const auto stopped = house.finish(inference::FinishReason::kCancelled);
    QVERIFY(stopped.canContinue);
    QVERIFY(house.path(conversation).at(1).canContinue);
    QSignalSpy continuing(&house.chat, &ChatService::continuing);
    QSignalSpy deltas(&house.chat, &ChatService::answerDelta);
    house.chat.continueAnswer(conversation, stopped.id);
    QVERIFY(continuing.wait());
    const auto shown = continuing.at(0).at(1).value<QList<MessageView>>().last();
    QCOMPARE(shown.id, stopped.id);
    QCOMPARE(shown.state, MessageState::kStreaming);
    QCOMPARE(shown.text, QStringLiteral("One, "));
    const auto request = house.engine->requests().at(1);
    QVERIFY(!request.addGenerationPrompt);
    QCOMPARE(request.messages.size(), 2U);
    QCOMPARE(request.messages.at(1).content, std::string("One, "));
    QCOMPARE(request.messages.at(1).reasoning, std::string("Hm."));
    QCOMPARE(request.messages.at(1).tokens, (std::vector<inference::Token>{100, 101}));
    house.engine->write(1, "two.");
    QVERIFY(deltas.wait());
    QCOMPARE(deltas.at(0).at(2).toString(), QStringLiteral("two."));
    QCOMPARE(house.chat.live(conversation)->text, QStringLiteral("One, two."));
    const auto done = house.finish();
    QCOMPARE(done.state, MessageState::kComplete);
    QCOMPARE(done.text, QStringLiteral("One, two."));
    QCOMPARE(done.reasoning, QStringLiteral("Hm."));
    QCOMPARE(done.measurements.completionTokens, 3);
    QCOMPARE(done.measurements.promptTokens, stopped.measurements.promptTokens);
    QVERIFY(!done.canContinue);
    const auto path = house.path(conversation);
    QCOMPARE(texts(path), QStringList({"Count", "One, two."}));
    QCOMPARE(path.at(1).siblings.size(), 1);
    // The next turn carries the ids of both parts.
    house.ask(conversation, QStringLiteral("More"));
    QCOMPARE(house.engine->requests().at(2).messages.at(1).tokens, (std::vector<inference::Token>{100, 101, 100}));
    house.finish();
}

void TstGoingOn::whatIsCompleteDoesntGoOn() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    house.engine->write(0, "Answer");
    const auto answer = house.finish();
    QVERIFY(!answer.canContinue);
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.continueAnswer(conversation, answer.id);
    QVERIFY(rejected.wait());
    QVERIFY(!house.chat.isAnswering(conversation));
    QCOMPARE(house.path(conversation).at(1).state, MessageState::kComplete);
    QCOMPARE(house.engine->requests().size(), 1U);
}

void TstGoingOn::onlyTheLastAnswerCanGoOn() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.engine->write(0, "cut");
    const auto cut = house.finish(inference::FinishReason::kLength);
    QVERIFY(cut.canContinue);
    house.ask(conversation, QStringLiteral("Two"));
    const auto empty = house.finish(inference::FinishReason::kCancelled);
    QVERIFY(!empty.canContinue); // there is nothing to go on from
    QVERIFY(!house.path(conversation).at(1).canContinue);
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.continueAnswer(conversation, cut.id);
    QVERIFY(rejected.wait());
    QCOMPARE(house.path(conversation).size(), 4);
}

void TstGoingOn::anAnswerThatGoesOnCanBeStoppedAgain() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Count"));
    house.engine->write(0, "One, ");
    const auto stopped = house.finish(inference::FinishReason::kCancelled);
    house.goOn(conversation, stopped.id);
    house.engine->write(1, "two, ");
    QTRY_COMPARE(house.chat.live(conversation)->text, QStringLiteral("One, two, "));
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.chat.stop(conversation);
    QVERIFY(finished.wait());
    const auto answer = house.path(conversation).at(1);
    QCOMPARE(answer.text, QStringLiteral("One, two, "));
    QCOMPARE(answer.state, MessageState::kCancelled);
    QVERIFY(answer.canContinue);
}

void TstGoingOn::anAnswerGoesOnWithItsOwnParameters() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    const auto first = house.finish();
    AnswerOptions options;
    options.parameters = Parameters{};
    options.parameters->temperature = 0;
    house.askAgain(conversation, first.id, options);
    house.engine->write(1, "cold");
    const auto cold = house.finish(inference::FinishReason::kLength);
    house.goOn(conversation, cold.id);
    QCOMPARE(house.engine->requests().at(2).sampling.temperature, 0.0F);
    QCOMPARE(house.finish().parameters, QStringLiteral("temperature 0"));
}

void TstGoingOn::aKillWhileGoingOnKeepsBothParts() {
    QTemporaryDir directory;
    QUuid conversation;
    {
        House house(directory.path());
        conversation = house.ask({}, QStringLiteral("Count"));
        house.engine->write(0, "One, ");
        const auto stopped = house.finish(inference::FinishReason::kCancelled);
        house.goOn(conversation, stopped.id);
        house.engine->write(1, "two, ");
        house.chat.shutdown();
    }
    House house(directory.path());
    const auto answer = house.path(conversation).at(1);
    QCOMPARE(answer.text, QStringLiteral("One, two, "));
    QCOMPARE(answer.state, MessageState::kInterrupted);
    QVERIFY(answer.canContinue);
}

void TstGoingOn::anEditedAnswerIsASibling() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    house.engine->write(0, "wrong");
    const auto answer = house.finish();
    QSignalSpy changed(&house.chat, &ChatService::pathChanged);
    house.chat.editAnswer(conversation, answer.id, QStringLiteral("right"));
    QVERIFY(changed.wait());
    const auto path = changed.at(0).at(1).value<QList<MessageView>>();
    QCOMPARE(texts(path), QStringList({"Question", "right"}));
    QVERIFY(path.at(1).edited);
    QVERIFY(!path.at(1).canContinue);
    QCOMPARE(path.at(1).state, MessageState::kComplete);
    QCOMPARE(path.at(1).siblings, QList<QUuid>({answer.id, path.at(1).id}));
    QCOMPARE(house.engine->requests().size(), 1U);
    // From now on the model believes that it said so.
    house.ask(conversation, QStringLiteral("More"));
    const auto said = house.engine->requests().at(1).messages.at(1);
    QCOMPARE(said.content, std::string("right"));
    QVERIFY(said.tokens.empty());
    house.finish();
}

void TstGoingOn::nothingIsEditedWhileAnAnswerIsWritten() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.engine->write(0, "uno");
    const auto answer = house.finish();
    house.ask(conversation, QStringLiteral("Two"));
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.editAnswer(conversation, answer.id, QStringLiteral("eins"));
    QCOMPARE(rejected.size(), 1);
    house.finish();
    QCOMPARE(house.path(conversation).at(1).text, QStringLiteral("uno"));
}

ALCUIN_TEST(TstGoingOn)
#include "tst_going_on.moc"
