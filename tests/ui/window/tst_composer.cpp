#include <QClipboard>
#include <QGuiApplication>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QSignalSpy>

#include <memory>

#include "chat/composer.h"
#include "chat/composer_edit.h"
#include "support/test_registry.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"

using namespace alcuin::ui;

class TestComposer : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_composer = std::make_unique<Composer>(m_theme);
        m_composer->resize(500, 100);
        m_composer->show();
        m_edit = m_composer->findChild<ComposerEdit*>();
        m_button = m_composer->findChild<IconButton*>("send");
        m_sent = std::make_unique<QSignalSpy>(m_composer.get(), &Composer::sendRequested);
    }
    void cleanup() {
        m_sent.reset();
        m_composer.reset();
    }
    void enterSendsAndShiftEnterBreaks() {
        QTest::keyClicks(m_edit, "one");
        QTest::keyClick(m_edit, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(m_edit, "two");
        QCOMPARE(m_sent->count(), 0);
        QTest::keyClick(m_edit, Qt::Key_Return);
        QCOMPARE(m_sent->count(), 1);
        QCOMPARE(m_sent->first().first().toString(), "one\ntwo");
        QCOMPARE(m_composer->text(), "one\ntwo"); // stays until it is stored
        QTest::keyClick(m_edit, Qt::Key_Enter, Qt::KeypadModifier);
        QCOMPARE(m_sent->count(), 2);
    }
    void nothingIsSentOfNothing() {
        QTest::keyClick(m_edit, Qt::Key_Return);
        QTest::keyClicks(m_edit, "  ");
        QTest::keyClick(m_edit, Qt::Key_Return);
        QCOMPARE(m_sent->count(), 0);
        QVERIFY(!m_button->isEnabled());
    }
    void anInputMethodKeepsItsEnter() {
        QInputMethodEvent composing("かな", {});
        QCoreApplication::sendEvent(m_edit, &composing);
        QTest::keyClick(m_edit, Qt::Key_Return);
        QCOMPARE(m_sent->count(), 0);
        QVERIFY(!m_composer->text().contains('\n'));
        QInputMethodEvent committed;
        committed.setCommitString("仮名");
        QCoreApplication::sendEvent(m_edit, &committed);
        QCOMPARE(m_composer->text(), "仮名");
        QTest::keyClick(m_edit, Qt::Key_Return);
        QCOMPARE(m_sent->count(), 1);
    }
    void theButtonStopsWhileAnAnswerIsWritten() {
        QSignalSpy stopped(m_composer.get(), &Composer::stopRequested);
        m_composer->setState({.canSend = true, .answering = true, .status = {}});
        QTest::keyClicks(m_edit, "next");
        QTest::keyClick(m_edit, Qt::Key_Return);
        QCOMPARE(m_sent->count(), 0);
        QCOMPARE(m_button->picture(), Icon::kStop);
        QTest::mouseClick(m_button, Qt::LeftButton);
        QCOMPARE(stopped.count(), 1);
        m_composer->setState({});
        QCOMPARE(m_button->picture(), Icon::kSend);
        QTest::mouseClick(m_button, Qt::LeftButton);
        QCOMPARE(m_sent->count(), 1);
    }
    void aReasonIsGivenWhereSendingIsImpossible() {
        QTest::keyClicks(m_edit, "question");
        m_composer->setState({.canSend = false, .answering = false, .status = "No model"});
        QVERIFY(!m_button->isEnabled());
        QCOMPARE(m_button->toolTip(), "No model");
        QTest::keyClick(m_edit, Qt::Key_Return);
        QCOMPARE(m_sent->count(), 0);
        QCOMPARE(m_composer->text(), "question");
    }
    void draftsAreReportedOncePerPauseAndNotWhenShown() {
        QSignalSpy drafts(m_composer.get(), &Composer::draftChanged);
        m_composer->setText("from before");
        QVERIFY(!drafts.wait(Composer::kDraftDelayMs + 200));
        QTest::keyClicks(m_edit, " and more");
        QCOMPARE(drafts.count(), 0);
        QVERIFY(drafts.wait());
        QCOMPARE(drafts.count(), 1);
        QCOMPARE(drafts.first().first().toString(), "from before and more");
        QTest::keyClicks(m_edit, "!");
        m_composer->flushDraft();
        QCOMPARE(drafts.count(), 2);
        m_composer->flushDraft();
        QCOMPARE(drafts.count(), 2);
    }
    void whatWasWrittenSinceSendingStays() {
        m_composer->setText("question");
        QTest::keyClicks(m_edit, " and then");
        m_composer->takeSent(QString("question"));
        QCOMPARE(m_composer->text(), "and then");
        m_composer->takeSent(QString("and then"));
        QCOMPARE(m_composer->text(), QString());
    }
    void editingPutsTheDraftBack() {
        QSignalSpy drafts(m_composer.get(), &Composer::draftChanged);
        m_composer->setText("my draft");
        m_composer->beginEdit(QString("an earlier question"));
        QVERIFY(m_composer->isEditing());
        QCOMPARE(m_composer->text(), "an earlier question");
        QTest::keyClicks(m_edit, ", better");
        QVERIFY(!drafts.wait(Composer::kDraftDelayMs + 200)); // another version is no draft
        m_composer->endEdit();
        QVERIFY(!m_composer->isEditing());
        QCOMPARE(m_composer->text(), "my draft");
    }
    void onlyPlainTextIsPasted() {
        auto* mime = new QMimeData;
        mime->setHtml("<b>bold</b> words");
        mime->setText("bold words");
        QGuiApplication::clipboard()->setMimeData(mime);
        m_edit->paste();
        QCOMPARE(m_composer->text(), "bold words");
        QVERIFY(!m_edit->textCursor().charFormat().font().bold());
    }
    void itGrowsToItsLimitAndThenScrolls() {
        m_composer->setMaximumTextHeight(120);
        const int one = m_edit->height();
        QTest::keyClicks(m_edit, "a");
        QCOMPARE(m_edit->height(), one);
        QTest::keyClick(m_edit, Qt::Key_Return, Qt::ShiftModifier);
        const int two = m_edit->height();
        QVERIFY(two > one);
        for (int i = 0; i < 30; ++i) {
            QTest::keyClick(m_edit, Qt::Key_Return, Qt::ShiftModifier);
        }
        QCOMPARE(m_edit->height(), 120);
        m_composer->setText({});
        QCOMPARE(m_edit->height(), one);
    }
    void tabLeavesTheField() {
        QTest::keyClicks(m_edit, "a\t");
        QCOMPARE(m_composer->text(), "a");
    }

private:
    Theme m_theme;
    std::unique_ptr<Composer> m_composer;
    std::unique_ptr<QSignalSpy> m_sent;
    ComposerEdit* m_edit = nullptr;
    IconButton* m_button = nullptr;
};

ALCUIN_TEST(TestComposer)
#include "tst_composer.moc"
