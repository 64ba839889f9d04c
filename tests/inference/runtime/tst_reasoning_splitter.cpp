#include <string>
#include <utility>

#include "runtime/reasoning_splitter.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

namespace {

struct Parts {
    std::string reasoning;
    std::string answer;
};

void add(Parts& parts, std::vector<ReasoningSplitter::Piece>& pieces) {
    for (const auto& piece : pieces) {
        (piece.channel == Channel::kReasoning ? parts.reasoning : parts.answer) += piece.text;
    }
    pieces.clear();
}

Parts split(const std::string& text, std::size_t size, bool startsInside) {
    ReasoningSplitter splitter(startsInside);
    std::vector<ReasoningSplitter::Piece> pieces;
    for (std::size_t at = 0; at < text.size(); at += size) {
        splitter.text(text.substr(at, size), pieces);
    }
    splitter.finish(pieces);
    Parts parts;
    add(parts, pieces);
    return parts;
}

} // namespace

class TestReasoningSplitter : public QObject {
    Q_OBJECT

private slots:
    void partsTheSameHoweverTheTextArrives_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("startsInside");
        QTest::addColumn<QString>("reasoning");
        QTest::addColumn<QString>("answer");
        QTest::newRow("plain") << "An answer." << false << ""
                               << "An answer.";
        QTest::newRow("plain, spaces kept") << "  An answer. \n"
                                            << false << ""
                                            << "  An answer. \n";
        QTest::newRow("tags") << "<think>\nhm, 1 < 2\n</think>\n\nYes. \n"
                              << false << "hm, 1 < 2"
                              << "Yes. \n";
        QTest::newRow("space before the tag") << "\n<think>a</think>b" << false << "a"
                                              << "b";
        QTest::newRow("opened by the prompt") << "\nwell\n\nso\n</think>\n\nYes" << true << "well\n\nso"
                                              << "Yes";
        QTest::newRow("never closed") << "<think>going on" << false << "going on"
                                      << "";
        QTest::newRow("cut inside the closing tag") << "<think>a </thi" << false << "a </thi"
                                                    << "";
        QTest::newRow("cut inside the opening tag") << "<thi" << false << ""
                                                    << "<thi";
        QTest::newRow("almost a tag") << "<thinking>a" << false << ""
                                      << "<thinking>a";
        QTest::newRow("a tag talked about") << "Use <think>x</think> tags" << false << ""
                                            << "Use <think>x</think> tags";
        QTest::newRow("a tag after the reasoning") << "<think>a</think>b <think>c</think>" << false << "a"
                                                   << "b <think>c</think>";
        QTest::newRow("empty reasoning") << "<think>\n\n</think>\n\nb" << false << ""
                                         << "b";
        QTest::newRow("nothing") << "" << false << ""
                                 << "";
        QTest::newRow("only space") << " \n"
                                    << false << ""
                                    << " \n";
    }

    void partsTheSameHoweverTheTextArrives() {
        QFETCH(QString, text);
        QFETCH(bool, startsInside);
        QFETCH(QString, reasoning);
        QFETCH(QString, answer);
        for (std::size_t size = 1; size <= 20; ++size) {
            const auto parts = split(text.toStdString(), size, startsInside);
            QCOMPARE(QString::fromStdString(parts.reasoning), reasoning);
            QCOMPARE(QString::fromStdString(parts.answer), answer);
        }
    }

    void ownTokensOpenAndCloseAnywhere() {
        ReasoningSplitter splitter(false);
        std::vector<ReasoningSplitter::Piece> pieces;
        splitter.text("\n", pieces);
        splitter.open(pieces);
        splitter.text("\nfirst \n", pieces);
        splitter.close(pieces);
        splitter.text("\n\nanswer ", pieces);
        splitter.open(pieces);
        splitter.text("second", pieces);
        splitter.close(pieces);
        splitter.text("end", pieces);
        splitter.finish(pieces);
        Parts parts;
        add(parts, pieces);
        QCOMPARE(parts.reasoning, std::string("firstsecond"));
        QCOMPARE(parts.answer, std::string("answer end"));
    }

    void aClosingTokenWithoutReasoningIsIgnored() {
        ReasoningSplitter splitter(false);
        std::vector<ReasoningSplitter::Piece> pieces;
        splitter.text("a", pieces);
        splitter.close(pieces);
        splitter.text(" b", pieces);
        splitter.finish(pieces);
        Parts parts;
        add(parts, pieces);
        QCOMPARE(parts.answer, std::string("a b"));
    }

    void textIsShownAsSoonAsItIsSure() {
        ReasoningSplitter splitter(false);
        std::vector<ReasoningSplitter::Piece> pieces;
        splitter.text("Hello", pieces);
        QCOMPARE(pieces.size(), std::size_t(1));
        pieces.clear();
        splitter.text(" there <", pieces);
        QCOMPARE(pieces.size(), std::size_t(1));
        QCOMPARE(pieces[0].text, std::string(" there <"));
    }
};

ALCUIN_TEST(TestReasoningSplitter)
#include "tst_reasoning_splitter.moc"
