#include "support/test_registry.h"

#include "chat/find/find_session.h"
#include "chat/transcript_private.h"
#include "chat/transcript_view.h"
#include "ui/chat/sample.h"

#include <QApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolButton>

using namespace alcuin;
using namespace alcuin::ui;

class TestFind : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void matcher_data();
    void matcher();
    void countsAndSteps();
    void keysInTheBar();
    void escapeReturnsTheFocus();
    void caseToggle();
    void typingKeepsThePlace();
    void closedReasoningOpens();
    void wordsAcrossStyles();
    void streamedTextIsFound();
    void otherBranchIsLookedThrough();
    void tenThousandTurnsInSlices();
    void longMessageInPieces();
    void matchInWideCodeScrollsSideways();
    void marksArePainted();
    void theFirstLineIsNotCovered();
    void jumpsFromSearch();

private:
    TranscriptAccess::State& state() {
        return TranscriptAccess::of(*m_view);
    }
    FindSession& session() {
        return *state().find;
    }
    QString result() {
        return session().bar().resultText();
    }
    bool isSeen(const Match& match) {
        const int turn = state().list.indexOf(match.turn);
        const QRectF rect = state().list.turn(turn).rectOf(match.part, match.block, match.range);
        const QRectF shown = rect.translated(state().list.origin(turn)).translated(0, -state().value());
        const bool covered = shown.intersects(session().bar().geometry());
        return !rect.isEmpty() && QRectF(m_view->viewport()->rect()).contains(shown) && !covered;
    }

    Theme m_theme;
    std::unique_ptr<TranscriptView> m_view;
};

void TestFind::init() {
    QLocale::setDefault(QLocale::c());
    m_view = std::make_unique<TranscriptView>(m_theme);
    m_view->resize(700, 500);
    m_view->show();
    m_view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
}

void TestFind::cleanup() {
    m_view.reset();
}

void TestFind::matcher_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("matchCase");
    QTest::addColumn<QList<int>>("starts");
    const auto row = [](const char* name, const QString& text, const char* query, bool matchCase, QList<int> starts) {
        QTest::newRow(name) << text << QString::fromUtf8(query) << matchCase << starts;
    };
    row("plain", QStringLiteral("abcABC"), "b", false, {1, 4});
    row("case", QStringLiteral("abcABC"), "B", true, {4});
    row("none over another", QStringLiteral("aaaa"), "aa", false, {0, 2});
    row("umlauts", QString::fromUtf8("\u00c4ra \u00e4ra"), "\u00e4R", false, {0, 4});
    row("hard breaks and wide spaces", QString::fromUtf8("a\u2028b a\u00a0b\ta\tb"), "a b", false, {0, 4, 8});
    row("nothing", QStringLiteral("abc"), "", false, {});
    row("longer than the text", QStringLiteral("a"), "ab", false, {});
}

void TestFind::matcher() {
    QFETCH(QString, text);
    QFETCH(QString, query);
    QFETCH(bool, matchCase);
    QFETCH(QList<int>, starts);
    QList<int> found;
    for (const TextRange& range : matchesIn(text, {query, matchCase})) {
        found.append(range.from);
        QCOMPARE(range.to - range.from, int(query.size()));
    }
    QCOMPARE(found, starts);
}

void TestFind::countsAndSteps() {
    QList<app::MessageView> path = tests::longPath(60);
    path[3] = tests::answer(QStringLiteral("The needle.\n\n- a NEEDLE and a needle\n\n```\nneedle()\n```"));
    path[50] = tests::question(QStringLiteral("needle?"));
    m_view->setPath(path);
    m_view->find(QStringLiteral("needle"));
    QTRY_VERIFY(session().finder().isComplete());
    QCOMPARE(m_view->matchCount(), 5);
    // Looked for from what is seen on: the end, so round to the first.
    QCOMPARE(result(), QStringLiteral("1 of 5"));
    QStringList places;
    for (int i = 0; i < 6; ++i) {
        const Match& match = *session().current();
        QVERIFY2(isSeen(match), qPrintable(result()));
        places +=
            QStringLiteral("%1.%2.%3").arg(state().list.indexOf(match.turn)).arg(match.block).arg(match.range.from);
        m_view->findNext();
    }
    QCOMPARE(places, QStringList({QStringLiteral("3.0.4"), QStringLiteral("3.1.2"), QStringLiteral("3.1.15"),
                                  QStringLiteral("3.2.0"), QStringLiteral("50.0.0"), QStringLiteral("3.0.4")}));
    m_view->findPrevious();
    m_view->findPrevious();
    QCOMPARE(result(), QStringLiteral("5 of 5"));
    m_view->find(QStringLiteral("nowhere"));
    QTRY_COMPARE(result(), QStringLiteral("No matches"));
}

