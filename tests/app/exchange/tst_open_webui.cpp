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

void TstOpenWebUi::aListIsAPath() {
    const auto heard = read(sample("open-webui/chat-export-1735689600000.json"));
    ALCUIN_SAME(sketch(heard.conversations.at(1).tree), "*U Hello?\n  *A Hello.\n");
}

ALCUIN_TEST(TstOpenWebUi)
#include "tst_open_webui.moc"
