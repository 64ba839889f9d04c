#include <alcuin/storage/conversation_store.h>

#include "app/chat/house.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;
using alcuin::tests::texts;

class TstChatService : public QObject {
    Q_OBJECT
private slots:
    void anAnswerIsStreamedAndKept();
    void theEngineIsAskedOnlyAfterTheQuestionIsStored();
    void theNextQuestionCarriesWhatWasSaidAndItsTokens();
    void editingMakesABranchAndKeepsTheOld();
    void regeneratingMakesABranch();
    void stoppingKeepsWhatWasWritten();
    void stoppingWhileTheQuestionIsStoredStopsTheAnswer();
    void aRefusalBecomesAFailedAnswer();
    void anEngineErrorBecomesAFailedAnswer();
    void reasoningIsKeptApart();
    void withoutAModelNothingIsStored();
    void aSecondQuestionWaitsForTheFirstAnswer();
    void twoConversationsAreAnsweredAtOnce();
    void closingInTheMiddleKeepsThePartialAnswer();
    void aPartialAnswerIsFlushedWhileItIsWritten();
};

void TstChatService::anAnswerIsStreamedAndKept() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("What is 2 + 2?"));
    QSignalSpy deltas(&house.chat, &ChatService::answerDelta);
    QSignalSpy reading(&house.chat, &ChatService::reading);
    house.engine->read(0, 10, 20);
    QVERIFY(reading.wait());
    QCOMPARE(reading.at(0).at(2).toLongLong(), 10);
    house.engine->write(0, "It is ");
    QVERIFY(deltas.wait());
    house.engine->write(0, "4.");
    const auto answer = house.finish();
    QCOMPARE(answer.state, MessageState::kComplete);
    QCOMPARE(answer.text, QStringLiteral("It is 4."));
    QCOMPARE(answer.measurements.completionTokens, 2);
    QVERIFY(answer.measurements.decodeTokensPerSecond > 0);
    QCOMPARE(texts(house.path(conversation)), QStringList({"What is 2 + 2?", "It is 4."}));
    QVERIFY(!house.chat.isAnswering(conversation));
}

void TstChatService::theEngineIsAskedOnlyAfterTheQuestionIsStored() {
    QTemporaryDir directory;
    House house(directory.path());
    QSignalSpy accepted(&house.chat, &ChatService::accepted);
    house.chat.send({}, QStringLiteral("Hello"));
    QCOMPARE(house.engine->requests().size(), 0U);
    QVERIFY(accepted.wait());
    QCOMPARE(house.engine->requests().size(), 1U);
    const auto path = accepted.at(0).at(1).value<QList<MessageView>>();
    QCOMPARE(path.size(), 2);
    QCOMPARE(path.at(1).state, MessageState::kStreaming);
    house.finish();
}

void TstChatService::theNextQuestionCarriesWhatWasSaidAndItsTokens() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.engine->write(0, "uno");
    house.finish();
    house.ask(conversation, QStringLiteral("Two"));
    const auto requests = house.engine->requests();
    QCOMPARE(requests.at(1).messages.size(), 3U);
    QCOMPARE(requests.at(1).messages.at(1).role, std::string("assistant"));
    QCOMPARE(requests.at(1).messages.at(1).content, std::string("uno"));
    QCOMPARE(requests.at(1).messages.at(1).tokens, std::vector<inference::Token>{100});
    QCOMPARE(requests.at(1).messages.at(1).vocabularyHash, house.engine->modelInfo().vocabularyHash);
    QCOMPARE(requests.at(1).messages.at(2).content, std::string("Two"));
    QCOMPARE(requests.at(0).snapshotOwner, conversation.toString(QUuid::WithoutBraces).toStdString());
    QCOMPARE(requests.at(1).snapshotOwner, requests.at(0).snapshotOwner);
    house.finish();
}

