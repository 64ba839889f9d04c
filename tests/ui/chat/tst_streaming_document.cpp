#include "support/test_registry.h"

#include "chat/markdown/parser.h"
#include "chat/markdown/streaming_document.h"
#include "ui/chat/sample.h"

#include <QRandomGenerator>

using namespace alcuin;
using namespace alcuin::ui;

namespace {

const char* const kDocuments[] = {
    "a\n\nb\n\nc",
    "- a\n- b\n\n- c\n\nd\n\n- e",
    "1. a\n\n   b\n\n2. c\n\n10. d\n\ntext\n\n1. new",
    "- a\n\n  ```\n  x\n\n  y\n  ```\n\nz",
    "- a\n\n  ```\n  x\n\ny at the margin\n\nz",
    "1. a\n  ```\nx\n\ny\n\n  ```\n\nz\n\nw",
    "```\na\n\nb\n\n# c\n```\n\nd\n\ne",
    "  ```\na\n\nb\n  ```\n\nc\n\nd",
    "~~~\n```\n\na\n\n~~~\nb\n\nc",
    "````\n```\n\nx\n\n````\n\ny\n\nz",
    "> a\n\n> b\n\nc\n\n> d\nlazy\n\ne",
    "> ```\n> a\n\nb\n\nc",
    "para\n\n    code\n\n    more code\n\nx\n\ny",
    "- a\n\n      code in item\n\nb\n\nc",
    "|a|b|\n|---|---|\n|1|2|\n\n|c|d|\n|---|---|\n\ne\n\nf",
    "a\n===\n\nb\n---\n\n---\n\n***\n\nc",
    "* a\n\n* * *\n\n* b\n\n- c\n\n+ d\n\nx",
    "**bold** start\n\n*em* start\n\n- list\n\n**bold** after list\n\nend",
    "<div>\n\na\n\n</div>\n\n<!-- x\n\ny -->\n\nz",
    "2024 was\n\n2) list\n\n3) list\n\n4 not list\n\nend",
    "- [ ] t\n\n- [x] u\n\nend\n\nend",
    "a\r\n\r\nb\r\n\r\n- c\r\n\r\nd\r\n\r\ne",
    "\n\n\n  a\n\n\n\n   b\n\n\n",
    "- \n\n  a\n\n-\n\n  b\n\nc",
    "a\n\n\tcode\n\nb\n\n- x\n\n\tcont\n\nc",
    "text with `tick\n\nmore ` tick\n\n``` not fence ```\n\nx",
    "`````\n\n```\n\n`````\n\n```\nopen\n\nforever\n\nand ever",
    "# h\n\ntext\n## h2\n- a\n## h3\n\n- b\n\nx",
    "1. **A**\n   - x\n   - y\n\n2. **B**\n   - z\n\n**After**\n\nEnd.",
    "a[^1] b[^x]\n\nc[^2]\n\n[^2]: two\n\n[^1]: one\n    more\n\n    para\n\nafter [^1]\n\n[^x]: late[^2]\n\nend",
    "[^1]: first\n\ntext[^1]\n\n- item[^2]\n\n[^2]: in\nlazy\n\n> q\n> [^3]: quoted\n\n[^3] x",
    "+ a\n\n[^1]: n\n\n+ b\n\n[ref][^1]\n\n```\n[^1]: code\n```\n\n    [^1]: indented\n\nend [^1]",
    "H<sub>2</sub>O <u>a\n\nb</u> <kbd>x</kbd><br>y\n\n<mark>*a*\n\nc",
    "\xF0\x9F\x98\x80 emoji\n\n\xD8\xA7\xD9\x84 rtl\n\n\xE4\xB8\xAD\xE6\x96\x87\n\nend",
};

} // namespace

class TestStreamingDocument : public QObject {
    Q_OBJECT
private slots:
    void everyPrefixEqualsTheWhole();
    void randomPiecesEqualTheWhole();
    void generatedDocuments();
    void referencesReachBackAtTheEnd();
    void splitSurrogates();
    void finishedBlocksStay();
    void workIsProportionalToTheText();
};

void TestStreamingDocument::everyPrefixEqualsTheWhole() {
    QStringList documents{tests::richAnswer(), tests::rightToLeftAnswer()};
    for (const char* document : kDocuments) {
        documents.append(QString::fromUtf8(document));
    }
    for (const QString& document : std::as_const(documents)) {
        markdown::StreamingDocument streamed;
        for (int i = 0; i < document.size(); ++i) {
            streamed.append(document.mid(i, 1));
            if (document.at(i).isHighSurrogate()) {
                continue;
            }
            const QString prefix = document.left(i + 1);
            QCOMPARE(markdown::describe(streamed.blocks()), markdown::describe(markdown::parse(prefix.toUtf8())));
        }
        streamed.finish();
        QCOMPARE(streamed.blocks(), markdown::parse(document.toUtf8()));
    }
}

