#include "math/math.h"
#include "math/tex/chemistry.h"
#include "math/tex/colours.h"
#include "math/tex/macros.h"
#include "math/tex/parser.h"
#include "math/tex/units.h"
#include "support/test_registry.h"

#include <QColor>
#include <QElapsedTimer>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cstdlib>

using namespace alcuin;
using namespace alcuin::ui::math;

/// What packages add to mathematics: definitions, chemistry, units, colours.
class TstPackages : public QObject {
    Q_OBJECT
private slots:
    void definitionsAreWrittenOut_data();
    void definitionsAreWrittenOut();
    void definitionsThatGrowAreRefusedFast_data();
    void definitionsThatGrowAreRefusedFast();
    void definitionsAreFound();
    void chemistryMeansMathematics_data();
    void chemistryMeansMathematics();
    void whatIsNoChemistryIsRefused_data();
    void whatIsNoChemistryIsRefused();
    void unitsMeanMathematics_data();
    void unitsMeanMathematics();
    void coloursAreThoseOfXcolor_data();
    void coloursAreThoseOfXcolor();
    void colourEndsWithItsGroup();
    void coloursCanBeReadOnEveryGround();
    void modelsWriteSo_data();
    void modelsWriteSo();
};

void TstPackages::definitionsAreWrittenOut_data() {
    QTest::addColumn<QString>("tex");
    QTest::addColumn<QString>("written");
    const auto row = [](const char* tex, const char* written) {
        QTest::newRow(tex) << QString::fromUtf8(tex) << QString::fromUtf8(written);
    };
    row("\\newcommand{\\R}{\\mathbb{R}}\\R^n", "\\mathbb{R}^n");
    row("\\newcommand\\R{\\mathbb R}x\\in\\R", "x\\in\\mathbb R");
    row("\\newcommand{\\f}[2]{#1+#2}\\f{a}{b}", "a+b");
    row("\\newcommand{\\f}[2][x]{#1^{#2}}\\f{2}\\f[y]{3}", "x^{2}y^{3}");
    row("\\renewcommand*{\\vec}[1]{\\mathbf{#1}}\\vec{v}", "\\mathbf{v}");
    row("\\def\\half{\\frac12}\\half", "\\frac12");
    row("\\def\\f#1#2{\\frac{#1}{#2}}\\f12", "\\frac{1}{2}");
    row("\\let\\eps=\\varepsilon\\eps", "\\varepsilon");
    row("\\DeclareMathOperator{\\Hom}{Hom}\\Hom(A)", "\\operatorname{Hom}(A)");
    row("\\DeclareMathOperator*{\\Max}{Max}\\Max_x", "\\operatorname*{Max}_x");
    row("\\DeclarePairedDelimiter{\\n}{\\lVert}{\\rVert}\\n{x}", "\\left\\lVert x \\right\\rVert");
    row("\\def\\a{\\alpha}\\a x", "\\alpha x"); // letters don't become part of a name
    row("\\def\\f#1{\\alpha#1}\\f{x}", "\\alpha x");
    row("\\def\\x{y}\\alpha\\x", "\\alpha y");
    row("\\def\\a{b}\\def\\c{\\a\\a}\\c", "bb"); // one in the other
    row("\\def\\a{1}\\a\\def\\a{2}\\a", "12");
    row("\\newcommand{\\cost}{\\$5 \\#1}\\cost", "\\$5 \\#1");
}

void TstPackages::definitionsAreWrittenOut() {
    QFETCH(QString, tex);
    QVERIFY(definesMacros(tex));
    QTEST(expandMacros(tex).value_or(QStringLiteral("refused")), "written");
    QVERIFY(parseTex(tex));
}

