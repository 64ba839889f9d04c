#pragma once

#include <functional>
#include <vector>

#include "gallery/stage.h"

namespace alcuin::gallery {

/// A state of a page of the window. `fill` brings the window into it.
struct Scene {
    const char* page;
    const char* state;
    std::function<void(Stage&)> fill;
    bool withModel = true;
};

/// The window's pages: first run, empty, error, sidebar, dialogs.
std::vector<Scene> pageScenes();
/// What a conversation looks like while it is written and afterwards.
std::vector<Scene> answerScenes();

/// What opens over the window: dialogs, menus, popovers.
std::vector<Scene> dialogScenes();
/// Where the pointer rests and where the keyboard is.
std::vector<Scene> pointerScenes();

/// Six conversations for the list.
void someConversations(Stage& stage);

/// Below the turns and beside them: files, what waits, the ledger, settings, a chat that isn't kept.
std::vector<Scene> deskScenes();

} // namespace alcuin::gallery
