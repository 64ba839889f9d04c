#include "support/test_registry.h"

#include "chat/accessibility/sentences.h"
#include "chat/markdown/parser.h"
#include "chat/markdown/streaming_document.h"
#include "ui/chat/sample.h"

using namespace alcuin;
using namespace alcuin::ui;

class TestSentences : public QObject {
    Q_OBJECT
private slots:
    void ends_data();
    void ends();
    void everythingIsSaidOnceInOrder();
    void codeInLinesAndTablesInRows();
    void listItemsAreWhole();
    void notesComeLast();
};

void TestSentences::ends_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("whole");
    const auto row = [](const char* name, const char* source, const char* whole) {
        QTest::newRow(name) << QString::fromUtf8(source) << QString::fromUtf8(whole);
    };
    row("no end", "It begins", "");
    row("a stop whose follower isn't known", "It ends.", "");
    row("a stop and a capital", "It ends. And goes on", "It ends.");
    row("a stop and a small letter", "approx. five of them", "");
    row("question", "Really? yes", "Really?");
    row("closing quotes", "He said \u201Cno.\u201D Then he left", "He said \u201Cno.\u201D");
    row("brackets", "It is so (or not.) Next", "It is so (or not.)");
    row("abbreviations", "See Dr. Smith, e.g. Fig. 3 and i.e. The rest", "");
    row("initials", "J. S. Bach wrote it. It", "J. S. Bach wrote it.");
    row("numbers", "Pi is 3.14 or so. 22/7 is close", "Pi is 3.14 or so.");
    row("year at the end", "That was in 1986. A good year", "That was in 1986.");
    row("dots", "Well... it depends. Or", "Well... it depends.");
    row("code", "Call `a. B()` then", "");
    row("several", "One. Two! Three? Four", "One. Two! Three?");
    row("Chinese", "\u4f60\u597d\u3002\u4e16\u754c", "\u4f60\u597d\u3002");
    row("Japanese quote", "\u300c\u306f\u3044\u3002\u300d\u3068\u8a00", "\u300c\u306f\u3044\u3002\u300d");
    row("Arabic", "\u0647\u0644\u061F \u0646\u0639\u0645", "\u0647\u0644\u061F");
    row("Hindi", "\u0928\u092e\u0938\u094d\u0924\u0947\u0964 \u0939\u0948",
        "\u0928\u092e\u0938\u094d\u0924\u0947\u0964");
    row("German", "Das gilt z.B. Hier nicht. Aber dort", "Das gilt z.B. Hier nicht.");
    row("lines", "A line\nAnother", "A line");
    row("a line that goes on", "A line\\\nand more", "");
    row("the head of a table, perhaps", "a | b\n-- ", "");
    row("number of an item that stands in the text", "1\\. Take it", "");
}

void TestSentences::ends() {
    QFETCH(QString, source);
    QFETCH(QString, whole);
    const auto blocks = markdown::parse(source.toUtf8());
    QCOMPARE(blocks.size(), 1);
    QCOMPARE(blocks.first().text.text.left(sentencesEnd(blocks.first().text, 0)), whole);
}

void TestSentences::everythingIsSaidOnceInOrder() {
    for (const QString& source : {tests::richAnswer(), tests::notedAnswer(), tests::rightToLeftAnswer()}) {
        markdown::StreamingDocument document;
        Said said;
        QString heard;
        int pieces = 0;
        for (int i = 0; i < source.size(); i += 3) {
            document.append(source.mid(i, 3));
            const QString text = nextToSay(document.blocks(), said, false);
            heard += text;
            pieces += !text.isEmpty();
            QCOMPARE(said.length, int(heard.size()));
        }
        document.finish();
        heard += nextToSay(document.blocks(), said, true);
        QVERIFY2(pieces > 3 && pieces < 60, qPrintable(QString::number(pieces)));
        if (source != tests::notedAnswer()) { // there "[1]" and "[^formula]" have different lengths
            QCOMPARE(heard, markdown::plainText(document.blocks()));
        }
    }
}

void TestSentences::codeInLinesAndTablesInRows() {
    Said said;
    QString source = QStringLiteral("```\n");
    for (int i = 0; i < 10; ++i) {
        source += QStringLiteral("line%1. Not\n").arg(i);
    }
    const QString heard = nextToSay(markdown::parse((source + QStringLiteral("half")).toUtf8()), said, false);
    QVERIFY(heard.startsWith(QStringLiteral("line0. Not\n")));
    QVERIFY2(heard.endsWith(QStringLiteral("line7. Not\n")), "eight whole lines, not the ones that follow");
    Said inTable;
    QCOMPARE(nextToSay(markdown::parse("|a|b|\n|---|---|\n|c|d|\n|e|"), inTable, false),
             QStringLiteral("a\tb\nc\td\n"));
}

void TestSentences::listItemsAreWhole() {
    Said said;
    QCOMPARE(nextToSay(markdown::parse("- one\n- two\n- th"), said, false), QStringLiteral("- one\n- two"));
    QCOMPARE(nextToSay(markdown::parse("- one\n- two\n- three\n\nEnd"), said, false), QStringLiteral("\n- three"));
    QCOMPARE(nextToSay(markdown::parse("- one\n- two\n- three\n\nEnd"), said, true), QStringLiteral("\n\nEnd"));
}

void TestSentences::notesComeLast() {
    Said said;
    const QByteArray source = "A[^1].\n\n[^1]: The note.\n\nB goes on. And";
    QCOMPARE(nextToSay(markdown::parse(source), said, false), QStringLiteral("A[1].\n\nB goes on."));
    QCOMPARE(nextToSay(markdown::parse(source), said, true), QStringLiteral(" And\n\n[1] The note."));
}

ALCUIN_TEST(TestSentences)
#include "tst_sentences.moc"
