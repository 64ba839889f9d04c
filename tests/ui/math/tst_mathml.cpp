#include <QXmlStreamReader>

#include "math/mathml/mathml.h"
#include "support/test_registry.h"
#include "ui/math/formulas.h"

using namespace alcuin;
using alcuin::ui::math::toMathMl;

namespace {

/// What stands in <semantics> before the annotation.
QString body(const QString& tex) {
    const QString all = toMathMl(tex, false);
    const QString begin = QStringLiteral("<math><semantics>");
    return all.startsWith(begin) ? all.mid(begin.size(), all.indexOf(QLatin1String("<annotation")) - begin.size())
                                 : all;
}

/// Elements that must have so many children; others take any number.
int childrenOf(QStringView element) {
    static const QHash<QString, int> table = {{"mfrac", 2}, {"msup", 2},     {"msub", 2},  {"msubsup", 3},
                                              {"mover", 2}, {"munder", 2},   {"mroot", 2}, {"munderover", 3},
                                              {"math", 1},  {"semantics", 2}};
    return table.value(element.toString(), -1);
}

/// Empty for well-formed MathML whose scripts, fractions and roots have the parts that they need.
QString faultIn(const QString& xml) {
    QXmlStreamReader reader(xml);
    QList<int> counts{0};
    while (!reader.atEnd()) {
        switch (reader.readNext()) {
        case QXmlStreamReader::StartElement:
            ++counts.last();
            counts.append(0);
            break;
        case QXmlStreamReader::EndElement: {
            const int wanted = childrenOf(reader.name());
            const int found = counts.takeLast();
            if (wanted >= 0 && wanted != found) {
                return QStringLiteral("<%1> has %2 parts").arg(reader.name()).arg(found);
            }
            break;
        }
        default:
            break;
        }
    }
    return reader.hasError() ? reader.errorString() : QString();
}

} // namespace

/// Formulas for browsers: every construct becomes the element that is made for it.
class TstMathMl : public QObject {
    Q_OBJECT
private slots:
    void constructs_data();
    void constructs();
    void everySampleIsWellFormed();
    void whatIsntKnownIsNothing();
    void theTeXGoesWithIt();
    void definitionsAreWrittenOut();
};

