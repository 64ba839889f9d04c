#include "window/hidden_rest.h"

#include <QEvent>
#include <QPixmapCache>
#include <QWidget>
#include <QWindow>

namespace alcuin::ui {

namespace {
void rest(bool unseen) {
    if (unseen) {
        QPixmapCache::clear();
    }
}
} // namespace

HiddenRest::HiddenRest(QWidget& window) : QObject(&window), m_widget(window) {
    window.installEventFilter(this);
}

bool HiddenRest::eventFilter(QObject* watched, QEvent* event) {
    QWindow* window = m_widget.windowHandle();
    if (watched == &m_widget && event->type() == QEvent::Show && window != nullptr) {
        window->installEventFilter(this); // once, however often it is asked for
    } else if (watched == &m_widget && (event->type() == QEvent::Hide || event->type() == QEvent::WindowStateChange)) {
        rest(m_widget.isHidden() || m_widget.isMinimized());
    } else if (watched == window && event->type() == QEvent::Expose) {
        rest(!window->isExposed()); // also what a window manager does without asking, as with another desktop
    }
    return QObject::eventFilter(watched, event);
}

} // namespace alcuin::ui