void TestFind::keysInTheBar() {
    m_view->setPath({tests::answer(QStringLiteral("one two one two one"))});
    m_view->showFind();
    auto* edit = m_view->findChild<QLineEdit*>();
    QVERIFY(edit->hasFocus());
    QTest::keyClicks(edit, QStringLiteral("one"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 3"));
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(result(), QStringLiteral("2 of 3"));
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(result(), QStringLiteral("3 of 3"));
    QTest::keyClick(edit, Qt::Key_Escape);
    QVERIFY(!m_view->isFindShown());
    QCOMPARE(m_view->selectedText(), QStringLiteral("one"));
    m_view->showFind(); // with what is selected
    QCOMPARE(edit->text(), QStringLiteral("one"));
}

void TestFind::escapeReturnsTheFocus() {
    QWidget window;
    auto* edit = new QLineEdit(&window);
    auto* view = new TranscriptView(m_theme, &window);
    view->setGeometry(0, 40, 600, 400);
    view->setPath({tests::answer(QStringLiteral("text"))});
    window.resize(600, 440);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    edit->setFocus();
    view->showFind();
    QVERIFY(view->isAncestorOf(QApplication::focusWidget()));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(!view->isFindShown());
    QVERIFY(edit->hasFocus());
}

void TestFind::caseToggle() {
    m_view->setPath({tests::answer(QStringLiteral("Word word WORD"))});
    m_view->find(QStringLiteral("Word"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 3"));
    for (QToolButton* button : m_view->findChildren<QToolButton*>()) {
        if (button->isCheckable()) {
            button->click();
        }
    }
    QTRY_COMPARE(result(), QStringLiteral("1 of 1"));
}

void TestFind::typingKeepsThePlace() {
    m_view->setPath({tests::answer(QStringLiteral("ab abc abd abcd"))});
    m_view->find(QStringLiteral("ab"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 4"));
    m_view->findNext();
    QCOMPARE(session().current()->range.from, 3);
    m_view->find(QStringLiteral("abc"));
    QTRY_COMPARE(m_view->matchCount(), 2);
    QCOMPARE(session().current()->range.from, 3);
    m_view->find(QStringLiteral("abcd"));
    QTRY_COMPARE(m_view->matchCount(), 1);
    QCOMPARE(session().current()->range.from, 11);
}

void TestFind::closedReasoningOpens() {
    QList<app::MessageView> path = tests::longPath(40);
    path[5] = tests::answer(QStringLiteral("No."));
    path[5].reasoning = QStringLiteral("A thought.\n\n").repeated(40) + QStringLiteral("The secret is here.");
    m_view->setPath(path);
    m_view->find(QStringLiteral("secret"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 1"));
    QVERIFY(state().list.turn(5).isReasoningOpen());
    QVERIFY(isSeen(*session().current()));
}

void TestFind::wordsAcrossStyles() {
    m_view->setPath(
        {tests::answer(QStringLiteral("un**believ**able &amp; [a *li*nk](http://x.org)\nin a\\\nparagraph"))});
    for (const char* words : {"unbelievable & a link", "link in a paragraph"}) {
        m_view->find(QString::fromLatin1(words));
        QTRY_COMPARE(result(), QStringLiteral("1 of 1"));
    }
}

void TestFind::streamedTextIsFound() {
    app::MessageView reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    m_view->setPath({tests::question(QStringLiteral("word")), reply});
    m_view->find(QStringLiteral("word"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 1"));
    m_view->appendAnswer(reply.id, QStringLiteral("A word and a wo"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 2"));
    m_view->appendAnswer(reply.id, QStringLiteral("rd."));
    QTRY_COMPARE(result(), QStringLiteral("1 of 3"));
    reply.text = QStringLiteral("A word and a word.");
    reply.state = app::MessageState::kComplete;
    m_view->finish(reply);
    QTRY_VERIFY(session().finder().isComplete());
    QCOMPARE(result(), QStringLiteral("1 of 3"));
}

void TestFind::otherBranchIsLookedThrough() {
    QList<app::MessageView> path{tests::question(QStringLiteral("word")), tests::answer(QStringLiteral("word word"))};
    m_view->setPath(path);
    m_view->find(QStringLiteral("word"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 3"));
    m_view->findNext();
    path[1] = tests::answer(QStringLiteral("another word"));
    m_view->setPath(path);
    QTRY_VERIFY(session().finder().isComplete());
    QCOMPARE(m_view->matchCount(), 2);
    m_view->clear();
    QTRY_COMPARE(result(), QStringLiteral("No matches"));
}

/// Events go on between slices, and nothing is laid out for it.
void TestFind::tenThousandTurnsInSlices() {
    QList<app::MessageView> path = tests::longPath(10000);
    path[7] = tests::answer(QStringLiteral("the **nee**dle"));
    m_view->setPath(path);
    m_view->find(QStringLiteral("needle"));
    QVERIFY2(!session().finder().isComplete(), "it isn't done in one go");
    int slices = 0;
    connect(&session().finder(), &Finder::progressed, this, [&] { ++slices; });
    QTRY_VERIFY_WITH_TIMEOUT(session().finder().isComplete(), 60000);
    QVERIFY(slices > 3);
    QCOMPARE(result(), QStringLiteral("1 of 1"));
    QVERIFY(isSeen(*session().current()));
    int loaded = 0;
    for (int i = 0; i < state().list.count(); ++i) {
        loaded += state().list.turn(i).isLoaded();
    }
    QVERIFY2(loaded < 80, qPrintable(QString::number(loaded)));
    qInfo("%d slices, the longest %.1f ms", slices, session().finder().longestSliceMs());
}

void TestFind::longMessageInPieces() {
    QString text;
    while (text.size() < 2'000'000) {
        text += tests::richAnswer() + QStringLiteral("\n\n");
    }
    QList<app::MessageView> path = tests::longPath(60);
    path[2] = tests::answer(text + QStringLiteral("needle"));
    path[4] = tests::answer(QStringLiteral("- item\n").repeated(100000) + QStringLiteral("- needle"));
    m_view->setPath(path);
    m_view->find(QStringLiteral("needle"));
    QTRY_VERIFY_WITH_TIMEOUT(session().finder().isComplete(), 60000);
    QCOMPARE(m_view->matchCount(), 2);
    qInfo("the longest slice %.1f ms", session().finder().longestSliceMs());
}

void TestFind::matchInWideCodeScrollsSideways() {
    m_view->setPath({tests::answer(QStringLiteral("```\n%1needle%1\n```").arg(QString(400, u'x')))});
    m_view->find(QStringLiteral("needle"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 1"));
    QVERIFY(isSeen(*session().current()));
}

void TestFind::marksArePainted() {
    m_view->setPath({tests::answer(QStringLiteral("one two one\n\n|one|\n|---|\n|x|\n\n```\none\n```"))});
    const QImage before = m_view->viewport()->grab().toImage();
    m_view->find(QStringLiteral("one"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 4"));
    const QImage after = m_view->viewport()->grab().toImage();
    int changed = 0;
    for (int block = 0; block < 3; ++block) {
        const QRectF rect =
            state().list.turn(0).rectOf(Part::kAnswer, block, {block == 0 ? 8 : 0, block == 0 ? 11 : 3});
        const QRect shown = rect.translated(state().list.origin(0)).translated(0, -state().value()).toRect();
        bool differs = false;
        for (int x = shown.left(); x < shown.right(); ++x) {
            differs = differs || before.pixel(x, shown.center().y()) != after.pixel(x, shown.center().y());
        }
        changed += differs;
    }
    QCOMPARE(changed, 3);
}

void TestFind::theFirstLineIsNotCovered() {
    m_view->resize(420, 400);
    m_view->setPath(
        {tests::question(QStringLiteral("needle at the very top, on the right")), tests::answer(tests::richAnswer())});
    m_view->verticalScrollBar()->setValue(0);
    const double shown = state().list.top(0) - state().value();
    m_view->showFind();
    QCOMPARE(state().list.top(0) - state().value(), shown); // nothing moves when the bar comes
    m_view->find(QStringLiteral("needle"));
    QTRY_COMPARE(result(), QStringLiteral("1 of 1"));
    QVERIFY(isSeen(*session().current()));
    m_view->hideFind();
    QCOMPARE(state().list.top(0), TurnList::kMargin);
}

void TestFind::jumpsFromSearch() {
    QList<app::MessageView> path = tests::longPath(200);
    path[31] =
        tests::answer(QStringLiteral("Filler.\n\n").repeated(80) + QStringLiteral("The **place** one looks for."));
    m_view->setPath(path);
    QVERIFY(m_view->scrollTo(path[31].id, QStringLiteral("PLACE one")));
    QCOMPARE(m_view->selectedText(), QStringLiteral("place one"));
    const QRectF rect = state().list.turn(31).rectOf(Part::kAnswer, 80, {4, 9});
    const double y = rect.top() + state().list.top(31) - state().value();
    QVERIFY(y > 0 && y < m_view->viewport()->height());
    QVERIFY(m_view->scrollTo(path[10].id));
    QVERIFY(qAbs(state().list.top(10) - state().value() - Space::k4) <= 2);
    QVERIFY(!m_view->scrollTo(QUuid::createUuid()));
}

ALCUIN_TEST(TestFind)
#include "tst_find.moc"
