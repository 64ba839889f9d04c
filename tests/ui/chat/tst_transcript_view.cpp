#include "support/test_registry.h"

#include "chat/interaction/link_filter.h"
#include "chat/transcript_private.h"
#include "chat/transcript_view.h"
#include "ui/chat/sample.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace alcuin;
using namespace alcuin::ui;

class TestTranscriptView : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();

    void opensAtTheEnd();
    void followsTheEndOnlyIfItWasThere();
    void nothingJumpsWhenGuessesAreCorrected();
    void nothingJumpsWhenThinkingOpens();
    void resizingKeepsThePlace();
    void onlyWhatIsSeenIsLaidOut();
    void unchangedTurnsKeepTheirLayout();
    void streamedTextIsShown();
    void stateOfAFinishedAnswerShows();
    void selectsAcrossTurns();
    void doubleAndTripleClick();
    void shiftExtends();
    void selectAllAndCopy();
    void copiesPlainTextHtmlAndMarkdown();
    void codeAloneIsCopiedPlain();
    void wholeAnswerIsCopiedInAllForms();
    void selectionOutlivesANewQuestion();
    void columnStaysWhenTheScrollBarComes();
    void dragOverALinkDoesNotFollowIt();
    void clickFollowsALink();
    void footnotesLeadThereAndBack();
    void linkFilter_data();
    void linkFilter();
    void toolTipIsPlain();
    void actionsReport();
    void disabledActionsDoNothing();
    void branches();
    void copyCode();
    void tabGoesOverEverything();
    void keysScroll();
    void touchpadPixels();
    void codeScrollsSideways();
    void themeAndDirectionLayOutAgain();
    void deletedWhileStreaming();

private:
    Turn& turn(int index) {
        return state().list.turn(index);
    }
    TranscriptAccess::State& state() {
        return TranscriptAccess::of(*m_view);
    }
    QScrollBar* bar() {
        return m_view->verticalScrollBar();
    }
    QPoint controlPoint(int index, const Control& control) {
        const QRectF rect = turn(index).rectOf(control).translated(state().list.origin(index));
        return rect.translated(0, -state().value()).center().toPoint();
    }
    QPoint characterPoint(int index, int block, int offset) {
        const Flow* flow = turn(index).flow(Part::kAnswer);
        const Flow::Item& item = flow->item(block);
        const QRectF rect = item.box->rectsOf({offset, offset + 1}).first();
        const QPointF origin = state().list.origin(index) + turn(index).origin(Part::kAnswer) +
                               QPointF(item.left, item.top - state().value());
        return (origin + QPointF(rect.left() + 1, rect.center().y())).toPoint();
    }
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, modifiers, from);
        move(to);
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, modifiers, to);
    }
    void move(QPoint to) {
        QMouseEvent event(QEvent::MouseMove, to, m_view->viewport()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
                          Qt::NoModifier);
        QApplication::sendEvent(m_view->viewport(), &event);
    }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<TranscriptView> m_view;
};

void TestTranscriptView::init() {
    m_theme = std::make_unique<Theme>();
    m_view = std::make_unique<TranscriptView>(*m_theme);
    m_view->resize(700, 500);
    m_view->show();
    QApplication::processEvents();
}

void TestTranscriptView::cleanup() {
    m_view.reset();
    m_theme.reset();
}

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

void TestTranscriptView::selectsAcrossTurns() {
    m_view->setPath({tests::question(QStringLiteral("What is it?")),
                     tests::answer(QStringLiteral("It **is** a\n\n- list\n- of `two`\n\nEnd."))});
    drag(characterPoint(0, 0, 5), characterPoint(1, 3, 2));
    QCOMPARE(m_view->selectedText(), QStringLiteral("is it?\n\nIt is a\n\n- list\n- of two\n\nEn"));
    drag(characterPoint(1, 3, 2), characterPoint(0, 0, 5));
    QCOMPARE(m_view->selectedText(), QStringLiteral("is it?\n\nIt is a\n\n- list\n- of two\n\nEn"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, characterPoint(1, 0, 3));
    QCOMPARE(m_view->selectedText(), QString());
}

void TestTranscriptView::doubleAndTripleClick() {
    m_view->setPath({tests::answer(QStringLiteral("first second third\n\nother"))});
    const QPoint at = characterPoint(0, 0, 8);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QStringLiteral("second"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QStringLiteral("first second third"));
}

void TestTranscriptView::shiftExtends() {
    m_view->setPath({tests::answer(QStringLiteral("first second third"))});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, characterPoint(0, 0, 6));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, characterPoint(0, 0, 12));
    QCOMPARE(m_view->selectedText(), QStringLiteral("second"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, characterPoint(0, 0, 0));
    QCOMPARE(m_view->selectedText(), QStringLiteral("first "));
}

