#include "app/chat/house.h"
#include "services/next_turn_reader.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;

namespace {

struct Read {
    explicit Read(const QString& directory)
        : house(directory), reader(house.conversations, house.models, house.chat, house.settings) {}

    /// One question and its answer, thought about; the conversation.
    QUuid talk(const QUuid& conversation = {}, const std::string& reasoning = "Hm.") {
        const QUuid asked = house.ask(conversation, QStringLiteral("Why?"));
        const auto request = house.engine->requests().size() - 1;
        if (!reasoning.empty()) {
            house.engine->write(request, reasoning, inference::Channel::kReasoning);
        }
        house.engine->write(request, "Because.");
        house.finish();
        return asked;
    }
    std::vector<inference::GenerationRequest> requests() const {
        return house.engine->requests();
    }

    House house;
    NextTurnReader reader;
    QSignalSpy done{&reader, &NextTurnReader::done};
};

} // namespace

class TstNextTurnReader : public QObject {
    Q_OBJECT
private slots:
    void behindAReasonedAnswerTheNextTurnIsRead();
    void whatIsAskedNextBeginsWithIt();
    void answersWithoutReasoningLeaveNothingToRead();
    void withASeedAnswersAreReadToo();
    void itIsGivenUpWhenTheConversationGoesOn();
    void anAnswerThatWasStoppedLeavesNothingToRead();
    void ofATemporaryChatNothingIsKept();
    void itCanBeTurnedOff();
};

void TstNextTurnReader::behindAReasonedAnswerTheNextTurnIsRead() {
    QTemporaryDir directory;
    Read read(directory.path());
    const QUuid conversation = read.talk();
    QTRY_COMPARE(read.requests().size(), 2U);
    const auto request = read.requests().at(1);
    QCOMPARE(request.priority, inference::Priority::kBackground);
    QCOMPARE(request.maxTokens, 0);
    QCOMPARE(request.snapshotOwner, conversation.toString(QUuid::WithoutBraces).toStdString());
    QVERIFY(!request.reproducible);
    QCOMPARE(request.messages.size(), 3U);
    QCOMPARE(request.messages.at(1).content, std::string("Because."));
    read.house.engine->finish(1, inference::FinishReason::kLength);
    QVERIFY(read.done.wait());
    QCOMPARE(read.done.at(0).at(0).toUuid(), conversation);
}

void TstNextTurnReader::whatIsAskedNextBeginsWithIt() {
    QTemporaryDir directory;
    Read read(directory.path());
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    read.house.chat.setSettings({}, settings);
    const QUuid conversation = read.talk();
    QTRY_COMPARE(read.requests().size(), 2U);
    read.house.ask(conversation, QStringLiteral("Really?"));
    const auto ahead = read.requests().at(1).messages;
    const auto asked = read.requests().at(2).messages;
    QCOMPARE(asked.size(), ahead.size());
    QCOMPARE(asked.front().content, std::string("Be brief."));
    for (std::size_t i = 0; i + 1 < asked.size(); ++i) {
        QCOMPARE(ahead[i].role, asked[i].role);
        QCOMPARE(ahead[i].content, asked[i].content);
        QCOMPARE(ahead[i].reasoning, asked[i].reasoning);
        QCOMPARE(ahead[i].tokens, asked[i].tokens);
    }
    read.house.finish();
}

void TstNextTurnReader::answersWithoutReasoningLeaveNothingToRead() {
    QTemporaryDir directory;
    Read read(directory.path());
    read.talk({}, {});
    QVERIFY(read.done.wait());
    QCOMPARE(read.requests().size(), 1U);
}

void TstNextTurnReader::withASeedAnswersAreReadToo() {
    QTemporaryDir directory;
    Read read(directory.path());
    ConversationSettings settings;
    settings.parameters = Parameters{};
    settings.parameters->seed = 7;
    read.house.chat.setSettings({}, settings);
    read.talk({}, {});
    QTRY_COMPARE(read.requests().size(), 2U);
    QVERIFY(read.requests().at(1).reproducible);
    QCOMPARE(read.requests().at(1).maxTokens, 0);
}

void TstNextTurnReader::itIsGivenUpWhenTheConversationGoesOn() {
    QTemporaryDir directory;
    Read read(directory.path());
    const QUuid conversation = read.talk();
    QTRY_COMPARE(read.requests().size(), 2U);
    QVERIFY(!read.house.engine->isCancelled(1));
    read.house.ask(conversation, QStringLiteral("Really?"));
    QTRY_VERIFY(read.house.engine->isCancelled(1));
    QCOMPARE(read.done.size(), 1);
    read.house.finish();
}

void TstNextTurnReader::anAnswerThatWasStoppedLeavesNothingToRead() {
    QTemporaryDir directory;
    Read read(directory.path());
    const QUuid conversation = read.house.ask({}, QStringLiteral("Why?"));
    read.house.engine->write(0, "Hm.", inference::Channel::kReasoning);
    read.house.finish(inference::FinishReason::kCancelled);
    // It may be gone on with; behind the next one that is complete it is read along.
    read.talk(conversation);
    QTRY_COMPARE(read.requests().size(), 3U);
    QCOMPARE(read.requests().at(2).maxTokens, 0);
    QCOMPARE(read.requests().at(2).messages.size(), 5U);
}

void TstNextTurnReader::ofATemporaryChatNothingIsKept() {
    QTemporaryDir directory;
    Read read(directory.path());
    const QUuid conversation = read.house.chat.beginTemporary();
    read.talk(conversation);
    QTRY_COMPARE(read.requests().size(), 2U);
    QCOMPARE(read.requests().at(1).snapshotOwner, std::string());
}

void TstNextTurnReader::itCanBeTurnedOff() {
    QTemporaryDir directory;
    Read read(directory.path());
    read.house.settings.setValue(QStringLiteral("chat.readAhead"), QStringLiteral("no"));
    const QUuid conversation = read.talk();
    read.talk(conversation);
    QCOMPARE(read.requests().size(), 2U);
    QCOMPARE(read.done.size(), 0);
}

ALCUIN_TEST(TstNextTurnReader)

#include "tst_next_turn_reader.moc"
