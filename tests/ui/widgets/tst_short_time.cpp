#include "widgets/short_time.h"

#include <QtTest/QTest>

#include "support/test_registry.h"

using namespace alcuin::ui;

/// Times as a person writes them.
class TestShortTime : public QObject {
    Q_OBJECT
private slots:
    void timesHaveNoSecondsInAnyLocale_data() {
        QTest::addColumn<QLocale>("locale");
        QTest::addColumn<QString>("time");
        QTest::newRow("C") << QLocale::c() << "14:03";
        QTest::newRow("German") << QLocale(QLocale::German, QLocale::Germany) << "14:03";
        QTest::newRow("American") << QLocale(QLocale::English, QLocale::UnitedStates) << "2:03 PM";
        QTest::newRow("Finnish") << QLocale(QLocale::Finnish, QLocale::Finland) << "14.03";
    }
    void timesHaveNoSecondsInAnyLocale() {
        QFETCH(QLocale, locale);
        QFETCH(QString, time);
        QString written = shortTime(QTime(14, 3, 59), locale);
        written.replace(QChar(0x202F), QLatin1Char(' ')).replace(QChar(0xA0), QLatin1Char(' '));
        QCOMPARE(written, time);
    }
    void allLocalesGiveHoursAndMinutesOnly() {
        for (const QLocale& locale :
             QLocale::matchingLocales(QLocale::AnyLanguage, QLocale::AnyScript, QLocale::AnyTerritory)) {
            // A second more or less isn't seen; a minute is.
            const QString written = shortTime(QTime(14, 3, 7), locale);
            QVERIFY2(written == shortTime(QTime(14, 3, 58), locale), qPrintable(locale.name() + ' ' + written));
            QVERIFY2(written != shortTime(QTime(14, 4, 7), locale), qPrintable(locale.name() + ' ' + written));
            QVERIFY2(written == written.trimmed(), qPrintable(locale.name()));
        }
    }
    void todayIsATimeAndAnotherDayADate() {
        const QLocale locale(QLocale::German, QLocale::Germany);
        const QDateTime moment(QDate(2026, 11, 21), QTime(14, 3, 59));
        QCOMPARE(shortestMoment(moment, QDate(2026, 11, 21), locale), QString("14:03"));
        QCOMPARE(shortestMoment(moment, QDate(2026, 11, 22), locale), QString("21.11.26"));
        QCOMPARE(shortMoment(moment, locale), QString("21.11.26 14:03"));
    }
};

ALCUIN_TEST(TestShortTime)
#include "tst_short_time.moc"
