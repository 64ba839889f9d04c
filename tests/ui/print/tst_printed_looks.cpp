#include "chat/transcript_view.h"
#include "math/font/math_font.h"
#include "print/conversation_printer.h"
#include "support/test_registry.h"
#include "theme/theme.h"
#include "ui/chat/sample.h"
#include "ui/print/printed_pdf.h"

using namespace alcuin;
using namespace alcuin::ui;
using namespace alcuin::tests;

/// How it looks on paper: code, formulas, colours, what was thought.
class TestPrintedLooks : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale::c());
    }
    void openThinkingIsPrinted();
    void codeIsColoured();
    void coloursCanBeReadOnPaper();
    void tabsKeepTheirStops();
    void formulasAreSet();
    void tallFormulasAreCutBetweenTheirLines();
};

void TestPrintedLooks::openThinkingIsPrinted() {
    Theme theme;
    TranscriptView view(theme);
    auto reply = tests::answer(QStringLiteral("Yes."));
    reply.reasoning = QStringLiteral("Let me think.");
    reply.createdAt = QDateTime(QDate(2026, 6, 20), QTime(10, 0));
    view.setPath({reply});
    const PaperConversation paper = view.paperConversation(QStringLiteral("T"));
    QVERIFY(paper.openReasoning.isEmpty());
    QVERIFY(!paper.date.isEmpty());
    QCOMPARE(paper.path.size(), 1);
    PaperConversation open = paper;
    open.openReasoning.insert(reply.id);
    QVERIFY(pdfOf(open).size() > pdfOf(paper).size());
}

void TestPrintedLooks::codeIsColoured() {
    const QString code =
        QStringLiteral("/// Halves it.\nint half(int x) { return x / 2; } // \"two\"\nauto s = \"text\";\n");
    const QByteArray pdf = pdfOf(paperOf(QStringLiteral("```cpp\n%1```\n").arg(code)));
    keepPdf(pdf, "code");
    const Syntax syntax = Theme::light().syntax;
    QVERIFY(pdfDraws(pdf, syntax.keyword));
    QVERIFY(pdfDraws(pdf, syntax.string));
    QVERIFY(pdfDraws(pdf, syntax.number));
    QVERIFY(pdfDraws(pdf, syntax.comment));
    const QByteArray plain = pdfOf(paperOf(QStringLiteral("```\n%1```\n").arg(code)));
    QVERIFY2(!pdfDraws(plain, syntax.keyword), "of no known language");
    QCOMPARE(textOfPdf(pdf), textOfPdf(plain));
}

void TestPrintedLooks::coloursCanBeReadOnPaper() {
    const Colors colors = paperLook(Qt::LeftToRight, 900).colors;
    const Syntax& syntax = colors.syntax;
    for (const QColor& ink : {syntax.keyword, syntax.string, syntax.number, syntax.comment, syntax.type,
                              syntax.function, syntax.meta, colors.positive, colors.negative}) {
        for (const QColor& fill : {colors.code, colors.paper}) {
            QVERIFY2(contrastOf(ink, fill) >= 4.5, qPrintable(ink.name() + QStringLiteral(" on ") + fill.name()));
        }
    }
}

void TestPrintedLooks::tabsKeepTheirStops() {
    if (!canReadPdf()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    const auto readOf = [](const char* code) {
        return textOfPdf(pdfOf(paperOf(QStringLiteral("```python\n%1\n```\n").arg(QLatin1String(code)))));
    };
    const QString tabbed = readOf("ab\tx = 1\n\tf(\"quoted\")\t# why");
    QVERIFY(tabbed.contains(QLatin1String("quoted")));
    QCOMPARE(tabbed, readOf("ab  x = 1\n    f(\"quoted\") # why"));
    const QByteArray behindTabs = pdfOf(paperOf(QStringLiteral("```python\n\t\t\t\t\"quoted\"\n```\n")));
    QVERIFY(pdfDraws(behindTabs, Theme::light().syntax.string));
}

void TestPrintedLooks::formulasAreSet() {
    if (!math::MathFont::installed()) {
        ALCUIN_SKIP("no font for formulas is installed");
    }
    const QByteArray pdf = pdfOf(paperOf(tests::mathAnswer()));
    keepPdf(pdf, "formulas");
    const QString read = textOfPdf(pdf);
    QVERIFY2(!read.contains(QLatin1String("\\frac")), qPrintable(read));
    QVERIFY(!read.contains(QLatin1String("$$")));
}

/// Forty lines on two pages, each on one of them.
void TestPrintedLooks::tallFormulasAreCutBetweenTheirLines() {
    if (!math::MathFont::installed()) {
        ALCUIN_SKIP("no font for formulas is installed");
    }
    QString lines;
    for (int i = 100; i < 150; ++i) {
        lines += QStringLiteral("x_{a} &= \\text{n%1n} + \\frac{1}{2} \\\\\n").arg(i);
    }
    int pages = 0;
    const QByteArray pdf = pdfOf(paperOf(QStringLiteral("\\[\n\\begin{aligned}\n%1\\end{aligned}\n\\]\n").arg(lines)),
                                 QPageSize::A4, &pages);
    keepPdf(pdf, "tall");
    QVERIFY(pages >= 2);
    if (!canReadPdf()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    const QString read = textOfPdf(pdf);
    for (int i = 100; i < 150; ++i) {
        QCOMPARE(read.count(QStringLiteral("n%1n").arg(i)), 1);
    }
    // What has no lines is made to fit: one page, and nothing of it is cut off.
    QString rows;
    for (int i = 0; i < 60; ++i) {
        rows += QStringLiteral("\\text{r%1r} & 2 \\\\ ").arg(i + 100);
    }
    const QByteArray matrix =
        pdfOf(paperOf(QStringLiteral("\\[\\begin{pmatrix} %1 \\end{pmatrix}\\]").arg(rows)), QPageSize::A4, &pages);
    keepPdf(matrix, "matrix");
    QCOMPARE(pages, 1);
    QCOMPARE(textOfPdf(matrix).count(QStringLiteral("r159r")), 1);
}

ALCUIN_TEST(TestPrintedLooks)
#include "tst_printed_looks.moc"
