#include <QDirIterator>

#include <alcuin/storage/queue_store.h>

#include "app/chat/house.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;
using alcuin::tests::texts;

namespace {

QString written(const QList<Queued>& waiting) {
    QStringList all;
    for (const auto& queued : waiting) {
        all << queued.question.text;
    }
    return all.join(QLatin1Char('|'));
}

/// Files below a directory that hold these bytes, as they are or in UTF-16.
QStringList filesWith(const QString& directory, const QString& words) {
    const QByteArray narrow = words.toUtf8();
    const QByteArray wide(reinterpret_cast<const char*>(words.utf16()), words.size() * 2);
    QStringList found;
    QDirIterator files(directory, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly)) {
            const QByteArray bytes = file.readAll();
            if (bytes.contains(narrow) || bytes.contains(wide)) {
                found << file.fileName();
            }
        }
    }
    return found;
}

} // namespace

/// Answers that go on or are rewritten, questions that wait, chats that nobody keeps, and a conversation's own ways.
class TstTalking : public QObject {
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
    void questionsWaitAndAreAskedOneByOne();
    void theyWaitAfterAStop();
    void theyWaitAfterAFailureAndAfterAnAnswerThatWasCutOff();
    void theyOutliveTheProgram();
    void theyCanBeTakenBackAndMoved();
    void oneThatDoesntFitWaitsOn();
    void filesWaitWithTheirQuestion();
    void nothingOfATemporaryChatReachesTheDisk();
    void aTemporaryChatIsLikeAnyOther();
    void anEndedTemporaryChatIsGone();
    void settingsAreAskedWithAndKept();
    void settingsOfAChatNotBegunGoAlong();
    void instructionsWhereATemplateKnowsNoSystemMessage();
    void aConversationsModelIsLoadedForIt();
};