void TstChatService::editingMakesABranchAndKeepsTheOld() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Old"));
    house.engine->write(0, "old answer");
    house.finish();
    const auto before = house.path(conversation);
    QSignalSpy accepted(&house.chat, &ChatService::accepted);
    house.chat.edit(conversation, before.at(0).id, QStringLiteral("New"));
    QVERIFY(accepted.wait());
    QCOMPARE(house.engine->requests().at(1).messages.size(), 1U);
    house.finish();
    const auto after = house.path(conversation);
    QCOMPARE(after.at(0).text, QStringLiteral("New"));
    QCOMPARE(after.at(0).siblings.size(), 2);
    QCOMPARE(after.at(0).siblingIndex, 1);
    QSignalSpy opened(&house.conversations, &ConversationService::opened);
    house.conversations.activateBranch(conversation, before.at(0).id);
    QVERIFY(opened.wait());
    QCOMPARE(texts(opened.at(0).at(1).value<QList<MessageView>>()), QStringList({"Old", "old answer"}));
}

void TstChatService::regeneratingMakesABranch() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    house.engine->write(0, "first");
    const auto first = house.finish();
    house.askAgain(conversation, first.id);
    house.engine->write(1, "second");
    const auto second = house.finish();
    QCOMPARE(second.siblings.size(), 2);
    QCOMPARE(second.siblingIndex, 1);
    QCOMPARE(texts(house.path(conversation)), QStringList({"Question", "second"}));
}

void TstChatService::stoppingKeepsWhatWasWritten() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Write a novel"));
    QSignalSpy deltas(&house.chat, &ChatService::answerDelta);
    house.engine->write(0, "It was a dark");
    QVERIFY(deltas.wait());
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.chat.stop(conversation);
    QVERIFY(house.engine->isCancelled(0));
    QVERIFY(finished.wait());
    const auto path = house.path(conversation);
    QCOMPARE(path.at(1).state, MessageState::kCancelled);
    QCOMPARE(path.at(1).text, QStringLiteral("It was a dark"));
}

void TstChatService::stoppingWhileTheQuestionIsStoredStopsTheAnswer() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.finish();
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.chat.send(conversation, QStringLiteral("Two"));
    house.chat.stop(conversation);
    QVERIFY(finished.wait());
    QVERIFY(house.engine->isCancelled(1));
    QCOMPARE(finished.at(0).at(1).value<MessageView>().state, MessageState::kCancelled);
}

void TstChatService::aRefusalBecomesAFailedAnswer() {
    QTemporaryDir directory;
    House house(directory.path());
    house.engine->refuseNext({inference::ErrorCode::kInvalidArgument, "Refused by the script."});
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.chat.send({}, QStringLiteral("Hello"));
    QVERIFY(finished.wait());
    const auto answer = finished.at(0).at(1).value<MessageView>();
    QCOMPARE(answer.state, MessageState::kFailed);
    QVERIFY(!answer.error.isEmpty());
    const auto path = house.path(finished.at(0).at(0).toUuid());
    QCOMPARE(path.at(0).text, QStringLiteral("Hello"));
    QCOMPARE(path.at(1).error, answer.error);
}

void TstChatService::anEngineErrorBecomesAFailedAnswer() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Hello"));
    house.engine->write(0, "partly");
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.engine->fail(0, {inference::ErrorCode::kContextFull, "The prompt has 3000 tokens, the context 2048."});
    QVERIFY(finished.wait());
    const auto path = house.path(conversation);
    QCOMPARE(path.at(1).state, MessageState::kFailed);
    QCOMPARE(path.at(1).text, QStringLiteral("partly"));
    QVERIFY(path.at(1).error.contains(QLatin1String("2048")));
}

