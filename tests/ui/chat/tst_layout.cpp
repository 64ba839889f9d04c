#include "support/test_registry.h"

#include <QImage>
#include <QPainter>

#include "chat/layout/flow.h"
#include "chat/layout/laid_text.h"
#include "chat/layout/table_box.h"
#include "chat/layout/turn_list.h"
#include "chat/layout/turn_words.h"
#include "chat/markdown/parser.h"
#include "ui/chat/sample.h"

using namespace alcuin;
using namespace alcuin::ui;

class TestLayout : public QObject {
    Q_OBJECT
private slots:
    void heightsAreStable();
    void sameBlocksKeepTheirLayout();
    void narrowerIsHigher();
    void columnIsBoundedAndCentred();
    void questionCardIsAtMostFourFifths();
    void offsetsRoundTrip_data();
    void offsetsRoundTrip();
    void codeNeverWraps();
    void mirroredTurnsStandAtTheOtherSide();
    void theProgramsOwnWordsBeginWhereTheWindowsLinesBegin();
    void theLineBesideAThoughtStandsWhereItBegins();
    void keysStandClearOfTheirNeighbours();
    void aKeysOutlineStandsBetweenItsLettersAndTheNextSign();
    void theLineOverFootnotesStandsOverThem();
    void cellsOfARowStandOnOneLine();
    void actionsNeverMoveTheText();
    void wordsOfStates();

private:
    std::shared_ptr<const Look> look(Qt::LayoutDirection direction = Qt::LeftToRight) {
        return std::make_shared<const Look>(Look::of(m_theme, direction));
    }
    Theme m_theme;
};

void TestLayout::heightsAreStable() {
    Flow flow;
    flow.setFrame(*look(), Place::kAnswer, 600);
    flow.setBlocks(markdown::parse(tests::richAnswer().toUtf8()));
    flow.measure(0, 1e6);
    const double height = flow.height();
    QVERIFY(height > 0);
    QVERIFY(!flow.measure(0, 1e6));
    flow.release();
    QCOMPARE(flow.height(), height);
    QVERIFY2(!flow.measure(0, 1e6), "laid out again, everything is as high as before");
    QCOMPARE(flow.height(), height);
    for (int i = 1; i < flow.count(); ++i) {
        QVERIFY(flow.item(i).top >= flow.item(i - 1).top + flow.item(i - 1).height);
    }
}

void TestLayout::sameBlocksKeepTheirLayout() {
    Flow flow;
    flow.setFrame(*look(), Place::kAnswer, 600);
    flow.setBlocks(markdown::parse("one\n\ntwo\n\nthree"));
    flow.measure(0, 1e6);
    const Box* first = flow.item(0).box.get();
    const Box* last = flow.item(2).box.get();
    flow.setBlocks(markdown::parse("one\n\ntwo\n\nthree and more"));
    QCOMPARE(flow.item(0).box.get(), first);
    QVERIFY(flow.item(2).box.get() != last);
}

void TestLayout::narrowerIsHigher() {
    const auto heightAt = [this](double width) {
        Flow flow;
        flow.setFrame(*look(), Place::kAnswer, width);
        flow.setBlocks(markdown::parse(tests::richAnswer().toUtf8()));
        flow.measure(0, 1e6);
        return flow.height();
    };
    QVERIFY(heightAt(300) > heightAt(600));
}

void TestLayout::columnIsBoundedAndCentred() {
    TurnList list;
    list.setPath({tests::answer(QStringLiteral("x"))});
    list.setFrame(look(), 2000);
    QVERIFY(list.columnWidth() <= Space::kReadingWidth);
    QVERIFY(qAbs(2 * list.left() + list.columnWidth() - 2000) <= 1);
    list.setFrame(look(), 400);
    QVERIFY(list.columnWidth() <= 400 - 2 * Space::k4);
    QVERIFY(list.left() >= Space::k4);
}

