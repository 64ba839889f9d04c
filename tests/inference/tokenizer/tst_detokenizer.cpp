#include "support/test_registry.h"

#include <random>

#include "small_vocabulary.h"
#include "tokenizer/detokenizer.h"
#include "tokenizer/utf8.h"

using namespace alcuin::inference;
using alcuin::tests::SmallVocabulary;

class DetokenizerTest : public QObject {
    Q_OBJECT

private slots:
    void charactersComeOutWhole();
    void brokenBytesBecomeReplacements();
    void controlAndUnknownIdsGiveNoText();
    void allPiecesTogetherAreTheRepairedText();
};

void DetokenizerTest::charactersComeOutWhole() {
    Detokenizer detokenizer(SmallVocabulary().tokenizer());
    QCOMPARE(detokenizer.feed('a'), std::string("a"));
    QCOMPARE(detokenizer.feed(0xF0), std::string());
    QCOMPARE(detokenizer.feed(0x9F), std::string());
    QVERIFY(detokenizer.hasPending());
    QCOMPARE(detokenizer.feed(0x98), std::string());
    QCOMPARE(detokenizer.feed(0x80), std::string("\xF0\x9F\x98\x80"));
    QVERIFY(!detokenizer.hasPending());
    QCOMPARE(detokenizer.flush(), std::string());
}

void DetokenizerTest::brokenBytesBecomeReplacements() {
    const std::string r(kReplacementCharacter);
    Detokenizer detokenizer(SmallVocabulary().tokenizer());
    QCOMPARE(detokenizer.feed(0x80), r);
    QCOMPARE(detokenizer.feed(0xE2), std::string());
    QCOMPARE(detokenizer.feed(0x82), std::string());
    QCOMPARE(detokenizer.feed('x'), r + "x");
    QCOMPARE(detokenizer.feed(0xC3), std::string());
    QCOMPARE(detokenizer.flush(), r);
    QVERIFY(!detokenizer.hasPending());
    QCOMPARE(detokenizer.feed(0xA9), r); // a new text: the lead byte before flush() is gone
}

void DetokenizerTest::controlAndUnknownIdsGiveNoText() {
    const SmallVocabulary vocabulary;
    Detokenizer detokenizer(vocabulary.tokenizer());
    QCOMPARE(detokenizer.feed(0xC3), std::string());
    QCOMPARE(detokenizer.feed(static_cast<Token>(vocabulary.control)), std::string());
    QCOMPARE(detokenizer.feed(-1), std::string());
    QCOMPARE(detokenizer.feed(1'000'000), std::string());
    QCOMPARE(detokenizer.feed(0xA9), std::string("\xC3\xA9"));
    QCOMPARE(detokenizer.feed(static_cast<Token>(vocabulary.userDefined)), std::string("<think>"));
}

void DetokenizerTest::allPiecesTogetherAreTheRepairedText() {
    const auto tokenizer = SmallVocabulary().tokenizer();
    std::mt19937 random(11);
    for (int round = 0; round < 500; ++round) {
        Detokenizer detokenizer(tokenizer);
        std::string bytes;
        std::string text;
        for (int i = 0; i < 60; ++i) {
            const auto token = static_cast<Token>(random() % tokenizer->vocabularySize());
            bytes += tokenizer->bytes(token);
            const std::string piece = detokenizer.feed(token);
            QCOMPARE(validUtf8Prefix(piece), piece.size());
            text += piece;
        }
        text += detokenizer.flush();
        QCOMPARE(text, RepairedText(bytes).text());
    }
}

ALCUIN_TEST(DetokenizerTest)
#include "tst_detokenizer.moc"
