#include <QElapsedTimer>

#include "chat/accessibility/sentences.h"
#include "chat/accessibility/spoken_text.h"
#include "chat/export/markdown_writer.h"
#include "chat/markdown/math_marks.h"
#include "chat/markdown/parser.h"
#include "chat/markdown/streaming_document.h"
#include "support/test_registry.h"

using namespace alcuin::ui;
using namespace alcuin::ui::markdown;

namespace {

/// Every formula of the blocks, display formulas in doubled angle brackets.
QString formulasOf(const Blocks& blocks) {
    QStringList found;
    const auto in = [&](const InlineText& text) {
        for (const Span& span : text.spans) {
            if (span.style & kMath) {
                found += QLatin1Char('<') + text.text.mid(span.start, span.length) + QLatin1Char('>');
            }
        }
    };
    for (const Block& block : blocks) {
        if (block.kind == BlockKind::kMath) {
            found += QStringLiteral("<<%1>>").arg(block.text.text);
        }
        in(block.text);
        for (const InlineText& cell : block.table.cells) {
            in(cell);
        }
    }
    return found.join(QLatin1Char(' '));
}

} // namespace

/// What is a formula in an answer and what isn't.
class TstMathMarks : public QObject {
    Q_OBJECT
private slots:
    void formulasAreRecognised_data();
    void formulasAreRecognised();
    void blocksAreMadeOfDisplayFormulas_data();
    void blocksAreMadeOfDisplayFormulas();
    void streamingAgreesWithParsing();
    void whatIsCopiedIsTheSource();
    void formulasAreHeardInWords();
    void whatIsHeardWhileItComesIsTheWhole();
    void markdownOfFormulasIsReadAgain_data();
    void markdownOfFormulasIsReadAgain();
    void hostileTextIsScannedOnce_data();
    void hostileTextIsScannedOnce();
};

void TstMathMarks::formulasAreRecognised_data() {
    QTest::addColumn<QString>("formulas");
    const auto row = [](const char* text, const char* formulas) { QTest::newRow(text) << QString::fromUtf8(formulas); };
    row("The value $x^2$ is", "<$x^2$>");
    row("$a$ and $b$", "<$a$> <$b$>");
    row("the $n$th and $x$s, $n$-th", "<$n$> <$x$> <$n$>");
    row("is \\(a_1 + b_1\\), so", "<\\(a_1 + b_1\\)>");
    row("so $$x = 1$$", "<<$$x = 1$$>>");
    row("so \\[x = 1\\]", "<<\\[x = 1\\]>>");
    row("$$\nx = 1\n$$", "<<$$\nx = 1\n$$>>");
    row("\\[\nx\n\\]", "<<\\[\nx\n\\]>>");
    row("\\begin{align}\na &= b\\\\\nc &= d\n\\end{align}", "<<\\begin{align}\na &= b\\\\\nc &= d\n\\end{align}>>");
    row("So \\boxed{\\frac{1}{2}}.", "<\\boxed{\\frac{1}{2}}>");
    row("**\\boxed{42}** and `\\boxed{1}`", "<\\boxed{42}>");
    row("$\\boxed{x}$ and \\boxed{y", "<$\\boxed{x}$>");
    row("\\boxed{a\n\nb}", "");
    row("**$x$** and *$y$*", "<$x$> <$y$>");
    row("$a_1 * b_2 * c_3$ and _em_", "<$a_1 * b_2 * c_3$>");
    row("中文$x$中文", "<$x$>");
    row("($x$), \"$y$\"", "<$x$> <$y$>");
    row("| a | b |\n|---|---|\n| $|x|$ | $P(A|B)$ |", "<$|x|$> <$P(A|B)$>");
    row("# A title with $x$", "<$x$>");
    row("> $$\n> x\n> $$", "<<$$\nx\n$$>>");
    row("- item $x$\n- $$y$$", "<$x$> <<$$y$$>>");
    row("1. so\n   $$\n   - x\n   $$", "<<$$\n- x\n$$>>");
    row("$\\text{costs \\$5}$", "<$\\text{costs \\$5}$>");
    row("[a $x$ b](https://example.org)", "<$x$>");
    row("$x\n+ y$ no: a list", "");
    row("$x$[^1]\n\n[^1]: note $y$", "<$x$> <$y$>");
    // What isn't one.
    row("It costs $5 and $10.", "");
    row("between $5-$10, or $5/$6, US$5 and A$6", "");
    row("$20,000–$30,000 a year", "");
    row("$5 or 6$ more", "");
    row("echo $HOME and $PATH", "");
    row("$HOME:$PATH", "");
    row("$PATH:$HOME/bin", "");
    row("a$b$c", "");
    row("\\$x$ and $y\\$", "");
    row("$ x $", "");
    row("$$", "");
    row("$$$ $$$", "");
    row("`$x$` and ``a`$y$``", "");
    row("```\n$x$\n$$y$$\n```", "");
    row("~~~\n\\[x = 1\\]\n~~~", "");
    row("    $x$ is code", "");
    row("- a\n\n  ```sh\n  echo $x$\n  ```", "");
    row("\\[1\\] and \\[see below\\]", "");
    row("\\(see below\\)", "");
    row("\\\\(x\\\\)", "");
    row("$a\n\nb$", "");
    row("\\begin{itemize}\\item x\\end{itemize}", "");
    row("<https://example.org/?a=$b$>", "");
    row("a `$x` b$ c", "");
    // Not closed yet: source until it is.
    row("so\n\n$$\n\\frac{1}{2} *a* _b_", "<$$ \\frac{1}{2} *a* _b_>");
    row("so \\(x_1 * y_1", "<\\(x_1 * y_1>");
}

