#include <QSignalSpy>
#include <QWheelEvent>

#include "support/test_registry.h"
#include "ui/chat/transcript_fixture.h"

using namespace alcuin;
using namespace alcuin::ui;

/// What is shown, and where it stands while it grows.
class TestTranscriptView : public tests::TranscriptFixture {
    Q_OBJECT
private slots:
    void init() {
        open();
    }
    void cleanup() {
        close();
    }

    void opensAtTheEnd();
    void followsTheEndOnlyIfItWasThere();
    void nothingJumpsWhenGuessesAreCorrected();
    void nothingJumpsWhenThinkingOpens();
    void resizingKeepsThePlace();
    void onlyWhatIsSeenIsLaidOut();
    void unchangedTurnsKeepTheirLayout();
    void streamedTextIsShown();
    void stateOfAFinishedAnswerShows();
    void columnStaysWhenTheScrollBarComes();
    void keysScroll();
    void touchpadPixels();
    void codeScrollsSideways();
    void themeAndDirectionLayOutAgain();
    void deletedWhileStreaming();
};

void TestTranscriptView::opensAtTheEnd() {
    m_view->setPath(tests::longPath(60));
    QVERIFY(bar()->maximum() > 500);
    QCOMPARE(bar()->value(), bar()->maximum());
    QVERIFY(m_view->isAtEnd());
    bar()->setValue(100);
    QVERIFY(!m_view->isAtEnd());
    m_view->setPath(tests::longPath(40));
    QVERIFY2(m_view->isAtEnd(), "another conversation opens at its end");
}

void TestTranscriptView::followsTheEndOnlyIfItWasThere() {
    QList<app::MessageView> path = tests::longPath(20);
    path.append(tests::question(QStringLiteral("More?")));
    path.append(tests::answer({}));
    path.last().state = app::MessageState::kStreaming;
    m_view->setPath(path);
    QSignalSpy ends(m_view.get(), &TranscriptView::atEndChanged);
    const auto stream = [&] {
        const int before = bar()->maximum();
        for (int i = 0; i < 40; ++i) {
            m_view->appendAnswer(path.last().id, QStringLiteral("One more paragraph of it.\n\n"));
        }
        QTRY_VERIFY(bar()->maximum() > before);
    };
    stream();
    QCOMPARE(bar()->value(), bar()->maximum());
    QCOMPARE(ends.size(), 0);
    bar()->setValue(bar()->maximum() - 300);
    QCOMPARE(ends.size(), 1);
    QCOMPARE(ends.last().first().toBool(), false);
    const int kept = bar()->value();
    stream();
    QCOMPARE(bar()->value(), kept);
    m_view->jumpToEnd();
    QCOMPARE(ends.size(), 2);
    QCOMPARE(ends.last().first().toBool(), true);
    stream();
    QCOMPARE(bar()->value(), bar()->maximum());
}

/// Scrolling up through turns never seen: each step moves what was in view by exactly the step.
void TestTranscriptView::nothingJumpsWhenGuessesAreCorrected() {
    QList<app::MessageView> path;
    for (int i = 0; i < 80; ++i) {
        path.append(i % 2 == 0 ? tests::question(QStringLiteral("wide ").repeated(1 + 13 * (i % 9)))
                               : tests::answer(tests::richAnswer().repeated(1 + i % 3)));
    }
    m_view->setPath(path);
    int corrected = 0;
    for (int step = 0; step < 400 && bar()->value() > 200; ++step) {
        const auto anchor = state().captureAnchor();
        QVERIFY(anchor.has_value());
        const int range = bar()->maximum();
        const int before = bar()->value();
        bar()->setValue(before - 90);
        corrected += bar()->maximum() != range;
        const int index = state().list.indexOf(anchor->turn);
        double y = state().list.top(index);
        if (anchor->block >= 0) {
            y += turn(index).origin(anchor->part).y() + turn(index).flow(anchor->part)->item(anchor->block).top;
        }
        QCOMPARE(y - state().value(), anchor->shown + 90);
    }
    QVERIFY2(corrected > 10, "the guesses were never wrong: the test shows nothing");
}

