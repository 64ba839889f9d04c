#pragma once

#include <QSize>

class QFileDialog;
class QWidget;

namespace alcuin::ui {

/// The most that a dialog can take of the screen it comes to, with room left for the title that the desktop puts over
/// it.
QSize roomForDialog(const QWidget& dialog);

/// Qt's own file dialog, which is used where the desktop has none: as large as its text wants it, and the screen lets
/// it be, with its places readable. One of the desktop's looks after itself.
void fitToScreen(QFileDialog& dialog);

} // namespace alcuin::ui
