#include "first_sight.h"

#include <QEvent>
#include <QTimer>
#include <QWidget>

#include <spdlog/spdlog.h>

#include "services/conversation_service.h"

namespace alcuin::app {

FirstSight::FirstSight(QWidget& window, const ConversationService& conversations) : QObject(&window), m_window(window) {
    window.installEventFilter(this);
    connect(&conversations, &ConversationService::conversationsChanged, this, [this] {
        m_listed = true;
        look();
    });
}

bool FirstSight::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &m_window && event->type() == QEvent::Paint) {
        m_painted = true;
        look();
    }
    return QObject::eventFilter(watched, event);
}

void FirstSight::look() {
    if (!m_painted || !m_listed) {
        return;
    }
    m_window.removeEventFilter(this);
    deleteLater();
    // After what this event still has to paint.
    QTimer::singleShot(0, &m_window, [] { spdlog::info("The window can be used."); });
}

} // namespace alcuin::app