void TstTalking::aStoppedAnswerGoesOnAfterWhatItHas() {
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

void TstTalking::whatIsCompleteDoesntGoOn() {
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

void TstTalking::onlyTheLastAnswerCanGoOn() {
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

void TstTalking::anAnswerThatGoesOnCanBeStoppedAgain() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Count"));
    house.engine->write(0, "One, ");
    const auto stopped = house.finish(inference::FinishReason::kCancelled);
    QSignalSpy continuing(&house.chat, &ChatService::continuing);
    house.chat.continueAnswer(conversation, stopped.id);
    QVERIFY(continuing.wait());
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

void TstTalking::anAnswerGoesOnWithItsOwnParameters() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    const auto first = house.finish();
    AnswerOptions options;
    options.parameters = Parameters{};
    options.parameters->temperature = 0;
    QSignalSpy regenerating(&house.chat, &ChatService::regenerating);
    house.chat.regenerate(conversation, first.id, options);
    QVERIFY(regenerating.wait());
    house.engine->write(1, "cold");
    const auto cold = house.finish(inference::FinishReason::kLength);
    QSignalSpy continuing(&house.chat, &ChatService::continuing);
    house.chat.continueAnswer(conversation, cold.id);
    QVERIFY(continuing.wait());
    QCOMPARE(house.engine->requests().at(2).sampling.temperature, 0.0F);
    QCOMPARE(house.finish().parameters, QStringLiteral("temperature 0"));
}

void TstTalking::aKillWhileGoingOnKeepsBothParts() {
    QTemporaryDir directory;
    QUuid conversation;
    {
        House house(directory.path());
        conversation = house.ask({}, QStringLiteral("Count"));
        house.engine->write(0, "One, ");
        const auto stopped = house.finish(inference::FinishReason::kCancelled);
        QSignalSpy continuing(&house.chat, &ChatService::continuing);
        house.chat.continueAnswer(conversation, stopped.id);
        QVERIFY(continuing.wait());
        house.engine->write(1, "two, ");
        house.chat.shutdown();
    }
    House house(directory.path());
    const auto answer = house.path(conversation).at(1);
    QCOMPARE(answer.text, QStringLiteral("One, two, "));
    QCOMPARE(answer.state, MessageState::kInterrupted);
    QVERIFY(answer.canContinue);
}

void TstTalking::anEditedAnswerIsASibling() {
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

void TstTalking::nothingIsEditedWhileAnAnswerIsWritten() {
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

void TstTalking::questionsWaitAndAreAskedOneByOne() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    QSignalSpy queue(&house.chat, &ChatService::queueChanged);
    house.chat.enqueue(conversation, QStringLiteral("Two"));
    house.chat.enqueue(conversation, QStringLiteral("Three"));
    QTRY_COMPARE(written(house.chat.queued(conversation)), QStringLiteral("Two|Three"));
    QCOMPARE(house.engine->requests().size(), 1U);
    house.engine->write(0, "uno");
    QSignalSpy accepted(&house.chat, &ChatService::accepted);
    house.finish();
    QTRY_COMPARE(accepted.size(), 1);
    QTRY_COMPARE(written(house.chat.queued(conversation)), QStringLiteral("Three"));
    QCOMPARE(house.engine->requests().at(1).messages.back().content, std::string("Two"));
    house.engine->write(1, "due");
    house.finish();
    QTRY_COMPARE(accepted.size(), 2);
    QTRY_VERIFY(house.chat.queued(conversation).isEmpty());
    house.engine->write(2, "tre");
    house.finish();
    QTRY_VERIFY(!house.chat.isAnswering(conversation));
    QCOMPARE(texts(house.path(conversation)), QStringList({"One", "uno", "Two", "due", "Three", "tre"}));
    QCOMPARE(house.engine->requests().size(), 3U);
}

void TstTalking::theyWaitAfterAStop() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.chat.enqueue(conversation, QStringLiteral("Two"));
    QTRY_COMPARE(written(house.chat.queued(conversation)), QStringLiteral("Two"));
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.chat.stop(conversation);
    QVERIFY(finished.wait());
    QCOMPARE(texts(house.path(conversation)), QStringList({"One", ""}));
    QCOMPARE(house.engine->requests().size(), 1U);
    QSignalSpy accepted(&house.chat, &ChatService::accepted);
    house.chat.sendNextQueued(conversation);
    QVERIFY(accepted.wait());
    QTRY_VERIFY(house.chat.queued(conversation).isEmpty());
    house.finish();
}

void TstTalking::theyWaitAfterAFailureAndAfterAnAnswerThatWasCutOff() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.chat.enqueue(conversation, QStringLiteral("Next"));
    QTRY_COMPARE(house.chat.queued(conversation).size(), 1);
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.engine->fail(0, {inference::ErrorCode::kDevice, "The device is gone."});
    QVERIFY(finished.wait());
    house.ask(conversation, QStringLiteral("Two"));
    house.finish(inference::FinishReason::kLength);
    house.ask(conversation, QStringLiteral("Three"));
    house.finish(inference::FinishReason::kContextFull);
    QCOMPARE(house.path(conversation).size(), 6);
    QCOMPARE(house.chat.queued(conversation).size(), 1);
    QCOMPARE(house.engine->requests().size(), 3U);
}

void TstTalking::theyOutliveTheProgram() {
    QTemporaryDir directory;
    QUuid conversation;
    {
        House house(directory.path());
        conversation = house.ask({}, QStringLiteral("One"));
        house.chat.enqueue(conversation, QStringLiteral("Two"));
        QTRY_COMPARE(house.chat.queued(conversation).size(), 1);
        house.chat.shutdown();
    }
    House house(directory.path());
    QSignalSpy queue(&house.chat, &ChatService::queueChanged);
    house.path(conversation);
    QTRY_COMPARE(queue.size(), 1);
    QCOMPARE(written(house.chat.queued(conversation)), QStringLiteral("Two"));
    QVERIFY(house.engine->requests().empty());
}

void TstTalking::theyCanBeTakenBackAndMoved() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    for (const auto* text : {"a", "b", "c"}) {
        house.chat.enqueue(conversation, QString::fromLatin1(text));
    }
    QTRY_COMPARE(written(house.chat.queued(conversation)), QStringLiteral("a|b|c"));
    house.chat.moveQueued(conversation, house.chat.queued(conversation).at(2).id, 0);
    QTRY_COMPARE(written(house.chat.queued(conversation)), QStringLiteral("c|a|b"));
    const QUuid taken = house.chat.queued(conversation).at(1).id;
    QSignalSpy back(&house.chat, &ChatService::takenBack);
    house.chat.takeBack(conversation, taken);
    QVERIFY(back.wait());
    QCOMPARE(back.at(0).at(1).value<Question>().text, QStringLiteral("a"));
    QTRY_COMPARE(written(house.chat.queued(conversation)), QStringLiteral("c|b"));
    house.chat.takeBack(conversation, taken);
    house.path(conversation);
    QCOMPARE(back.size(), 1);
    house.finish(inference::FinishReason::kCancelled);
}