void TstMathMl::constructs_data() {
    QTest::addColumn<QString>("tex");
    QTest::addColumn<QString>("expected"); ///< a part of it, or all
    const auto row = [](const char* name, const char* tex, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(tex) << QString::fromUtf8(expected);
    };
    row("letters are typed", "x", "<mi>x</mi>");
    row("upright letters", "\\mathrm{d}", "<mi mathvariant=\"normal\">d</mi>");
    row("an alphabet", "\\mathbb{R}", "<mi>ℝ</mi>");
    row("numbers are one", "12.5", "<mn>12.5</mn>");
    row("usual spaces unsaid", "a+b=c", "<mi>a</mi><mo>+</mo><mi>b</mi><mo>=</mo><mi>c</mi>");
    row("a sign of its own", "-a", "<mo form=\"prefix\">−</mo><mi>a</mi>");
    row("escaped", "a<b", "<mo>&lt;</mo>");
    row("other relations say theirs", "a\\mid b", "lspace=\"0.278em\" rspace=\"0.278em\">∣</mo>");
    row("parentheses stay small", "(x)",
        "<mo stretchy=\"false\" lspace=\"0em\" rspace=\"0em\">(</mo><mi>x</mi><mo stretchy=\"false\"");
    row("superscript", "x^2", "<msup><mi>x</mi><mn>2</mn></msup>");
    row("both scripts", "x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>");
    row("no spaces in scripts", "x^{a+b}", "<mo lspace=\"0em\" rspace=\"0em\">+</mo>");
    row("limits that move", "\\sum_{k}^n", "<munderover><mo");
    row("integrals", "\\int_0^1", "<msubsup><mo");
    row("limits that don't", "\\int\\limits_D", "movablelimits=\"false\"");
    row("a function", "\\sin x", ">sin</mo><mspace width=\"0.167em\"/><mi>x</mi>");
    row("a limit", "\\lim_{n}", "<munder><mo movablelimits=\"true\" lspace=\"0em\" rspace=\"0em\">lim</mo><mi>n</mi>");
    row("fraction", "\\frac{1}{x}", "<mfrac><mn>1</mn><mi>x</mi></mfrac>");
    row("large fraction", "\\dfrac{1}{x}", "<mstyle displaystyle=\"true\" scriptlevel=\"0\"><mfrac>");
    row("binomial", "\\binom nk", "<mfrac linethickness=\"0em\"><mi>n</mi><mi>k</mi></mfrac>");
    row("root", "\\sqrt{x}", "<msqrt><mi>x</mi></msqrt>");
    row("cube root", "\\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>");
    row("accent", "\\hat{x}", "<mover accent=\"true\"><mi>x</mi><mo stretchy=\"false\">^</mo></mover>");
    row("a wide hat is one that stretches", "\\widehat{AB}", "<mo stretchy=\"true\">\u0302</mo>");
    row("a prime is raised once", "f'",
        "<msup><mi>f</mi><mpadded voffset=\"-0.3em\" height=\"0.4em\"><mo lspace=\"0em\" "
        "rspace=\"0em\">\u2032</mo></mpadded></msup>");
    row("overline", "\\overline{ab}", "<mrow style=\"border-top:0.05em solid;padding-top:0.1em\"><mi>a</mi><mi>b</mi>");
    row("brace with a label", "\\underbrace{x}_{n}", "<munder><munder accentunder=\"true\"><mi>x</mi>");
    row("over a sign", "\\overset{!}{=}", "<mover><mo");
    row("arrow with words", "\\xrightarrow{f}", "<mover><mo stretchy=\"true\" minsize=\"1em\"");
    row("fences grow", "\\left(\\frac12\\right]", "<mo form=\"prefix\" stretchy=\"true\" symmetric=\"true\"");
    row("no fence", "\\left.x\\right|", "<mrow><mi>x</mi><mo form=\"postfix\"");
    row("a fence between", "\\left(a\\middle|b\\right)", "<mo form=\"infix\" stretchy=\"true\"");
    row("large by name", "\\big(", "minsize=\"1.2em\" maxsize=\"1.2em\"");
    row("text keeps its spaces", "\\text{ if }", "<mtext>\u00a0if\u00a0</mtext>");
    row("space", "a\\quad b", "<mspace width=\"1em\"/>");
    row("matrix", "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "<mtable displaystyle=\"false\" scriptlevel=\"0\"><mtr>");
    row("columns stand to their side", "\\begin{array}{l|r}1&2\\end{array}", "border-left:thin solid");
    row("columns have their side", "\\begin{array}{r}1\\end{array}", "text-align:right;text-align:-webkit-right");
    row("rules", "\\begin{array}{c}1\\\\\\hline 2\\end{array}", "border-top:thin solid");
    row("lines of display", "\\begin{aligned}a&=b\\end{aligned}", "<mtable displaystyle=\"true\"");
    row("a tag", "x\\tag{7}", "<mspace width=\"2em\"/>");
    row("phantom", "\\phantom{x}", "<mphantom><mi>x</mi></mphantom>");
    row("smash", "\\smash{x}", "<mpadded height=\"0\" depth=\"0\"><mi>x</mi></mpadded>");
    row("frame", "\\fbox{x}", "<mrow style=\"border:thin solid;padding:0.3em\"><mtext>x</mtext></mrow>");
    row("a frame is always a display", "\\boxed{x}", "<mstyle displaystyle=\"true\"");
    row("struck", "\\cancel{x}", "linear-gradient(to bottom right,");
    row("colour", "\\color{red} x y",
        "<mstyle mathcolor=\"#ff0000\" style=\"--own:#ff0000\"><mi>x</mi><mi>y</mi></mstyle>");
    row("an arrow that falls", "\\ce{AgCl v}", "<mo stretchy=\"false\"");
    row("style", "\\displaystyle x", "<mstyle displaystyle=\"true\" scriptlevel=\"0\"><mi>x</mi></mstyle>");
    row("a ground", "\\colorbox{yellow}{x}",
        "<mrow style=\"background:#ffff00;color:black;print-color-adjust:exact;padding:0.3em\"><mtext>x</mtext>");
    row("a dark ground", "\\colorbox{black}{x}", "background:#000000;color:white;");
    row("a framed ground", "\\fcolorbox{red}{white}{x}", "<mrow style=\"border:thin solid;background:#ffffff;");
    row("a black box", "\\rule[-1em]{2em}{3em}",
        "<mspace width=\"2em\" height=\"2em\" depth=\"1em\" style=\"background:currentColor\"/>");
    row("raised", "\\raisebox{0.5em}{x}", "<mpadded voffset=\"0.5em\"><mtext>x</mtext></mpadded>");
    row("four corners", "\\sideset{_a^b}{_c^d}\\prod",
        "<mi>c</mi><mi>d</mi><mprescripts/><mi>a</mi><mi>b</mi></mmultiscripts>");
    row("a corner, and limits", "\\sideset{}{'}\\sum_k", "<munder><mmultiscripts>");
    row("before a letter", "\\prescript{14}{6}{C}",
        "<mmultiscripts><mrow></mrow><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts><mi>C</mi>");
    row("a cell of two", "\\begin{array}{cc}\\multicolumn{2}{r}{a}\\\\1&2\\end{array}",
        "<mtd columnspan=\"2\" style=\"text-align:right;");
    row("rules over some", "\\begin{array}{cc}1&2\\\\\\cline{2-2}3&4\\end{array}",
        "<mn>3</mn></mtd><mtd style=\"text-align:center;text-align:-webkit-center;padding:0.22em 0.5em 0.22em "
        "0.5em;border-top:thin solid\"><mn>4</mn>");
    row("a reference", "\\eqref{eq:energy}", "<mtext>(energy)</mtext>");
    row("a ruled limit", "\\varlimsup_n", "<munder><mrow style=\"border-top:");
    row("what it comes to", "\\cancelto{0}{x}", "<mi>x</mi></mrow><mn>0</mn></msup>");
    row("chemistry", "\\ce{H2O}", "<mi mathvariant=\"normal\">H</mi>");
}

