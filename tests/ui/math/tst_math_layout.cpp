#include <QImage>
#include <QPainter>

#include <cmath>

#include "math/layout/setter.h"
#include "math/math.h"
#include "support/test_registry.h"
#include "ui/math/formulas.h"

using namespace alcuin;
using namespace alcuin::ui::math;

namespace {

constexpr double kEm = 1000; ///< pixels: rounding doesn't count

/// A formula's picture, whose marks say where everything stands.
struct Drawn {
    explicit Drawn(const MathFont& font, QStringView tex, bool display = true) {
        const auto formula = parseTex(tex);
        Setter setter(font, kEm);
        if (formula) {
            picture = setter.formula(*formula, display);
        }
        good = formula && !setter.failed();
    }
    Picture picture;
    bool good = false;

    const Mark* first(Mark::Kind kind) const {
        const auto found = std::find_if(picture.marks.begin(), picture.marks.end(),
                                        [&](const Mark& mark) { return mark.kind == kind; });
        return found == picture.marks.end() ? nullptr : &*found;
    }
    const Mark* of(quint32 glyph) const {
        const auto found = std::find_if(picture.marks.begin(), picture.marks.end(),
                                        [&](const Mark& mark) { return mark.glyph == glyph; });
        return found == picture.marks.end() ? nullptr : &*found;
    }
};

bool isNear(double a, double b, double tolerance = 0.5) {
    return std::abs(a - b) <= tolerance;
}

} // namespace

/// Boxes stand where the font's MATH table and TeX's rules want them.
class TstMathLayout : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void atomsAreSpacedAsInTheTexbook_data();
    void atomsAreSpacedAsInTheTexbook();
    void aFractionLiesOnTheAxis();
    void scriptsAreShiftedByTheFontsConstants();
    void crampedSuperscriptsRiseLess();
    void limitsStandAboveInDisplayOnly();
    void delimitersCoverWhatTheyEnclose_data();
    void delimitersCoverWhatTheyEnclose();
    void aRadicalCoversItsContents();
    void accentsStandOverTheMiddle();
    void matricesAreCentredOnTheAxis();
    void alignedRelationsStandBelowEachOther();
    void aCellOfSeveralColumnsHasNoRulesInside();
    void aRuleOverSomeColumnsEndsWhereTheyDo();
    void lettersAreReadOnTheirGround();
    void numbersBeforeALetterEndTogether();
    void primesAreOneSign();
    void wordsInOtherLettersAreSet();
    void tooLargeIsRefused();
    void paintsSomethingInsideItsBox();

private:
    double constant(Constant constant) const {
        return m_font->constant(constant) * kEm;
    }
    double width(const char16_t* tex) const {
        return Drawn(*m_font, QStringView(tex)).picture.width;
    }
    std::shared_ptr<const MathFont> m_font;
};

void TstMathLayout::initTestCase() {
    m_font = MathFont::installed();
    QVERIFY(m_font);
}

void TstMathLayout::atomsAreSpacedAsInTheTexbook_data() {
    QTest::addColumn<QString>("tex");
    QTest::addColumn<int>("spaces"); // in 18ths of an em
    const auto row = [](const char* tex, int spaces) { QTest::newRow(tex) << QString::fromUtf8(tex) << spaces; };
    row("1+1", 8);
    row("1=1", 10);
    row("+1", 0);
    row("1=+1", 10);
    row("(+1)", 0);
    row("1,1", 3);
    row("11", 0);
    row("1\\times{+1}", 8);
    row("1+", 0);
    row("1\\,1", 3);
    row("1\\quad1", 18);
    row("1\\mathbin{1}1", 8);
    row("1\\mathrel{1}1", 10);
    row("1\\mathop{1}1", 6);
    row("1\\mathinner{1}1", 6);
    row("1\\mathpunct{1}1", 3);
    row("1::1", 10);
    row("{1}{+}{1}", 0);
    row("\\scriptstyle 1+1", 0);
    row("\\scriptstyle 1\\mathop{1}1", 6);
}