void TestTranscriptView::selectAllAndCopy() {
    m_view->setPath({tests::question(QStringLiteral("Q")), tests::answer(QStringLiteral("A **b**\n\n```\nc\n```"))});
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Q\n\nA b\n\nc"));
}

void TestTranscriptView::copiesPlainTextHtmlAndMarkdown() {
    m_view->setPath({tests::question(QStringLiteral("What *is* it?")),
                     tests::answer(QStringLiteral("It __is__ a\n\n* list\n* of `two`\n\nThe end."))});
    drag(characterPoint(0, 0, 5), characterPoint(1, 3, 3));
    m_view->copySelection();
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->text(), QStringLiteral("*is* it?\n\nIt is a\n\n- list\n- of two\n\nThe"));
    // Whole blocks keep the signs they were written with.
    QCOMPARE(QString::fromUtf8(data->data(QStringLiteral("text/markdown"))),
             QStringLiteral("*is* it?\n\nIt __is__ a\n\n* list\n* of `two`\n\nThe"));
    QVERIFY(
        data->html().contains(QLatin1String("<p>*is* it?</p>\n<p>It <strong>is</strong> a</p>\n<ul>\n<li>list</li>\n"
                                            "<li>of <code>two</code></li>\n</ul>\n<p>The</p>")));
    m_view->copySelectionAsMarkdown();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QStringLiteral("*is* it?\n\nIt __is__ a\n\n* list\n* of `two`\n\nThe"));
    drag(characterPoint(1, 0, 0), characterPoint(1, 0, 5));
    m_view->copySelection();
    data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->text(), QStringLiteral("It is"));
    QCOMPARE(QString::fromUtf8(data->data(QStringLiteral("text/markdown"))), QStringLiteral("It **is**"));
    QVERIFY(data->html().contains(QLatin1String("<body>\nIt <strong>is</strong></body>")));
}

void TestTranscriptView::codeAloneIsCopiedPlain() {
    m_view->setPath({tests::answer(QStringLiteral("Text\n\n```py\na = 1\nb = 2\n```"))});
    drag(characterPoint(0, 1, 0), characterPoint(0, 1, 8));
    m_view->copySelection();
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->text(), QStringLiteral("a = 1\nb "));
    QVERIFY(!data->hasHtml() && !data->hasFormat(QStringLiteral("text/markdown")));
}

void TestTranscriptView::wholeAnswerIsCopiedInAllForms() {
    m_view->setPath({tests::answer(QStringLiteral("A __b__\n"))});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(0, {.kind = ControlKind::kCopy}));
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->text(), QStringLiteral("A __b__\n"));
    QCOMPARE(data->data(QStringLiteral("text/markdown")), QByteArray("A __b__\n"));
    QVERIFY(data->html().contains(QLatin1String("<p>A <strong>b</strong></p>")));
}