void TstMathMl::constructs() {
    QFETCH(QString, tex);
    QFETCH(QString, expected);
    const QString found = body(tex);
    QVERIFY2(found.contains(expected), qPrintable(found));
    QVERIFY2(faultIn(toMathMl(tex, true)).isEmpty(), qPrintable(faultIn(toMathMl(tex, true)) + found));
}

void TstMathMl::everySampleIsWellFormed() {
    const QStringList formulas = tests::sampleFormulas();
    QVERIFY(formulas.size() > 120);
    for (const QString& tex : formulas) {
        const QString xml = toMathMl(tex, true);
        QVERIFY2(xml.startsWith(QLatin1String("<math display=\"block\">")), qPrintable(tex));
        QVERIFY2(faultIn(xml).isEmpty(), qPrintable(faultIn(xml) + QLatin1String(" in ") + tex));
    }
}

void TstMathMl::whatIsntKnownIsNothing() {
    QVERIFY(toMathMl(QStringLiteral("\\nosuchcommand{x}"), false).isEmpty());
    QVERIFY(toMathMl(QStringLiteral("\\frac{1}"), true).isEmpty());
}

void TstMathMl::theTeXGoesWithIt() {
    QVERIFY(toMathMl(QStringLiteral(" a < b "), false)
                .endsWith(QLatin1String("<annotation encoding=\"application/x-tex\">a &lt; b</annotation></semantics>"
                                        "</math>")));
}

void TstMathMl::definitionsAreWrittenOut() {
    const QString definitions = QStringLiteral("\\newcommand{\\half}{\\frac12}");
    QVERIFY(toMathMl(QStringLiteral("\\half"), false).isEmpty());
    const QString xml = toMathMl(QStringLiteral("\\half"), false, definitions);
    QVERIFY2(xml.contains(QLatin1String("<mfrac><mn>1</mn><mn>2</mn></mfrac>")), qPrintable(xml));
    QVERIFY(xml.contains(QLatin1String(">\\half</annotation>")));
}

ALCUIN_TEST(TstMathMl)
#include "tst_mathml.moc"
