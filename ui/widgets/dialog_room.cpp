#include "widgets/dialog_room.h"

#include <QFileDialog>
#include <QListView>
#include <QScreen>
#include <QSplitter>
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

void fitToScreen(QFileDialog& dialog) {
    constexpr int kPlaceLetters = 20;
    constexpr int kRows = 22;
    constexpr int kLetters = 90;
    const QFontMetrics metrics = dialog.fontMetrics();
    if (auto* places = dialog.findChild<QListView*>(QStringLiteral("sidebar"))) {
        places->setMinimumWidth(kPlaceLetters * metrics.averageCharWidth());
    }
    if (auto* splitter = dialog.findChild<QSplitter*>()) { // Qt keeps its sizes: places would grow from time to time
        splitter->setStretchFactor(0, 0);
        splitter->setStretchFactor(1, 1);
    }
    const QSize wanted(kLetters * metrics.averageCharWidth(), kRows * metrics.lineSpacing());
    dialog.resize(wanted.expandedTo(dialog.sizeHint()).boundedTo(roomForDialog(dialog)));
}

} // namespace alcuin::ui