void TestLayout::questionCardIsAtMostFourFifths() {
    Turn turn(tests::question(QStringLiteral("word ").repeated(200)));
    turn.setLook(look(), 700);
    turn.measure(0, 1e6);
    QVERIFY(turn.frame().card.width() <= 0.8 * 700 + 1);
    QCOMPARE(turn.frame().card.right(), 700.0);
    Turn small(tests::question(QStringLiteral("Hi")));
    small.setLook(look(), 700);
    small.measure(0, 1e6);
    QVERIFY(small.frame().card.width() < 120);
    QCOMPARE(small.frame().card.right(), 700.0);
}

void TestLayout::offsetsRoundTrip_data() {
    QTest::addColumn<QByteArray>("source");
    QTest::newRow("text") << QByteArray("some words that are long enough to be broken into several lines of the box");
    QTest::newRow("code") << QByteArray("```\nint a;\n\n    int bb; // x\n```");
    QTest::newRow("table") << QByteArray("|aa|b c d|\n|---|---|\n|1|22|\n|some words|more words that wrap|");
}

void TestLayout::offsetsRoundTrip() {
    QFETCH(QByteArray, source);
    const auto blocks = markdown::parse(source);
    const QString flat = markdown::flatText(blocks.first());
    auto box = makeBox(blocks.first(), *look(), Place::kAnswer);
    box->layout(220);
    for (int i = 0; i < flat.size(); ++i) {
        if (flat.at(i).isSpace()) {
            continue;
        }
        const auto rects = box->rectsOf({i, i + 1});
        QCOMPARE(rects.size(), 1);
        QVERIFY(rects.first().width() > 0);
        QCOMPARE(box->offsetAt(rects.first().center() - QPointF(0.3 * rects.first().width(), 0)), i);
    }
}

void TestLayout::codeNeverWraps() {
    const QByteArray code = "```\n" + QByteArray(5000, 'x') + "\ny\n```";
    auto box = makeBox(markdown::parse(code).first(), *look(), Place::kAnswer);
    const double height = box->layout(300);
    auto shortBox = makeBox(markdown::parse("```\nx\ny\n```").first(), *look(), Place::kAnswer);
    QCOMPARE(height, shortBox->layout(300));
    SideScroll* scroll = box->sideScroll();
    QVERIFY(scroll->maximum() > 10000);
    scroll->scrollTo(1e9);
    QCOMPARE(scroll->offset, scroll->maximum());
    QVERIFY(scroll->track.contains(scroll->handle().center()));
}

void TestLayout::mirroredTurnsStandAtTheOtherSide() {
    Turn turn(tests::question(QStringLiteral("Hi")));
    turn.setLook(look(Qt::RightToLeft), 700);
    turn.measure(0, 1e6);
    QCOMPARE(turn.frame().card.left(), 0.0);
    Flow flow;
    flow.setFrame(*look(), Place::kAnswer, 600);
    flow.setBlocks(markdown::parse(tests::rightToLeftAnswer().toUtf8()));
    flow.measure(0, 1e6);
    const auto rects = flow.item(0).box->rectsOf({0, 1});
    QVERIFY2(!rects.isEmpty() && rects.first().right() > 590, "Arabic begins at the right edge");
    QVERIFY(flow.item(1).rightToLeft);
    QCOMPARE(flow.item(1).left, 0.0);
}

/// "Stopped" and its like, in Latin letters, in a window that is read from the right: over and under controls there.
void TestLayout::theProgramsOwnWordsBeginWhereTheWindowsLinesBegin() {
    app::MessageView view = tests::answer(QStringLiteral("Some text."));
    view.state = app::MessageState::kCancelled;
    for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        Turn turn(view);
        turn.setLook(look(direction), 700);
        turn.measure(0, 1e6);
        QVERIFY(turn.endingText() != nullptr);
        const auto rects = turn.endingText()->rectsOf({0, 1 << 20});
        QVERIFY(!rects.isEmpty());
        if (direction == Qt::RightToLeft) {
            QVERIFY2(rects.first().right() > 690, "at the right");
        } else {
            QVERIFY2(rects.first().left() < 10, "at the left");
        }
    }
}