void TstPackages::definitionsThatGrowAreRefusedFast_data() {
    QTest::addColumn<QString>("tex");
    QTest::newRow("itself") << QStringLiteral("\\def\\a{\\a}\\a");
    QTest::newRow("itself twice") << QStringLiteral("\\def\\a{\\a\\a}\\a");
    QTest::newRow("each other") << QStringLiteral("\\def\\a{\\b}\\def\\b{\\a}\\a");
    QTest::newRow("and more") << QStringLiteral("\\def\\a{x\\a}\\a");
    QString doubling = QStringLiteral("\\def\\a{xxxxxxxxxx}");
    for (char c = 'b'; c <= 'z'; ++c) {
        doubling += QStringLiteral("\\def\\%1{\\%2\\%2}").arg(QChar::fromLatin1(c), QChar::fromLatin1(char(c - 1)));
    }
    QTest::newRow("doubled 25 times") << doubling + QStringLiteral("\\z");
    QTest::newRow("an argument that doubles")
        << QStringLiteral("\\def\\f#1{\\f{#1#1}}\\f{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}");
    QTest::newRow("many uses") << QStringLiteral("\\def\\a{x}") + QStringLiteral("\\a").repeated(4000);
    QTest::newRow("an argument that isn't there") << QStringLiteral("\\newcommand{\\a}{#1}\\a");
    QTest::newRow("ten arguments") << QStringLiteral("\\newcommand{\\a}[10]{x}\\a");
    QTest::newRow("an argument at the end") << QStringLiteral("\\def\\a#1{x}\\a");
}

void TstPackages::definitionsThatGrowAreRefusedFast() {
    QFETCH(QString, tex);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!parseTex(tex));
    QVERIFY2(timer.elapsed() < 2000, "bounded work, even on a slow machine");
}

void TstPackages::definitionsAreFound() {
    QCOMPARE(definitionsIn(u"x + \\newcommand{\\R}{\\mathbb{R}} \\R + \\def\\a#1{b} y"),
             QStringLiteral("\\newcommand{\\R}{\\mathbb{R}}\\def\\a#1{b}"));
    QCOMPARE(definitionsIn(u"\\frac{1}{2}"), QString());
    QVERIFY2(parseTex(QString(definitionsIn(u"\\let\\eps=\\varepsilon") + QStringLiteral("x"))),
             "x is a letter of its own");
    QVERIFY(spokenMath(QString(definitionsIn(u"\\let\\eps\\varepsilon") + QStringLiteral("x"))).contains(u'x'));
    QCOMPARE(definitionsIn(u"\\newcommand{\\R"), QString());
}

