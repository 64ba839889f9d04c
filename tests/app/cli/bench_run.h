#pragma once

#include <QJsonDocument>
#include <QJsonObject>

#include "program.h"
#include "support/real_model.h"

namespace alcuin::tests {

/// What `alcuin bench --json` says of the real model; nothing if it fails.
inline QJsonObject bench(const QStringList& arguments) {
    const auto run = runProgram(QStringList{"bench", "-m", realModelPath(), "--json"} + arguments);
    if (run.exitCode != 0) {
        qWarning("%s", run.err.constData());
    }
    return QJsonDocument::fromJson(run.out).object();
}

} // namespace alcuin::tests
