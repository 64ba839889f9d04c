#include "widgets/short_time.h"

#include <QRegularExpression>

namespace alcuin::ui {

QString shortTime(const QTime& time, const QLocale& locale) {
    static const QRegularExpression seconds(QStringLiteral("[:.,\\x{2236}\\s]?\\bs{1,2}\\b(?:[.,]z+)?"));
    return locale.toString(time, locale.timeFormat(QLocale::ShortFormat).remove(seconds));
}

QString shortDate(const QDate& date, const QLocale& locale) {
    return locale.toString(date, QLocale::ShortFormat);
}

QString shortMoment(const QDateTime& moment, const QLocale& locale) {
    const QDateTime local = moment.toLocalTime();
    return shortDate(local.date(), locale) + QLatin1Char(' ') + shortTime(local.time(), locale);
}

QString shortestMoment(const QDateTime& moment, const QDate& today, const QLocale& locale) {
    const QDateTime local = moment.toLocalTime();
    return local.date() == today ? shortTime(local.time(), locale) : shortDate(local.date(), locale);
}

} // namespace alcuin::ui