void TstPackages::chemistryMeansMathematics_data() {
    QTest::addColumn<QString>("ce");
    QTest::addColumn<QString>("tex");
    const auto row = [](const char* ce, const char* tex) {
        QTest::newRow(ce) << QString::fromUtf8(ce) << QString::fromUtf8(tex);
    };
    row("H2O", "\\mathrm{H}_{2}\\mathrm{O}");
    row("Sb2O3", "\\mathrm{Sb}_{2}\\mathrm{O}_{3}");
    row("H+", "\\mathrm{H}^{+}");
    row("CrO4^2-", "\\mathrm{CrO}_{4}{}^{2-}");
    row("[AgCl2]-", "[\\mathrm{AgCl}_{2}]^{-}");
    row("Y^{99}+", "\\mathrm{Y}^{99+}");
    row("2 H2O", "2\\,\\mathrm{H}_{2}\\mathrm{O}");
    row("2H2O", "2\\,\\mathrm{H}_{2}\\mathrm{O}");
    row("0.5 H2O", "0.5\\,\\mathrm{H}_{2}\\mathrm{O}");
    row("1/2H2O", "\\tfrac{1}{2}\\,\\mathrm{H}_{2}\\mathrm{O}");
    row("n H2O", "n\\,\\mathrm{H}_{2}\\mathrm{O}");
    row("^{227}_{90}Th+", "\\prescripts^{227}_{90}\\mathrm{Th}^{+}");
    row("(NH4)2S", "(\\mathrm{NH}_{4})_{2}\\mathrm{S}");
    row("H2(aq)", "\\mathrm{H}_{2}\\,(\\mathrm{aq})");
    row("CO3^{2-} (aq)", "\\mathrm{CO}_{3}{}^{2-}\\,(\\mathrm{aq})");
    row("C6H5-CHO", "\\mathrm{C}_{6}\\mathrm{H}_{5}\\mathord{-}\\mathrm{CHO}");
    row("A=B#C", "\\mathrm{A}\\mathord{=}\\mathrm{B}\\mathord{\\equiv}\\mathrm{C}");
    row("A\\bond{#}B", "\\mathrm{A}\\mathord{\\equiv}\\mathrm{B}");
    row("A + B -> C", "\\mathrm{A}+\\mathrm{B}\\longrightarrow \\mathrm{C}");
    row("A <- B", "\\mathrm{A}\\longleftarrow \\mathrm{B}");
    row("A <=> B", "\\mathrm{A}\\xrightleftharpoons{\\quad}\\mathrm{B}");
    row("A ->[H2O] B", "\\mathrm{A}\\xrightarrow{\\mathrm{H}_{2}\\mathrm{O}}\\mathrm{B}");
    row("A ->[x][y] B", "\\mathrm{A}\\xrightarrow[{\\mathrm{y}}]{\\mathrm{x}}\\mathrm{B}");
    row("A \u2192 B", "\\mathrm{A}\\longrightarrow \\mathrm{B}");
    row("AgCl v", "\\mathrm{AgCl}\\downarrow ");
    row("CO2 ^", "\\mathrm{CO}_{2}\\uparrow ");
    row("CuSO4.5H2O", "\\mathrm{CuSO}_{4}\\mathord{\\cdot}5\\,\\mathrm{H}_{2}\\mathrm{O}");
    row("CuSO4 * 5 H2O", "\\mathrm{CuSO}_{4}\\mathord{\\cdot}5\\,\\mathrm{H}_{2}\\mathrm{O}");
    row("$x$ Na", "{x}\\ \\mathrm{Na}");
    row("Fe^{II}", "\\mathrm{Fe}^{\\mathrm{I}\\mathrm{I}}");
}

void TstPackages::chemistryMeansMathematics() {
    QFETCH(QString, ce);
    QTEST(texOfChemistry(ce).value_or(QStringLiteral("refused")), "tex");
}

void TstPackages::whatIsNoChemistryIsRefused_data() {
    QTest::addColumn<QString>("ce");
    QTest::newRow("an open brace") << QStringLiteral("{H2");
    QTest::newRow("an open script") << QStringLiteral("H^{2");
    QTest::newRow("an open dollar") << QStringLiteral("$x");
    QTest::newRow("an empty script") << QStringLiteral("H_{}");
    QTest::newRow("an unknown bond") << QStringLiteral("A\\bond{?}B");
    QTest::newRow("a sign that isn't its") << QStringLiteral("H@O");
    QTest::newRow("too deep") << QStringLiteral("{").repeated(40) + QStringLiteral("}").repeated(40);
}

void TstPackages::whatIsNoChemistryIsRefused() {
    QFETCH(QString, ce);
    QVERIFY(!texOfChemistry(ce));
    QVERIFY(!parseTex(QStringLiteral("\\ce{%1}").arg(ce)));
}

