#include "platform/single_instance.h"

#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <csignal>
#include <memory>

#include "support/test_registry.h"

using alcuin::app::SingleInstance;
using Outcome = SingleInstance::Outcome;

namespace {

/// Another process that starts as the program does.
struct Holder {
    explicit Holder(const QString& directory, const QString& file = {}) {
        process.start(QStringLiteral(ALCUIN_INSTANCE_HOLDER), {directory, file});
    }
    ~Holder() {
        process.kill();
        process.waitForFinished();
    }
    /// The next line it says, while our own event loop runs.
    QByteArray line() {
        const bool said = QTest::qWaitFor([this] { return process.canReadLine(); }, 20'000);
        return said ? process.readLine().trimmed() : QByteArray("(nothing)");
    }
    QProcess process;
};

} // namespace

/// One program per data directory.
class TstSingleInstance : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aSecondStartRaisesTheFirst();
    void aFileIsHandedOver();
    void aSecondStartInsideOneProcessIsDelivered();
    void otherDirectoriesAreOthers();
    void aLinkIsTheSameDirectory();
    void aKilledHolderIsReplaced();
    void aHolderThatHangsIsReported();
    void theSocketIsTheUsersAlone();
    void withoutARuntimeDirectoryTheDataDirectoryServes();
    void strangeRequestsAreDropped();
    void aDirectoryThatCannotBeWrittenIsSaid();

private:
    QTemporaryDir m_runtime;
};

void TstSingleInstance::initTestCase() {
    qputenv("XDG_RUNTIME_DIR", m_runtime.path().toLocal8Bit());
}

void TstSingleInstance::aSecondStartRaisesTheFirst() {
    const QTemporaryDir data;
    SingleInstance first(data.path());
    QSignalSpy activated(&first, &SingleInstance::activated);
    QCOMPARE(first.start(), Outcome::kFirst);
    Holder second(data.path());
    QCOMPARE(second.line(), QByteArray("delivered"));
    QTRY_COMPARE(second.process.state(), QProcess::NotRunning);
    QCOMPARE(second.process.exitCode(), 0);
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.at(0).at(0).toString(), QString());
}

void TstSingleInstance::aFileIsHandedOver() {
    const QTemporaryDir data;
    SingleInstance first(data.path());
    QSignalSpy activated(&first, &SingleInstance::activated);
    QCOMPARE(first.start(), Outcome::kFirst);
    const QString name = QString::fromUtf8("Modèle 日本.gguf");
    Holder second(data.path(), name);
    QCOMPARE(second.line(), QByteArray("delivered"));
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.at(0).at(0).toString(), QDir::current().absoluteFilePath(name));
}

void TstSingleInstance::aSecondStartInsideOneProcessIsDelivered() {
    const QTemporaryDir data;
    Holder first(data.path());
    QCOMPARE(first.line(), QByteArray("first"));
    SingleInstance second(data.path());
    QCOMPARE(second.start(QStringLiteral("/models/a.gguf")), Outcome::kDelivered);
    QCOMPARE(first.line(), QByteArray("activated /models/a.gguf"));
    SingleInstance third(data.path());
    QCOMPARE(third.start(), Outcome::kDelivered);
    QCOMPARE(first.line(), QByteArray("activated"));
}

void TstSingleInstance::otherDirectoriesAreOthers() {
    const QTemporaryDir one;
    const QTemporaryDir two;
    SingleInstance first(one.path());
    SingleInstance second(two.path());
    QCOMPARE(first.start(), Outcome::kFirst);
    QCOMPARE(second.start(), Outcome::kFirst);
    QVERIFY(SingleInstance::socketPath(one.path()) != SingleInstance::socketPath(two.path()));
}

void TstSingleInstance::aLinkIsTheSameDirectory() {
    const QTemporaryDir data;
    const QString link = m_runtime.filePath("link");
    QVERIFY(QFile::link(data.path(), link));
    SingleInstance first(data.path());
    QCOMPARE(first.start(), Outcome::kFirst);
    Holder second(link + QStringLiteral("/."));
    QCOMPARE(second.line(), QByteArray("delivered"));
}

