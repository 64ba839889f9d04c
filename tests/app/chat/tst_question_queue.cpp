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

} // namespace

/// Questions that wait for the answer before them.
class TstQuestionQueue : public QObject {
    Q_OBJECT
private slots:
    void questionsWaitAndAreAskedOneByOne();
    void theyWaitAfterAStop();
    void theyWaitAfterAFailureAndAfterAnAnswerThatWasCutOff();
    void theyOutliveTheProgram();
    void theyCanBeTakenBackAndMoved();
    void oneThatDoesntFitWaitsOn();
    void filesWaitWithTheirQuestion();
};

void TstQuestionQueue::questionsWaitAndAreAskedOneByOne() {
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

void TstQuestionQueue::theyWaitAfterAStop() {
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

void TstQuestionQueue::theyWaitAfterAFailureAndAfterAnAnswerThatWasCutOff() {
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

void TstQuestionQueue::theyOutliveTheProgram() {
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

void TstQuestionQueue::theyCanBeTakenBackAndMoved() {
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

void TstQuestionQueue::oneThatDoesntFitWaitsOn() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.chat.enqueue(conversation, QString(3000, QLatin1Char('q')));
    QTRY_COMPARE(house.chat.queued(conversation).size(), 1);
    QSignalSpy full(&house.chat, &ChatService::contextFull);
    house.finish();
    QTRY_COMPARE(full.size(), 1);
    QVERIFY(full.at(0).at(1).value<Question>().text.isEmpty()); // it isn't put into the composer
    const auto told = full.at(0).at(2).value<ContextFull>();
    QVERIFY(told.ledger.excess() > 0);
    QCOMPARE(told.asked, ContextFull::Asked::kWaiting);
    QCOMPARE(house.chat.queued(conversation).size(), 1);
    QCOMPARE(house.path(conversation).size(), 2);
}

void TstQuestionQueue::filesWaitWithTheirQuestion() {
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

ALCUIN_TEST(TstQuestionQueue)
#include "tst_question_queue.moc"
