#include "reading.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::tests;

namespace {
Heard sampleThread() {
    return readThread(sample("jan/threads/jan_1735689700/thread.json"),
                      sample("jan/threads/jan_1735689700/messages.jsonl"));
}
} // namespace

/// Jan's threads: one file for the head, one line for each message.
class TstJan : public QObject {
    Q_OBJECT
private slots:
    void messagesAreAPath();
    void aBrokenLineIsLeftOutAlone();
    void aThreadWithoutItsMessagesSaysWhatToDo();
};

void TstJan::messagesAreAPath() {
    const auto heard = sampleThread();
    QVERIFY(heard.outcome);
    QCOMPARE(heard.conversations.size(), std::size_t{1});
    const auto& tree = heard.conversations[0].tree;
    ALCUIN_SAME(sketch(tree), "*U How hot should water for green tea be?\n"
                              "  *A {0 Not boiling.} | About 80 degrees.\n"
                              "    *U And black tea?\n"
                              "      *A(cancelled) Boiling\n");
    QCOMPARE(tree.conversation.title, std::string("Tea"));
    QCOMPARE(tree.conversation.settings.instructions, std::string("You are kind."));
    QCOMPARE(tree.conversation.createdAt, 1735689700000);
    QCOMPARE(tree.messages[1].createdAt, 1735689715000);
    QCOMPARE(tree.messages[1].generation->modelName, std::string("llama3.2-1b-instruct"));
    QCOMPARE(heard.conversations[0].origin.id, std::string("jan_1735689700"));
}

void TstJan::aBrokenLineIsLeftOutAlone() {
    QCOMPARE(sampleThread().leftOutOf("messages that can't be read"), std::size_t{1});
}

void TstJan::aThreadWithoutItsMessagesSaysWhatToDo() {
    const auto heard = read(sample("jan/threads/jan_1735689700/thread.json"), "thread.json");
    QVERIFY(!heard.outcome);
    QVERIFY(heard.outcome.error().message.find("whole folder") != std::string::npos);
}

ALCUIN_TEST(TstJan)
#include "tst_jan.moc"