void TstMathLayout::atomsAreSpacedAsInTheTexbook() {
    QFETCH(QString, tex);
    QFETCH(int, spaces);
    const Drawn drawn(*m_font, tex);
    QVERIFY(drawn.good);
    double glyphs = 0;
    double em = kEm;
    for (const Mark& mark : drawn.picture.marks) {
        glyphs += m_font->advance(mark.glyph) * mark.size;
        em = mark.size;
    }
    QVERIFY2(isNear(drawn.picture.width - glyphs, spaces * em / 18),
             qPrintable(QString::number((drawn.picture.width - glyphs) * 18 / em)));
}

void TstMathLayout::aFractionLiesOnTheAxis() {
    for (const bool display : {true, false}) {
        for (const char16_t* tex : {u"\\frac{1}{2}", u"\\frac{x^{2^2}}{\\sqrt{y_{j_j}}}", u"\\frac{1}{\\frac{2}{3}}"}) {
            const Drawn drawn(*m_font, QStringView(tex), display);
            QVERIFY(drawn.good);
            double width = 0;
            Mark bar;
            for (const Mark& mark : drawn.picture.marks) {
                if (mark.kind == Mark::Kind::kRule && mark.dx > width) {
                    width = mark.dx;
                    bar = mark;
                }
            }
            QVERIFY(isNear(-(bar.y + bar.dy / 2), constant(Constant::kAxisHeight)));
            QVERIFY(isNear(bar.dy, constant(Constant::kFractionRuleThickness)));
        }
    }
    const Drawn display(*m_font, u"\\frac{1}{2}", true);
    const Mark* one = display.of(m_font->glyphOf(U'1'));
    const Mark* two = display.of(m_font->glyphOf(U'2'));
    QVERIFY(one != nullptr && two != nullptr);
    QVERIFY(-one->y >= constant(Constant::kFractionNumeratorDisplayStyleShiftUp) - 0.5);
    QVERIFY(two->y >= constant(Constant::kFractionDenominatorDisplayStyleShiftDown) - 0.5);
    QCOMPARE(one->size, kEm);
    const Drawn text(*m_font, u"\\frac{1}{2}", false);
    QVERIFY(isNear(text.picture.marks.front().size, kEm * m_font->scriptScale()));
}

void TstMathLayout::scriptsAreShiftedByTheFontsConstants() {
    const quint32 two = m_font->scriptForm(m_font->glyphOf(U'2'), 1);
    const quint32 one = m_font->scriptForm(m_font->glyphOf(U'1'), 1);
    const Drawn sup(*m_font, u"x^2");
    QVERIFY(isNear(-sup.of(two)->y, constant(Constant::kSuperscriptShiftUp)));
    QVERIFY(isNear(sup.of(two)->size, kEm * m_font->scriptScale()));
    const Drawn sub(*m_font, u"x_1");
    QVERIFY(isNear(sub.of(one)->y, constant(Constant::kSubscriptShiftDown)));
    const Drawn both(*m_font, u"x_1^2");
    const double scale = kEm * m_font->scriptScale();
    const double gap = (both.of(one)->y + m_font->bounds(one).top() * scale) -
                       (both.of(two)->y + m_font->bounds(two).bottom() * scale);
    QVERIFY(gap >= constant(Constant::kSubSuperscriptGapMin) - 0.5);
    const Drawn deep(*m_font, u"x^{y^{z^w}}");
    QVERIFY(isNear(deep.picture.marks.back().size, kEm * m_font->scriptScriptScale()));
}

void TstMathLayout::crampedSuperscriptsRiseLess() {
    const quint32 two = m_font->scriptForm(m_font->glyphOf(U'2'), 1);
    const double free = -Drawn(*m_font, u"x^2").of(two)->y;
    const double cramped = -Drawn(*m_font, u"\\sqrt{x^2}").of(two)->y;
    QVERIFY(isNear(free - cramped,
                   constant(Constant::kSuperscriptShiftUp) - constant(Constant::kSuperscriptShiftUpCramped)));
}

