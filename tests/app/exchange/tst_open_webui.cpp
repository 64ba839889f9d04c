#include "reading.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::tests;

/// Open WebUI's export: its map of messages, reasoning and tools inside the text, files, the old list.
class TstOpenWebUi : public QObject {
    Q_OBJECT
private slots:
    void branchesReasoningAndFilesStay();
    void whatStaysOutIsCounted();
    void stepsKeptApartAreTakenOnce();
    void aListIsAPath();
};

void TstOpenWebUi::branchesReasoningAndFilesStay() {
    const auto heard = read(sample("open-webui/chat-export-1735689600000.json"));
    QVERIFY(heard.outcome);
    QCOMPARE(heard.conversations.size(), std::size_t{2});
    const auto& tree = heard.conversations[0].tree;
    ALCUIN_SAME(sketch(tree), "*U [ab.txt A = 1\\nB = 2\\n] | Which is less?\n"
                              "   A B.\n"
                              "  *A {5000 > quoted\\nA < B means that A is less.} | A is the smaller one.\n"
                              "    *U What time is it?\n"
                              "      *A Noon.\n"
                              "       A(failed) \n");
    QCOMPARE(tree.messages.back().error, std::string("The server is gone."));
    QCOMPARE(tree.conversation.title, std::string("Less"));
    QCOMPARE(tree.conversation.createdAt, 1735689604000);
    QCOMPARE(tree.messages[2].createdAt, 1735689607000);
    QCOMPARE(tree.messages[2].generation->modelName, std::string("qwen3:4b"));
    QCOMPARE(tree.messages[2].generation->promptTokens, 31);
    QCOMPARE(tree.conversation.settings.instructions, std::string("Answer in one sentence."));
    QVERIFY(tree.conversation.pinnedAt && !tree.conversation.archivedAt);
    QCOMPARE(heard.conversations[0].origin.source, std::string("open-webui"));
}

void TstOpenWebUi::whatStaysOutIsCounted() {
    const auto heard = read(sample("open-webui/chat-export-1735689600000.json"));
    ALCUIN_SAME(heard.leftOutWords(), "1 pictures, 1 references to web pages, 1 calls of tools");
}

void TstOpenWebUi::stepsKeptApartAreTakenOnce() {
    const auto shown = [](const std::string& answer) {
        const auto heard = read(R"({"id": "1", "title": "t", "chat": {"history": {"currentId": "b", "messages": {
            "a": {"id": "a", "parentId": null, "childrenIds": ["b"], "role": "user", "content": "?"},
            "b": {"id": "b", "parentId": "a", "childrenIds": [], "role": "assistant", )" +
                                answer + "}}}}}");
        return heard.conversations.empty() ? std::string("nothing")
                                           : sketch(heard.conversations[0].tree).substr(5) + heard.leftOutWords();
    };
    const std::string output = R"("output": [
        {"type": "reasoning", "duration": 3, "summary": [], "content": [{"type": "output_text", "text": "Let me see."}]},
        {"type": "function_call", "name": "clock", "arguments": "{}", "call_id": "1"},
        {"type": "function_call_output", "call_id": "1", "output": [{"type": "input_text", "text": "12:00"}]},
        {"type": "message", "content": [{"type": "output_text", "text": "Noon."}]}])";
    const std::string expected = "  *A {3000 Let me see.} | Noon.\n1 calls of tools";
    const std::string details =
        "\"content\": \"<details type=\\\"reasoning\\\" done=\\\"true\\\" duration=\\\"3\\\">\\n"
        "<summary>Thought</summary>\\n> Let me see.\\n</details>\\n<details "
        "type=\\\"tool_calls\\\" done=\\\"true\\\"><summary>x</summary></details>\\nNoon.\", ";
    const std::string nothing = "\"content\": \"\", ";
    const std::string words = "\"content\": \"Noon.\", ";
    for (const auto& content : {nothing, words, details}) {
        ALCUIN_SAME(shown(content + output), expected);
    }
    ALCUIN_SAME(shown(words + "\"output\": \"broken\""), "  *A Noon.\n");
}

void TstOpenWebUi::aListIsAPath() {
    const auto heard = read(sample("open-webui/chat-export-1735689600000.json"));
    ALCUIN_SAME(sketch(heard.conversations.at(1).tree), "*U Hello?\n  *A Hello.\n");
}

ALCUIN_TEST(TstOpenWebUi)
#include "tst_open_webui.moc"
