#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

/// Questions, answers and their branches.
class TstMessageTree : public QObject {
    Q_OBJECT
private slots:
    void aTurnIsAQuestionAndAStreamingAnswer();
    void anEditIsASiblingAndDeletesNothing();
    void aRegenerateIsASiblingAndDeletesNothing();
    void activatingABranchShowsItsYoungestLeaf();
    void whatMadeAnAnswerIsKeptWithIt();
    void aFlushReplacesWhatWasThere();
    void aFinishedAnswerCannotChange();
    void everyStateIsKept();
    void interruptedAnswersAreFoundAtTheStart();
    void aTurnNeedsWordsAndAParentOfItsOwn();
    void aRejectedTurnLeavesNothingBehind();
    void aLongConversationIsReadWhole();
};

void TstMessageTree::aTurnIsAQuestionAndAStreamingAnswer() {
    StorageFixture fixture;
    ALCUIN_TAKE(turn, fixture.store.appendTurn({}, {}, textParts("question"), someGeneration()));
    ALCUIN_TAKE(path, fixture.store.activePath(turn.conversation.id));
    QCOMPARE(path.size(), std::size_t{2});
    QCOMPARE(path[0].message.role, Role::kUser);
    QCOMPARE(path[0].message.state, MessageState::kComplete);
    QCOMPARE(textOf(path[0].message), std::string("question"));
    QVERIFY(!path[0].message.parentId && !path[0].message.generation);
    QCOMPARE(path[1].message.id, turn.answer.id);
    QCOMPARE(path[1].message.role, Role::kAssistant);
    QCOMPARE(path[1].message.state, MessageState::kStreaming);
    QCOMPARE(*path[1].message.parentId, turn.question.id);
    QCOMPARE(path[1].message.conversationId, turn.conversation.id);
    QCOMPARE(path[1].message.createdAt, fixture.clock.now);
    QVERIFY(path[1].message.parts.empty());
    QCOMPARE(*turn.conversation.activeLeaf, turn.answer.id);
}

void TstMessageTree::anEditIsASiblingAndDeletesNothing() {
    StorageFixture fixture;
    const auto root = fixture.ask({}, {}, "q1", "a1");
    const Id conversation = root.conversation.id;
    const auto second = fixture.ask(conversation, root.answer.id, "q2", "a2");
    const auto edited = fixture.ask(conversation, root.answer.id, "q2 edited", "a2'");
    QCOMPARE(fixture.shown(conversation), std::string("q1 / a1 / q2 edited / a2'"));
    ALCUIN_TAKE(path, fixture.store.activePath(conversation));
    QCOMPARE(path[2].siblings, (std::vector<Id>{second.question.id, edited.question.id}));
    QCOMPARE(path[2].siblingIndex, std::size_t{1});
    QCOMPARE(path[1].siblings, (std::vector<Id>{root.answer.id}));
    // The first question, too.
    const auto other = fixture.ask(conversation, {}, "q1 edited", "a1'");
    QCOMPARE(fixture.shown(conversation), std::string("q1 edited / a1'"));
    ALCUIN_TAKE(roots, fixture.store.activePath(conversation));
    QCOMPARE(roots[0].siblings, (std::vector<Id>{root.question.id, other.question.id}));
    fixture.reopen();
    ALCUIN_OK(fixture.store.activateBranch(second.question.id));
    QCOMPARE(fixture.shown(conversation), std::string("q1 / a1 / q2 / a2"));
}

void TstMessageTree::aRegenerateIsASiblingAndDeletesNothing() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "q", "first");
    const Id conversation = turn.conversation.id;
    fixture.clock.now += 5;
    ALCUIN_TAKE(again, fixture.store.appendAnswer(turn.question.id, someGeneration()));
    ALCUIN_OK(fixture.store.finishAnswer(again.id, MessageState::kComplete, textParts("second"), someGeneration()));
    QCOMPARE(fixture.shown(conversation), std::string("q / second"));
    ALCUIN_TAKE(path, fixture.store.activePath(conversation));
    QCOMPARE(path[1].siblings, (std::vector<Id>{turn.answer.id, again.id}));
    QCOMPARE(path[1].siblingIndex, std::size_t{1});
    ALCUIN_OK(fixture.store.activateBranch(turn.answer.id));
    QCOMPARE(fixture.shown(conversation), std::string("q / first"));
    ALCUIN_TAKE(found, fixture.store.find(conversation));
    QCOMPARE(found.updatedAt, fixture.clock.now);
    ALCUIN_FAILS(fixture.store.appendAnswer(again.id, {}), ErrorCode::kInvalidArgument);
}