void TstPackages::unitsMeanMathematics_data() {
    QTest::addColumn<QString>("tex");
    QTest::addColumn<QString>("means");
    const auto row = [](const char* tex, const char* means) {
        QTest::newRow(tex) << QString::fromUtf8(tex) << QString::fromUtf8(means);
    };
    row("\\SI{5}{\\metre}", "5\\,\\mathrm{m}");
    row("\\qty{3.5e8}{\\meter\\per\\second}", "3.5\\times 10^{8}\\,\\mathrm{m}\\,\\mathrm{s}^{-1}");
    row("\\SI{1}{\\kilo\\gram\\cubic\\metre}", "1\\,\\mathrm{kg}\\,\\mathrm{m}^{3}");
    row("\\si{\\metre\\squared}", "\\mathrm{m}^{2}");
    row("\\si{\\per\\second\\tothe{4}}", "\\mathrm{s}^{-4}");
    row("\\unit{m/s^2}", "\\mathrm{m}/\\mathrm{s}^{2}");
    row("\\unit{kg.m.s^{-2}}", "\\mathrm{kg}\\,\\mathrm{m}\\,\\mathrm{s}^{-2}");
    row("\\num{12345.6789}", "12\\,345.6789");
    row("\\num{-1e-3}", "-1\\times 10^{-3}");
    row("\\num{5 +- 2}", "5\\pm 2");
    row("\\ang{45}", "45^{\\circ}");
    row("\\ang{1;2;3}", "1^{\\circ}2'3''");
    row("\\SIrange{1}{2}{\\kN}", "1\\text{\u2013}2\\,\\mathrm{kN}");
    row("\\pu{kJ//mol}", "\\frac{\\mathrm{kJ}}{\\mathrm{mol}}");
    row("\\pu{4.2 kJ//mol}", "4.2\\,\\frac{\\mathrm{kJ}}{\\mathrm{mol}}");
    row("\\pu{m/s}", "\\mathrm{m}/\\mathrm{s}");
    row("\\pu{12}", "12");
    row("\\pu{123 kJ/mol}", "123\\,\\mathrm{kJ}/\\mathrm{mol}");
}

void TstPackages::unitsMeanMathematics() {
    QFETCH(QString, tex);
    QFETCH(QString, means);
    const auto font = MathFont::installed();
    QVERIFY(font);
    const auto quantity = layoutMath(tex, *font, 20, false);
    const auto written = layoutMath(QLatin1Char('{') + means + QLatin1Char('}'), *font, 20, false);
    QVERIFY(quantity && written);
    QCOMPARE(quantity->width(), written->width());
    QCOMPARE(quantity->ascent(), written->ascent());
    QCOMPARE(spokenMath(tex), spokenMath(means));
    QVERIFY(!parseTex(u"\\SI{5}{\\nosuchunit}"));
    QVERIFY(!parseTex(u"\\SI{five}{\\metre}"));
    QVERIFY(!parseTex(u"\\si{\\per}"));
}

void TstPackages::coloursAreThoseOfXcolor_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("value");
    QTest::addColumn<quint32>("rgb"); // 0: none
    const auto row = [](const char* model, const char* value, quint32 rgb) {
        QTest::addRow("%s %s", model, value) << QString::fromUtf8(model) << QString::fromUtf8(value) << rgb;
    };
    row("", "red", 0xFFFF0000);
    row("", "green", 0xFF00FF00); // another one than the web's
    row("", "orange", 0xFFFF8000);
    row("", "RoyalBlue", 0xFF4169E1);
    row("", "#12ab9F", 0xFF12AB9F);
    row("", "red!50", 0xFFFF8080);
    row("", "red!50!blue", 0xFF800080);
    row("HTML", "FF8800", 0xFFFF8800);
    row("rgb", "1, 0.5, 0", 0xFFFF8000);
    row("RGB", "255,128,0", 0xFFFF8000);
    row("gray", "0.5", 0xFF808080);
    row("cmyk", "0,1,1,0", 0xFFFF0000);
    row("", "nosuch", 0);
    row("", "transparent", 0);
    row("", "red!150", 0);
    row("rgb", "1,2,3", 0);
    row("HTML", "red", 0);
    row("nosuch", "1", 0);
}

void TstPackages::coloursAreThoseOfXcolor() {
    QFETCH(QString, model);
    QFETCH(QString, value);
    QTEST(colourOf(model, value).value_or(0), "rgb");
}

namespace {

/// How many pixels are more red than anything else, and how many more blue.
struct Inked {
    int red = 0;
    int blue = 0;
};

QImage painted(const QString& tex, const QColor& ink, const QColor& ground) {
    const auto font = MathFont::installed();
    const auto layout = font ? layoutMath(tex, *font, 40, true) : nullptr;
    QImage image(400, 120, QImage::Format_RGB32);
    image.fill(ground);
    QPainter painter(&image);
    if (layout) {
        layout->paint(painter, {10, 70}, ink);
    }
    return image;
}

Inked inkedIn(const QImage& image) {
    Inked inked;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            inked.red += pixel.red() > pixel.blue() + 60 ? 1 : 0;
            inked.blue += pixel.blue() > pixel.red() + 60 ? 1 : 0;
        }
    }
    return inked;
}

} // namespace