void TestTranscriptView::nothingJumpsWhenThinkingOpens() {
    QList<app::MessageView> path = tests::longPath(30);
    path[15].reasoning = QStringLiteral("Some thought.\n\n").repeated(20);
    m_view->setPath(path);
    bar()->setValue(int(state().list.top(15)) - 100);
    const double shown = state().list.top(15) - state().value();
    const int range = bar()->maximum();
    state().activate(15, {.kind = ControlKind::kDisclosure});
    QVERIFY(bar()->maximum() > range);
    QCOMPARE(state().list.top(15) - state().value(), shown);
    state().activate(15, {.kind = ControlKind::kDisclosure});
    QCOMPARE(state().list.top(15) - state().value(), shown);
}

void TestTranscriptView::resizingKeepsThePlace() {
    m_view->setPath(tests::longPath(80));
    bar()->setValue(bar()->maximum() / 2);
    const auto anchor = state().captureAnchor();
    m_view->resize(520, 500);
    QApplication::processEvents();
    const int index = state().list.indexOf(anchor->turn);
    QVERIFY(qAbs(state().list.top(index) - state().value()) < 1200);
    const int first = state().list.indexAt(state().value());
    QVERIFY2(qAbs(first - index) <= 1, "the same turn is at the top");
}

void TestTranscriptView::onlyWhatIsSeenIsLaidOut() {
    m_view->setPath(tests::longPath(10000));
    int loaded = 0;
    for (int i = 0; i < state().list.count(); ++i) {
        loaded += turn(i).isLoaded();
    }
    QVERIFY2(loaded < 60, qPrintable(QString::number(loaded)));
    QCOMPARE(bar()->value(), bar()->maximum());
    bar()->setValue(0);
    loaded = 0;
    for (int i = 0; i < state().list.count(); ++i) {
        loaded += turn(i).isLoaded();
    }
    QVERIFY2(loaded < 60, "what is far away is given back");
}

void TestTranscriptView::unchangedTurnsKeepTheirLayout() {
    QList<app::MessageView> path = tests::longPath(6);
    m_view->setPath(path);
    const int last = int(path.size()) - 1;
    const Turn* kept = &turn(last);
    const Box* box = turn(last).flow(Part::kAnswer)->item(0).box.get();
    path.append(tests::question(QStringLiteral("Next")));
    m_view->setPath(path);
    QCOMPARE(&turn(last), kept);
    QCOMPARE(turn(last).flow(Part::kAnswer)->item(0).box.get(), box);
}

void TestTranscriptView::streamedTextIsShown() {
    app::MessageView reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    m_view->setPath({tests::question(QStringLiteral("Q")), reply});
    QCOMPARE(turn(1).footerText(), QStringLiteral("Waiting for the model"));
    m_view->setReading(reply.id, 3, 10);
    QCOMPARE(turn(1).footerText(), QStringLiteral("Reading 3 of 10 tokens"));
    m_view->appendReasoning(reply.id, QStringLiteral("let me see"));
    QTRY_COMPARE(turn(1).view().reasoning, QStringLiteral("let me see"));
    QCOMPARE(turn(1).reasoningText(), QStringLiteral("Thinking"));
    m_view->appendAnswer(reply.id, QStringLiteral("It is "));
    m_view->appendAnswer(reply.id, QStringLiteral("**so**."));
    m_view->appendAnswer(QUuid::createUuid(), QStringLiteral("of another chat"));
    QTRY_COMPARE(turn(1).plainText(), QStringLiteral("It is so."));
    reply.text = QStringLiteral("It is **so**.\n\nDone.");
    reply.reasoning = QStringLiteral("let me see");
    reply.state = app::MessageState::kComplete;
    m_view->appendAnswer(reply.id, QStringLiteral("\n\nDone.")); // still collected when the end comes
    m_view->finish(reply);
    QCOMPARE(turn(1).plainText(), QStringLiteral("It is so.\n\nDone."));
    QVERIFY(!turn(1).isStreaming());
}

void TestTranscriptView::stateOfAFinishedAnswerShows() {
    app::MessageView reply = tests::answer(QStringLiteral("Begun"));
    reply.state = app::MessageState::kStreaming;
    m_view->setPath({tests::question(QStringLiteral("Q")), reply});
    reply.state = app::MessageState::kFailed;
    reply.error = QStringLiteral("The file is gone.");
    m_view->finish(reply);
    QVERIFY(!turn(1).frame().error.isNull());
    QSignalSpy again(m_view.get(), &TranscriptView::regenerateRequested);
    QSignalSpy choose(m_view.get(), &TranscriptView::chooseModelRequested);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kRetry}));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kChooseModel}));
    QCOMPARE(again.size(), 1);
    QCOMPARE(again.first().first().toUuid(), reply.id);
    QCOMPARE(choose.size(), 1);
}

