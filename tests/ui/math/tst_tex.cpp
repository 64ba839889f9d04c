#include <QElapsedTimer>

#include "math/math.h"
#include "math/tex/parser.h"
#include "math/tex/symbols.h"
#include "support/test_registry.h"
#include "ui/math/formulas.h"

using namespace alcuin;
using namespace alcuin::ui::math;

/// What is understood of TeX, what isn't, and how it is read aloud.
class TstTex : public QObject {
    Q_OBJECT
private slots:
    void samplesAreUnderstood();
    void whatIsntKnownIsRefusedWhole_data();
    void whatIsntKnownIsRefusedWhole();
    void hostileFormulasAreRefusedFast_data();
    void hostileFormulasAreRefusedFast();
    void everyPrefixIsHarmless();
    void isReadAloud_data();
    void isReadAloud();
    void scriptsBelongToTheirNucleus();
    void typedCharactersMeanWhatTheirCommandsMean();
    void percentSigns();
};

void TstTex::samplesAreUnderstood() {
    const QStringList formulas = tests::sampleFormulas();
    QVERIFY(formulas.size() > 120);
    for (const QString& tex : formulas) {
        QVERIFY2(parseTex(tex), qPrintable(tex));
        QVERIFY2(!spokenMath(tex).isEmpty(), qPrintable(tex));
    }
}

void TstTex::whatIsntKnownIsRefusedWhole_data() {
    QTest::addColumn<QString>("tex");
    for (const char* tex : {"\\nosuchcommand",
                            "x + \\ce{H2O",
                            "\\frac{1}",
                            "\\frac",
                            "{x",
                            "x}",
                            "x^2^3",
                            "x_1_2",
                            "\\left( x",
                            "x \\right)",
                            "\\begin{matrix} a",
                            "\\begin{nosuch} a \\end{nosuch}",
                            "\\begin{matrix} a \\end{pmatrix}",
                            "\\sqrt[3",
                            "x^",
                            "_",
                            "\\left x \\right)",
                            "\\newcommand{\\a}[1]{b#2} \\a{x}",
                            "\\def\\a#2{b}",
                            "\\input{/etc/passwd}",
                            "\\text{a",
                            "a $ b",
                            "\\limits",
                            "x\\limits_1",
                            "\\hspace{9x}",
                            "\\big x",
                            "\\begin{array} a \\end{array}",
                            "\\begin{array}{p{wide}} a \\end{array}",
                            "\\text{\\nosuch}",
                            "\\middle|",
                            "#1",
                            "\\href{x}{y}",
                            "\\color{nosuch} x"}) {
        QTest::newRow(tex) << QString::fromUtf8(tex);
    }
}

void TstTex::whatIsntKnownIsRefusedWhole() {
    QFETCH(QString, tex);
    QVERIFY(!parseTex(tex));
    QVERIFY(spokenMath(tex).isEmpty());
}

void TstTex::hostileFormulasAreRefusedFast_data() {
    QTest::addColumn<QString>("tex");
    const auto repeated = [](const char* text, int count) { return QString::fromUtf8(text).repeated(count); };
    QTest::newRow("a megabyte") << repeated("x+", 1 << 19);
    QTest::newRow("braces") << repeated("{", 8000) + repeated("}", 8000);
    QTest::newRow("open braces") << repeated("{", 16000);
    QTest::newRow("fractions") << repeated("\\frac{", 2700);
    QTest::newRow("fractions without braces") << repeated("\\frac", 3000);
    QTest::newRow("roots") << repeated("\\sqrt", 3000) + "x";
    QTest::newRow("accents") << repeated("\\hat", 4000) + "x";
    QTest::newRow("superscripts") << repeated("x^{", 4000) + "x" + repeated("}", 4000);
    QTest::newRow("left") << repeated("\\left(", 2000) + repeated("\\right)", 2000);
    QTest::newRow("not") << repeated("\\not", 4000) + "=";
    QTest::newRow("cells") << "\\begin{matrix}" + repeated("&", 8000) + "\\end{matrix}";
    QTest::newRow("rows") << "\\begin{matrix}" + repeated("a\\\\", 4000) + "\\end{matrix}";
    QTest::newRow("matrices") << repeated("\\begin{matrix}", 1000);
    QTest::newRow("text") << repeated("\\text{", 2600) + repeated("}", 400);
    QTest::newRow("text and formulas") << repeated("\\text{$", 2000) + repeated("$}", 2000);
    QTest::newRow("operators") << repeated("\\operatorname", 1200);
    QTest::newRow("options") << repeated("\\sqrt[", 2600);
    QTest::newRow("over") << repeated("x\\over ", 2300);
}

