#include <QImage>
#include <QPainter>

#include "chat/accessibility/spoken_text.h"
#include "chat/layout/flow.h"
#include "chat/layout/math_box.h"
#include "chat/markdown/parser.h"
#include "math/formulas.h"
#include "support/test_registry.h"
#include "ui/chat/sample.h"

using namespace alcuin;
using namespace alcuin::ui;

/// Formulas among text: where they stand, how they are selected, and that they are set once.
class TstMathBoxes : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aFormulaIsOneObjectInItsLine();
    void placesCountTheSource();
    void aHighFormulaMakesItsLineHigher();
    void aLineIsNeverWiderThanTheColumn();
    void whatCantBeSetIsItsSource();
    void displayFormulasStandInTheMiddle();
    void wideDisplayFormulasScroll();
    void onPaperNothingScrolls();
    void withoutAFontTheSourceIsShown();
    void definitionsHoldForTheMessage();
    void formulasAreSetOnce();
    void hostileFormulasAreLaidOut();

private:
    Look look() {
        return Look::of(m_theme, Qt::LeftToRight);
    }
    LaidText laid(const char* text, double width = 600) {
        const markdown::Blocks blocks = markdown::parse(text);
        LaidText result(blocks.first().text, look().text(Place::kAnswer), Qt::LeftToRight);
        result.layout(width);
        return result;
    }
    Theme m_theme;
};

void TstMathBoxes::initTestCase() {
    QVERIFY2(look().formulas, "the fonts that ./dev installs have one for formulas");
}

void TstMathBoxes::aFormulaIsOneObjectInItsLine() {
    const LaidText text = laid("a $x^2 + y$ b");
    QCOMPARE(text.laidText(), QStringLiteral("a \u00A0 b"));
    const QList<QRectF> rects = text.rectsOf({2, 11}); // of the source
    QCOMPARE(rects.size(), 1);
    QVERIFY(std::abs(rects.first().width() - text.widestFormula()) < 0.01);
    QCOMPARE(text.rectsOf({4, 5}), rects); // a part is the whole
    const QList<QRectF> before = text.rectsOf({0, 2});
    const QList<QRectF> behind = text.rectsOf({11, 13});
    QVERIFY(before.first().right() <= rects.first().left() + 1);
    QVERIFY(behind.first().left() >= rects.first().right() - 1);
}

void TstMathBoxes::placesCountTheSource() {
    const LaidText text = laid("a $x^2$ b $y_1$ c");
    const QList<QRectF> first = text.rectsOf({2, 7});
    const QList<QRectF> second = text.rectsOf({10, 15});
    const double middle = first.first().center().y();
    QCOMPARE(text.offsetAt({first.first().left() + 1, middle}), 2);
    QCOMPARE(text.offsetAt({first.first().right() - 1, middle}), 7);
    QCOMPARE(text.offsetAt({second.first().left() + 1, middle}), 10);
    QCOMPARE(text.offsetAt({second.first().right() - 1, middle}), 15);
    QCOMPARE(text.offsetAt({590, middle}), 17);
}

void TstMathBoxes::aHighFormulaMakesItsLineHigher() {
    const double plain = laid("a b").height();
    QCOMPARE(laid("a $x$ b").height(), plain);
    const LaidText high = laid("a $\\begin{pmatrix}1\\\\2\\\\3\\\\4\\end{pmatrix}$ b");
    QVERIFY(high.height() > 3 * plain);
    QVERIFY(high.firstBaseline() > laid("a b").firstBaseline());
}

void TstMathBoxes::aLineIsNeverWiderThanTheColumn() {
    const LaidText text = laid("so $a + b + c + d + e + f + g + h + i + j + k + l$", 160);
    QVERIFY(text.naturalWidth() <= 161);
    QVERIFY(text.widestFormula() > 160);
}

void TstMathBoxes::whatCantBeSetIsItsSource() {
    QCOMPARE(laid("a $\\foo{x}$ b").laidText(), QStringLiteral("a $\\foo{x}$ b"));
    QCOMPARE(laid("a \\(x_1").laidText(), QStringLiteral("a \\(x_1"));
    const markdown::Blocks blocks = markdown::parse("$$\n\\foo\n$$");
    MathBox box(blocks.first(), look(), Place::kAnswer);
    QVERIFY(box.layout(600) >= 3 * look().lineHeight(Place::kAnswer) - 3); // its three lines
    QCOMPARE(box.offsetAt({599, 1000}), int(blocks.first().text.text.size()));
}

void TstMathBoxes::displayFormulasStandInTheMiddle() {
    const markdown::Blocks blocks = markdown::parse("$$\\frac{a}{b}$$");
    MathBox box(blocks.first(), look(), Place::kAnswer);
    const double height = box.layout(600);
    QVERIFY(height > look().lineHeight(Place::kAnswer));
    const QList<QRectF> rects = box.rectsOf({0, 1});
    QCOMPARE(rects.size(), 1);
    QVERIFY(std::abs(rects.first().center().x() - 300) <= 1);
    QVERIFY(box.rectsOf({3, 3}).isEmpty());
    QCOMPARE(box.offsetAt({10, 5}), 0);
    QCOMPARE(box.offsetAt({590, 5}), int(blocks.first().text.text.size()));
    QVERIFY(box.firstBaseline() > 0 && box.firstBaseline() < height);
    QCOMPARE(box.sideScroll()->maximum(), 0.0);
}

