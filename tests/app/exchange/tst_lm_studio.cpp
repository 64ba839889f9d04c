#include "reading.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::tests;

/// LM Studio's conversations: versions become branches, blocks of an answer one message.
class TstLmStudio : public QObject {
    Q_OBJECT
private slots:
    void versionsAreBranches();
    void timesSpeedsAndModelsStay();
    void whatStaysOutIsCounted();
};

void TstLmStudio::versionsAreBranches() {
    const auto heard = read(sample("lm-studio/1735689650000.conversation.json"));
    QVERIFY(heard.outcome);
    QCOMPARE(heard.conversations.size(), std::size_t{1});
    ALCUIN_SAME(sketch(heard.conversations[0].tree), "*U Which planet is biggest?\n"
                                                     "   A Saturn.\n"
                                                     "  *A {2500 Jupiter is, I think.} | Jupiter.\n"
                                                     "     U And the smallest?\n"
                                                     "    *U And the smallest one?\n"
                                                     "      *A(cancelled) Mercury\n");
}

void TstLmStudio::timesSpeedsAndModelsStay() {
    const auto heard = read(sample("lm-studio/1735689650000.conversation.json"));
    const auto& tree = heard.conversations.at(0).tree;
    QCOMPARE(tree.conversation.title, std::string("Planets"));
    QCOMPARE(tree.conversation.settings.instructions, std::string("You like astronomy."));
    QCOMPARE(tree.conversation.createdAt, 1735689650000);
    QCOMPARE(tree.messages[0].createdAt, 1735689650000); // it has none of its own
    QCOMPARE(tree.messages[2].createdAt, 1735689652000);
    QCOMPARE(tree.messages[2].generation->modelName, std::string("qwen/qwen3-4b"));
    QCOMPARE(tree.messages[2].generation->promptTokens, 17);
    QCOMPARE(tree.messages[2].generation->timeToFirstTokenMs, 500.0);
    QCOMPARE(heard.conversations[0].origin.id, std::string("1735689650000"));
}

void TstLmStudio::whatStaysOutIsCounted() {
    const auto heard = read(sample("lm-studio/1735689650000.conversation.json"));
    ALCUIN_SAME(heard.leftOutWords(), "1 technical notes, 1 calls of tools");
}

ALCUIN_TEST(TstLmStudio)
#include "tst_lm_studio.moc"
