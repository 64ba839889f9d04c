#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

/// The list of conversations: what stands in it, in which order, and what deleting and drafts do.
class TstConversationStore : public QObject {
    Q_OBJECT
private slots:
    void aNewDatabaseIsEmpty();
    void theLatestQuestionComesFirst();
    void aTitleComesFromTheFirstQuestionAndStays();
    void aTitleOfTheUserIsKept();
    void draftsSurviveARestartAndGoWithTheQuestion();
    void aDraftOfTheConversationNotBegunGoesWithItsFirstQuestion();
    void removingHidesAndRestoringBringsBack();
    void nothingCanBeAskedInARemovedConversation();
    void whatIsNotThereIsNamed();
    void textIsKeptByteForByte();
};

void TstConversationStore::aNewDatabaseIsEmpty() {
    StorageFixture fixture;
    ALCUIN_TAKE(conversations, fixture.store.list());
    QVERIFY(conversations.empty());
}

void TstConversationStore::theLatestQuestionComesFirst() {
    StorageFixture fixture;
    const auto first = fixture.ask({}, {}, "first", "a");
    fixture.clock.now += 1000;
    const auto second = fixture.ask({}, {}, "second", "b");
    fixture.clock.now += 1000;
    fixture.ask(first.conversation.id, first.answer.id, "again", "c");
    ALCUIN_OK(fixture.store.rename(second.conversation.id, "Renamed", TitleSource::kUser));
    ALCUIN_TAKE(conversations, fixture.store.list());
    QCOMPARE(conversations.size(), std::size_t{2});
    QCOMPARE(conversations[0].id, first.conversation.id);
    QCOMPARE(conversations[0].updatedAt, fixture.clock.now);
    QCOMPARE(conversations[1].id, second.conversation.id);
}

void TstConversationStore::aTitleComesFromTheFirstQuestionAndStays() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "\n  What is the\tcapital of France?\nTell me.", "Paris.");
    QCOMPARE(turn.conversation.title, std::string("What is the capital of France?"));
    fixture.ask(turn.conversation.id, turn.answer.id, "And of Spain?", "Madrid.");
    ALCUIN_TAKE(found, fixture.store.find(turn.conversation.id));
    QCOMPARE(found.title, std::string("What is the capital of France?"));
    QCOMPARE(found.titleSource, TitleSource::kAutomatic);
}

void TstConversationStore::aTitleOfTheUserIsKept() {
    StorageFixture fixture;
    ALCUIN_TAKE(made, fixture.store.create());
    ALCUIN_OK(fixture.store.rename(made.id, "Geography", TitleSource::kUser));
    fixture.ask(made.id, {}, "What is the capital of France?", "Paris.");
    ALCUIN_TAKE(found, fixture.store.find(made.id));
    QCOMPARE(found.title, std::string("Geography"));
    QCOMPARE(found.titleSource, TitleSource::kUser);
}

void TstConversationStore::draftsSurviveARestartAndGoWithTheQuestion() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "one", "1");
    const auto other = fixture.ask({}, {}, "two", "2");
    ALCUIN_OK(fixture.store.setDraft(turn.conversation.id, "half a thou"));
    ALCUIN_OK(fixture.store.setDraft(other.conversation.id, "another"));
    fixture.reopen();
    ALCUIN_TAKE(kept, fixture.store.draft(turn.conversation.id));
    QCOMPARE(kept, std::string("half a thou"));
    fixture.ask(turn.conversation.id, turn.answer.id, "half a thought", "more");
    ALCUIN_TAKE(cleared, fixture.store.find(turn.conversation.id));
    QCOMPARE(cleared.draft, std::string());
    ALCUIN_TAKE(untouched, fixture.store.find(other.conversation.id));
    QCOMPARE(untouched.draft, std::string("another"));
}

