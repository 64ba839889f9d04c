#include "reading.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::tests;

/// ChatGPT's export: trees, times, tools, reasoning; what is hidden stays out.
class TstChatGpt : public QObject {
    Q_OBJECT
private slots:
    void branchesStayAndStepsBecomeOneAnswer();
    void timesAndModelsStay();
    void reasoningHasItsDuration();
    void marksBecomeWhatIsShownForThem();
    void whatStaysOutIsCounted();
    void anArchiveIsReadInMemory();
    void circlesAndMissingParentsLoseNothingElse();
    void halfSurrogatesAreReplaced();
    void oneConversationAloneIsRead();
};

void TstChatGpt::branchesStayAndStepsBecomeOneAnswer() {
    const auto heard = read(sample("chatgpt/conversations.json"));
    QVERIFY(heard.outcome);
    QCOMPARE(heard.refused.size(), std::size_t{0});
    QCOMPARE(heard.conversations.size(), std::size_t{2});
    ALCUIN_SAME(
        sketch(heard.conversations[0].tree),
        "*U How long does bread rise?\n"
        "   A About an hour.\n"
        "  *A An hour in a **warm** place. Two in a cold one.\n"
        "    *U Add up 250 and 125 grams, please \U0001F35E\n"
        "      *A(length) ```python\\nprint(250 + 125)\\n```\\n | ```\\n375\\n```\\n | That makes 375 grams.\n");
    const auto& conversation = heard.conversations[0].tree.conversation;
    QCOMPARE(conversation.title, std::string("Bread"));
    QVERIFY(conversation.titleSource == storage::TitleSource::kUser);
    QVERIFY(conversation.archivedAt && !conversation.pinnedAt);
    QCOMPARE(heard.conversations[0].origin.source, std::string("chatgpt"));
    QCOMPARE(heard.conversations[0].origin.id, std::string("0a1b2c3d-0001-4000-8000-000000000001"));
}

void TstChatGpt::timesAndModelsStay() {
    const auto heard = read(sample("chatgpt/conversations.json"));
    const auto& tree = heard.conversations.at(0).tree;
    QCOMPARE(tree.conversation.createdAt, 1735689601500);
    QCOMPARE(tree.conversation.updatedAt, 1735689640125);
    QCOMPARE(tree.messages[0].createdAt, 1735689610250);
    QCOMPARE(tree.messages[2].createdAt, 1735689620750);
    QVERIFY(!tree.messages[0].generation);
    QCOMPARE(tree.messages[2].generation->modelName, std::string("gpt-4o"));
}

void TstChatGpt::reasoningHasItsDuration() {
    const auto heard = read(sample("chatgpt/conversations.json"));
    ALCUIN_SAME(sketch(heard.conversations.at(1).tree),
                "*U Is 91 prime?\n"
                "  *A {8000 **Trying small primes**\\n\\n7 times 13.} | No: 91 is 7 times 13.\n");
}

void TstChatGpt::marksBecomeWhatIsShownForThem() {
    const auto shown = [](const std::string& words) {
        const std::string json = R"({"conversation_id": "c", "title": "t", "current_node": "b", "mapping": {
            "a": {"parent": null, "message": {"author": {"role": "user"}, "content": {"content_type": "text",
                "parts": ["?"]}}},
            "b": {"parent": "a", "message": {"author": {"role": "assistant"}, "content": {"content_type": "text",
                "parts": [")" + words +
                                 R"("]}}}}})";
        const auto heard = read(json);
        return heard.conversations.empty()
                   ? std::string("nothing")
                   : heard.conversations[0].tree.messages.at(1).parts.at(0).text + " / " + heard.leftOutWords();
    };
    const auto mark = [](const std::string& inside) { return "\\ue200" + inside + "\\ue201"; };
    const std::string next = "\\ue202";
    ALCUIN_SAME(
        shown("In " + mark("entity" + next + "[\\\"city\\\",\\\"Paris\\\",\\\"capital of France\\\"]") + " it rains."),
        "In Paris it rains. / ");
    ALCUIN_SAME(shown("See " + mark("url" + next + "Bread" + next + "https://example.org/a(b)") + "."),
                "See [Bread](<https://example.org/a(b)>). / ");
    ALCUIN_SAME(shown("See " + mark("url" + next + "the list" + next + "turn0search0") + "."), "See the list. / ");
    ALCUIN_SAME(shown("So." + mark("cite" + next + "turn0search1" + next + "turn0news3") + " And" +
                      mark("filecite" + next + "x") + "."),
                "So. And. / 2 references to web pages");
    ALCUIN_SAME(shown("Look:" + mark("image_group" + next + "{}") + " there."), "Look: there. / 1 pictures and cards");
    // What isn't as it should be takes nothing else with it.
    ALCUIN_SAME(shown("A" + mark("entity" + next + "[broken") + " B" + mark("entity" + next + "[\\\"x\\\"]") + " C"),
                "A B C / ");
    ALCUIN_SAME(shown(mark("url" + next + "x" + next + "javascript:alert(1)")), "x / ");
    ALCUIN_SAME(shown("open \\ue200cite"), "open \xEE\x88\x80"
                                           "cite / ");
}