void TestTranscriptView::selectionOutlivesANewQuestion() {
    QList<app::MessageView> path{tests::question(QStringLiteral("Q")), tests::answer(QStringLiteral("Some answer"))};
    m_view->setPath(path);
    m_view->selectAll();
    path.append(tests::question(QStringLiteral("Next")));
    m_view->setPath(path);
    QCOMPARE(m_view->selectedText(), QStringLiteral("Q\n\nSome answer"));
    path[1] = tests::answer(QStringLiteral("Another branch"));
    m_view->setPath(path);
    QCOMPARE(m_view->selectedText(), QString());
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

void TestTranscriptView::dragOverALinkDoesNotFollowIt() {
    m_view->setPath({tests::answer(QStringLiteral("[a link with words](https://example.org)"))});
    QSignalSpy links(m_view.get(), &TranscriptView::linkActivated);
    drag(characterPoint(0, 0, 2), characterPoint(0, 0, 15));
    QCOMPARE(links.size(), 0);
    QVERIFY(!m_view->selectedText().isEmpty());
}

void TestTranscriptView::clickFollowsALink() {
    m_view->setPath({tests::answer(QStringLiteral("[web](https://example.org/a) [file](file:///etc/passwd) "
                                                  "[script](javascript:alert(1)) [mail](mailto:a@b.c)"))});
    QSignalSpy links(m_view.get(), &TranscriptView::linkActivated);
    for (int link = 0; link < 4; ++link) {
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                          controlPoint(0, {ControlKind::kLink, Part::kAnswer, 0, link}));
    }
    QCOMPARE(links.size(), 2);
    QCOMPARE(links.at(0).first().toUrl(), QUrl(QStringLiteral("https://example.org/a")));
    QCOMPARE(links.at(1).first().toUrl(), QUrl(QStringLiteral("mailto:a@b.c")));
}

void TestTranscriptView::footnotesLeadThereAndBack() {
    const QString filler = QStringLiteral("A paragraph between.\n\n").repeated(60);
    m_view->setPath({tests::answer(QStringLiteral("See[^a].\n\n[^a]: The <note> & more.\n\n") + filler)});
    bar()->setValue(0);
    QSignalSpy links(m_view.get(), &TranscriptView::linkActivated);
    const Control reference{ControlKind::kLink, Part::kAnswer, 0, 0};
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(0, reference));
    QVERIFY2(bar()->value() > 500, "the note stands at the end");
    QVERIFY(state().focused && state().focused->block == turn(0).blocks(Part::kAnswer).size() - 1);
    QVERIFY(QRect(QPoint(), m_view->viewport()->size()).contains(controlPoint(0, *state().focused)));
    QTest::keyClick(m_view.get(), Qt::Key_Return); // its way back
    QCOMPARE(state().focused, reference);
    QVERIFY(QRect(QPoint(), m_view->viewport()->size()).contains(controlPoint(0, reference)));
    QCOMPARE(links.size(), 0);
    const QString tip = state().noteToolTip(0, reference, *state().noteOf(0, reference));
    QVERIFY(tip.contains(QLatin1String("The &lt;note&gt; &amp; more.")));
}

void TestTranscriptView::linkFilter_data() {
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("opens");
    const auto row = [](const char* address, bool opens) {
        QTest::newRow(address) << QString::fromUtf8(address) << opens;
    };
    row("https://example.org", true);
    row("HTTP://EXAMPLE.ORG/a?b#c", true);
    row("mailto:me@example.org", true);
    row("www.example.org", true);
    row("", false);
    row("example.org", false);
    row("/etc/passwd", false);
    row("file:///etc/passwd", false);
    row("FILE:///etc/passwd", false);
    row("\\\\server\\share", false);
    row("//server/share", false);
    row("http:///etc/passwd", false);
    row("http:", false);
    row("javascript:alert(1)", false);
    row(" javascript:alert(1)", false);
    row("data:text/html,x", false);
    row("vbscript:x", false);
    row("ssh://host", false);
    row("ms-settings:x", false);
    row("x-scheme:https://example.org", false);
    row("https://exa\nmple.org", false);
    row("https://exa mple.org", false);
    row("https://\u202Egro.elpmaxe", false);
    row("mailto:", false);
}

void TestTranscriptView::linkFilter() {
    QFETCH(QString, address);
    QFETCH(bool, opens);
    QCOMPARE(openableUrl(address).has_value(), opens);
}

void TestTranscriptView::toolTipIsPlain() {
    const QString tip = addressToolTip(QStringLiteral("https://example.org/<img src=\"file:///etc/passwd\">"));
    QVERIFY(!tip.contains(QLatin1String("<img")));
    const QString longTip = addressToolTip(QStringLiteral("https://example.org/") + QString(500, u'a'));
    QCOMPARE(QString(longTip).remove(QLatin1String("<br>")).count(u'a'), 500 + 2 - 1);
    QVERIFY(addressToolTip(QString::fromUtf8("https://ex\u0430mple.org")).contains(QLatin1String("xn--")));
    QVERIFY(!addressToolTip(QStringLiteral("javascript:<b>")).contains(QLatin1String("<b>")));
}