void TestStreamingDocument::randomPiecesEqualTheWhole() {
    QRandomGenerator random(7);
    for (const char* source : kDocuments) {
        const QString document = QString::fromUtf8(source).repeated(3);
        markdown::StreamingDocument streamed;
        for (int at = 0; at < document.size();) {
            const int length = int(random.bounded(1, 24));
            streamed.append(document.mid(at, length));
            at += length;
        }
        QCOMPARE(markdown::describe(streamed.blocks()), markdown::describe(markdown::parse(document.toUtf8())));
    }
}

void TestStreamingDocument::generatedDocuments() {
    static const char* const kLines[] = {
        "",        "",        "",      "a",     "b *c*",   "- x",   "  y",   "    z",    "1. n",
        "   m",    "> q",     "> - r", "```",   "```s",    "  ```", "~~~",   "|a|b|",    "|---|---|",
        "---",     "# h",     "* * *", "==",    "**b**",   "2)",    "\tt",   "     ```", "<div>",
        "- ```\n", "+ [x] t", "x\\",   "a[^1]", "[^1]: n", "[^2]:", "<sub>", "10. ",     "   ```"};
    QRandomGenerator random(20240601);
    for (int round = 0; round < 1500; ++round) {
        QString document;
        const int lines = int(random.bounded(2, 24));
        for (int i = 0; i < lines; ++i) {
            document += QLatin1String(kLines[random.bounded(int(std::size(kLines)))]) + QLatin1Char('\n');
        }
        markdown::StreamingDocument streamed;
        for (int at = 0; at < document.size();) {
            const int length = int(random.bounded(1, 9));
            streamed.append(document.mid(at, length));
            at += length;
            const QByteArray prefix = document.left(at).toUtf8();
            if (streamed.blocks() != markdown::parse(prefix)) {
                QCOMPARE(markdown::describe(streamed.blocks()), markdown::describe(markdown::parse(prefix)));
                QFAIL(prefix.constData());
            }
        }
    }
}

void TestStreamingDocument::referencesReachBackAtTheEnd() {
    const QString document = QStringLiteral("See [1].\n\nMore text.\n\nAnd more.\n\n[1]: https://example.org\n");
    markdown::StreamingDocument streamed;
    for (const QChar c : document) {
        streamed.append(c);
    }
    streamed.finish();
    QCOMPARE(streamed.blocks(), markdown::parse(document.toUtf8()));
    QCOMPARE(streamed.blocks().first().text.links, QList<QString>{QStringLiteral("https://example.org")});
}

void TestStreamingDocument::splitSurrogates() {
    const QString emoji = QString::fromUcs4(U"\U0001F600");
    markdown::StreamingDocument streamed;
    streamed.append(emoji.left(1));
    QVERIFY(streamed.blocks().isEmpty());
    streamed.append(emoji.mid(1) + QLatin1Char('!'));
    QCOMPARE(streamed.blocks().first().text.text, emoji + QLatin1Char('!'));
    streamed.append(emoji.left(1));
    streamed.finish();
    QCOMPARE(streamed.blocks().first().text.text, emoji + QLatin1Char('!') + QChar(QChar::ReplacementCharacter));
}

void TestStreamingDocument::finishedBlocksStay() {
    const QString document = tests::richAnswer() + QLatin1String("\n\n") + tests::richAnswer();
    markdown::StreamingDocument streamed;
    markdown::Blocks kept;
    for (int i = 0; i < document.size(); i += 5) {
        streamed.append(document.mid(i, 5));
        QVERIFY(streamed.finishedCount() >= kept.size());
        QCOMPARE(streamed.blocks().mid(0, kept.size()), kept);
        kept = streamed.blocks().mid(0, streamed.finishedCount());
    }
    QVERIFY2(kept.size() > 20, "most blocks of the text are finished before its end");
}

/// Bytes parsed, not time: a text ten times as long costs about ten times as much.
void TestStreamingDocument::workIsProportionalToTheText() {
    const auto cost = [](int repeats) {
        QString document;
        for (int i = 0; i < repeats; ++i) {
            document += tests::richAnswer() + QLatin1String("\n\n");
        }
        markdown::StreamingDocument streamed;
        for (int i = 0; i < document.size(); i += 8) {
            streamed.append(document.mid(i, 8));
        }
        return double(streamed.parsedBytes()) / double(document.size());
    };
    QVERIFY(cost(20) < 1.5 * cost(2));
}

ALCUIN_TEST(TestStreamingDocument)
#include "tst_streaming_document.moc"