void TstMathBoxes::wideDisplayFormulasScroll() {
    const QByteArray wide = "$$" + QByteArray("x + ").repeated(200) + "y$$";
    MathBox box(markdown::parse(wide).first(), look(), Place::kAnswer);
    const double height = box.layout(400);
    QVERIFY(box.sideScroll()->maximum() > 400);
    QCOMPARE(box.rectsOf({0, 1}).first().left(), 0.0);
    box.sideScroll()->scrollTo(1e9);
    QVERIFY(std::abs(box.rectsOf({0, 1}).first().right() - 400) < 1);
    QVERIFY(!box.isText({10, height - 2})); // the bar
}

void TstMathBoxes::onPaperNothingScrolls() {
    const QByteArray wide = "$$" + QByteArray("x + ").repeated(60) + "y$$";
    Look paper = look();
    paper.paper = true;
    MathBox box(markdown::parse(wide).first(), paper, Place::kAnswer);
    box.layout(400);
    QCOMPARE(box.sideScroll()->maximum(), 0.0);
    QVERIFY(box.rectsOf({0, 1}).first().width() <= 400);
}

void TstMathBoxes::withoutAFontTheSourceIsShown() {
    Look bare = look();
    bare.formulas = nullptr;
    const markdown::Blocks blocks = markdown::parse("a $x$ b\n\n$$y$$");
    LaidText text(blocks.at(0).text, bare.text(Place::kAnswer), Qt::LeftToRight);
    QCOMPARE(text.laidText(), QStringLiteral("a $x$ b"));
    MathBox box(blocks.at(1), bare, Place::kAnswer);
    QVERIFY(box.layout(600) > 0);
    QVERIFY(box.naturalWidth() > 0);
}

/// What one formula defines the others may use: at once, and while the message grows.
void TstMathBoxes::definitionsHoldForTheMessage() {
    const QByteArray definition = "Let $\\newcommand{\\half}[1]{\\frac{#1}{2}} x$.\n\n";
    const QByteArray use = "$$\\half{a}$$\n\n| a |\n|---|\n| $\\half{b}$ |\n";
    Flow flow;
    flow.setFrame(look(), Place::kAnswer, 600);
    const auto heightOf = [&flow](const QByteArray& text) {
        flow.setBlocks(markdown::parse(text));
        flow.measure(0, 1e9);
        return flow.item(flow.count() - 2).height; // of the formula on its own line
    };
    const double source = heightOf(use);
    const double set = heightOf(definition + use);
    const double written = heightOf("x\n\n$$\\frac{a}{2}$$\n\n| a |\n|---|\n| $x$ |\n");
    QVERIFY(source != written);
    QCOMPARE(set, written);
    QCOMPARE(heightOf(use), source); // gone with its message
    const QString heard = spokenText(markdown::parse(definition + use));
    QVERIFY2(heard.contains(QLatin1String("a over 2")) && heard.contains(QLatin1String("b over 2")), qPrintable(heard));
    QVERIFY(spokenText(markdown::parse(use)).contains(QLatin1String("\\half")));
    // One that can't be written out spoils only those that use it.
    heightOf("$\\def\\half#1{\\half{#1#1}} x$\n\n$$\\frac{a}{2}$$\n\n| a |\n|---|\n| $x$ |\n");
    QCOMPARE(flow.item(flow.count() - 2).height, written);
}

void TstMathBoxes::formulasAreSetOnce() {
    const Look shared = look();
    Flow flow;
    flow.setFrame(shared, Place::kAnswer, 600);
    flow.setBlocks(markdown::parse(tests::mathAnswer().toUtf8()));
    flow.measure(0, 1e6);
    const int set = shared.formulas->setCount();
    flow.release();
    flow.measure(0, 1e6);
    flow.setFrame(shared, Place::kAnswer, 500);
    flow.measure(0, 1e6);
    QCOMPARE(shared.formulas->setCount(), set);
}

void TstMathBoxes::hostileFormulasAreLaidOut() {
    const QList<QByteArray> texts = {
        QByteArray("$x$ ").repeated(20000),
        "$$" + QByteArray("\\frac{1}{").repeated(40) + "x" + QByteArray("}").repeated(40) + "$$",
        "$$" + QByteArray("x\\\\").repeated(900) + "$$",
        "$$" + QByteArray("\\left(").repeated(47) + QByteArray("\\right)").repeated(47) + "$$",
        "$$\\hspace{900em}x$$",
        "$$\\hspace{-900em}x$$",
        "$\\hspace{-90em}x$ text",
        "$$\\text{" + QByteArray("\xF0\x9F\x98\x80").repeated(300) + "}$$",
        "$$" + QByteArray("\\widehat{").repeated(40) + "x" + QByteArray("}").repeated(40) + "$$",
        "$$x^{" + QByteArray("\\begin{matrix}a&b\\\\").repeated(12) + QByteArray("\\end{matrix}").repeated(12) + "}$$",
        "| $x$ |\n|---|\n" + QByteArray("| $\\frac{1}{2}$ |\n").repeated(2000),
    };
    for (const QByteArray& text : texts) {
        Flow flow;
        flow.setFrame(look(), Place::kAnswer, 300);
        flow.setBlocks(markdown::parse(text));
        flow.measure(0, 3000);
        QImage image(320, 400, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        flow.paint(painter, {10, 10}, QRectF(0, 0, 320, 400), {});
        QVERIFY(flow.height() > 0);
    }
}

ALCUIN_TEST(TstMathBoxes)
#include "tst_math_boxes.moc"