/// A thought in Latin letters has its line at the left, also in a window that is read from the right.
void TestLayout::theLineBesideAThoughtStandsWhereItBegins() {
    for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        for (const bool arabic : {false, true}) {
            app::MessageView view = tests::answer(QStringLiteral("Some text."));
            view.reasoning = arabic ? QString::fromUtf8("هذا صعب.") : QStringLiteral("This is hard.");
            Turn turn(view);
            turn.setLook(look(direction), 700);
            turn.setReasoningOpen(true);
            turn.measure(0, 1e6);
            QCOMPARE(turn.isReasoningMirrored(), arabic);
            QCOMPARE(turn.frame().reasoning.x(), arabic ? 0.0 : double(Space::k4));
        }
    }
}

void TestLayout::keysStandClearOfTheirNeighbours() {
    const auto widthOf = [this](const QByteArray& source) {
        const auto plain = look();
        LaidText laid(markdown::parse(source).at(0).text, plain->text(Place::kAnswer), Qt::LeftToRight);
        laid.layout(600);
        return laid.naturalWidth();
    };
    // Behind the first key, and before the second.
    const double touching = widthOf("<kbd>A</kbd>+<kbd>F</kbd>") - widthOf("`A`+`F`");
    QVERIFY2(touching >= 8, qPrintable(QString::number(touching)));
    const double apart = widthOf("see <kbd>A</kbd> there") - widthOf("see `A` there");
    QVERIFY2(apart >= 4 && apart < touching, "a space is room, too");
}

void TestLayout::aKeysOutlineStandsBetweenItsLettersAndTheNextSign() {
    const auto plain = look();
    LaidText laid(markdown::parse("<kbd>Ctrl</kbd>+F").at(0).text, plain->text(Place::kAnswer), Qt::LeftToRight);
    const double height = laid.layout(300);
    Colors colors = plain->colors;
    colors.ink3 = Qt::red;
    QImage image(300, int(height), QImage::Format_RGB32);
    image.fill(colors.paper);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    laid.paint(painter, {0, 0}, image.rect(), colors, {});
    painter.end();
    const auto isOutline = [&](int x) { // upright: red in most of the lines
        int red = 0;
        for (int y = 0; y < image.height(); ++y) {
            const QColor color = image.pixelColor(x, y);
            red += color.red() > color.green() + 60 ? 1 : 0;
        }
        return red > image.height() / 3;
    };
    int right = image.width() - 1;
    while (right > 0 && !isOutline(right)) {
        --right;
    }
    QVERIFY(right > 0);
    QVERIFY(right >= laid.rectsOf({3, 4}).first().right() - 1);
    QVERIFY(right < laid.rectsOf({4, 5}).first().left());
    // A selection over both has no gap between them.
    QCOMPARE(laid.rectsOf({0, 6}).size(), 1);
}

void TestLayout::theLineOverFootnotesStandsOverThem() {
    const auto mirroredLook = look(Qt::RightToLeft);
    Flow flow;
    flow.setFrame(*mirroredLook, Place::kAnswer, 600);
    flow.setBlocks(markdown::parse("Text.[^1]\n\n[^1]: A note.\n"));
    flow.measure(0, 1e6);
    QVERIFY(flow.count() >= 2);
    QVERIFY(!flow.item(flow.count() - 1).rightToLeft);
    QImage image(600, int(flow.height()) + 1, QImage::Format_RGB32);
    image.fill(mirroredLook->colors.paper);
    QPainter painter(&image);
    flow.paint(painter, {0, 0}, image.rect(), {});
    painter.end();
    const QRgb line = mirroredLook->colors.line.rgb();
    int left = 0;
    int right = 0;
    for (int y = 0; y < image.height(); ++y) {
        left += image.pixel(20, y) == line ? 1 : 0;
        right += image.pixel(580, y) == line ? 1 : 0;
    }
    QCOMPARE(left, 1);
    QCOMPARE(right, 0);
}

