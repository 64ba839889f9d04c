#include "gallery/scenes.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>

#include "chat/chat_header.h"
#include "gallery/texts.h"
#include "window/window_actions.h"

namespace alcuin::gallery {

void someConversations(Stage& stage) {
    for (const char* question :
         {"Notes on the flood of 1784", "A recipe for lentil soup",
          "How do I rebase onto main without losing my stash?",
          "A title that is much too long to be shown as a whole in a list as narrow as this one is",
          "Compare the two offers", "Draft of the letter to the landlord"}) {
        stage.store(QString::fromUtf8(question), essay(1));
    }
}

std::vector<Scene> pageScenes() {
    std::vector<Scene> all;
    all.push_back({"window", "first-run", [](Stage&) {}, false});
    all.push_back({"window", "empty", [](Stage&) {}});
    all.push_back({"window", "welcome-back", someConversations});
    all.push_back({"window", "folders", [](Stage& stage) {
                       someConversations(stage);
                       const auto listed = stage.conversations->conversations();
                       stage.library->createFolder(QStringLiteral("Household"));
                       stage.library->createFolder(QStringLiteral("Work"));
                       stage.settle(100);
                       const QUuid household = stage.library->folders().at(0).id;
                       stage.conversations->moveToFolder(listed.at(0).id, household);
                       stage.conversations->moveToFolder(listed.at(4).id, household);
                       stage.conversations->setPinned(listed.at(1).id, true);
                       stage.settle(100);
                       stage.window->sidebar().setArchived(listed.at(5).id, true);
                       stage.window->sidebar().focusList();
                       stage.window->sidebar().list()->setCurrentIndex(
                           stage.window->sidebar().list()->model()->index(3, 0));
                       QTest::keyClick(stage.window->sidebar().list(), Qt::Key_Right);
                       stage.settle(150);
                   }});
    all.push_back({"window", "search", [](Stage& stage) {
                       someConversations(stage);
                       stage.window->actionList().search->trigger();
                       stage.window->sidebar().findChild<QLineEdit*>()->setText(QStringLiteral("the"));
                       stage.settle(500);
                   }});
    all.push_back({"window", "search-nothing", [](Stage& stage) {
                       someConversations(stage);
                       stage.window->actionList().search->trigger();
                       stage.window->sidebar().findChild<QLineEdit*>()->setText(QStringLiteral("volcano"));
                       stage.settle(500);
                   }});
    all.push_back({"window", "model-broken", [](Stage& stage) {
                       someConversations(stage);
                       stage.addModelOf(QStringLiteral("broken.gguf"), 12'000'000);
                       stage.models->use(stage.modelDirectory() + QStringLiteral("/broken.gguf"));
                       stage.settle(150);
                   }});
    all.push_back({"window", "model-menu", [](Stage& stage) {
                       someConversations(stage);
                       stage.addModelOf(QStringLiteral("DeepSeek-R1-Distill-Qwen-7B.Q4_K_M.gguf"), 4'683'000'000);
                       stage.addModelOf(QStringLiteral("broken.gguf"), 12'000'000);
                       stage.models->refresh();
                       stage.settle(100);
                       stage.photographDuring([&] { stage.page().header().openModelMenu(); });
                   }});
    all.push_back({"window", "deleted", [](Stage& stage) {
                       someConversations(stage);
                       stage.open(stage.conversations->conversations().first().id);
                       stage.window->actionList().remove->trigger();
                       stage.settle(150);
                   }});
    all.push_back({"window", "shortcuts", [](Stage& stage) {
                       someConversations(stage);
                       stage.window->actionList().shortcuts->trigger();
                   }});
    all.push_back({"window", "long-draft", [](Stage& stage) {
                       someConversations(stage);
                       stage.composer().setText(essay(8));
                   }});
    all.push_back({"window", "narrow", [](Stage& stage) {
                       someConversations(stage);
                       stage.open(stage.conversations->conversations().at(3).id);
                       stage.window->resize(420, 760);
                   }});
    return all;
}

} // namespace alcuin::gallery
