#pragma once

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QString>

namespace alcuin::tests {

/// Where `./dev model` puts the default model: $ALCUIN_MODEL_DIR, or the user's model directory.
/// Empty when the file isn't there; a test then skips itself and says so.
inline QString realModelPath() {
    QString directory = qEnvironmentVariable("ALCUIN_MODEL_DIR");
    if (directory.isEmpty()) {
        directory =
            QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/alcuin/models");
    }
    const QString path = QDir(directory).filePath(QStringLiteral("SmolLM2-135M-Instruct.Q4_1.gguf"));
    return QFileInfo::exists(path) ? path : QString();
}

inline constexpr const char* kNoRealModel = "SmolLM2-135M-Instruct isn't in the model directory: run ./dev model";

} // namespace alcuin::tests