void TstChatGpt::whatStaysOutIsCounted() {
    const auto heard = read(sample("chatgpt/conversations.json"));
    ALCUIN_SAME(heard.leftOutWords(),
                "1 references to web pages, 1 hidden messages and instructions, 1 pictures, "
                "1 attached files, which the export doesn't hold, 1 conversations without messages");
}

void TstChatGpt::anArchiveIsReadInMemory() {
    const auto plain = read(sample("chatgpt/conversations.json"));
    const auto packed = read(sample("chatgpt/export.zip"));
    QVERIFY(packed.outcome);
    QCOMPARE(packed.conversations.size(), plain.conversations.size());
    for (std::size_t i = 0; i < plain.conversations.size(); ++i) {
        ALCUIN_SAME(sketch(packed.conversations[i].tree), sketch(plain.conversations[i].tree));
        QCOMPARE(packed.conversations[i].origin.fingerprint, plain.conversations[i].origin.fingerprint);
    }
}

void TstChatGpt::circlesAndMissingParentsLoseNothingElse() {
    const auto node = [](const std::string& id, const std::string& parent, const std::string& text) {
        return "\"" + id + R"(":{"parent":")" + parent +
               R"(","message":{"author":{"role":"user"},"content":{"parts":[")" + text + "\"]}}}";
    };
    const auto heard = read("[{\"mapping\":{" + node("a", "b", "round") + "," + node("b", "a", "and round") + "," +
                            node("c", "nowhere", "found") + "," + node("d", "d", "itself") +
                            "},\"current_node\":\"a\",\"id\":\"x\"}]");
    QCOMPARE(heard.conversations.size(), std::size_t{1});
    ALCUIN_SAME(sketch(heard.conversations[0].tree), " U found\n*U itself\n");
    QCOMPARE(heard.leftOutOf("messages that follow each other in a circle"), std::size_t{2});
}

void TstChatGpt::halfSurrogatesAreReplaced() {
    const auto heard = read(R"([{"mapping":{"a":{"message":{"author":{"role":"user"},"content":{"content_type":"text",)"
                            R"("parts":["\ud83d half, \ud83c\udf5e whole, \\ud83d a word"]}}}},"id":"x"}])");
    QCOMPARE(heard.conversations.size(), std::size_t{1});
    ALCUIN_SAME(sketch(heard.conversations[0].tree), "*U \uFFFD half, \U0001F35E whole, \\ud83d a word\n");
}

void TstChatGpt::oneConversationAloneIsRead() {
    const auto heard =
        read(R"({"mapping":{"a":{"message":{"author":{"role":"user"},"content":{"parts":["Hello"]}}}}})");
    QVERIFY(heard.outcome);
    QCOMPARE(heard.conversations.size(), std::size_t{1});
    QVERIFY(!heard.conversations[0].origin.id.empty());
}

ALCUIN_TEST(TstChatGpt)
#include "tst_chatgpt.moc"
