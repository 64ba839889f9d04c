#pragma once

#include <QFile>
#include <QList>
#include <QString>

#include <utility>

namespace alcuin::tests {

/// The parts of a golden file: each after a line "=== name".
inline QList<std::pair<QString, QString>> goldenCases(const QString& file) {
    QList<std::pair<QString, QString>> cases;
    QFile in(QStringLiteral(ALCUIN_GOLDEN_DIR "/markdown/") + file);
    if (!in.open(QIODevice::ReadOnly)) {
        return cases;
    }
    for (const QString& line : QString::fromUtf8(in.readAll()).split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1String("=== "))) {
            cases.append({line.mid(4).trimmed(), QString()});
        } else if (!cases.isEmpty()) {
            cases.last().second += line + QLatin1Char('\n');
        }
    }
    return cases;
}

} // namespace alcuin::tests
