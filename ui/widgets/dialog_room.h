#pragma once

#include <QSize>

class QWidget;

namespace alcuin::ui {

/// The most that a dialog can take of the screen it comes to, with room left for the title that the desktop puts over
/// it.
QSize roomForDialog(const QWidget& dialog);

} // namespace alcuin::ui
