#include "platform/wake_log.h"

#include <QEventLoop>
#include <QTimer>
#include <QtTest/QTest>

#include "support/test_registry.h"

using namespace alcuin::app;

/// Whoever wakes the program is named.
class TstWakeLog : public QObject {
    Q_OBJECT
private slots:
    void aTimerIsNamedWithItsInterval();
};

void TstWakeLog::aTimerIsNamedWithItsInterval() {
    QObject owner;
    owner.setObjectName(QStringLiteral("the owner"));
    QTimer timer(&owner);
    timer.setInterval(7);
    QEventLoop loop; // it sleeps between two timeouts, which QTest's waiting doesn't
    int timeouts = 0;
    connect(&timer, &QTimer::timeout, &loop, [&] {
        if (++timeouts == 3) {
            loop.quit();
        }
    });
    const WakeLog log;
    QStringList told;
    connect(&log, &WakeLog::woken, &owner, [&](const QString& events) { told += events; });
    timer.start();
    loop.exec();
    QVERIFY2(told.contains(QStringLiteral("Timer of QTimer (7 ms) in QObject \"the owner\"")),
             qPrintable(told.join(u'\n')));
}

ALCUIN_TEST(TstWakeLog)
#include "tst_wake_log.moc"