void TstMathLayout::limitsStandAboveInDisplayOnly() {
    const auto heights = [&](const char16_t* tex, bool display) {
        return Drawn(*m_font, QStringView(tex), display).picture.height();
    };
    const auto widths = [&](const char16_t* tex, bool display) {
        return Drawn(*m_font, QStringView(tex), display).picture.width;
    };
    // Above each other, the wider one alone counts; beside, the script is added.
    QVERIFY(isNear(widths(u"\\sum_1", true), widths(u"\\sum", true)));
    QVERIFY(widths(u"\\sum_1", false) > widths(u"\\sum", false) + 0.2 * kEm);
    QVERIFY(widths(u"\\int_1", true) > widths(u"\\int", true));
    QVERIFY(isNear(widths(u"\\sum\\limits_1", false), widths(u"\\sum", false)));
    QVERIFY(widths(u"\\sum\\nolimits_1", true) > widths(u"\\sum", true) + 0.2 * kEm);
    QVERIFY(heights(u"\\sum", true) > 1.2 * heights(u"\\sum", false));
    QVERIFY(heights(u"\\int", true) >= m_font->displayOperatorMinHeight() * kEm - 1);
    QVERIFY(isNear(widths(u"\\lim_x", true), widths(u"\\lim", true)));
    QVERIFY(widths(u"\\operatorname{foo}_x", true) > widths(u"\\operatorname{foo}", true));
    QVERIFY(isNear(widths(u"\\operatorname*{foo}_x", true), widths(u"\\operatorname{foo}", true)));
}

void TstMathLayout::delimitersCoverWhatTheyEnclose_data() {
    QTest::addColumn<QString>("content");
    QTest::newRow("a letter") << QStringLiteral("x");
    QTest::newRow("a fraction") << QStringLiteral("\\frac{x^2}{y_2}");
    QTest::newRow("a tower") << QStringLiteral("\\frac{\\frac{\\frac{a}{b}}{c}}{\\frac{d}{\\frac{e}{f}}}");
    QTest::newRow("many rows") << "\\begin{matrix}" + QStringLiteral("a\\\\").repeated(30) + "\\end{matrix}";
}

void TstMathLayout::delimitersCoverWhatTheyEnclose() {
    QFETCH(QString, content);
    for (const char* pair : {"( )", "[ ]", "\\{ \\}", "| |", "\\| \\|", "\\lfloor \\rfloor"}) {
        const QStringList signs = QString::fromLatin1(pair).split(QLatin1Char(' '));
        const Drawn inside(*m_font, content);
        const Drawn around(*m_font, "\\left" + signs[0] + QLatin1Char(' ') + content + "\\right" + signs[1]);
        QVERIFY(inside.good && around.good);
        const double axis = constant(Constant::kAxisHeight);
        const double reach = std::max(inside.picture.ascent - axis, inside.picture.descent + axis);
        const double least = std::max(2 * reach * 0.901, 2 * reach - 0.5 * kEm);
        QVERIFY2(around.picture.height() >= least - 1, pair);
        const double outer = std::max(around.picture.ascent - axis, around.picture.descent + axis);
        QVERIFY2(outer < reach + kEm, "and not by far more");
        QVERIFY(around.picture.width > inside.picture.width);
    }
}

void TstMathLayout::aRadicalCoversItsContents() {
    for (const char16_t* content :
         {u"x", u"\\frac{a}{b}", u"\\begin{matrix}1\\\\2\\\\3\\\\4\\\\5\\\\6\\\\7\\\\8\\end{matrix}"}) {
        const QString inside = QStringView(content).toString();
        const Drawn alone(*m_font, inside);
        const Drawn root(*m_font, "\\sqrt{" + inside + "}");
        QVERIFY(alone.good && root.good);
        const Mark* bar = nullptr;
        for (const Mark& mark : root.picture.marks) {
            if (mark.kind == Mark::Kind::kRule && isNear(mark.dx, alone.picture.width, 1)) {
                bar = &mark;
                break;
            }
        }
        QVERIFY(bar != nullptr);
        QVERIFY(-bar->y - bar->dy >= alone.picture.ascent + constant(Constant::kRadicalDisplayStyleVerticalGap) * 0.9);
        QVERIFY(root.picture.descent >= alone.picture.descent - 0.5);
        const Mark* sign = root.first(Mark::Kind::kOutline);
        QVERIFY(sign != nullptr);
        double top = 1e9; // the sign ends where its bar begins
        for (const Mark& mark : root.picture.marks) {
            if (mark.kind == Mark::Kind::kOutline) {
                top = std::min(top, mark.y + m_font->bounds(mark.glyph).top() * mark.size);
            }
        }
        QVERIFY(isNear(top, bar->y, 2));
    }
}