void TstTex::hostileFormulasAreRefusedFast() {
    QFETCH(QString, tex);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!parseTex(tex));
    QVERIFY2(timer.elapsed() < 5000, "bounded work, even on a slow machine"); // it takes a millisecond
}

void TstTex::everyPrefixIsHarmless() {
    const auto font = MathFont::installed();
    QVERIFY(font);
    for (const QString& tex : tests::sampleFormulas()) {
        for (qsizetype length = 0; length < tex.size(); ++length) {
            (void)layoutMath(QStringView(tex).left(length), *font, 16, true);
            (void)spokenMath(QStringView(tex).mid(length));
        }
    }
}

void TstTex::isReadAloud_data() {
    QTest::addColumn<QString>("words");
    const auto row = [](const char* tex, const char* words) { QTest::newRow(tex) << QString::fromUtf8(words); };
    row("\\frac{1}{2}", "1 over 2");
    row("\\frac{a+b}{c}", "fraction a plus b over c end fraction");
    row("x^2", "x squared");
    row("x^{n+1}", "x to the power n plus 1 end power");
    row("x_i^3", "x sub i cubed");
    row("f'(x)", "f prime open paren x close paren");
    row("\\sqrt{2}", "square root of 2");
    row("\\sqrt[3]{x+1}", "cube root of x plus 1 end root");
    row("\\sum_{i=1}^{n} a_i", "sum from i equals 1 to n of a sub i");
    row("\\lim_{x \\to 0} f", "limit as x to 0 of f");
    row("\\int_0^1 x\\,dx", "integral from 0 to 1 of x d x");
    row("\\alpha \\le \\beta", "alpha less than or equal to beta");
    row("\\mathbb{R}", "blackboard R");
    row("\\hat{x}", "x hat");
    row("3.14 \\cdot 10", "3.14 times 10");
    row("\\binom{n}{k}", "n choose k");
    row("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "2 by 2 matrix: 1, 2; 3, 4; end matrix");
    row("\\left|x\\right|", "absolute value of x end absolute value");
    row("x \\text{ if } y", "x if y");
    row("90^\\circ", "90 degrees");
}

void TstTex::isReadAloud() {
    QFETCH(QString, words);
    QCOMPARE(spokenMath(QString::fromUtf8(QTest::currentDataTag())), words);
}

void TstTex::scriptsBelongToTheirNucleus() {
    const auto formula = parseTex(u"x'_1{}^{14}_6");
    QVERIFY(formula);
    QCOMPARE(formula->list.size(), size_t(2));
    QCOMPARE(formula->list[0].kind, Kind::kScripts);
    QVERIFY(formula->list[0].hasSub && formula->list[0].hasSup);
    QCOMPARE(formula->list[1].kind, Kind::kScripts);
    QCOMPARE(formula->list[1].parts[1].size(), size_t(2));
    QVERIFY(formula->list[1].list.at(0).list.empty()); // an empty group
}

void TstTex::typedCharactersMeanWhatTheirCommandsMean() {
    static constexpr struct {
        const char16_t* typed;
        const char16_t* command;
    } kPairs[] = {
        {u"a≤b", u"a\\le b"},      {u"x²", u"x^2"},        {u"α₁", u"\\alpha_1"}, {u"a×b", u"a\\times b"},
        {u"x→∞", u"x\\to\\infty"}, {u"a·b", u"a\\cdot b"}, {u"∑", u"\\sum"},      {u"x∈ℝ", u"x\\in\\mathbb{R}"}};
    const auto font = MathFont::installed();
    QVERIFY(font);
    for (const auto& pair : kPairs) {
        const auto typed = layoutMath(QStringView(pair.typed), *font, 20, true);
        const auto command = layoutMath(QStringView(pair.command), *font, 20, true);
        QVERIFY(typed && command);
        QVERIFY2(std::abs(typed->width() - command->width()) < 1.5, qPrintable(QStringView(pair.typed).toString()));
    }
}

void TstTex::percentSigns() {
    QCOMPARE(spokenMath(u"50%"), QStringLiteral("50 percent"));
    QCOMPARE(spokenMath(u"a % a comment\n b"), QStringLiteral("a b"));
}

ALCUIN_TEST(TstTex)
#include "tst_tex.moc"
