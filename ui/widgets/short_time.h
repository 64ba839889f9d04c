#pragma once

#include <QDateTime>
#include <QLocale>
#include <QString>

namespace alcuin::ui {

/// Times as short as a person writes them, in the locale's way: without seconds, which the short format of some locales
/// has ("C", for one).
QString shortTime(const QTime& time, const QLocale& locale = QLocale());
QString shortDate(const QDate& date, const QLocale& locale = QLocale());
/// In local time.
QString shortMoment(const QDateTime& moment, const QLocale& locale = QLocale());
/// Today by its time, otherwise by its date; in local time.
QString shortestMoment(const QDateTime& moment, const QDate& today, const QLocale& locale = QLocale());

} // namespace alcuin::ui