void TestLayout::cellsOfARowStandOnOneLine() {
    const auto blocks = markdown::parse("|a|b|\n|---|---|\n|x|$\\dfrac{1}{2}$ x|\n|y|y|\n||$\\dfrac{1}{2}$|");
    TableBox table(blocks.first(), *look(), Place::kAnswer);
    table.layout(600);
    const auto topOf = [&](int cell) {
        const int at = markdown::cellOffset(blocks.first().table, cell);
        return table.rectsOf({at, at + 1}).value(0).top();
    };
    QVERIFY2(topOf(2) > topOf(3) + 2, "the fraction stands up over the words beside it");
    QCOMPARE(topOf(4), topOf(5));
    QVERIFY(topOf(4) > topOf(2));
}

void TestLayout::actionsNeverMoveTheText() {
    app::MessageView view = tests::answer(QStringLiteral("Some text."));
    view.state = app::MessageState::kStreaming;
    Turn turn(view);
    turn.setLook(look(), 600);
    turn.measure(0, 1e6);
    const double streaming = turn.height();
    view.state = app::MessageState::kComplete;
    turn.update(view);
    turn.measure(0, 1e6);
    QCOMPARE(turn.height(), streaming);
    QVERIFY(turn.frame().copy.width() >= Space::kHitTarget && turn.frame().copy.height() >= Space::kHitTarget);
}

void TestLayout::wordsOfStates() {
    QLocale::setDefault(QLocale::c());
    app::MessageView view = tests::answer({});
    QCOMPARE(TurnWords::footer(view, 0, 0),
             QString::fromUtf8("42 tokens, 31.4 tokens/s, first after 0.35 s · SmolLM2 135M Instruct"));
    view.measurements.promptTokens = 1400;
    view.measurements.cachedTokens = 1312;
    QVERIFY(TurnWords::footer(view, 0, 0)
                .startsWith(QStringLiteral("42 tokens, 31.4 tokens/s, first after 0.35 s, 1312 of 1400 read before")));
    view.state = app::MessageState::kStreaming;
    QCOMPARE(TurnWords::footer(view, 0, 0), QStringLiteral("Waiting for the model"));
    QCOMPARE(TurnWords::footer(view, 120, 400), QStringLiteral("Reading 120 of 400 tokens"));
    view.reasoning = QStringLiteral("hm");
    QCOMPARE(TurnWords::reasoning(view), QStringLiteral("Thinking"));
    view.state = app::MessageState::kComplete;
    view.reasoningDurationMs = 12300;
    QCOMPARE(TurnWords::reasoning(view), QStringLiteral("Thought for 12 s"));
    view.reasoningDurationMs = 72000;
    QCOMPARE(TurnWords::reasoning(view), QStringLiteral("Thought for 1 min 12 s"));
    view.state = app::MessageState::kCancelled;
    QCOMPARE(TurnWords::ending(view), QStringLiteral("Stopped"));
    view.state = app::MessageState::kInterrupted;
    QCOMPARE(TurnWords::ending(view), QStringLiteral("Interrupted: the program ended while this was being written"));
    view.state = app::MessageState::kContextFull;
    view.measurements.contextLength = 512;
    QVERIFY(TurnWords::ending(view).contains(QStringLiteral("512")));
    view.state = app::MessageState::kComplete; // the answer is still empty
    QCOMPARE(TurnWords::ending(view), QStringLiteral("The model ended its answer after thinking, without a word"));
    view.reasoning.clear();
    QCOMPARE(TurnWords::ending(view), QStringLiteral("The model ended its answer without a word"));
    view.text = QStringLiteral("A word");
    QVERIFY(TurnWords::ending(view).isEmpty());
    view.text.clear();
    view.role = app::Role::kUser; // a question may be files alone
    QVERIFY(TurnWords::ending(view).isEmpty());
    view.role = app::Role::kAssistant;
    view.siblings = {QUuid::createUuid(), view.id, QUuid::createUuid()};
    view.siblingIndex = 1;
    QCOMPARE(TurnWords::branch(view), QStringLiteral("2 of 3"));
}

ALCUIN_TEST(TestLayout)
#include "tst_layout.moc"