void TstSingleInstance::aKilledHolderIsReplaced() {
    const QTemporaryDir data;
    {
        Holder killed(data.path());
        QCOMPARE(killed.line(), QByteArray("first"));
        killed.process.kill();
        QVERIFY(killed.process.waitForFinished());
        QVERIFY(QFileInfo::exists(SingleInstance::socketPath(data.path())));
        QVERIFY(QFileInfo::exists(data.filePath("alcuin.lock")));
    }
    SingleInstance next(data.path());
    QSignalSpy activated(&next, &SingleInstance::activated);
    QCOMPARE(next.start(), Outcome::kFirst);
    Holder second(data.path());
    QCOMPARE(second.line(), QByteArray("delivered"));
    QCOMPARE(activated.size(), 1);
}

void TstSingleInstance::aHolderThatHangsIsReported() {
    const QTemporaryDir data;
    Holder hung(data.path());
    QCOMPARE(hung.line(), QByteArray("first"));
    QCOMPARE(::kill(static_cast<pid_t>(hung.process.processId()), SIGSTOP), 0);
    SingleInstance second(data.path());
    QCOMPARE(second.start(), Outcome::kUndelivered);
}

void TstSingleInstance::theSocketIsTheUsersAlone() {
    const QTemporaryDir data;
    SingleInstance first(data.path());
    QCOMPARE(first.start(), Outcome::kFirst);
    const QString socket = SingleInstance::socketPath(data.path());
    QVERIFY(socket.startsWith(m_runtime.path()));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QCOMPARE(QFileInfo(socket).permissions() & others, QFile::Permissions());
}

void TstSingleInstance::withoutARuntimeDirectoryTheDataDirectoryServes() {
    qunsetenv("XDG_RUNTIME_DIR");
    const QTemporaryDir data;
    SingleInstance first(data.path());
    QSignalSpy activated(&first, &SingleInstance::activated);
    QCOMPARE(first.start(), Outcome::kFirst);
    QVERIFY(SingleInstance::socketPath(data.path()).startsWith(QFileInfo(data.path()).canonicalFilePath()));
    Holder second(data.path());
    QCOMPARE(second.line(), QByteArray("delivered"));
    QCOMPARE(activated.size(), 1);
    qputenv("XDG_RUNTIME_DIR", m_runtime.path().toLocal8Bit());
}

void TstSingleInstance::strangeRequestsAreDropped() {
    const QTemporaryDir data;
    SingleInstance first(data.path());
    QSignalSpy activated(&first, &SingleInstance::activated);
    QCOMPARE(first.start(), Outcome::kFirst);
    for (const QByteArray& request :
         {QByteArray("GET / HTTP/1.1\r\n\r\n"), QByteArray(300'000, 'x'), QByteArray("ALC1\xFF\xFF\xFF\xFFpath", 12)}) {
        QLocalSocket stranger;
        stranger.connectToServer(SingleInstance::socketPath(data.path()));
        QVERIFY(stranger.waitForConnected());
        stranger.write(request);
        QTRY_COMPARE(stranger.state(), QLocalSocket::UnconnectedState);
    }
    // One that comes in two pieces is understood.
    QLocalSocket slow;
    slow.connectToServer(SingleInstance::socketPath(data.path()));
    QVERIFY(slow.waitForConnected());
    slow.write(QByteArray("ALC1\0\0\0\4/a", 10));
    QVERIFY(slow.waitForBytesWritten());
    QCoreApplication::processEvents();
    QCOMPARE(activated.size(), 0);
    slow.write("/b");
    QTRY_COMPARE(activated.size(), 1);
    QCOMPARE(activated.at(0).at(0).toString(), QStringLiteral("/a/b"));
}

void TstSingleInstance::aDirectoryThatCannotBeWrittenIsSaid() {
    SingleInstance instance(QStringLiteral("/proc/self"));
    QCOMPARE(instance.start(), Outcome::kNoLock);
}

ALCUIN_TEST(TstSingleInstance)
#include "tst_single_instance.moc"
