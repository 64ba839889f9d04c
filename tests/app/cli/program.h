#pragma once

#include <QByteArray>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

namespace alcuin::tests {

/// What a run of the program left behind.
struct ProgramRun {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

/// The program's environment: no display, and no model directory but the one given.
inline QProcessEnvironment programEnvironment(const QString& modelDirectory) {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("DISPLAY"));
    environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
    environment.remove(QStringLiteral("QT_QPA_PLATFORM"));
    environment.remove(QStringLiteral("ALCUIN_LOG"));
    environment.insert(QStringLiteral("ALCUIN_MODEL_DIR"), modelDirectory);
    return environment;
}

inline QString programPath() {
    return QStringLiteral(ALCUIN_BINARY_DIR "/bin/alcuin");
}

/// Runs `alcuin` to its end. exitCode -1: it crashed or couldn't be started.
inline ProgramRun runProgram(const QStringList& arguments,
                             const QString& modelDirectory = QStringLiteral("/nonexistent"),
                             const QByteArray& input = {}) {
    QProcess process;
    process.setProcessEnvironment(programEnvironment(modelDirectory));
    process.start(programPath(), arguments);
    process.write(input);
    process.closeWriteChannel();
    constexpr int kPatienceMs = 120'000;
    ProgramRun run;
    if (process.waitForFinished(kPatienceMs) && process.exitStatus() == QProcess::NormalExit) {
        run.exitCode = process.exitCode();
    }
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

inline bool writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace alcuin::tests
