#pragma once

#include <QCursor>
#include <QWidget>

namespace alcuin::ui {

/// Whether the pointer is over `widget`. Qt's own underMouse stays true after a menu was closed somewhere else.
inline bool isHovered(const QWidget& widget) {
    return widget.underMouse() && widget.rect().contains(widget.mapFromGlobal(QCursor::pos()));
}

} // namespace alcuin::ui
