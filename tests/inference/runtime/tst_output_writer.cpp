#include <memory>
#include <string>
#include <vector>

#include "runtime/output_writer.h"
#include "support/test_registry.h"
#include "toy_tokenizer.h"

using namespace alcuin::inference;
using alcuin::tests::ToyTokenizer;

namespace {

struct Written {
    std::string answer;
    std::string reasoning;
    std::vector<Token> tokens;
    bool stopped = false;
};

Written write(const std::vector<Token>& tokens, std::vector<std::string> stops = {}, bool startsInReasoning = false,
              bool withThink = true) {
    OutputWriter writer(std::make_shared<ToyTokenizer>(withThink), std::move(stops), startsInReasoning);
    std::vector<TextDelta> deltas;
    Written written;
    for (const auto token : tokens) {
        written.stopped = writer.push(token, deltas);
        if (written.stopped) {
            break;
        }
    }
    writer.finish(deltas);
    for (const auto& delta : deltas) {
        (delta.channel == Channel::kAnswer ? written.answer : written.reasoning) += delta.text;
        written.tokens.insert(written.tokens.end(), delta.tokens.begin(), delta.tokens.end());
    }
    return written;
}

std::vector<Token> bytesOf(const std::string& text) {
    std::vector<Token> tokens;
    for (const char byte : text) {
        tokens.push_back(static_cast<unsigned char>(byte));
    }
    return tokens;
}

} // namespace

class TestOutputWriter : public QObject {
    Q_OBJECT

private slots:
    void deltasHoldWholeCharactersOnly() {
        OutputWriter writer(std::make_shared<ToyTokenizer>(), {}, false);
        std::string all;
        const std::string text = "aé漢😀";
        for (const auto token : bytesOf(text)) {
            std::vector<TextDelta> deltas;
            writer.push(token, deltas);
            for (const auto& delta : deltas) {
                QVERIFY(QString::fromStdString(delta.text).toStdString() == delta.text);
                all += delta.text;
            }
        }
        QCOMPARE(all, text);
    }

    void allTokensComeOutInOrder() {
        auto tokens = bytesOf("say STO");
        tokens.push_back(ToyTokenizer::kEnd);
        const auto written = write(tokens, {"STOP"});
        QCOMPARE(written.tokens, tokens);
        QCOMPARE(written.answer, std::string("say STO"));
        QVERIFY(!written.stopped);
    }

    void anAnswerOfNothingStillCarriesItsTokens() {
        const auto written = write({ToyTokenizer::kEnd});
        QCOMPARE(written.tokens, std::vector<Token>{ToyTokenizer::kEnd});
        QCOMPARE(written.answer, std::string());
    }

    void thinkTokensPartTheChannels() {
        std::vector<Token> tokens{ToyTokenizer::kThink};
        for (const auto token : bytesOf("\nhm")) {
            tokens.push_back(token);
        }
        tokens.push_back(ToyTokenizer::kEndThink);
        for (const auto token : bytesOf("\n\nyes")) {
            tokens.push_back(token);
        }
        const auto written = write(tokens);
        QCOMPARE(written.reasoning, std::string("hm"));
        QCOMPARE(written.answer, std::string("yes"));
        QCOMPARE(written.tokens, tokens);
    }

    void tagsOfAVocabularyWithoutThemAreReadAsText() {
        const auto written = write(bytesOf("<think>hm</think>yes"), {}, false, false);
        QCOMPARE(written.reasoning, std::string("hm"));
        QCOMPARE(written.answer, std::string("yes"));
    }

    void stopStringsCountInTheAnswerOnly() {
        const auto written = write(bytesOf("stop here?</think>go on, stop here"), {"stop"}, true);
        QCOMPARE(written.reasoning, std::string("stop here?"));
        QCOMPARE(written.answer, std::string("go on, "));
        QVERIFY(written.stopped);
    }

    void bytesThatAreNoCharacterAreReplaced() {
        QCOMPARE(write({'a', 0xE6, 0xBC}).answer, std::string("a\xEF\xBF\xBD"));
    }
};

ALCUIN_TEST(TestOutputWriter)
#include "tst_output_writer.moc"
