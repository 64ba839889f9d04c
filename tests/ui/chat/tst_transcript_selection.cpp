#include <QClipboard>
#include <QMimeData>
#include <QSignalSpy>

#include "support/test_registry.h"
#include "ui/chat/transcript_fixture.h"

using namespace alcuin;
using namespace alcuin::ui;

/// Choosing words and taking them elsewhere.
class TestTranscriptSelection : public tests::TranscriptFixture {
    Q_OBJECT
private slots:
    void init() {
        open();
    }
    void cleanup() {
        close();
    }

    void selectsAcrossTurns();
    void doubleAndTripleClick();
    void shiftExtends();
    void selectAllAndCopy();
    void copiesPlainTextHtmlAndMarkdown();
    void codeAloneIsCopiedPlain();
    void wholeAnswerIsCopiedInAllForms();
    void selectionOutlivesANewQuestion();
    void dragOverALinkDoesNotFollowIt();
};

void TestTranscriptSelection::selectsAcrossTurns() {
    m_view->setPath({tests::question(QStringLiteral("What is it?")),
                     tests::answer(QStringLiteral("It **is** a\n\n- list\n- of `two`\n\nEnd."))});
    drag(characterPoint(0, 0, 5), characterPoint(1, 3, 2));
    QCOMPARE(m_view->selectedText(), QStringLiteral("is it?\n\nIt is a\n\n- list\n- of two\n\nEn"));
    drag(characterPoint(1, 3, 2), characterPoint(0, 0, 5));
    QCOMPARE(m_view->selectedText(), QStringLiteral("is it?\n\nIt is a\n\n- list\n- of two\n\nEn"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, characterPoint(1, 0, 3));
    QCOMPARE(m_view->selectedText(), QString());
}

void TestTranscriptSelection::doubleAndTripleClick() {
    m_view->setPath({tests::answer(QStringLiteral("first second third\n\nother"))});
    const QPoint at = characterPoint(0, 0, 8);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QStringLiteral("second"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QStringLiteral("first second third"));
}

void TestTranscriptSelection::shiftExtends() {
    m_view->setPath({tests::answer(QStringLiteral("first second third"))});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, characterPoint(0, 0, 6));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, characterPoint(0, 0, 12));
    QCOMPARE(m_view->selectedText(), QStringLiteral("second"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, characterPoint(0, 0, 0));
    QCOMPARE(m_view->selectedText(), QStringLiteral("first "));
}

void TestTranscriptSelection::selectAllAndCopy() {
    m_view->setPath({tests::question(QStringLiteral("Q")), tests::answer(QStringLiteral("A **b**\n\n```\nc\n```"))});
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Q\n\nA b\n\nc"));
}

void TestTranscriptSelection::copiesPlainTextHtmlAndMarkdown() {
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

void TestTranscriptSelection::codeAloneIsCopiedPlain() {
    m_view->setPath({tests::answer(QStringLiteral("Text\n\n```py\na = 1\nb = 2\n```"))});
    drag(characterPoint(0, 1, 0), characterPoint(0, 1, 8));
    m_view->copySelection();
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->text(), QStringLiteral("a = 1\nb "));
    QVERIFY(!data->hasHtml() && !data->hasFormat(QStringLiteral("text/markdown")));
}

void TestTranscriptSelection::wholeAnswerIsCopiedInAllForms() {
    m_view->setPath({tests::answer(QStringLiteral("A __b__\n"))});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, controlPoint(0, {.kind = ControlKind::kCopy}));
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->text(), QStringLiteral("A __b__\n"));
    QCOMPARE(data->data(QStringLiteral("text/markdown")), QByteArray("A __b__\n"));
    QVERIFY(data->html().contains(QLatin1String("<p>A <strong>b</strong></p>")));
}

void TestTranscriptSelection::selectionOutlivesANewQuestion() {
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

void TestTranscriptSelection::dragOverALinkDoesNotFollowIt() {
    m_view->setPath({tests::answer(QStringLiteral("[a link with words](https://example.org)"))});
    QSignalSpy links(m_view.get(), &TranscriptView::linkActivated);
    drag(characterPoint(0, 0, 2), characterPoint(0, 0, 15));
    QCOMPARE(links.size(), 0);
    QVERIFY(!m_view->selectedText().isEmpty());
}

ALCUIN_TEST(TestTranscriptSelection)
#include "tst_transcript_selection.moc"