void TstMathMarks::formulasAreRecognised() {
    QFETCH(QString, formulas);
    const Blocks blocks = parse(QByteArray(QTest::currentDataTag()));
    QCOMPARE(formulasOf(blocks).replace(QChar(QChar::LineSeparator), QLatin1Char(' ')), formulas);
    QVERIFY(!describe(blocks).contains(QChar(0xFDD4)) && !describe(blocks).contains(QChar(0xFDD5)));
}

void TstMathMarks::blocksAreMadeOfDisplayFormulas_data() {
    QTest::addColumn<QString>("description");
    const auto row = [](const char* text, const char* description) {
        QTest::newRow(text) << QString::fromUtf8(description);
    };
    row("before $$x$$ after", "p \"before\"\nmath \"$$x$$\"\np \"after\"");
    row("before\n$$\nx\n$$\nafter **bold**", "p \"before\"\nmath \"$$\\nx\\n$$\"\np \"after bold\" [6+4 strong]");
    row("$$x$$\n\n$$y$$", "math \"$$x$$\"\nmath \"$$y$$\"");
    row("$$x$$ $$y$$", "math \"$$x$$\"\nmath \"$$y$$\"");
    row("- $$x$$\n- b", "- math \"$$x$$\"\n- p \"b\"");
    row("- a\n  $$x$$\n  b", "- p \"a\"\n(-) math \"$$x$$\"\n(-) p \"b\"");
    row("**bold $$x$$**", "p \"bold $$x$$\" [0+5 strong] [5+5 strong math]");
    row("`$$x$$`", "p \"$$x$$\" [0+5 code]");
    row("    $$\n    x\n    $$", "code() \"$$\\nx\\n$$\"");
}

void TstMathMarks::blocksAreMadeOfDisplayFormulas() {
    QFETCH(QString, description);
    QCOMPARE(describe(parse(QByteArray(QTest::currentDataTag()))), description);
}

void TstMathMarks::streamingAgreesWithParsing() {
    const QString text =
        QString::fromUtf8("The roots of $ax^2 + bx + c = 0$ are\n\n$$\nx = \\frac{-b \\pm "
                          "\\sqrt{b^2-4ac}}{2a}\n$$\n\nIt costs $5 and $10. "
                          "Then \\(x_1 \\cdot x_2\\) and\n\\[\ny = 1\n\\]\nwith `$code$`.\n\n1. $$a$$\n2. ```sh\n   "
                          "echo $x$ $$\n   ```\n\n"
                          "> $$\n> q\n> $$\n\n```\n$$ no\n```\n\n\\begin{align}\na &= b \\\\\nc &= "
                          "d\n\\end{align}\n\n| $|x|$ | b |\n|---|---|\n"
                          "| \\(y\\) | $5 |\n\n- ```\n  $open\n\n$z$ after\n\n$$unclosed\n\n\\(last one");
    StreamingDocument document;
    for (qsizetype i = 0; i < text.size(); ++i) {
        document.append(text.mid(i, 1));
        QCOMPARE(describe(document.blocks()), describe(parse(text.left(i + 1).toUtf8())));
    }
    document.finish();
    QCOMPARE(describe(document.blocks()), describe(parse(text.toUtf8())));
    QVERIFY(formulasOf(document.blocks()).contains(QLatin1String("\\begin{align}")));
}