void TestTranscriptView::columnStaysWhenTheScrollBarComes() {
    for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        m_view->setLayoutDirection(direction);
        m_view->setPath({tests::question(QStringLiteral("Q"))});
        QTRY_VERIFY(!bar()->isVisible());
        const double left = m_view->viewport()->x() + state().list.left();
        const double width = state().list.columnWidth();
        m_view->setPath(tests::longPath(40));
        QTRY_VERIFY(bar()->isVisible());
        QCOMPARE(m_view->viewport()->x() + state().list.left(), left);
        QCOMPARE(state().list.columnWidth(), width);
        m_view->clear();
    }
}

void TestTranscriptView::keysScroll() {
    m_view->setPath(tests::longPath(60));
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QCOMPARE(bar()->value(), 0);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QVERIFY(bar()->value() > 0 && bar()->value() < 100);
    const int before = bar()->value();
    QTest::keyClick(m_view.get(), Qt::Key_PageDown);
    QVERIFY(bar()->value() > before + 300);
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QCOMPARE(bar()->value(), bar()->maximum());
    QVERIFY(m_view->isAtEnd());
}

void TestTranscriptView::touchpadPixels() {
    m_view->setPath(tests::longPath(60));
    const auto send = [&](QPoint pixels, QPoint angle) {
        QWheelEvent event(QPointF(300, 200), m_view->viewport()->mapToGlobal(QPointF(300, 200)), pixels, angle,
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_view->viewport(), &event);
    };
    const double shown = state().list.top(58) - state().value();
    send({0, 7}, {0, 56});
    QCOMPARE(state().list.top(58) - state().value(), shown + 7);
    QVERIFY2(m_view->isAtEnd(), "nothing but room for buttons has gone");
    send({0, 70}, {0, 560});
    QVERIFY(!m_view->isAtEnd());
    send({}, {0, -240});
    QVERIFY(m_view->isAtEnd());
}

void TestTranscriptView::codeScrollsSideways() {
    m_view->setPath({tests::answer(QStringLiteral("```\n%1\n```").arg(QString(400, u'x')))});
    SideScroll* scroll = turn(0).flow(Part::kAnswer)->item(0).box->sideScroll();
    const QPointF at = characterPoint(0, 0, 3);
    QWheelEvent event(at, m_view->viewport()->mapToGlobal(at), QPoint(-30, 0), QPoint(-240, 0), Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_view->viewport(), &event);
    QCOMPARE(scroll->offset, 30.0);
    const QPointF corner = state().list.origin(0) - QPointF(0, state().value());
    const QPoint handle = (corner + scroll->handle().center()).toPoint();
    drag(handle, handle + QPoint(60, 0));
    QVERIFY(scroll->offset > 60);
    QCOMPARE(m_view->selectedText(), QString());
}

void TestTranscriptView::themeAndDirectionLayOutAgain() {
    m_view->setPath({tests::question(QStringLiteral("Q")), tests::answer(tests::richAnswer())});
    const double height = state().list.height();
    m_theme->setZoom(2);
    QVERIFY(state().list.height() > 1.5 * height);
    m_theme->setZoom(1);
    QCOMPARE(state().list.height(), height);
    bar()->setValue(0);
    const double left = turn(0).frame().card.left();
    m_view->setLayoutDirection(Qt::RightToLeft);
    QVERIFY(left > 0);
    QCOMPARE(turn(0).frame().card.left(), 0.0);
}

void TestTranscriptView::deletedWhileStreaming() {
    app::MessageView reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    m_view->setPath({reply});
    m_view->appendAnswer(reply.id, QStringLiteral("text"));
    m_view->clear();
    QCOMPARE(state().list.count(), 0);
    QTest::qWait(0);
    m_view->appendAnswer(reply.id, QStringLiteral("late"));
    m_view->finish(reply);
    QCOMPARE(m_view->selectedText(), QString());
    m_view->selectAll();
    m_view->copySelection();
    m_view->appendAnswer(reply.id, QStringLiteral("later"));
    m_view.reset();
    QApplication::processEvents();
}

ALCUIN_TEST(TestTranscriptView)
#include "tst_transcript_view.moc"
