#include "chat/desk/attachment_strip.h"
#include "chat/desk/desk.h"
#include "chat/transcript_private.h"
#include "gallery/scenes.h"
#include "gallery/texts.h"
#include "services/compaction_service.h"
#include "services/library_service.h"
#include "widgets/icon_button.h"
#include "window/window_actions.h"

namespace alcuin::gallery {

namespace {

const app::Attachment kProgram{QStringLiteral("tide_tables.py"), QStringLiteral("text/x-python"),
                               QStringLiteral("def tide(hour):\n    return 3.2 + hour\n"), 1840};
const app::Attachment kNotes{QStringLiteral("Notes on the flood of 1784, second version.md"),
                             QStringLiteral("text/markdown"), QStringLiteral("# Notes\n"), 52'300};

void withFiles(Stage& stage) {
    stage.exchange(QStringLiteral("How high was the water?"), essay(1));
    stage.composer().setText(QStringLiteral("What does this program say about it?"));
    stage.composer().attachments().add({kProgram, kNotes});
    stage.composer().attachments().refuse(
        {{QStringLiteral("photograph.png is a picture"), QStringLiteral("This model can't see pictures yet."), {}}});
    stage.settle(300);
}

void waiting(Stage& stage) {
    const auto request = stage.ask(QStringLiteral("How high was the water?"));
    stage.engine->write(request, essay(1).toStdString());
    for (const char* words : {"And how many houses were lost?", "Write it as a letter to the bishop"}) {
        stage.composer().setText(QString::fromLatin1(words));
        stage.press(Qt::Key_Return);
        stage.settle(150);
    }
    stage.composer().setText(QStringLiteral("Then put it into verse"));
    stage.settle(100);
}

void openLedger(Stage& stage) {
    withFiles(stage);
    emit stage.page().desk().findChild<QAbstractButton*>()->clicked();
    stage.settle(100);
}

void summarised(Stage& stage) {
    for (int i = 0; i < 3; ++i) {
        stage.exchange(QStringLiteral("How high was the water?"), essay(1));
    }
    const auto request = stage.engine->requests().size();
    emit stage.page().desk().compactionRequested();
    if (!QTest::qWaitFor([&] { return stage.engine->requests().size() > request; })) {
        qFatal("no summary was asked for");
    }
    stage.engine->write(request, "The river had risen in the night: fields stood under water, the houses stayed dry.");
    stage.engine->finish(request);
    stage.settle(300);
}

} // namespace

std::vector<Scene> deskScenes() {
    std::vector<Scene> all;
    all.push_back({"desk", "files", withFiles});
    all.push_back({"desk", "files-asked", [](Stage& stage) {
                       stage.composer().attachments().add({kProgram, kNotes});
                       const auto request = stage.ask(QStringLiteral("What does this program say about it?"));
                       stage.engine->write(request, essay(1).toStdString());
                       stage.engine->finish(request);
                       stage.waitUntilIdle();
                       stage.settle(200);
                       stage.hoverTurn(1);
                   }});
    all.push_back({"desk", "waiting", waiting});
    all.push_back({"desk", "held", [](Stage& stage) {
                       waiting(stage);
                       stage.composer().setText({});
                       stage.page().escape();
                       stage.waitUntilIdle();
                       stage.settle(200);
                   }});
    all.push_back({"desk", "ledger", openLedger});
    all.push_back({"desk", "full", [](Stage& stage) {
                       stage.exchange(QStringLiteral("How high was the water?"), essay(1));
                       stage.exchange(QStringLiteral("And then?"), essay(1));
                       app::Attachment large = kNotes;
                       large.text = QString(3000, QLatin1Char('w'));
                       stage.composer().attachments().add({large});
                       stage.composer().setText(QStringLiteral("Sum this up"));
                       stage.press(Qt::Key_Return);
                       stage.settle(300);
                   }});
    all.push_back(
        {"desk", "slash", [](Stage& stage) {
             stage.library->saveSnippet({{},
                                         QStringLiteral("Proofread"),
                                         QStringLiteral("Proofread the following and list what you changed")});
             stage.library->saveSnippet(
                 {{}, QStringLiteral("Plain words"), QStringLiteral("Say this in plain words:")});
             stage.library->savePersona(
                 {{}, QStringLiteral("Archivist"), QStringLiteral("You keep the records of a small town."), {}, {}});
             stage.settle(200);
             stage.type(QStringLiteral("/"));
         }});
    all.push_back({"desk", "panel", [](Stage& stage) {
                       stage.exchange(QStringLiteral("How high was the water?"), essay(2));
                       stage.window->actionList().panel->trigger();
                   }});
    all.push_back({"desk", "temporary", [](Stage& stage) {
                       stage.window->actionList().newTemporary->trigger();
                       stage.settle(100);
                       stage.exchange(QStringLiteral("What may stay unwritten?"), essay(1));
                   }});
    all.push_back({"desk", "summarised", summarised});
    all.push_back({"desk", "first-sentences", [](Stage& stage) {
                       for (int i = 0; i < 3; ++i) {
                           stage.exchange(QStringLiteral("How high was the water?"), essay(2));
                       }
                       stage.compactions->keepFirstSentences(stage.page().conversation());
                       stage.settle(300);
                   }});
    all.push_back({"desk", "details", [](Stage& stage) {
                       stage.exchange(QStringLiteral("How high was the water?"), essay(1));
                       auto& state = ui::TranscriptAccess::of(stage.page().transcript());
                       state.activate(1, {.kind = ui::ControlKind::kDetails});
                   }});
    all.push_back({"desk", "edit-answer", [](Stage& stage) {
                       stage.exchange(QStringLiteral("How high was the water?"), essay(1));
                       auto& state = ui::TranscriptAccess::of(stage.page().transcript());
                       state.activate(1, {.kind = ui::ControlKind::kEdit});
                   }});
    return all;
}

} // namespace alcuin::gallery
