#include <QPlainTextEdit>
#include <QPushButton>

#include "chat/desk/context_full_card.h"
#include "chat/desk/desk.h"
#include "chat/text_preview.h"
#include "chat/transcript_private.h"
#include "support/test_registry.h"
#include "widgets/notice_card.h"
#include "window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;
using ui::ControlKind;

namespace {

const std::string kRubbish = "I am ready to help. How may I do so today?";

auto& stateOf(const WindowFixture& f) {
    return ui::TranscriptAccess::of(f.page().transcript());
}

void press(const WindowFixture& f, int turn, ControlKind kind) {
    f.page().transcript().setFocus();
    stateOf(f).focusOn(turn, ui::Control{.kind = kind});
    QTest::keyClick(&f.page().transcript(), Qt::Key_Return);
}

void talk(const WindowFixture& f, int turns) {
    for (int i = 0; i < turns; ++i) {
        const auto request = f.ask(QStringLiteral("Where does lighthouse %1 stand?").arg(i));
        for (int k = 0; k < 40; ++k) {
            f.engine->write(request,
                            "Lighthouse " + std::to_string(i) + " stands on cliff " + std::to_string(k) + ". ");
        }
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        QTRY_VERIFY(stateOf(f).actionsEnabled);
    }
}

/// Turn up to which something else stands for the turns; -1: none.
int marked(const WindowFixture& f, ui::Summarised how) {
    auto& list = stateOf(f).list;
    for (int i = 0; i < list.count(); ++i) {
        if (list.turn(i).summarised() == how) {
            return i;
        }
    }
    return -1;
}

/// The model's answers to `count` requests, which say nothing of the talk.
void writeRubbish(const WindowFixture& f, std::size_t from, std::size_t count) {
    for (auto request = from; request < from + count; ++request) {
        QTRY_COMPARE(f.engine->requests().size(), request + 1);
        f.engine->write(request, kRubbish);
        f.engine->finish(request);
    }
}

/// Lets the model fail to sum up, in as many requests as it makes, and takes the first sentences that are offered then;
/// how many requests there were in all.
std::size_t summedUpByFirstSentences(const WindowFixture& f) {
    std::size_t answered = 4;
    const auto isOffered = [&] {
        for (; answered < f.engine->requests().size(); ++answered) {
            f.engine->write(answered, kRubbish);
            f.engine->finish(answered);
        }
        return f.page().notice().isVisible();
    };
    const bool offered = QTest::qWaitFor(isOffered);
    if (!offered) {
        qFatal("first sentences weren't offered");
    }
    f.page().notice().findChild<QPushButton*>()->click();
    return answered;
}

} // namespace

/// A full context, and a model that can't write a summary.
class TestSummaries : public QObject {
    Q_OBJECT
private slots:
    void firstSentencesAreOfferedAndMarked() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.engine->setContextLength(8192);
        talk(f, 3);
        emit f.page().desk().compactionRequested();
        writeRubbish(f, 3, 3);
        QTRY_VERIFY(f.page().notice().isVisible());
        QCOMPARE(f.page().notice().trouble().action, app::Trouble::Action::kFirstSentences);
        auto* take = f.page().notice().findChild<QPushButton*>();
        QVERIFY(take->isVisible() && !take->text().isEmpty());
        take->click();
        QTRY_COMPARE(marked(f, ui::Summarised::kFirstSentences), 3);
        QCOMPARE(f.engine->requests().size(), 6U);
        QVERIFY(!f.page().notice().isVisible());
        press(f, 3, ControlKind::kShowSummary);
        auto* shown = f.page().transcript().findChild<ui::TextPreview*>();
        QVERIFY(shown != nullptr);
        QVERIFY(shown->findChild<QPlainTextEdit*>()->toPlainText().contains("“Lighthouse 1 stands on cliff 0."));
        shown->close();
        press(f, 3, ControlKind::kUndoSummary);
        QTRY_COMPARE(marked(f, ui::Summarised::kFirstSentences), -1);
    }
    void closingInTheMiddleLeavesNoHalfASummary() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.engine->setContextLength(8192);
        talk(f, 3);
        const QUuid conversation = f.page().conversation();
        emit f.page().desk().compactionRequested();
        QTRY_COMPARE(f.engine->requests().size(), 4U);
        f.engine->write(3, "Three lighthouses, of which the first");
        f.restart();
        QVERIFY(f.waitUntilReady());
        f.engine->setContextLength(8192);
        f.page().open(conversation);
        QTRY_COMPARE(stateOf(f).list.count(), 6);
        QCOMPARE(marked(f, ui::Summarised::kFirstSentences), -1);
        QCOMPARE(marked(f, ui::Summarised::kByModel), -1);
        talk(f, 1); // and goes on
        QCOMPARE(stateOf(f).list.count(), 8);
    }
    void aQuestionThatDidntFitIsAskedAfterwards() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.engine->setContextLength(8192);
        talk(f, 4);
        f.engine->setContextLength(1600);
        f.type(QString(300, 'q'));
        f.press(Qt::Key_Return);
        QTRY_VERIFY(f.page().desk().fullCard().isVisible());
        emit f.page().desk().compactionRequested();
        const std::size_t answered = summedUpByFirstSentences(f);
        QTRY_COMPARE(f.engine->requests().size(), answered + 1);
        QVERIFY(f.engine->requests().back().messages.back().content.find("qqq") != std::string::npos);
        QVERIFY(!f.page().desk().fullCard().isVisible());
        QCOMPARE(f.composer().text(), "");
        f.engine->finish(answered);
        QVERIFY(f.waitUntilIdle());
    }
    void anAnswerThatHadNoRoomIsWrittenAfterwardsAndTheDraftStays() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        f.engine->setContextLength(8192);
        talk(f, 4);
        f.engine->setContextLength(3000);
        f.type("half a question");
        press(f, 7, ControlKind::kRegenerate);
        const auto& card = f.page().desk().fullCard();
        QTRY_VERIFY(card.isVisible());
        QStringList offered;
        for (const auto* button : card.findChildren<QPushButton*>()) {
            if (button->isVisible()) {
                offered.append(button->text());
            }
        }
        QCOMPARE(offered, QStringList({"Summarise earlier turns, then answer", "What fills it"}));
        emit f.page().desk().compactionRequested();
        const std::size_t answered = summedUpByFirstSentences(f);
        QTRY_COMPARE(f.engine->requests().size(), answered + 1);
        const auto& asked = f.engine->requests().back().messages.back().content;
        QVERIFY(asked.find("Where does lighthouse 3 stand?") != std::string::npos);
        QVERIFY(!card.isVisible());
        QCOMPARE(f.composer().text(), "half a question");
        f.engine->finish(answered);
        QVERIFY(f.waitUntilIdle());
    }
    void whatASummaryStandsForIsntContinued() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("Count to a thousand");
        f.engine->write(request, "One, two, three. ");
        f.engine->finish(request, inference::FinishReason::kContextFull);
        QVERIFY(f.waitUntilIdle());
        QVERIFY(!stateOf(f).list.turn(1).frame().proceed.isEmpty());
        stateOf(f).list.turn(1).setSummarised(ui::Summarised::kByModel);
        QVERIFY(stateOf(f).list.turn(1).frame().proceed.isEmpty());
    }
};

ALCUIN_TEST(TestSummaries)
#include "tst_summaries.moc"
