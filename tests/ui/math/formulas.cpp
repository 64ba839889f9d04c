#include "ui/math/formulas.h"

#include <QFile>

namespace alcuin::tests {

QStringList sampleFormulas() {
    QFile file(QStringLiteral(ALCUIN_GOLDEN_DIR "/math/formulas.txt"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

} // namespace alcuin::tests
