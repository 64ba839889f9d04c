#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QMimeData>

#include "chat/desk/attachment_strip.h"
#include "chat/library/library_dialog.h"
#include "chat/link_question.h"
#include "chat/transcript_private.h"
#include "gallery/scenes.h"
#include "gallery/texts.h"
#include "widgets/icon_button.h"
#include "window/window_actions.h"

namespace alcuin::gallery {

namespace {

using Library = app::LibraryService::Kind;

void openLibrary(Stage& stage, Library kind) {
    stage.library->saveSnippet(
        {{}, QStringLiteral("Proofread"), QStringLiteral("Proofread the following and list what you changed:\n\n")});
    stage.library->saveSnippet({{}, QStringLiteral("Plain words"), QStringLiteral("Say this in plain words:")});
    stage.library->savePersona({{},
                                QStringLiteral("Archivist"),
                                QStringLiteral("You keep the records of a small town. Name your sources, say what is "
                                               "not known, and never guess a date."),
                                {},
                                {}});
    stage.library->savePersona({{}, QStringLiteral("Patient teacher"), QStringLiteral("One step at a time."), {}, {}});
    stage.settle(200);
    auto* dialog = new ui::LibraryDialog(kind, *stage.library, *stage.theme, stage.window.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    stage.settle(100);
}

/// Above an answer, its actions asked for something.
void activateAnswer(Stage& stage, ui::ControlKind control) {
    someConversations(stage);
    stage.exchange(QStringLiteral("How high was the water?"), essay(1));
    ui::TranscriptAccess::of(stage.page().transcript()).activate(1, {.kind = control});
    stage.settle(100);
}

void drag(Stage& stage, const QString& file) {
    someConversations(stage);
    stage.exchange(QStringLiteral("How high was the water?"), essay(2));
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent event({400, 300}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(stage.window.get(), &event);
}

void contextMenu(QWidget& widget, const QPoint& at) {
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, widget.mapToGlobal(at));
    QApplication::sendEvent(&widget, &event);
}

QPoint placeOf(const QListView& list, int row) {
    return list.visualRect(list.model()->index(row, 0)).center();
}

std::vector<Scene> menuScenes() {
    std::vector<Scene> all;
    all.push_back({"menu", "conversation", [](Stage& stage) {
                       someConversations(stage);
                       if (!stage.window->sidebar().isVisible()) { // a small screen hides it
                           stage.window->actionList().toggleSidebar->trigger();
                           stage.settle(200);
                       }
                       QListView& list = *stage.window->sidebar().list();
                       contextMenu(*list.viewport(), placeOf(list, 2));
                   }});
    all.push_back({"menu", "transcript", [](Stage& stage) {
                       someConversations(stage);
                       stage.exchange(QStringLiteral("B-tree or LSM tree?"), comparison());
                       stage.page().transcript().selectAll();
                       stage.photographDuring([&] { contextMenu(*stage.page().transcript().viewport(), {300, 200}); });
                   }});
    all.push_back({"menu", "window", [](Stage& stage) {
                       someConversations(stage);
                       stage.photographDuring([&] {
                           for (auto* button : stage.window->findChildren<ui::IconButton*>()) {
                               if (button->picture() == ui::Icon::kMore && button->menu() != nullptr) {
                                   button->openMenu();
                               }
                           }
                       });
                   }});
    all.push_back({"menu", "regenerate-with", [](Stage& stage) {
                       stage.addModelOf(QStringLiteral("DeepSeek-R1-Distill-Qwen-7B.Q4_K_M.gguf"), 4'683'000'000);
                       stage.models->refresh();
                       activateAnswer(stage, ui::ControlKind::kRegenerateWith);
                   }});
    return all;
}

} // namespace

std::vector<Scene> dialogScenes() {
    std::vector<Scene> all = menuScenes();
    all.push_back({"dialog", "snippets", [](Stage& stage) { openLibrary(stage, Library::kSnippet); }});
    all.push_back({"dialog", "personas", [](Stage& stage) { openLibrary(stage, Library::kPersona); }});
    all.push_back({"dialog", "personas-none", [](Stage& stage) {
                       auto* dialog =
                           new ui::LibraryDialog(Library::kPersona, *stage.library, *stage.theme, stage.window.get());
                       dialog->setAttribute(Qt::WA_DeleteOnClose);
                       dialog->open();
                   }});
    all.push_back({"dialog", "export", [](Stage& stage) {
                       someConversations(stage);
                       stage.open(stage.conversations->conversations().at(2).id);
                       stage.window->actionList().exportChat->trigger();
                       stage.settle(200);
                   }});
    all.push_back({"dialog", "import", [](Stage& stage) {
                       someConversations(stage);
                       stage.window->actionList().importChats->trigger();
                       stage.settle(200);
                   }});
    all.push_back({"dialog", "imported", [](Stage& stage) {
                       someConversations(stage);
                       const QString file = stage.modelDirectory() + QStringLiteral("/conversations.json");
                       QFile written(file);
                       if (!written.open(QIODevice::WriteOnly) || written.write("not an export") < 0) {
                           qFatal("%s can't be written", qPrintable(file));
                       }
                       written.close();
                       stage.tests::WindowFixture::exchange->importFrom({file});
                       stage.settle(400);
                   }});
    all.push_back({"dialog", "about", [](Stage& stage) { stage.window->actionList().about->trigger(); }});
    all.push_back({"dialog", "link", [](Stage& stage) {
                       stage.exchange(QStringLiteral("B-tree or LSM tree?"), comparison());
                       ui::askToOpenLink(QUrl(QStringLiteral("https://www.sqlite.org/fileformat2.html?from=answer")),
                                         *stage.theme, stage.page());
                       stage.settle(100);
                   }});
    all.push_back(
        {"dialog", "file", [](Stage& stage) {
             stage.composer().attachments().add(
                 {{QStringLiteral("largest.md"), QStringLiteral("text/markdown"), program(), program().size()}});
             stage.exchange(QStringLiteral("What does this say?"), essay(1));
             ui::TranscriptAccess::of(stage.page().transcript())
                 .activate(0, {ui::ControlKind::kFile, ui::Part::kAnswer, -1, 0});
             stage.settle(100);
         }});
    all.push_back({"window", "drag-file", [](Stage& stage) { drag(stage, QStringLiteral("tide_tables.py")); }});
    all.push_back({"window", "drag-model", [](Stage& stage) { drag(stage, QStringLiteral("other.gguf")); }});
    return all;
}

} // namespace alcuin::gallery
