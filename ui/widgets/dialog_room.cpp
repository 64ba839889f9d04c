#include "widgets/dialog_room.h"

#include <QScreen>
#include <QWidget>

#include "theme/theme.h"

namespace alcuin::ui {

namespace {
/// What desktops put over a window, a little more than the largest of Breeze, Adwaita and Xfwm; as much stays free
/// below, since dialogs come to the middle.
constexpr int kTitle = 40;
} // namespace

QSize roomForDialog(const QWidget& dialog) {
    const QWidget* parent = dialog.parentWidget();
    const QScreen* screen = parent != nullptr ? parent->screen() : dialog.screen();
    return screen->availableGeometry().size() - QSize(2 * Space::k2, 2 * kTitle);
}

} // namespace alcuin::ui