void TstTalking::oneThatDoesntFitWaitsOn() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.chat.enqueue(conversation, QString(3000, QLatin1Char('q')));
    QTRY_COMPARE(house.chat.queued(conversation).size(), 1);
    QSignalSpy full(&house.chat, &ChatService::contextFull);
    house.finish();
    QTRY_COMPARE(full.size(), 1);
    QVERIFY(full.at(0).at(1).value<Question>().text.isEmpty()); // it isn't put into the composer
    QVERIFY(full.at(0).at(2).value<ContextFull>().excess > 0);
    QCOMPARE(house.chat.queued(conversation).size(), 1);
    QCOMPARE(house.path(conversation).size(), 2);
}

void TstTalking::filesWaitWithTheirQuestion() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    const Question question(QStringLiteral("What?"),
                            {{QStringLiteral("a.txt"), QStringLiteral("text/plain"), QStringLiteral("A"), 1}});
    house.chat.enqueue(conversation, question);
    QTRY_COMPARE(house.chat.queued(conversation).size(), 1);
    QCOMPARE(house.chat.queued(conversation).at(0).question, question);
    house.finish();
    QTRY_COMPARE(house.engine->requests().size(), 2U);
    QCOMPARE(house.engine->requests().at(1).messages.back().content,
             std::string("File \"a.txt\":\n```\nA\n```\n\nWhat?"));
    house.finish();
}

void TstTalking::nothingOfATemporaryChatReachesTheDisk() {
    QTemporaryDir directory;
    const QString secret = QStringLiteral("Zwetschgendatschi-4711");
    House house(directory.path());
    const QUuid conversation = house.chat.beginTemporary();
    QVERIFY(!conversation.isNull());
    ConversationSettings settings;
    settings.instructions = secret + QStringLiteral(" instructions");
    house.chat.setSettings(conversation, settings);
    house.conversations.saveDraft(conversation, secret + QStringLiteral(" draft"));
    house.ask(conversation, Question(secret, {{secret, {}, secret, 1}}));
    house.engine->write(0, secret.toStdString());
    house.chat.enqueue(conversation, secret + QStringLiteral(" waits"));
    QTRY_COMPARE(house.chat.queued(conversation).size(), 1);
    QCOMPARE(house.engine->requests().at(0).snapshotOwner, std::string());
    QCOMPARE(house.engine->requests().at(0).messages.at(0).content, settings.instructions.toStdString());
    house.finish(inference::FinishReason::kCancelled);
    QCOMPARE(house.path(conversation).at(1).text, secret);
    // What is kept is found by the same search, so that it can fail.
    const QUuid kept = house.ask({}, QStringLiteral("Zwetschgendatschi-0815"));
    QCOMPARE(house.engine->requests().at(1).snapshotOwner, kept.toString(QUuid::WithoutBraces).toStdString());
    house.finish();
    QVERIFY(!filesWith(directory.path(), QStringLiteral("Zwetschgendatschi-0815")).isEmpty());
    QCOMPARE(filesWith(directory.path(), secret), QStringList());
    house.chat.shutdown();
    QCOMPARE(filesWith(directory.path(), secret), QStringList());
}

void TstTalking::aTemporaryChatIsLikeAnyOther() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.chat.beginTemporary();
    house.ask(conversation, QStringLiteral("One"));
    house.engine->write(0, "uno");
    const auto first = house.finish();
    house.ask(conversation, QStringLiteral("Two"));
    QCOMPARE(house.engine->requests().at(1).messages.size(), 3U);
    house.engine->write(1, "du");
    const auto cut = house.finish(inference::FinishReason::kLength);
    QSignalSpy continuing(&house.chat, &ChatService::continuing);
    house.chat.continueAnswer(conversation, cut.id);
    QVERIFY(continuing.wait());
    house.engine->write(2, "e");
    house.finish();
    QSignalSpy changed(&house.chat, &ChatService::pathChanged);
    house.chat.editAnswer(conversation, first.id, QStringLiteral("eins"));
    QVERIFY(changed.wait());
    QSignalSpy opened(&house.conversations, &ConversationService::opened);
    house.conversations.activateBranch(conversation, first.id);
    QVERIFY(opened.wait());
    QCOMPARE(texts(opened.at(0).at(1).value<QList<MessageView>>()), QStringList({"One", "uno", "Two", "due"}));
    QSignalSpy listed(&house.conversations, &ConversationService::conversationsChanged);
    house.conversations.refresh();
    QVERIFY(listed.wait());
    QVERIFY(house.conversations.conversations().isEmpty());
}

