#include <alcuin/storage/conversation_store.h>

#include "app/chat/house.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;

namespace {

Attachment file(const QString& name, const QString& text) {
    return {name, QStringLiteral("text/plain"), text, text.toUtf8().size()};
}

} // namespace

/// What stands between a wish and an engine's work: files, parameters, models, and whether it fits.
class TstAsking : public QObject {
    Q_OBJECT
private slots:
    void filesGoAlongAndAreKept();
    void anEditCanLeaveAFileOut();
    void anAnswerRemembersItsParameters();
    void whereNobodySaysTheModelsMakersDo();
    void anotherModelIsLoadedFirst();
    void aModelThatCantBeLoadedLeavesTheAnswerAlone();
    void anotherModelDoesntEndAnswersElsewhere();
    void aQuestionWaitsForTheModelThatIsLoading();
    void whatWaitsForAModelCanBeStopped();
    void choosingAnotherModelGivesUpWhatWaits();
    void whatDoesntFitIsntStored();
    void whatFitsWithoutItsFilesIsToldSo();
    void onlyThePathUpToAnEditCounts();
};

void TstAsking::filesGoAlongAndAreKept() {
    QTemporaryDir directory;
    House house(directory.path());
    const Question question(QStringLiteral("What is it?"),
                            {file(QStringLiteral("a.txt"), QStringLiteral("text of a"))});
    const QUuid conversation = house.ask({}, question);
    QCOMPARE(house.engine->requests().at(0).messages.at(0).content,
             std::string("File \"a.txt\":\n```\ntext of a\n```\n\nWhat is it?"));
    house.finish();
    const auto path = house.path(conversation);
    QCOMPARE(path.at(0).text, QStringLiteral("What is it?"));
    QCOMPARE(path.at(0).attachments, question.attachments);
    house.ask(conversation, QStringLiteral("And now?"));
    QCOMPARE(house.engine->requests().at(1).messages.at(0).content,
             house.engine->requests().at(0).messages.at(0).content);
    house.finish();
}

void TstAsking::anEditCanLeaveAFileOut() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation =
        house.ask({}, Question(QStringLiteral("What?"), {file(QStringLiteral("a.txt"), QStringLiteral("A"))}));
    house.finish();
    QSignalSpy accepted(&house.chat, &ChatService::accepted);
    house.chat.edit(conversation, house.path(conversation).at(0).id, QStringLiteral("What?"));
    QVERIFY(accepted.wait());
    QCOMPARE(house.engine->requests().at(1).messages.at(0).content, std::string("What?"));
    house.finish();
}

void TstAsking::anAnswerRemembersItsParameters() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    const auto first = house.finish();
    AnswerOptions options;
    options.parameters = Parameters{};
    options.parameters->temperature = 0;
    options.parameters->maxTokens = 20;
    options.parameters->seed = 5;
    house.askAgain(conversation, first.id, options);
    const auto request = house.engine->requests().at(1);
    QCOMPARE(request.sampling.temperature, 0.0F);
    QCOMPARE(request.maxTokens, 20);
    QCOMPARE(request.sampling.seed, std::optional<std::uint64_t>(5));
    QVERIFY(request.reproducible);
    house.finish();
    const auto path = house.path(conversation);
    QCOMPARE(path.at(1).parameters, QStringLiteral("temperature 0, tokens up to 20, seed 5"));
    // The next question is asked as usual again.
    house.ask(conversation, QStringLiteral("More"));
    QCOMPARE(house.engine->requests().at(2).maxTokens, -1);
    QCOMPARE(house.finish().parameters, QString());
}

void TstAsking::whereNobodySaysTheModelsMakersDo() {
    QTemporaryDir directory;
    House house(directory.path());
    inference::SamplingParameters advised;
    advised.temperature = 0.2F;
    advised.topP = 0.9F;
    house.engine->advise(advised);
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    QCOMPARE(house.engine->requests().at(0).sampling.temperature, 0.2F);
    QCOMPARE(house.engine->requests().at(0).sampling.topP, 0.9F);
    const auto first = house.finish();
    QCOMPARE(first.parameters, QStringLiteral("temperature 0.2, top-p 0.9"));
    // What a person says comes before it, whole.
    ConversationSettings settings;
    settings.parameters = Parameters{};
    house.chat.setSettings(conversation, settings);
    house.ask(conversation, QStringLiteral("More"));
    QCOMPARE(house.engine->requests().at(1).sampling.temperature, 0.7F);
    house.finish();
}

void TstAsking::anotherModelIsLoadedFirst() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    const auto first = house.finish();
    QCOMPARE(first.modelName, QStringLiteral("scripted"));
    const QString last = house.settings.value(QStringLiteral("model.last"));
    AnswerOptions options;
    options.modelPath = directory.filePath(QStringLiteral("other.gguf"));
    QSignalSpy waiting(&house.chat, &ChatService::waitingForModel);
    house.askAgain(conversation, first.id, options);
    QCOMPARE(waiting.size(), 1);
    QCOMPARE(waiting.at(0).at(1).toString(), QStringLiteral("other"));
    QCOMPARE(house.models.current().path, options.modelPath);
    QCOMPARE(house.finish().modelName, QStringLiteral("other"));
    // It isn't what the next start begins with.
    QCOMPARE(house.settings.value(QStringLiteral("model.last")), last);
}

void TstAsking::aModelThatCantBeLoadedLeavesTheAnswerAlone() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Question"));
    const auto first = house.finish();
    AnswerOptions options;
    options.modelPath = directory.filePath(QStringLiteral("broken.gguf"));
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.regenerate(conversation, first.id, options);
    QVERIFY(rejected.wait());
    QVERIFY(rejected.at(0).at(2).value<Trouble>().text.contains(QLatin1String("broken")));
    QVERIFY(!house.chat.isAnswering(conversation));
    QCOMPARE(house.path(conversation).at(1).siblings.size(), 1);
}