void TstPackages::colourEndsWithItsGroup() {
    const auto inked = [](const char* tex) { return inkedIn(painted(QString::fromUtf8(tex), Qt::black, Qt::white)); };
    QVERIFY(inked("\\textcolor{red}{x} + \\textcolor{blue}{y}").red > 20);
    QVERIFY(inked("\\textcolor{red}{x} + \\textcolor{blue}{y}").blue > 20);
    const int one = inked("\\textcolor{red}{x} + x").red;
    QVERIFY(one > 20);
    QCOMPARE(inked("{\\color{red} x} + x").red, one);
    QVERIFY2(inked("\\color{red} x + x").red > 2 * one, "to the end of its group");
    const Inked inner = inked("\\textcolor{red}{\\frac{x}{\\textcolor{blue}{y}} \\sqrt{z}}");
    QVERIFY2(inner.red > 20 && inner.blue > 20, "what is inside keeps its own");
    QCOMPARE(inked("\\frac{x}{y}").red, 0);
    // A colour changes nothing else.
    const auto font = MathFont::installed();
    QCOMPARE(layoutMath(u"a \\color{red} + b", *font, 20, true)->width(),
             layoutMath(u"a + b", *font, 20, true)->width());
}

void TstPackages::coloursCanBeReadOnEveryGround() {
    const QColor darkGround(0x1E, 0x1E, 0x1E);
    for (const char* name : {"blue", "black", "yellow", "white", "red"}) {
        const QString sign = QStringLiteral("\\textcolor{%1}{\\blacksquare}").arg(QLatin1String(name));
        const auto strongest = [&](const QColor& ink, const QColor& ground) {
            const QImage image = painted(sign, ink, ground);
            int most = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    most = std::max(most, std::abs(qGray(image.pixel(x, y)) - qGray(ground.rgb())));
                }
            }
            return most;
        };
        QVERIFY2(strongest(QColor(0xEC, 0xEA, 0xE4), darkGround) > 75, name);
        QVERIFY2(strongest(QColor(0x1F, 0x23, 0x28), Qt::white) > 75, name);
    }
}

void TstPackages::modelsWriteSo_data() {
    QTest::addColumn<QString>("tex");
    for (const char* tex : {"\\boxed{\\text{The answer is } 42}", "\\boxed{\\dfrac{3}{4}}",
                            "\\boxed{\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}}",
                            "\\begin{aligned} a &= b \\\\ &\\quad + c \\tag{1} \\end{aligned}", "\\color{red}{x} + y",
                            "\\large x = 1", "\\abs{x} \\le \\norm{y}", "\\dv{f}{x} + \\pdv{g}{y}",
                            "x \\in \\R, n \\in \\N, z \\in \\Z", "\\argmax_{x} f(x) + \\argmin_y g(y)",
                            "\\mathbbm{1}_{A}", "20\\,\\celsius", "\\left(\\frac{a}{b} \\middle| c\\right)",
                            "\\sum_{\\mathclap{i<j}} a_{ij}", "\\begin{array}{@{}l@{\\quad}l@{}} a & b \\end{array}",
                            "\\left[\\begin{array}{*{3}{c}|c} 1&2&3&4 \\end{array}\\right]",
                            "\\text{see \\textcolor{blue}{here} and \\ce{H2O}}", "\\therefore \\; x = 2 \\qed"}) {
        QTest::newRow(tex) << QString::fromUtf8(tex);
    }
}

void TstPackages::modelsWriteSo() {
    QFETCH(QString, tex);
    const auto font = MathFont::installed();
    QVERIFY(font);
    QVERIFY(layoutMath(tex, *font, 16, true));
    const QString spoken = spokenMath(tex);
    QVERIFY2(!spoken.isEmpty() && !spoken.contains(QLatin1Char('\\')), qPrintable(spoken));
}

ALCUIN_TEST(TstPackages)
#include "tst_packages.moc"
