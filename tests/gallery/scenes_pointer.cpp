#include <QLineEdit>
#include <QPushButton>

#include "chat/chat_header.h"
#include "chat/model_picker.h"
#include "chat/transcript_private.h"
#include "gallery/scenes.h"
#include "gallery/texts.h"
#include "widgets/icon_button.h"
#include "window/window_actions.h"

namespace alcuin::gallery {

namespace {

ui::IconButton* buttonWith(const QWidget& parent, ui::Icon icon) {
    for (auto* button : parent.findChildren<ui::IconButton*>()) {
        if (button->picture() == icon && button->isVisible()) {
            return button;
        }
    }
    qFatal("there is no such button");
}

void asked(Stage& stage) {
    someConversations(stage);
    stage.exchange(QStringLiteral("Name a river."), QStringLiteral("The Loire. See [a map](https://www.example.org)."));
}

/// On a small screen the list isn't there until one asks for it.
void showSidebar(Stage& stage) {
    if (!stage.window->sidebar().isVisible()) {
        stage.window->actionList().toggleSidebar->trigger();
        stage.settle(200);
    }
}

void hoverRow(Stage& stage, int row) {
    showSidebar(stage);
    QListView& list = *stage.window->sidebar().list();
    stage.hover(*list.viewport(), list.visualRect(list.model()->index(row, 0)).center());
    stage.settle(100);
}

void focusOn(Stage& stage, int turn, std::optional<ui::Control> control) {
    auto& transcript = stage.page().transcript();
    stage.focus(transcript);
    ui::TranscriptAccess::of(transcript).focusOn(turn, control);
}

std::vector<Scene> focusScenes() {
    std::vector<Scene> all;
    all.push_back({"focus", "turn", [](Stage& stage) {
                       asked(stage);
                       focusOn(stage, 1, {});
                   }});
    all.push_back({"focus", "turn-action", [](Stage& stage) {
                       asked(stage);
                       focusOn(stage, 1, ui::Control{.kind = ui::ControlKind::kRegenerate});
                   }});
    all.push_back({"focus", "new-chat", [](Stage& stage) {
                       asked(stage);
                       showSidebar(stage);
                       stage.focus(*stage.window->sidebar().findChild<QPushButton*>());
                   }});
    all.push_back({"focus", "search", [](Stage& stage) {
                       asked(stage);
                       showSidebar(stage);
                       stage.focus(*stage.window->sidebar().findChild<QLineEdit*>());
                   }});
    all.push_back({"focus", "row", [](Stage& stage) {
                       asked(stage);
                       showSidebar(stage);
                       stage.focus(*stage.window->sidebar().list());
                   }});
    all.push_back({"focus", "model", [](Stage& stage) {
                       asked(stage);
                       stage.focus(*stage.page().header().findChild<ui::ModelPicker*>());
                   }});
    all.push_back({"focus", "send", [](Stage& stage) {
                       asked(stage);
                       stage.composer().setText(QStringLiteral("And another one?"));
                       stage.focus(*buttonWith(stage.composer(), ui::Icon::kSend));
                   }});
    return all;
}

} // namespace

std::vector<Scene> pointerScenes() {
    std::vector<Scene> all = focusScenes();
    all.push_back({"hover", "row", [](Stage& stage) {
                       asked(stage);
                       hoverRow(stage, 3);
                   }});
    all.push_back({"hover", "question", [](Stage& stage) {
                       asked(stage);
                       stage.hoverTurn(0);
                   }});
    all.push_back({"hover", "action", [](Stage& stage) {
                       asked(stage);
                       auto& state = ui::TranscriptAccess::of(stage.page().transcript());
                       const ui::Control again{.kind = ui::ControlKind::kRegenerate};
                       state.hoverAt(QRectF(state.areaOf(1, again)).center());
                   }});
    all.push_back({"hover", "send", [](Stage& stage) {
                       asked(stage);
                       stage.composer().setText(QStringLiteral("And another one?"));
                       ui::IconButton* send = buttonWith(stage.composer(), ui::Icon::kSend);
                       stage.hover(*send, send->rect().center());
                       stage.settle(100);
                   }});
    all.push_back({"find", "matches", [](Stage& stage) {
                       someConversations(stage);
                       stage.exchange(QStringLiteral("How high was the water?"), essay(3));
                       stage.page().transcript().find(QStringLiteral("the"));
                       stage.settle(300);
                   }});
    all.push_back({"find", "nothing", [](Stage& stage) {
                       someConversations(stage);
                       stage.exchange(QStringLiteral("How high was the water?"), essay(3));
                       stage.page().transcript().find(QStringLiteral("volcano"));
                       stage.settle(300);
                   }});
    all.push_back({"window", "archived", [](Stage& stage) {
                       someConversations(stage);
                       const QUuid id = stage.conversations->conversations().at(2).id;
                       stage.window->sidebar().setArchived(id, true);
                       stage.settle(100);
                       stage.open(id);
                   }});
    all.push_back({"window", "loading", [](Stage& stage) {
                       someConversations(stage);
                       stage.addModelOf(QStringLiteral("DeepSeek-R1-Distill-Qwen-7B.Q4_K_M.gguf"), 4'683'000'000);
                       stage.loadForever(QStringLiteral("DeepSeek-R1-Distill-Qwen-7B.Q4_K_M.gguf"));
                   }});
    all.push_back({"window", "loading-asked", [](Stage& stage) {
                       someConversations(stage);
                       stage.open(stage.conversations->conversations().at(2).id);
                       stage.addModelOf(QStringLiteral("DeepSeek-R1-Distill-Qwen-7B.Q4_K_M.gguf"), 4'683'000'000);
                       stage.loadForever(QStringLiteral("DeepSeek-R1-Distill-Qwen-7B.Q4_K_M.gguf"));
                       stage.composer().setText(QStringLiteral("And then?"));
                       stage.press(Qt::Key_Return);
                       stage.settle(200);
                   }});
    all.push_back({"window", "no-model",
                   [](Stage& stage) {
                       someConversations(stage);
                       stage.open(stage.conversations->conversations().at(2).id);
                       stage.composer().setText(QStringLiteral("And then?"));
                   },
                   false});
    return all;
}

} // namespace alcuin::gallery