void TstMathLayout::accentsStandOverTheMiddle() {
    for (const char16_t letter : {u'x', u'A', u'y', u'f'}) {
        const QString name(letter);
        const Drawn plain(*m_font, name);
        const Drawn hat(*m_font, "\\hat{" + name + "}");
        QVERIFY(isNear(hat.picture.width, plain.picture.width));
        QVERIFY(hat.picture.ascent > plain.picture.ascent);
        const Mark& base = hat.picture.marks.front();
        const Mark& sign = hat.picture.marks.back();
        const double at = base.x + m_font->accentAttachment(base.glyph) * kEm;
        const double middle = sign.x + m_font->bounds(sign.glyph).center().x() * kEm;
        QVERIFY2(isNear(at, middle, 0.06 * kEm), qPrintable(name));
        QVERIFY(sign.y + m_font->bounds(sign.glyph).bottom() * kEm < base.y + m_font->bounds(base.glyph).top() * kEm);
    }
    QVERIFY(Drawn(*m_font, u"\\widehat{xyz}").picture.marks.back().glyph !=
            Drawn(*m_font, u"\\widehat{x}").picture.marks.back().glyph);
}

void TstMathLayout::matricesAreCentredOnTheAxis() {
    const Drawn matrix(*m_font, u"\\begin{matrix}1&2\\\\3&4\\\\5&6\\end{matrix}");
    QVERIFY(matrix.good);
    QVERIFY(isNear((matrix.picture.ascent - matrix.picture.descent) / 2, constant(Constant::kAxisHeight), 1));
    const Mark* one = matrix.of(m_font->glyphOf(U'1'));
    const Mark* two = matrix.of(m_font->glyphOf(U'2'));
    const Mark* three = matrix.of(m_font->glyphOf(U'3'));
    QVERIFY(isNear(one->y, two->y) && isNear(one->x, three->x));
    QVERIFY(isNear(three->y - one->y, 1.2 * kEm));
    QVERIFY(isNear(two->x - one->x - m_font->advance(one->glyph) * kEm, kEm));
}

void TstMathLayout::alignedRelationsStandBelowEachOther() {
    const Drawn lines(*m_font, u"\\begin{aligned}a&=1\\\\bbbb&=2\\end{aligned}");
    QVERIFY(lines.good);
    std::vector<double> equals;
    for (const Mark& mark : lines.picture.marks) {
        if (mark.glyph == m_font->glyphOf(U'=')) {
            equals.push_back(mark.x);
        }
    }
    QCOMPARE(equals.size(), size_t(2));
    QVERIFY(isNear(equals[0], equals[1]));
}

void TstMathLayout::aCellOfSeveralColumnsHasNoRulesInside() {
    const Drawn drawn(*m_font, u"\\begin{array}{|c|c|c|}\\multicolumn{2}{c|}{abcdefgh}&1\\\\2&3&4\\end{array}");
    QVERIFY(drawn.good);
    std::vector<double> heights; // of the vertical rules, from left to right
    std::vector<Mark> rules;
    std::copy_if(drawn.picture.marks.begin(), drawn.picture.marks.end(), std::back_inserter(rules),
                 [](const Mark& mark) { return mark.kind == Mark::Kind::kRule; });
    std::sort(rules.begin(), rules.end(), [](const Mark& a, const Mark& b) { return a.x < b.x; });
    for (const Mark& rule : rules) {
        heights.push_back(rule.dy / drawn.picture.height());
    }
    // The left one is missing from the first row, which has a column of its own, and so is the one inside.
    QCOMPARE(heights.size(), size_t(4));
    QVERIFY(isNear(heights[0], 0.5, 0.01) && isNear(heights[1], 0.5, 0.01));
    QVERIFY(isNear(heights[2], 1, 0.01) && isNear(heights[3], 1, 0.01));
    QVERIFY2(rules[2].x > Drawn(*m_font, u"abcdefgh").picture.width, "the columns grew to hold it");
}