void TstTalking::anEndedTemporaryChatIsGone() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.chat.beginTemporary();
    house.ask(conversation, QStringLiteral("One"));
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.chat.endTemporary(conversation);
    QVERIFY(house.engine->isCancelled(0));
    QTRY_COMPARE(finished.size(), 1);
    QSignalSpy failed(&house.conversations, &ConversationService::failed);
    house.conversations.open(conversation);
    QVERIFY(failed.wait());
    const QUuid next = house.chat.beginTemporary();
    QVERIFY(!next.isNull() && next != conversation);
}

void TstTalking::settingsAreAskedWithAndKept() {
    QTemporaryDir directory;
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    settings.parameters = Parameters{};
    settings.parameters->temperature = 0.1;
    settings.parameters->maxTokens = 50;
    QUuid conversation;
    {
        House house(directory.path());
        conversation = house.ask({}, QStringLiteral("One"));
        house.finish();
        QSignalSpy changed(&house.chat, &ChatService::settingsChanged);
        house.chat.setSettings(conversation, settings);
        QVERIFY(changed.wait());
        house.chat.shutdown();
    }
    House house(directory.path());
    QSignalSpy changed(&house.chat, &ChatService::settingsChanged);
    house.chat.readSettings(conversation);
    QVERIFY(changed.wait());
    QCOMPARE(changed.at(0).at(1).value<ConversationSettings>(), settings);
    house.ask(conversation, QStringLiteral("Two"));
    const auto request = house.engine->requests().at(0);
    QCOMPARE(request.messages.at(0).role, std::string("system"));
    QCOMPARE(request.messages.at(0).content, std::string("Be brief."));
    QCOMPARE(request.sampling.temperature, 0.1F);
    QCOMPARE(request.maxTokens, 50);
    house.finish();
    const auto path = house.path(conversation);
    QCOMPARE(path.at(1).parameters, QString());
    QCOMPARE(path.at(3).parameters, QStringLiteral("temperature 0.1, tokens up to 50"));
    // Another conversation isn't touched.
    house.ask({}, QStringLiteral("Elsewhere"));
    QCOMPARE(house.engine->requests().at(1).messages.size(), 1U);
    house.finish();
}

void TstTalking::settingsOfAChatNotBegunGoAlong() {
    QTemporaryDir directory;
    House house(directory.path());
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    house.chat.setSettings({}, settings);
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    QCOMPARE(house.engine->requests().at(0).messages.at(0).content, std::string("Be brief."));
    house.finish();
    QSignalSpy changed(&house.chat, &ChatService::settingsChanged);
    house.chat.readSettings(conversation);
    QVERIFY(changed.wait());
    QCOMPARE(changed.at(0).at(1).value<ConversationSettings>(), settings);
    house.chat.readSettings({});
    QCOMPARE(changed.at(1).at(1).value<ConversationSettings>(), ConversationSettings());
}

void TstTalking::instructionsWhereATemplateKnowsNoSystemMessage() {
    QTemporaryDir directory;
    House house(directory.path());
    house.engine->refuseSystemMessages();
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    house.chat.setSettings({}, settings);
    house.ask({}, QStringLiteral("One"));
    const auto messages = house.engine->requests().at(0).messages;
    QCOMPARE(messages.size(), 1U);
    QCOMPARE(messages.at(0).content, std::string("Be brief.\n\nOne"));
    house.finish();
}

void TstTalking::aConversationsModelIsLoadedForIt() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.finish();
    ConversationSettings settings;
    settings.modelPath = directory.filePath(QStringLiteral("own.gguf"));
    house.chat.setSettings(conversation, settings);
    house.ask(conversation, QStringLiteral("Two"));
    QCOMPARE(house.finish().modelName, QStringLiteral("own"));
}

ALCUIN_TEST(TstTalking)
#include "tst_talking.moc"