void TstConversationStore::aDraftOfTheConversationNotBegunGoesWithItsFirstQuestion() {
    StorageFixture fixture;
    ALCUIN_OK(fixture.store.setDraft({}, "not sent yet"));
    fixture.reopen();
    ALCUIN_TAKE(kept, fixture.store.draft({}));
    QCOMPARE(kept, std::string("not sent yet"));
    const auto turn = fixture.ask({}, {}, "sent", "answer");
    ALCUIN_TAKE(cleared, fixture.store.draft({}));
    QCOMPARE(cleared, std::string());
    ALCUIN_OK(fixture.store.setDraft({}, "the next one"));
    fixture.ask(turn.conversation.id, turn.answer.id, "elsewhere", "answer");
    ALCUIN_TAKE(untouched, fixture.store.draft({}));
    QCOMPARE(untouched, std::string("the next one"));
}

void TstConversationStore::removingHidesAndRestoringBringsBack() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "question", "answer");
    const std::string before = fixture.shown(turn.conversation.id);
    ALCUIN_OK(fixture.store.remove(turn.conversation.id));
    ALCUIN_OK(fixture.store.remove(turn.conversation.id)); // once more changes nothing
    ALCUIN_TAKE(hidden, fixture.store.list());
    QVERIFY(hidden.empty());
    fixture.reopen();
    ALCUIN_OK(fixture.store.restore(turn.conversation.id));
    ALCUIN_TAKE(back, fixture.store.list());
    QCOMPARE(back.size(), std::size_t{1});
    QVERIFY(!back[0].deletedAt);
    QCOMPARE(fixture.shown(turn.conversation.id), before);
}

void TstConversationStore::nothingCanBeAskedInARemovedConversation() {
    StorageFixture fixture;
    const auto turn = fixture.ask({}, {}, "question", "answer");
    ALCUIN_OK(fixture.store.remove(turn.conversation.id));
    ALCUIN_FAILS(fixture.store.appendTurn(turn.conversation.id, turn.answer.id, textParts("more"), {}),
                 ErrorCode::kNotFound);
}

void TstConversationStore::whatIsNotThereIsNamed() {
    StorageFixture fixture;
    const Id none = "00000000-0000-4000-8000-000000000000";
    ALCUIN_FAILS(fixture.store.find(none), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.rename(none, "x", TitleSource::kUser), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.setDraft(none, "x"), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.remove(none), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.restore(none), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.activePath(none), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.activateBranch(none), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.message(none), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.appendAnswer(none, {}), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.flushAnswer(none, {}, {}), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.appendTurn(none, {}, textParts("x"), {}), ErrorCode::kNotFound);
    QVERIFY(fixture.store.find(none).error().message.find(none) != std::string::npos);
}

void TstConversationStore::textIsKeptByteForByte() {
    StorageFixture fixture;
    static constexpr char kText[] = "'; DROP TABLE messages; -- \0 \xF0\x9F\x98\x80 \xE2\x80\x8F \x80\xFF\r\n";
    const std::string text(kText, sizeof(kText) - 1); // it holds a zero byte
    std::vector<Part> parts = textParts(text);
    Part attachment;
    attachment.kind = PartKind::kAttachment;
    attachment.name = "notes.txt";
    attachment.mediaType = "text/plain";
    attachment.text = "extracted";
    attachment.data = std::string("\0\1\2\xFF", 4);
    parts.push_back(attachment);
    ALCUIN_TAKE(turn, fixture.store.appendTurn({}, {}, parts, someGeneration()));
    fixture.reopen();
    ALCUIN_TAKE(stored, fixture.store.message(turn.question.id));
    QCOMPARE(stored.parts.size(), std::size_t{2});
    QVERIFY(stored.parts[0].text == text);
    QVERIFY(stored.parts[0].data.empty());
    QCOMPARE(stored.parts[1].name, attachment.name);
    QCOMPARE(stored.parts[1].mediaType, attachment.mediaType);
    QCOMPARE(stored.parts[1].text, attachment.text);
    QVERIFY(stored.parts[1].data == attachment.data);
}

ALCUIN_TEST(TstConversationStore)
#include "tst_conversation_store.moc"
