#include "widgets/dialog_room.h"

#include <QFileDialog>
#include <QListView>
#include <QScreen>
#include <QSplitter>
#include <QWidget>

#include <algorithm>

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
    const QSize wanted(kLetters * metrics.averageCharWidth(), kRows * metrics.lineSpacing());
    dialog.resize(wanted.expandedTo(dialog.sizeHint()).boundedTo(roomForDialog(dialog)));
    auto* places = dialog.findChild<QListView*>(QStringLiteral("sidebar"));
    auto* splitter = dialog.findChild<QSplitter*>();
    if (places != nullptr && splitter != nullptr) { // whatever Qt has kept from a time with other text
        const int width = kPlaceLetters * metrics.averageCharWidth();
        places->setMinimumWidth(width);
        splitter->setStretchFactor(0, 0);
        splitter->setStretchFactor(1, 1);
        splitter->setSizes({width, std::max(width, dialog.width() - width)});
    }
}

} // namespace alcuin::ui