void TestTranscriptView::actionsReport() {
    const auto ask = tests::question(QStringLiteral("What?"));
    const auto reply = tests::answer(QStringLiteral("**This**"));
    m_view->setPath({ask, reply});
    QSignalSpy edits(m_view.get(), &TranscriptView::editRequested);
    QSignalSpy again(m_view.get(), &TranscriptView::regenerateRequested);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(0, {.kind = ControlKind::kEdit}));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kRegenerate}));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kCopy}));
    QCOMPARE(edits.size(), 1);
    QCOMPARE(edits.first().at(0).toUuid(), ask.id);
    QCOMPARE(edits.first().at(1).toString(), QStringLiteral("What?"));
    QCOMPARE(again.size(), 1);
    QCOMPARE(again.first().first().toUuid(), reply.id);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("**This**"));
}

void TestTranscriptView::disabledActionsDoNothing() {
    m_view->setPath({tests::question(QStringLiteral("What?")), tests::answer(QStringLiteral("This"))});
    m_view->setActionsEnabled(false);
    QSignalSpy edits(m_view.get(), &TranscriptView::editRequested);
    QSignalSpy again(m_view.get(), &TranscriptView::regenerateRequested);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(0, {.kind = ControlKind::kEdit}));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kRegenerate}));
    QCOMPARE(edits.size() + again.size(), 0);
}

void TestTranscriptView::branches() {
    auto reply = tests::answer(QStringLiteral("Second"));
    reply.siblings = {QUuid::createUuid(), reply.id, QUuid::createUuid()};
    reply.siblingIndex = 1;
    m_view->setPath({tests::question(QStringLiteral("Q")), reply});
    QSignalSpy branches(m_view.get(), &TranscriptView::branchRequested);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kPrevious}));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kNext}));
    QCOMPARE(branches.size(), 2);
    QCOMPARE(branches.at(0).first().toUuid(), reply.siblings.at(0));
    QCOMPARE(branches.at(1).first().toUuid(), reply.siblings.at(2));
}

void TestTranscriptView::copyCode() {
    m_view->setPath({tests::answer(QStringLiteral("Text\n\n```py\na = 1\n  b\n```"))});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                      controlPoint(0, {ControlKind::kCopyCode, Part::kAnswer, 1, -1}));
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a = 1\n  b"));
}

void TestTranscriptView::tabGoesOverEverything() {
    auto reply = tests::answer(QStringLiteral("[a](https://a.org) and [b](https://b.org)\n\n```\nc\n```"));
    reply.reasoning = QStringLiteral("hm");
    m_view->setPath({tests::question(QStringLiteral("Q")), reply});
    m_view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    m_view->clearFocus();
    m_view->setFocus(Qt::TabFocusReason);
    QCOMPARE(state().focusedTurn, 1);
    QVERIFY(!state().focused);
    const QList<ControlKind> expected{ControlKind::kDisclosure, ControlKind::kLink,       ControlKind::kLink,
                                      ControlKind::kSaveCode,   ControlKind::kCopyCode,   ControlKind::kCopy,
                                      ControlKind::kEdit,       ControlKind::kRegenerate, ControlKind::kRegenerateWith,
                                      ControlKind::kDetails};
    for (const ControlKind kind : expected) {
        QVERIFY(state().moveFocus(true));
        QVERIFY(state().focused && state().focused->kind == kind);
    }
    QVERIFY2(!state().moveFocus(true), "after the last, Tab leaves");
    state().focusOn(1, std::nullopt);
    QVERIFY(state().moveFocus(false));
    QCOMPARE(state().focusedTurn, 0);
    QVERIFY(state().focused && state().focused->kind == ControlKind::kEdit);
    QSignalSpy edits(m_view.get(), &TranscriptView::editRequested);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(edits.size(), 1);
    QVERIFY(state().moveFocus(false));
    QVERIFY(state().moveFocus(false));
    QVERIFY(!state().focused);
    QVERIFY2(!state().moveFocus(false), "before the first, Shift+Tab leaves");
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
    QVERIFY(!m_view->isAtEnd());
    send({}, {0, -120});
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
