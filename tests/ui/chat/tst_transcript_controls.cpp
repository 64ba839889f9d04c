#include <QClipboard>
#include <QSignalSpy>

#include "chat/interaction/link_filter.h"
#include "support/test_registry.h"
#include "ui/chat/transcript_fixture.h"

using namespace alcuin;
using namespace alcuin::ui;

/// What in a turn can be pressed, by pointer and by keyboard.
class TestTranscriptControls : public tests::TranscriptFixture {
    Q_OBJECT
private slots:
    void init() {
        open();
    }
    void cleanup() {
        close();
    }

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
};

void TestTranscriptControls::clickFollowsALink() {
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

void TestTranscriptControls::footnotesLeadThereAndBack() {
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

void TestTranscriptControls::linkFilter_data() {
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

void TestTranscriptControls::linkFilter() {
    QFETCH(QString, address);
    QFETCH(bool, opens);
    QCOMPARE(openableUrl(address).has_value(), opens);
}

void TestTranscriptControls::toolTipIsPlain() {
    const QString tip = addressToolTip(QStringLiteral("https://example.org/<img src=\"file:///etc/passwd\">"));
    QVERIFY(!tip.contains(QLatin1String("<img")));
    const QString longTip = addressToolTip(QStringLiteral("https://example.org/") + QString(500, u'a'));
    QCOMPARE(QString(longTip).remove(QLatin1String("<br>")).count(u'a'), 500 + 2 - 1);
    QVERIFY(addressToolTip(QString::fromUtf8("https://ex\u0430mple.org")).contains(QLatin1String("xn--")));
    QVERIFY(!addressToolTip(QStringLiteral("javascript:<b>")).contains(QLatin1String("<b>")));
}

void TestTranscriptControls::actionsReport() {
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

void TestTranscriptControls::disabledActionsDoNothing() {
    m_view->setPath({tests::question(QStringLiteral("What?")), tests::answer(QStringLiteral("This"))});
    m_view->setActionsEnabled(false);
    QSignalSpy edits(m_view.get(), &TranscriptView::editRequested);
    QSignalSpy again(m_view.get(), &TranscriptView::regenerateRequested);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(0, {.kind = ControlKind::kEdit}));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(1, {.kind = ControlKind::kRegenerate}));
    QCOMPARE(edits.size() + again.size(), 0);
}

void TestTranscriptControls::branches() {
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

void TestTranscriptControls::copyCode() {
    m_view->setPath({tests::answer(QStringLiteral("Text\n\n```py\na = 1\n  b\n```"))});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                      controlPoint(0, {ControlKind::kCopyCode, Part::kAnswer, 1, -1}));
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a = 1\n  b"));
}

void TestTranscriptControls::tabGoesOverEverything() {
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

ALCUIN_TEST(TestTranscriptControls)
#include "tst_transcript_controls.moc"
