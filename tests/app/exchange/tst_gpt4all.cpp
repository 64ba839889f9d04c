#include "reading.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::tests;

/// GPT4All's binary chats, of the versions that programs 3.x write.
class TstGpt4All : public QObject {
    Q_OBJECT
private slots:
    void olderVersionsAreRead_data();
    void olderVersionsAreRead();
    void stepsOfTheNewestVersionBecomeOneAnswer();
    void everyCutIsRefusedInWords();
    void anUnknownVersionIsRefused();
};

void TstGpt4All::olderVersionsAreRead_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("lines");
    QTest::newRow("8") << "80"
                       << "*U What is Qt?\n  *A(cancelled) A toolkit \u2014 for C++ \U0001F642.\n";
    QTest::newRow("10")
        << "100"
        << "*U [numbers.txt 1 2 3\\n] | What is Qt?\n  *A(cancelled) A toolkit \u2014 for C++ \U0001F642.\n";
}

void TstGpt4All::olderVersionsAreRead() {
    QFETCH(QString, name);
    QFETCH(QString, lines);
    const auto heard = read(sample("gpt4all/gpt4all-v" + name.toStdString() + "f00-1.chat"));
    QVERIFY(heard.outcome);
    QCOMPARE(heard.refused, std::vector<std::string>());
    QCOMPARE(heard.conversations.size(), std::size_t{1});
    const auto& tree = heard.conversations[0].tree;
    ALCUIN_SAME(sketch(tree), lines.toStdString());
    QCOMPARE(tree.conversation.createdAt, 1735689900000);
    QCOMPARE(tree.messages[1].generation->modelName, std::string("Llama 3.2 1B Instruct"));
    QCOMPARE(heard.leftOutOf("excerpts from LocalDocs"), std::size_t{1});
    QCOMPARE(heard.leftOutOf("attached files that aren't text"), std::size_t{name == "100" ? 1U : 0U});
}

void TstGpt4All::stepsOfTheNewestVersionBecomeOneAnswer() {
    const auto heard = read(sample("gpt4all/gpt4all-v120f00-1.chat"));
    QCOMPARE(heard.conversations.size(), std::size_t{1});
    ALCUIN_SAME(sketch(heard.conversations[0].tree),
                "*U What is 1 + 1?\n"
                "  *A Let me see. | {1500 A sum.} | ```\\n1 + 1\\n```\\n | ```\\n2\\n```\\n | It is 2.\n"
                "    *U And then?\n"
                "      *A(failed) The model couldn't be loaded.\n");
}

void TstGpt4All::everyCutIsRefusedInWords() {
    const auto whole = sample("gpt4all/gpt4all-v120f00-1.chat");
    for (std::size_t size = 4; size < whole.size(); ++size) {
        const auto heard = read(std::string_view(whole).substr(0, size));
        QVERIFY(heard.conversations.empty());
        QCOMPARE(heard.refused.size(), std::size_t{1});
    }
}

void TstGpt4All::anUnknownVersionIsRefused() {
    auto bytes = sample("gpt4all/gpt4all-v120f00-1.chat");
    bytes[7] = 13;
    const auto heard = read(bytes);
    QVERIFY(heard.conversations.empty());
    QVERIFY(heard.refused.at(0).find("number 13") != std::string::npos);
}

ALCUIN_TEST(TstGpt4All)
#include "tst_gpt4all.moc"
