#include "services/record_conversion.h"
#include "services/request_builder.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

storage::PathEntry entry(const std::string& id, storage::Role role, const std::string& text) {
    storage::PathEntry made;
    made.message.id = id;
    made.message.conversationId = "c";
    made.message.role = role;
    storage::Part part;
    part.text = text;
    made.message.parts.push_back(part);
    return made;
}

storage::Part file(const std::string& name, const std::string& text) {
    storage::Part part;
    part.kind = storage::PartKind::kAttachment;
    part.name = name;
    part.text = text;
    return part;
}

PromptInput twoTurns() {
    PromptInput input;
    input.path = {entry("q1", storage::Role::kUser, "One"), entry("a1", storage::Role::kAssistant, "uno"),
                  entry("q2", storage::Role::kUser, "Two"), entry("a2", storage::Role::kAssistant, "due")};
    return input;
}

std::vector<std::string> contents(const inference::GenerationRequest& request) {
    std::vector<std::string> all;
    for (const auto& message : request.messages) {
        all.push_back(message.role + ": " + message.content);
    }
    return all;
}

constexpr auto kSystem = InstructionsPlace::kSystemMessage;

} // namespace

class TstRequestBuilder : public QObject {
    Q_OBJECT
private slots:
    void aDraftIsAskedAsItIsOnceItIsStored();
    void filesStandBeforeTheWords();
    void aFileCantCloseItsFence();
    void instructionsLead();
    void withoutASystemMessageInstructionsLeadTheFirstQuestion();
    void aSummaryStandsForTheTurnsItCovers();
    void aSummaryOfAnotherBranchCoversNothing();
    void everyTurnBeginsWithTheOneBefore();
    void aStreamingAnswerIsLeftOutUnlessItGoesOn();
    void aSeedMakesItReproducible();
    void onlyWhatMayBeKeptHasAnOwner();
};

void TstRequestBuilder::aDraftIsAskedAsItIsOnceItIsStored() {
    auto draft = twoTurns();
    draft.draft = toParts({QStringLiteral("Three"), {{QStringLiteral("a.txt"), {}, QStringLiteral("A"), 1}}});
    auto stored = twoTurns();
    stored.path.push_back(entry("q3", storage::Role::kUser, ""));
    stored.path.back().message.parts = draft.draft;
    QCOMPARE(contents(buildRequest(draft, kSystem)), contents(buildRequest(stored, kSystem)));
}

void TstRequestBuilder::filesStandBeforeTheWords() {
    PromptInput input;
    input.path = {entry("q", storage::Role::kUser, "What is it?")};
    input.path.front().message.parts.push_back(file("a.py", "x = 1\n"));
    input.path.front().message.parts.push_back(file("b.txt", "no line feed"));
    QCOMPARE(buildRequest(input, kSystem).messages.front().content,
             std::string("File \"a.py\":\n```\nx = 1\n```\n\nFile \"b.txt\":\n```\nno line feed\n```\n\nWhat is it?"));
}

void TstRequestBuilder::aFileCantCloseItsFence() {
    PromptInput input;
    input.draft = {file("a.md", "````\ncode\n````\n")};
    QCOMPARE(buildRequest(input, kSystem).messages.front().content,
             std::string("File \"a.md\":\n`````\n````\ncode\n````\n`````\n\n"));
}

void TstRequestBuilder::instructionsLead() {
    auto input = twoTurns();
    input.instructions = "Be brief.";
    const auto request = buildRequest(input, kSystem);
    QCOMPARE(request.messages.size(), 5U);
    QCOMPARE(contents(request).front(), std::string("system: Be brief."));
}

void TstRequestBuilder::withoutASystemMessageInstructionsLeadTheFirstQuestion() {
    auto input = twoTurns();
    input.instructions = "Be brief.";
    const auto request = buildRequest(input, InstructionsPlace::kFirstQuestion);
    QCOMPARE(request.messages.size(), 4U);
    QCOMPARE(contents(request).front(), std::string("user: Be brief.\n\nOne"));
}

void TstRequestBuilder::aSummaryStandsForTheTurnsItCovers() {
    auto input = twoTurns();
    input.summary = PromptSummary{"a1", "They counted."};
    const auto request = buildRequest(input, kSystem);
    QCOMPARE(request.messages.size(), 2U);
    QCOMPARE(contents(request).front(),
             std::string("user: Summary of what was said before:\nThey counted.\n(End of the summary.)\n\nTwo"));
    QCOMPARE(contents(request).back(), std::string("assistant: due"));
}

void TstRequestBuilder::aSummaryOfAnotherBranchCoversNothing() {
    auto input = twoTurns();
    input.summary = PromptSummary{"elsewhere", "Not said here."};
    QCOMPARE(contents(buildRequest(input, kSystem)), contents(buildRequest(twoTurns(), kSystem)));
}

void TstRequestBuilder::everyTurnBeginsWithTheOneBefore() {
    for (const bool summarised : {false, true}) {
        for (const auto place : {InstructionsPlace::kSystemMessage, InstructionsPlace::kFirstQuestion}) {
            auto longer = twoTurns();
            longer.instructions = "Be brief.";
            longer.path[2].message.parts.push_back(file("a.txt", "A"));
            longer.path.push_back(entry("q3", storage::Role::kUser, "Three"));
            if (summarised) {
                longer.summary = PromptSummary{"a1", "They counted."};
            }
            auto shorter = longer;
            shorter.path.resize(3);
            const auto before = contents(buildRequest(shorter, place));
            auto after = contents(buildRequest(longer, place));
            QVERIFY(after.size() > before.size());
            after.resize(before.size());
            QCOMPARE(after, before);
        }
    }
}

void TstRequestBuilder::aStreamingAnswerIsLeftOutUnlessItGoesOn() {
    auto input = twoTurns();
    input.path.back().message.state = storage::MessageState::kStreaming;
    QCOMPARE(buildRequest(input, kSystem).messages.size(), 3U);
    QVERIFY(buildRequest(input, kSystem).addGenerationPrompt);
    input.continues = true;
    const auto request = buildRequest(input, kSystem);
    QCOMPARE(contents(request).back(), std::string("assistant: due"));
    QVERIFY(!request.addGenerationPrompt);
}

void TstRequestBuilder::aSeedMakesItReproducible() {
    auto input = twoTurns();
    QVERIFY(!buildRequest(input, kSystem).reproducible);
    input.parameters.emplace();
    input.parameters->seed = 4;
    input.parameters->maxTokens = 10;
    const auto request = buildRequest(input, kSystem);
    QVERIFY(request.reproducible);
    QCOMPARE(request.sampling.seed, std::optional<std::uint64_t>(4));
    QCOMPARE(request.maxTokens, 10);
}

void TstRequestBuilder::onlyWhatMayBeKeptHasAnOwner() {
    auto input = twoTurns();
    QCOMPARE(buildRequest(input, kSystem).snapshotOwner, std::string());
    input.keepsState = true;
    QCOMPARE(buildRequest(input, kSystem).snapshotOwner, std::string("c"));
}

ALCUIN_TEST(TstRequestBuilder)
#include "tst_request_builder.moc"