void TstMessageTree::activatingABranchShowsItsYoungestLeaf() {
    StorageFixture fixture;
    const auto root = fixture.ask({}, {}, "q1", "a1");
    const Id conversation = root.conversation.id;
    const auto left = fixture.ask(conversation, root.answer.id, "left", "l");
    fixture.ask(conversation, left.answer.id, "left below", "ll");
    const auto right = fixture.ask(conversation, root.answer.id, "right", "r");
    fixture.ask(conversation, left.answer.id, "left below, younger", "ly");
    ALCUIN_OK(fixture.store.activateBranch(right.question.id));
    QCOMPARE(fixture.shown(conversation), std::string("q1 / a1 / right / r"));
    ALCUIN_OK(fixture.store.activateBranch(left.question.id));
    QCOMPARE(fixture.shown(conversation), std::string("q1 / a1 / left / l / left below, younger / ly"));
    // A message in the middle leads on to its youngest leaf as well.
    ALCUIN_OK(fixture.store.activateBranch(root.question.id));
    QCOMPARE(fixture.shown(conversation), std::string("q1 / a1 / left / l / left below, younger / ly"));
}

void TstMessageTree::whatMadeAnAnswerIsKeptWithIt() {
    StorageFixture fixture;
    ALCUIN_TAKE(turn, fixture.store.appendTurn({}, {}, textParts("q"), someGeneration()));
    Generation generation = someGeneration();
    generation.tokens = {
        0, 1, -1, 49151, std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()};
    generation.promptTokens = 31;
    generation.cachedTokens = 7;
    generation.contextLength = 8192;
    generation.queueMs = 0.25;
    generation.prefillMs = 120.5;
    generation.timeToFirstTokenMs = 130.75;
    generation.decodeMs = 1000.125;
    Part reasoning;
    reasoning.kind = PartKind::kReasoning;
    reasoning.text = "let me think";
    reasoning.durationMs = 4321;
    std::vector<Part> parts{reasoning, textParts("the answer").front()};
    ALCUIN_OK(fixture.store.finishAnswer(turn.answer.id, MessageState::kLength, parts, generation));
    fixture.reopen();
    ALCUIN_TAKE(stored, fixture.store.message(turn.answer.id));
    QCOMPARE(stored.state, MessageState::kLength);
    QCOMPARE(stored.parts.size(), std::size_t{2});
    QCOMPARE(stored.parts[0].kind, PartKind::kReasoning);
    QCOMPARE(stored.parts[0].durationMs, std::int64_t{4321});
    QCOMPARE(stored.parts[1].text, std::string("the answer"));
    QVERIFY(stored.generation.has_value());
    const Generation& kept = *stored.generation;
    QCOMPARE(kept.modelName, generation.modelName);
    QCOMPARE(kept.modelPath, generation.modelPath);
    QCOMPARE(kept.parametersJson, generation.parametersJson);
    QCOMPARE(kept.seed, generation.seed);
    QCOMPARE(kept.vocabularyHash, generation.vocabularyHash);
    QCOMPARE(kept.tokens, generation.tokens);
    QCOMPARE(kept.promptTokens, generation.promptTokens);
    QCOMPARE(kept.cachedTokens, generation.cachedTokens);
    QCOMPARE(kept.contextLength, generation.contextLength);
    QCOMPARE(kept.queueMs, generation.queueMs);
    QCOMPARE(kept.prefillMs, generation.prefillMs);
    QCOMPARE(kept.timeToFirstTokenMs, generation.timeToFirstTokenMs);
    QCOMPARE(kept.decodeMs, generation.decodeMs);
}

void TstMessageTree::aFlushReplacesWhatWasThere() {
    StorageFixture fixture;
    ALCUIN_TAKE(turn, fixture.store.appendTurn({}, {}, textParts("q"), someGeneration()));
    std::vector<Part> parts = textParts("one");
    parts.push_back(textParts("two").front());
    Generation generation = someGeneration();
    generation.tokens = {1, 2, 3};
    ALCUIN_OK(fixture.store.flushAnswer(turn.answer.id, parts, generation));
    fixture.reopen();
    ALCUIN_TAKE(first, fixture.store.message(turn.answer.id));
    QCOMPARE(first.parts.size(), std::size_t{2});
    QCOMPARE(first.state, MessageState::kStreaming);
    generation.tokens.push_back(4);
    ALCUIN_OK(fixture.store.flushAnswer(turn.answer.id, textParts("one and more"), generation));
    ALCUIN_TAKE(second, fixture.store.message(turn.answer.id));
    QCOMPARE(second.parts.size(), std::size_t{1});
    QCOMPARE(second.parts[0].text, std::string("one and more"));
    QCOMPARE(second.generation->tokens, (std::vector<std::int32_t>{1, 2, 3, 4}));
}