void TstAsking::anotherModelDoesntEndAnswersElsewhere() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid done = house.ask({}, QStringLiteral("Done"));
    const auto answer = house.finish();
    const QUuid busy = house.ask({}, QStringLiteral("Busy"));
    AnswerOptions options;
    options.modelPath = directory.filePath(QStringLiteral("other.gguf"));
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.regenerate(done, answer.id, options);
    QVERIFY(rejected.wait());
    QVERIFY(rejected.at(0).at(2).value<Trouble>().text.contains(QLatin1String("other")));
    QVERIFY(house.chat.isAnswering(busy));
    QVERIFY(!house.engine->isCancelled(1));
    house.finish();
}

void TstAsking::aQuestionWaitsForTheModelThatIsLoading() {
    QTemporaryDir directory;
    House house(directory.path());
    house.holdLoading();
    house.models.use(directory.filePath(QStringLiteral("slow.gguf")));
    QSignalSpy waiting(&house.chat, &ChatService::waitingForModel);
    QSignalSpy accepted(&house.chat, &ChatService::accepted);
    house.chat.send({}, QStringLiteral("Hello"));
    QVERIFY(waiting.wait());
    QVERIFY(accepted.isEmpty());
    house.letLoad();
    QVERIFY(accepted.wait());
    QCOMPARE(house.finish().modelName, QStringLiteral("slow"));
}

void TstAsking::whatWaitsForAModelCanBeStopped() {
    QTemporaryDir directory;
    House house(directory.path());
    house.holdLoading();
    house.models.use(directory.filePath(QStringLiteral("slow.gguf")));
    QSignalSpy waiting(&house.chat, &ChatService::waitingForModel);
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.send({}, QStringLiteral("Hello"));
    QVERIFY(waiting.wait());
    house.chat.stop({});
    QCOMPARE(rejected.size(), 1);
    QCOMPARE(rejected.at(0).at(1).value<Question>().text, QStringLiteral("Hello"));
    QVERIFY(!house.chat.isAnswering({}));
    house.letLoad();
    QTRY_COMPARE(house.models.state(), EngineState::kReady);
    QVERIFY(house.engine->requests().empty());
}

void TstAsking::choosingAnotherModelGivesUpWhatWaits() {
    QTemporaryDir directory;
    House house(directory.path());
    house.holdLoading();
    house.models.use(directory.filePath(QStringLiteral("slow.gguf")));
    QSignalSpy waiting(&house.chat, &ChatService::waitingForModel);
    QSignalSpy rejected(&house.chat, &ChatService::rejected);
    house.chat.send({}, QStringLiteral("Hello"));
    QVERIFY(waiting.wait());
    house.models.use(directory.filePath(QStringLiteral("third.gguf")));
    QCOMPARE(rejected.size(), 1);
    QVERIFY(!house.chat.isAnswering({}));
    house.letLoad();
    QTRY_COMPARE(house.models.state(), EngineState::kReady);
}

void TstAsking::whatDoesntFitIsntStored() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("Short"));
    house.engine->write(0, std::string(1000, 'a'));
    house.finish();
    QSignalSpy full(&house.chat, &ChatService::contextFull);
    const QString longQuestion(1100, QLatin1Char('q'));
    house.chat.send(conversation, longQuestion);
    QVERIFY(full.wait());
    QCOMPARE(full.at(0).at(1).value<Question>().text, longQuestion);
    const auto told = full.at(0).at(2).value<ContextFull>();
    QCOMPARE(told.ledger.contextLength, 2048);
    QCOMPARE(told.ledger.conversation, 1005);
    QCOMPARE(told.ledger.draft, 1100);
    QCOMPARE(told.asked, ContextFull::Asked::kQuestion);
    QCOMPARE(told.ledger.excess(), 1005 + 1100 + 9 + 16 - 2048);
    QVERIFY(!told.fitsWithoutFiles);
    QVERIFY(!house.chat.isAnswering(conversation));
    QCOMPARE(house.engine->requests().size(), 1U);
    QCOMPARE(house.path(conversation).size(), 2);
    // What is shorter goes.
    house.ask(conversation, QStringLiteral("Short"));
    house.finish();
}

void TstAsking::whatFitsWithoutItsFilesIsToldSo() {
    QTemporaryDir directory;
    House house(directory.path());
    QSignalSpy full(&house.chat, &ChatService::contextFull);
    house.chat.send(
        {}, Question(QStringLiteral("What?"), {file(QStringLiteral("big.txt"), QString(3000, QLatin1Char('b')))}));
    QVERIFY(full.wait());
    QVERIFY(full.at(0).at(2).value<ContextFull>().fitsWithoutFiles);
    house.chat.send(
        {}, Question(QString(3000, QLatin1Char('q')), {file(QStringLiteral("small.txt"), QStringLiteral("s"))}));
    QVERIFY(full.wait());
    QVERIFY(!full.at(1).at(2).value<ContextFull>().fitsWithoutFiles);
}

void TstAsking::onlyThePathUpToAnEditCounts() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.engine->write(0, std::string(1900, 'a'));
    house.finish();
    const auto path = house.path(conversation);
    QSignalSpy full(&house.chat, &ChatService::contextFull);
    house.chat.send(conversation, QString(200, QLatin1Char('q')));
    QVERIFY(full.wait());
    QSignalSpy accepted(&house.chat, &ChatService::accepted);
    house.chat.edit(conversation, path.at(0).id, QString(200, QLatin1Char('q')));
    QVERIFY(accepted.wait());
    house.finish();
}

ALCUIN_TEST(TstAsking)
#include "tst_asking.moc"
