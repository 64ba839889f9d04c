#include "platform/wake_log.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QEvent>
#include <QMetaEnum>
#include <QTimerEvent>

namespace alcuin::app {

namespace {

constexpr int kNamed = 8;

QString nameOf(const QObject& object) {
    const QString name = object.objectName();
    const QString type = QString::fromLatin1(object.metaObject()->className());
    return name.isEmpty() ? type : QStringLiteral("%1 \"%2\"").arg(type, name);
}

QString intervalOf(QObject* object, const QTimerEvent& event) {
    const auto* dispatcher = QAbstractEventDispatcher::instance();
    for (const auto& timer : dispatcher->registeredTimers(object)) {
        if (timer.timerId == event.timerId()) {
            return QStringLiteral(" (%1 ms)").arg(timer.interval);
        }
    }
    return {};
}

QString describe(QObject* object, const QEvent& event) {
    const char* type = QMetaEnum::fromType<QEvent::Type>().valueToKey(event.type());
    QString words = (type != nullptr ? QString::fromLatin1(type) : QString::number(event.type())) +
                    QStringLiteral(" of ") + nameOf(*object);
    if (event.type() == QEvent::Timer) {
        words += intervalOf(object, static_cast<const QTimerEvent&>(event));
    }
    if (object->parent() != nullptr) {
        words += QStringLiteral(" in ") + nameOf(*object->parent());
    }
    return words;
}

} // namespace

WakeLog::WakeLog() {
    auto* dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &WakeLog::tell);
    QCoreApplication::instance()->installEventFilter(this);
}

bool WakeLog::eventFilter(QObject* watched, QEvent* event) {
    if (m_events.size() < kNamed) {
        m_events.push_back(describe(watched, *event));
    } else {
        ++m_left;
    }
    return false;
}

void WakeLog::tell() {
    const QString more = m_left > 0 ? QStringLiteral("; and %1 more").arg(m_left) : QString();
    emit woken((m_events.isEmpty() ? QStringLiteral("nothing that Qt tells") : m_events.join(u"; ")) + more);
    m_events.clear();
    m_left = 0;
}

} // namespace alcuin::app