void TstMessageTree::aFinishedAnswerCannotChange() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "q", "final");
    ALCUIN_FAILS(fixture.store.flushAnswer(turn.answer.id, textParts("late"), {}), ErrorCode::kInvalidArgument);
    ALCUIN_FAILS(fixture.store.finishAnswer(turn.answer.id, MessageState::kCancelled, textParts("late"), {}),
                 ErrorCode::kInvalidArgument);
    ALCUIN_FAILS(fixture.store.flushAnswer(turn.question.id, textParts("other words"), {}),
                 ErrorCode::kInvalidArgument);
    QCOMPARE(fixture.shown(turn.conversation.id), std::string("q / final"));
}

void TstMessageTree::everyStateIsKept() {
    StorageFixture fixture;
    for (const auto state : {MessageState::kComplete, MessageState::kLength, MessageState::kContextFull,
                             MessageState::kCancelled, MessageState::kInterrupted, MessageState::kFailed}) {
        ALCUIN_TAKE(turn, fixture.store.appendTurn({}, {}, textParts("q"), {}));
        ALCUIN_OK(fixture.store.finishAnswer(turn.answer.id, state, textParts("a"), {}, "the reason"));
        ALCUIN_TAKE(stored, fixture.store.message(turn.answer.id));
        QCOMPARE(stored.state, state);
        QCOMPARE(stored.error, std::string("the reason"));
    }
    ALCUIN_TAKE(turn, fixture.store.appendTurn({}, {}, textParts("q"), {}));
    ALCUIN_FAILS(fixture.store.finishAnswer(turn.answer.id, MessageState::kStreaming, {}, {}),
                 ErrorCode::kInvalidArgument);
}

void TstMessageTree::interruptedAnswersAreFoundAtTheStart() {
    StorageFixture fixture;
    const auto done = fixture.ask({}, {}, "q", "a");
    ALCUIN_TAKE(turn, fixture.store.appendTurn({}, {}, textParts("q"), {}));
    ALCUIN_OK(fixture.store.flushAnswer(turn.answer.id, textParts("half an ans"), {}));
    fixture.reopen();
    ALCUIN_TAKE(count, fixture.store.markInterrupted());
    QCOMPARE(count, std::size_t{1});
    ALCUIN_TAKE(interrupted, fixture.store.message(turn.answer.id));
    QCOMPARE(interrupted.state, MessageState::kInterrupted);
    QCOMPARE(textOf(interrupted), std::string("half an ans"));
    ALCUIN_TAKE(complete, fixture.store.message(done.answer.id));
    QCOMPARE(complete.state, MessageState::kComplete);
    ALCUIN_TAKE(none, fixture.store.markInterrupted());
    QCOMPARE(none, std::size_t{0});
}

void TstMessageTree::aTurnNeedsWordsAndAParentOfItsOwn() {
    StorageFixture fixture;
    const auto here = fixture.ask({}, {}, "here", "a");
    const auto there = fixture.ask({}, {}, "there", "b");
    ALCUIN_FAILS(fixture.store.appendTurn(here.conversation.id, there.answer.id, textParts("mixed"), {}),
                 ErrorCode::kInvalidArgument);
    ALCUIN_FAILS(fixture.store.appendTurn(here.conversation.id, here.answer.id, {}, {}), ErrorCode::kInvalidArgument);
    QCOMPARE(fixture.shown(here.conversation.id), std::string("here / a"));
}

void TstMessageTree::aRejectedTurnLeavesNothingBehind() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "q", "a");
    // A new conversation with a parent from another one: the conversation made on the way goes, too.
    ALCUIN_FAILS(fixture.store.appendTurn({}, turn.answer.id, textParts("x"), {}), ErrorCode::kInvalidArgument);
    ALCUIN_TAKE(conversations, fixture.store.list());
    QCOMPARE(conversations.size(), std::size_t{1});
    ALCUIN_OK(fixture.database->checkIntegrity());
}

void TstMessageTree::aLongConversationIsReadWhole() {
    StorageFixture fixture;
    constexpr std::size_t kTurns = 1500; // deeper than SQLite lets triggers nest
    std::optional<Id> parent;
    Id conversation;
    for (std::size_t i = 0; i < kTurns; ++i) {
        ALCUIN_TAKE(turn, fixture.store.appendTurn(conversation, parent, textParts("q" + std::to_string(i)), {}));
        conversation = turn.conversation.id;
        parent = turn.answer.id;
    }
    ALCUIN_TAKE(path, fixture.store.activePath(conversation));
    QCOMPARE(path.size(), kTurns * 2);
    for (std::size_t i = 0; i < kTurns; ++i) {
        QCOMPARE(textOf(path[2 * i].message), "q" + std::to_string(i));
    }
    ALCUIN_OK(fixture.store.remove(conversation));
    fixture.clock.now += 1;
    ALCUIN_TAKE(purged, fixture.store.purgeDeleted(fixture.clock.now));
    QCOMPARE(purged, std::size_t{1});
    ALCUIN_OK(fixture.database->checkIntegrity());
}

ALCUIN_TEST(TstMessageTree)
#include "tst_message_tree.moc"
