#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>

#include "chat/answer_details.h"
#include "chat/chat_header.h"
#include "chat/desk/desk.h"
#include "chat/desk/slash_menu.h"
#include "chat/panel/conversation_panel.h"
#include "chat/temporary_strip.h"
#include "chat/text_preview.h"
#include "chat/transcript_private.h"
#include "services/library_service.h"
#include "support/test_registry.h"
#include "widgets/icon_button.h"
#include "widgets/undo_bar.h"
#include "window/window_actions.h"
#include "window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;
using ui::ControlKind;

namespace {

auto& stateOf(const WindowFixture& f) {
    return ui::TranscriptAccess::of(f.page().transcript());
}

/// Goes there by keyboard and presses it.
void press(const WindowFixture& f, int turn, ControlKind kind) {
    auto& state = stateOf(f);
    f.page().transcript().setFocus();
    state.focusOn(turn, ui::Control{.kind = kind});
    QTest::keyClick(&f.page().transcript(), Qt::Key_Return);
}

QString lastText(const WindowFixture& f) {
    auto& list = stateOf(f).list;
    return list.count() > 0 ? list.turn(list.count() - 1).view().text : QString();
}

} // namespace

class TestConversation : public QObject {
    Q_OBJECT
private slots:
    void aStoppedAnswerGoesOn() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("Count");
        f.engine->write(request, "one, ");
        QTRY_COMPARE(lastText(f), "one, ");
        f.press(Qt::Key_Escape);
        QVERIFY(f.waitUntilIdle());
        QTRY_VERIFY(!stateOf(f).list.turn(1).frame().proceed.isNull());
        press(f, 1, ControlKind::kContinue);
        QTRY_COMPARE(f.engine->requests().size(), request + 2);
        f.engine->write(request + 1, "two");
        f.engine->finish(request + 1);
        QVERIFY(f.waitUntilIdle());
        QTRY_COMPARE(lastText(f), "one, two");
        QVERIFY(stateOf(f).list.turn(1).frame().proceed.isNull());
    }
    void anAnswerIsRewrittenInTheComposer() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("Colour?");
        f.engine->write(request, "Red");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        f.type("a draft");
        QTRY_VERIFY(stateOf(f).actionsEnabled);
        press(f, 1, ControlKind::kEdit);
        QCOMPARE(f.composer().edit(), ui::Composer::Edit::kAnswer);
        QCOMPARE(f.composer().text(), "Red");
        f.type(" or blue");
        f.press(Qt::Key_Return);
        QTRY_COMPARE(lastText(f), "Red or blue");
        QVERIFY(stateOf(f).list.turn(1).view().edited);
        QCOMPARE(stateOf(f).list.turn(1).view().siblings.size(), 2);
        QCOMPARE(f.composer().edit(), ui::Composer::Edit::kNone);
        QCOMPARE(f.composer().text(), "a draft");
        QCOMPARE(f.engine->requests().size(), request + 1); // nothing was asked
    }
    void anAnswerIsWrittenAgainWithOtherParameters() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("Colour?");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        QTRY_VERIFY(stateOf(f).actionsEnabled);
        press(f, 1, ControlKind::kRegenerateWith);
        auto* menu = f.page().transcript().findChild<QMenu*>();
        QVERIFY(menu != nullptr && menu->isVisible());
        QVERIFY(menu->actions().last()->text().contains("tiny"));
        QTest::keyClick(menu, Qt::Key_Down);
        QTest::keyClick(menu, Qt::Key_Return);
        QWidget* popover = nullptr;
        QTRY_VERIFY((popover = QApplication::activePopupWidget()) != nullptr);
        auto* temperature = popover->findChild<QDoubleSpinBox*>();
        QCOMPARE(temperature->accessibleName(), "Temperature");
        temperature->setValue(0);
        for (auto* button : popover->findChildren<QPushButton*>()) {
            if (button->text() == "Answer again") {
                QTest::mouseClick(button, Qt::LeftButton);
                break;
            }
        }
        QTRY_COMPARE(f.engine->requests().size(), request + 2);
        QCOMPARE(f.engine->requests().back().sampling.temperature, 0.0F);
        f.engine->finish(request + 1);
    }
    void anAnswerIsRepeatedWithTheSeedThatWasDrawn() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto request = f.ask("Colour?");
        QVERIFY(!f.engine->requests().back().sampling.seed);
        f.engine->write(request, "Red");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        QTRY_VERIFY(stateOf(f).actionsEnabled);
        const auto lines = ui::AnswerDetails::lines(stateOf(f).list.turn(1).view());
        QVERIFY(lines.contains(std::pair<QString, QString>("Seed", "1"))); // what the engine says it drew
        press(f, 1, ControlKind::kRegenerateWith);
        auto* menu = f.page().transcript().findChild<QMenu*>();
        QTest::keyClick(menu, Qt::Key_Down);
        QTest::keyClick(menu, Qt::Key_Return);
        QWidget* popover = nullptr;
        QTRY_VERIFY((popover = QApplication::activePopupWidget()) != nullptr);
        for (const auto* wanted : {"As this answer, with its seed", "Answer again"}) {
            for (auto* button : popover->findChildren<QPushButton*>()) {
                if (button->text() == wanted) {
                    QTest::mouseClick(button, Qt::LeftButton);
                    break;
                }
            }
        }
        QTRY_COMPARE(f.engine->requests().size(), request + 2);
        QCOMPARE(f.engine->requests().back().sampling.seed, std::optional<std::uint64_t>(1));
        QVERIFY(f.engine->requests().back().reproducible);
        f.engine->write(request + 1, "Re");
        f.engine->finish(request + 1, inference::FinishReason::kLength);
        QVERIFY(f.waitUntilIdle());
        QTRY_VERIFY(!stateOf(f).list.turn(1).frame().proceed.isNull());
        press(f, 1, ControlKind::kContinue);
        QTRY_COMPARE(f.engine->requests().size(), request + 3);
        f.engine->finish(request + 2);
        QVERIFY(f.waitUntilIdle());
        QTRY_COMPARE(stateOf(f).list.turn(1).view().state, app::MessageState::kComplete);
        QCOMPARE(stateOf(f).list.turn(1).view().seed, 0U); // no one seed gives both parts
    }
    void bothWaysToATemporaryChatAreButtonsToo() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto press = [&](QWidget& parent) {
            for (auto* button : parent.findChildren<ui::IconButton*>()) {
                if (button->accessibleName() == "New temporary chat" && button->isVisible()) {
                    QTest::mouseClick(button, Qt::LeftButton);
                    return true;
                }
            }
            return false;
        };
        QVERIFY(press(f.window->sidebar()));
        const QUuid first = f.page().conversation();
        QVERIFY(f.conversations->isTemporary(first));
        QCOMPARE(f.window->focusWidget(), &f.edit());
        QVERIFY(!press(f.page().header())); // the list has it
        f.window->actionList().toggleSidebar->trigger();
        QVERIFY(press(f.page().header()));
        QVERIFY(f.conversations->isTemporary(f.page().conversation()));
        QVERIFY(f.page().conversation() != first);
    }
    void detailsSayHowAnAnswerCameToBe() {
        app::MessageView answer;
        answer.modelName = "tiny";
        answer.parameters = "temperature 0.2, seed 7";
        answer.measurements.promptTokens = 40;
        answer.measurements.cachedTokens = 30;
        answer.measurements.completionTokens = 5;
        answer.measurements.decodeTokensPerSecond = 12.5;
        QStringList all;
        for (const auto& [name, value] : ui::AnswerDetails::lines(answer)) {
            all += name + "=" + value;
        }
        QVERIFY(all.contains("Model=tiny"));
        QVERIFY(all.contains("Parameters=temperature 0.2, seed 7"));
        QVERIFY(all.contains("Read=40 tokens, of these 30 read before"));
        QVERIFY(all.contains("Writing speed=12.5 tokens/s"));
    }
    void theConversationsSettingsAreKeptAndAskedWith() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        const auto first = f.ask("hello");
        f.engine->finish(first);
        QVERIFY(f.waitUntilIdle());
        f.window->actionList().panel->trigger();
        auto& panel = f.page().panel();
        QVERIFY(panel.isVisible());
        QTest::keyClicks(panel.findChild<QPlainTextEdit*>(), "Answer in verse");
        panel.findChild<QDoubleSpinBox*>()->setValue(0.1);
        QTest::keyClick(panel.findChild<QPlainTextEdit*>(), Qt::Key_Escape);
        QVERIFY(!panel.isVisible());
        const auto request = f.ask("again");
        QCOMPARE(f.engine->requests().at(request).messages.front().content, "Answer in verse");
        QVERIFY(qAbs(f.engine->requests().at(request).sampling.temperature - 0.1F) < 1e-6F);
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        const QUuid conversation = f.page().conversation();
        f.page().newChat();
        QTRY_COMPARE(panel.settings().instructions, QString());
        f.page().open(conversation);
        QTRY_COMPARE(panel.settings().instructions, "Answer in verse");
    }
    void aPersonaIsSavedAndTakenOn() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        auto& panel = f.page().panel();
        f.window->actionList().panel->trigger();
        QTest::keyClicks(panel.findChild<QPlainTextEdit*>(), "You are a monk");
        emit panel.personaSaveRequested("Monk", {{}, std::nullopt, "You are a monk", {}});
        QTRY_COMPARE(f.library->personas().size(), 1);
        panel.findChild<QPlainTextEdit*>()->clear();
        panel.flush();
        f.window->actionList().panel->trigger();
        f.type("/monk");
        QVERIFY(f.page().desk().slashMenu().isVisible());
        f.press(Qt::Key_Return);
        QCOMPARE(f.composer().text(), QString());
        QTRY_COMPARE(panel.settings().instructions, "You are a monk");
        const auto request = f.ask("hello");
        QCOMPARE(f.engine->requests().at(request).messages.front().content, "You are a monk");
        f.engine->finish(request);
    }
    void aTemporaryChatIsMarkedAndCanBeGoneBackToForAWhile() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        QTest::keyClick(f.window.get(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        const QUuid temporary = f.page().conversation();
        QVERIFY(f.conversations->isTemporary(temporary));
        auto* strip = f.page().findChild<ui::TemporaryStrip*>();
        QVERIFY(strip->isVisible());
        const auto request = f.ask("a secret");
        f.engine->write(request, "kept");
        f.engine->finish(request);
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(f.page().conversation(), temporary);
        QVERIFY(f.sidebarTitles().isEmpty());
        QVERIFY(!f.window->actionList().rename->isEnabled());
        f.page().newChat();
        QVERIFY(!strip->isVisible());
        QVERIFY(f.page().undoBar().isVisible());
        f.page().undoBar().undo();
        QCOMPARE(f.page().conversation(), temporary);
        QTRY_COMPARE(lastText(f), "kept");
        QVERIFY(strip->isVisible());
    }
    void aSummaryIsMarkedShownAndTakenBack() {
        WindowFixture f;
        QVERIFY(f.waitUntilReady());
        for (const char* question : {"volcanoes", "glaciers", "deserts"}) {
            const auto request = f.ask(question);
            f.engine->write(request, "lava, basalt and moraines");
            f.engine->finish(request);
            QVERIFY(f.waitUntilIdle());
            QTRY_VERIFY(stateOf(f).actionsEnabled);
        }
        const auto before = f.engine->requests().size();
        emit f.page().desk().compactionRequested();
        QTRY_COMPARE(f.engine->requests().size(), before + 1);
        f.engine->write(before, "Volcanoes and glaciers: lava, basalt and moraines.");
        f.engine->finish(before);
        auto& list = stateOf(f).list;
        int marked = -1;
        QTRY_VERIFY(([&] {
            for (int i = 0; i < list.count(); ++i) {
                marked = list.turn(i).summarised() == ui::Summarised::kByModel ? i : marked;
            }
            return marked >= 0;
        }()));
        press(f, marked, ControlKind::kShowSummary);
        auto* shown = f.page().transcript().findChild<ui::TextPreview*>();
        QVERIFY(shown != nullptr);
        QVERIFY(shown->findChild<QPlainTextEdit*>()->toPlainText().contains("Volcanoes and glaciers"));
        shown->close();
        press(f, marked, ControlKind::kUndoSummary);
        QTRY_VERIFY(list.turn(marked).summarised() == ui::Summarised::kNot);
    }
};

ALCUIN_TEST(TestConversation)
#include "tst_conversation.moc"
