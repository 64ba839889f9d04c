#include "services/record_conversion.h"

#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

class TstRecordConversion : public QObject {
    Q_OBJECT
private slots:
    void idsGoBothWays();
    void everyStateGoesBothWays();
    void speedsComeFromCountsAndTimes();
    void partsBecomeTextAndReasoning();
};

void TstRecordConversion::idsGoBothWays() {
    const QUuid uuid = QUuid::createUuid();
    QCOMPARE(toUuid(toId(uuid)), uuid);
    QCOMPARE(toId(QUuid("{0F8FAD5B-D9CB-469F-A165-70867728950E}")),
             std::string("0f8fad5b-d9cb-469f-a165-70867728950e"));
    QVERIFY(toId({}).empty());
    QVERIFY(toUuid({}).isNull());
}

void TstRecordConversion::everyStateGoesBothWays() {
    for (int i = 0; i <= static_cast<int>(MessageState::kFailed); ++i) {
        const auto state = static_cast<MessageState>(i);
        QCOMPARE(toState(toRecord(state)), state);
    }
}

void TstRecordConversion::speedsComeFromCountsAndTimes() {
    storage::Generation generation;
    generation.promptTokens = 110;
    generation.cachedTokens = 10;
    generation.prefillMs = 500;
    generation.tokens.assign(30, 1);
    generation.decodeMs = 2000;
    generation.contextLength = 2048;
    generation.timeToFirstTokenMs = 512;
    const auto measured = toMeasurements(generation);
    QCOMPARE(measured.prefillTokensPerSecond, 200.0);
    QCOMPARE(measured.decodeTokensPerSecond, 15.0);
    QCOMPARE(measured.promptTokens, 110);
    QCOMPARE(measured.cachedTokens, 10);
    QCOMPARE(measured.completionTokens, 30);
    QCOMPARE(measured.contextLength, 2048);
    QCOMPARE(measured.timeToFirstTokenMs, 512.0);
    const auto unknown = toMeasurements({});
    QCOMPARE(unknown.prefillTokensPerSecond, 0.0);
    QCOMPARE(unknown.decodeTokensPerSecond, 0.0);
}

void TstRecordConversion::partsBecomeTextAndReasoning() {
    storage::PathEntry entry;
    auto& message = entry.message;
    message.id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    message.role = storage::Role::kAssistant;
    message.state = storage::MessageState::kFailed;
    message.error = "why";
    message.createdAt = 1'700'000'000'000;
    const auto part = [](storage::PartKind kind, const char* text, std::int64_t durationMs) {
        storage::Part made;
        made.kind = kind;
        made.text = text;
        made.durationMs = durationMs;
        return made;
    };
    message.parts = {part(storage::PartKind::kReasoning, "hm", 10), part(storage::PartKind::kText, "one", 0),
                     part(storage::PartKind::kAttachment, "not shown", 0), part(storage::PartKind::kReasoning, "ah", 5),
                     part(storage::PartKind::kText, "two", 0)};
    message.generation.emplace().modelName = "A model";
    entry.siblings = {"1b4e28ba-2fa1-41d2-883f-0016d3cca427", message.id};
    entry.siblingIndex = 1;
    const MessageView view = toView(entry);
    QCOMPARE(view.id, toUuid(message.id));
    QCOMPARE(view.text, QStringLiteral("one\n\ntwo"));
    QCOMPARE(view.reasoning, QStringLiteral("hm\n\nah"));
    QCOMPARE(view.reasoningDurationMs, 15);
    QCOMPARE(view.error, QStringLiteral("why"));
    QCOMPARE(view.modelName, QStringLiteral("A model"));
    QCOMPARE(view.createdAt.toMSecsSinceEpoch(), 1'700'000'000'000);
    QCOMPARE(view.siblings.size(), 2);
    QCOMPARE(view.siblings.at(view.siblingIndex), view.id);
}

ALCUIN_TEST(TstRecordConversion)
#include "tst_record_conversion.moc"
