#include "support/test_registry.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace {

/// Where fonts and what is computed from them lie; and the process's own view of itself.
bool mayBeOpened(const QString& path) {
    static const QRegularExpression allowed(
        QStringLiteral("^(/usr/share/|/usr/lib|/lib|/etc/fonts|/etc/ld.so|/var/cache/fontconfig|/proc/self/|/usr/local/"
                       "share/|/dev/shm/|/memfd:)|/\\.?fonts?(config)?/|/\\.cache/"));
    return allowed.match(path).hasMatch();
}

} // namespace

/// More than 500 hostile messages, painted by a process whose every call is watched from outside.
class TestHostileTrace : public QObject {
    Q_OBJECT
private slots:
    void nothingIsOpenedAndNobodyCalled();
};

void TestHostileTrace::nothingIsOpenedAndNobodyCalled() {
    const QString strace = QStandardPaths::findExecutable(QStringLiteral("strace"));
    if (strace.isEmpty()) {
        ALCUIN_SKIP("strace isn't installed");
    }
    QTemporaryDir directory;
    const QString log = directory.filePath(QStringLiteral("calls"));
    const QString trap = directory.filePath(QStringLiteral("trap.png"));
    QFile file(trap);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(strace, {QStringLiteral("-f"), QStringLiteral("-qq"), QStringLiteral("-s"), QStringLiteral("400"),
                           QStringLiteral("-e"), QStringLiteral("trace=%file,%network,%process"), QStringLiteral("-o"),
                           log, QStringLiteral(ALCUIN_BINARY_DIR "/tests/hostile_messages"), trap});
    QVERIFY(process.waitForFinished(280'000));
    const QByteArray output = process.readAll();
    if (output.contains("ptrace")) {
        ALCUIN_SKIP("strace may not watch other processes here");
    }
    QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, output.constData());
    qInfo("%s", output.trimmed().constData());
    static const QRegularExpression count(QStringLiteral("(\\d+) messages shown"));
    QVERIFY(count.match(QString::fromUtf8(output)).captured(1).toInt() >= 500);

    QFile calls(log);
    QVERIFY(calls.open(QIODevice::ReadOnly));
    static const QRegularExpression call(QStringLiteral("^\\d+ +(\\w+)\\((?:AT_FDCWD, )?(?:\"([^\"]*)\")?"));
    static const QStringList harmless{QStringLiteral("exit"), QStringLiteral("exit_group"), QStringLiteral("wait4"),
                                      QStringLiteral("getcwd")};
    bool watching = false;
    int seen = 0;
    while (!calls.atEnd()) {
        const QString line = QString::fromUtf8(calls.readLine()).trimmed();
        if (line.contains(QLatin1String("/alcuin-hostile/"))) {
            watching = line.contains(QLatin1String("begin"));
            ++seen;
            continue;
        }
        const auto match = call.match(line);
        if (!watching || !match.hasMatch() || harmless.contains(match.captured(1))) {
            continue;
        }
        // A thread of a library's own isn't somebody called.
        const bool thread = line.contains(QLatin1String("CLONE_THREAD"));
        QVERIFY2(thread || (!match.captured(2).isEmpty() && mayBeOpened(match.captured(2))), qPrintable(line));
    }
    QCOMPARE(seen, 2);
}

ALCUIN_TEST(TestHostileTrace)
#include "tst_hostile_trace.moc"