void TstMathLayout::aRuleOverSomeColumnsEndsWhereTheyDo() {
    const Drawn drawn(*m_font, u"\\begin{array}{ccc}1&2&3\\\\\\cline{2-3}4&5&6\\end{array}");
    QVERIFY(drawn.good);
    const Mark* rule = drawn.first(Mark::Kind::kRule);
    const Mark* four = drawn.of(m_font->glyphOf(U'4'));
    const Mark* five = drawn.of(m_font->glyphOf(U'5'));
    QVERIFY(rule != nullptr && four != nullptr && five != nullptr);
    QVERIFY(rule->x > four->x + m_font->advance(four->glyph) * kEm && rule->x < five->x);
    QVERIFY(isNear(rule->x + rule->dx, drawn.picture.width));
    QVERIFY(!Drawn(*m_font, u"\\begin{array}{c}1\\\\\\cline{2-1}2\\end{array}").good);
    QVERIFY(!Drawn(*m_font, u"\\begin{array}{c}\\multicolumn{0}{c}{1}\\end{array}").good);
    QVERIFY(!Drawn(*m_font, u"\\begin{array}{c}\\multicolumn{99}{c}{1}\\end{array}").good);
    QVERIFY2(!Drawn(*m_font, u"1+\\multicolumn{2}{c}{1}").good, "only at a cell's beginning");
}

void TstMathLayout::lettersAreReadOnTheirGround() {
    const auto layout = layoutMath(u"\\colorbox{yellow}{\\rule{1em}{1em}}", *m_font, 20, true);
    QVERIFY(!layout); // \rule isn't known between words
    const auto box = layoutMath(u"\\colorbox{yellow}{$\\rule{1em}{1em}$}", *m_font, 20, true);
    QVERIFY(box);
    QImage image(int(box->width()), int(box->height()), QImage::Format_RGB32);
    image.fill(Qt::black);
    QPainter painter(&image);
    box->paint(painter, {0, box->ascent()}, Qt::white); // a dark window
    painter.end();
    QCOMPARE(image.pixelColor(2, 2), QColor(Qt::yellow));
    QCOMPARE(image.pixelColor(image.width() / 2, image.height() / 2), QColor(Qt::black));
}

void TstMathLayout::numbersBeforeALetterEndTogether() {
    const Drawn drawn(*m_font, u"\\ce{^{14}_{6}C}");
    const auto digit = [&](char32_t code) { return drawn.of(m_font->scriptForm(m_font->glyphOf(code), 1)); };
    QVERIFY(drawn.good && digit(U'4') != nullptr && digit(U'6') != nullptr);
    QVERIFY(isNear(digit(U'4')->x, digit(U'6')->x));
    QVERIFY(digit(U'1')->x < digit(U'6')->x);
}

void TstMathLayout::primesAreOneSign() {
    const Drawn drawn(*m_font, u"f'''");
    QCOMPARE(drawn.picture.marks.size(), size_t(2));
    QCOMPARE(Drawn(*m_font, u"f'''''").picture.marks.size(), size_t(3));
}

void TstMathLayout::wordsInOtherLettersAreSet() {
    const Drawn words(*m_font, u"\\text{длина} = 5");
    QVERIFY(words.good);
    QVERIFY(words.first(Mark::Kind::kWords) != nullptr);
    QVERIFY(words.picture.width > 2 * kEm);
}

void TstMathLayout::tooLargeIsRefused() {
    QVERIFY(!layoutMath(QStringLiteral("\\hspace{900em}").repeated(3), *m_font, 16, true));
    QVERIFY(!layoutMath(u"x", *m_font, 0, true));
    QVERIFY(layoutMath(u"", *m_font, 16, true));
}

void TstMathLayout::paintsSomethingInsideItsBox() {
    for (const QString& tex : tests::sampleFormulas()) {
        const auto layout = layoutMath(tex, *m_font, 24, true);
        QVERIFY2(layout, qPrintable(tex));
        constexpr int kMargin = 16;
        QImage image(int(layout->width()) + 2 * kMargin, int(layout->height()) + 2 * kMargin, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        layout->paint(painter, {kMargin, kMargin + layout->ascent()}, Qt::black);
        painter.end();
        int inside = 0;
        int outside = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (qGray(image.pixel(x, y)) < 128) {
                    const bool in = x >= kMargin - 8 && y >= kMargin - 3 && x < image.width() - kMargin + 8 &&
                                    y < image.height() - kMargin + 3;
                    ++(in ? inside : outside);
                }
            }
        }
        QVERIFY2(inside > 20, qPrintable(tex));
        QVERIFY2(outside == 0 || tex.contains("smash") || tex.contains("lap{"), qPrintable(tex));
    }
}

ALCUIN_TEST(TstMathLayout)
#include "tst_math_layout.moc"