void TstMathMarks::whatIsCopiedIsTheSource() {
    const Blocks blocks = parse("so $x^2$ is\n\n$$\ny_1\n$$\n\nend");
    QCOMPARE(plainText(blocks), QStringLiteral("so $x^2$ is\n\n$$\ny_1\n$$\n\nend"));
}

void TstMathMarks::formulasAreHeardInWords() {
    QCOMPARE(spokenText(parse("so $x^2$ is\n\n$$\n\\frac{1}{2}\n$$\n\n| $y$ |\n|---|\n| $\\pi$ |")),
             QStringLiteral("so x squared is\n\n1 over 2\n\ny\npi"));
    QCOMPARE(spokenText(parse("not known: $\\foo$")), QStringLiteral("not known: $\\foo$"));
}

void TstMathMarks::whatIsHeardWhileItComesIsTheWhole() {
    const QString text =
        QStringLiteral("The root is $\\sqrt{1.5}$. Then $x^2 = 4$ holds. And so on.\n\n$$\na. b\n$$\n\n"
                       "| $a$ | b |\n|---|---|\n| $c^2$ | $d$ |\n\nThe end $\\pi$.");
    StreamingDocument document;
    Said said;
    QString heard;
    for (const QChar c : text) {
        document.append(QString(c));
        heard += nextToSay(document.blocks(), said, false);
    }
    document.finish();
    heard += nextToSay(document.blocks(), said, true);
    QCOMPARE(heard, spokenText(document.blocks()));
    QCOMPARE(said.length, int(heard.size()));
    QVERIFY(heard.contains(QLatin1String("square root of 1.5. Then x squared equals 4 holds.")));
}

void TstMathMarks::markdownOfFormulasIsReadAgain_data() {
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"so $x_1^2 * y$ is", "a\n\n$$\nx\n$$\n\nb", "- $$x$$\n- \\(y\\)", "\\$5 and \\$6", "\\$a\\$ and \\\\(b\\\\)",
          "| $|x|$ |\n|---|\n| b |", "**$x$**", "\\\\begin{align}x\\\\end{align}"}) {
        QTest::newRow(text) << QString::fromUtf8(text);
    }
}

void TstMathMarks::markdownOfFormulasIsReadAgain() {
    QFETCH(QString, text);
    const Blocks blocks = parse(text.toUtf8());
    const QString written = writeMarkdown(blocks);
    QCOMPARE(describe(parse(written.toUtf8())), describe(blocks));
}

void TstMathMarks::hostileTextIsScannedOnce_data() {
    QTest::addColumn<QByteArray>("text");
    constexpr int kSize = 1 << 20;
    for (const char* part : {"$a ",
                             "$",
                             "$$",
                             "$$ a ",
                             "\\(",
                             "\\[",
                             "\\( a \\[ ",
                             "\\begin{align}",
                             "`$",
                             "``` $",
                             "$a\n",
                             "$$\n",
                             "> $$\n",
                             "- $x\n",
                             "$x$ ",
                             "$$x$$\n",
                             "\\",
                             "\\$",
                             "$a$$b$",
                             "~~~\n$x$\n",
                             "\\begin{align}\\end{align}",
                             "|$a|$",
                             "> > > $$ "}) {
        QTest::newRow(part) << QByteArray(part).repeated(kSize / int(qstrlen(part)));
    }
}

void TstMathMarks::hostileTextIsScannedOnce() {
    QFETCH(QByteArray, text);
    QElapsedTimer timer;
    timer.start();
    MathMarks marks;
    const QByteArray rewritten = marks.rewrite(text);
    QVERIFY(!rewritten.isEmpty());
    QVERIFY2(timer.elapsed() < 15000, qPrintable(QString::number(timer.elapsed()))); // it takes some 20 ms
    QCOMPARE(marks.restored(QString::fromUtf8(rewritten)).size() > 0, true);
}

ALCUIN_TEST(TstMathMarks)
#include "tst_math_marks.moc"