void TstChatService::reasoningIsKeptApart() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Think"));
    house.engine->write(0, "Hmm.", inference::Channel::kReasoning);
    house.engine->write(0, "Done.");
    house.finish();
    const auto answer = house.path(conversation).at(1);
    QCOMPARE(answer.reasoning, QStringLiteral("Hmm."));
    QCOMPARE(answer.text, QStringLiteral("Done."));
    house.ask(conversation, QStringLiteral("More"));
    const auto message = house.engine->requests().at(1).messages.at(1);
    QCOMPARE(message.content, std::string("Done."));
    QCOMPARE(message.reasoning, std::string("Hmm."));
    // Of both: the engine takes the part that its prompt shows.
    QCOMPARE(message.tokens, (std::vector<inference::Token>{100, 101}));
    house.finish();
}

void TstChatService::withoutAModelNothingIsStored() {
    QTemporaryDir directory;
    House house(directory.path());
    QSignalSpy state(&house.models, &ModelService::stateChanged);
    house.models.use(directory.filePath(QStringLiteral("broken.gguf")));
    while (house.models.state() != EngineState::kFailed) {
        QVERIFY(state.wait());
    }
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.send({}, QStringLiteral("Keep me"));
    QVERIFY(rejected.wait());
    QCOMPARE(rejected.at(0).at(1).value<Question>().text, QStringLiteral("Keep me"));
    QCOMPARE(rejected.at(0).at(2).value<Trouble>().action, Trouble::Action::kChooseModel);
    QSignalSpy changed(&house.conversations, &ConversationService::conversationsChanged);
    house.conversations.refresh();
    QVERIFY(changed.wait());
    QVERIFY(house.conversations.conversations().isEmpty());
}

void TstChatService::aSecondQuestionWaitsForTheFirstAnswer() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.send(conversation, QStringLiteral("Two"));
    QCOMPARE(rejected.size(), 1);
    house.finish();
    QCOMPARE(house.path(conversation).size(), 2);
}

void TstChatService::twoConversationsAreAnsweredAtOnce() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid first = house.ask({}, QStringLiteral("First"));
    const QUuid second = house.ask({}, QStringLiteral("Second"));
    QVERIFY(first != second);
    QVERIFY(house.chat.isAnswering(first) && house.chat.isAnswering(second));
    house.engine->write(0, "to the first");
    house.engine->write(1, "to the second");
    QTRY_COMPARE(house.chat.live(first)->text, QStringLiteral("to the first"));
    house.finish();
    QTRY_VERIFY(!house.chat.isAnswering(second));
    QVERIFY(house.chat.isAnswering(first));
    QCOMPARE(house.path(second).at(1).text, QStringLiteral("to the second"));
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.engine->finish(0);
    QVERIFY(finished.wait());
    QCOMPARE(house.path(first).at(1).text, QStringLiteral("to the first"));
}

void TstChatService::closingInTheMiddleKeepsThePartialAnswer() {
    QTemporaryDir directory;
    QUuid conversation;
    {
        House house(directory.path());
        conversation = house.ask({}, QStringLiteral("Long"));
        house.engine->write(0, "as far as it came");
        house.chat.shutdown();
    }
    House house(directory.path());
    const auto path = house.path(conversation);
    QCOMPARE(texts(path), QStringList({"Long", "as far as it came"}));
    QCOMPARE(path.at(1).state, MessageState::kInterrupted);
}

void TstChatService::aPartialAnswerIsFlushedWhileItIsWritten() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Long"));
    house.engine->write(0, "flushed");
    const auto stored = [&] {
        return house.storage->call([&](storage::Database& database) {
            return storage::ConversationStore(database).activePath(
                conversation.toString(QUuid::WithoutBraces).toStdString());
        });
    };
    QTRY_VERIFY([&] {
        const auto path = stored();
        return path && path->back().message.parts.size() == 1 && path->back().message.parts.front().text == "flushed";
    }());
    QCOMPARE(stored()->back().message.state, storage::MessageState::kStreaming);
    house.finish();
}

ALCUIN_TEST(TstChatService)
#include "tst_chat_service.moc"
