#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

namespace alcuin::app {

/// Says why the thread that made it woke up each time: which events came to which objects, with the interval of timers.
/// For whoever asks what keeps an idle program awake.
class WakeLog : public QObject {
    Q_OBJECT
public:
    /// Needs the application; watches it until destroyed.
    WakeLog();

signals:
    /// Before the thread sleeps again.
    void woken(const QString& events);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void tell();

    QStringList m_events;
    int m_left = 0; ///< how many more were there than are named
};

} // namespace alcuin::app
