#include "platform/single_instance.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QLockFile>
#include <QThread>
#include <QTimer>

#include <spdlog/spdlog.h>

#include "platform/data_lock.h"

namespace alcuin::app {

namespace {

constexpr quint32 kGreeting = 0x414C4331; // "ALC1": the protocol and its version
constexpr auto kStreamVersion = QDataStream::Qt_6_0;
constexpr qint64 kLongestRequestBytes = 64 * 1024; // far above any path
constexpr int kPatienceMs = 5000;                  // a start on a slow disk takes a second or two until it listens
constexpr int kRetryMs = 50;
constexpr int kReplyMs = 3000;
constexpr char kUnderstood = 'y';
constexpr qsizetype kLongestSocketPath = 100; // sun_path holds 108 bytes, and Qt listens under a longer name first
constexpr qsizetype kHashDigits = 16;

bool isOursAlone(const QString& directory) {
    const QFileInfo info(directory);
    const auto others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    return info.isDir() && info.isWritable() && !(info.permissions() & others);
}

} // namespace

SingleInstance::SingleInstance(const QString& dataDirectory, QObject* parent)
    : QObject(parent), m_dataDirectory(dataDirectory) {}

SingleInstance::~SingleInstance() = default;

QString SingleInstance::socketPath(const QString& dataDirectory) {
    const QString canonical = QFileInfo(dataDirectory).canonicalFilePath();
    const QString hash = QString::fromLatin1(
        QCryptographicHash::hash(canonical.toUtf8(), QCryptographicHash::Sha256).toHex().left(kHashDigits));
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    for (const QString& directory : {runtime, canonical}) {
        QString path = directory + QStringLiteral("/alcuin-") + hash;
        if (!directory.isEmpty() && isOursAlone(directory) && QFile::encodeName(path).size() <= kLongestSocketPath) {
            return path;
        }
    }
    return {};
}

SingleInstance::Outcome SingleInstance::start(const QString& file) {
    const QString request = file.isEmpty() ? QString() : QFileInfo(file).absoluteFilePath();
    const QDeadlineTimer patience(kPatienceMs);
    while (true) {
        m_lock = std::make_unique<QLockFile>(dataLockPath(m_dataDirectory));
        m_lock->setStaleLockTime(0); // stale is only what belongs to a process that is gone, however old
        if (m_lock->tryLock(0)) {
            listen();
            return Outcome::kFirst;
        }
        if (m_lock->error() != QLockFile::LockFailedError) {
            return Outcome::kNoLock;
        }
        if (deliver(request)) {
            return Outcome::kDelivered;
        }
        if (patience.hasExpired()) {
            return Outcome::kUndelivered;
        }
        QThread::msleep(kRetryMs); // the holder has the lock, and will listen in a moment or is on its way out
    }
}

void SingleInstance::listen() {
    const QString path = socketPath(m_dataDirectory);
    if (path.isEmpty()) {
        spdlog::warn("no socket can be made for {}: a second start can't raise this one",
                     m_dataDirectory.toStdString());
        return;
    }
    m_server = new QLocalServer(this);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    QLocalServer::removeServer(path); // of a killed process: who holds the lock owns the name
    connect(m_server, &QLocalServer::newConnection, this, &SingleInstance::accept);
    if (!m_server->listen(path)) {
        spdlog::warn("listening on {} failed ({}): a second start can't raise this one", path.toStdString(),
                     m_server->errorString().toStdString());
    }
}

void SingleInstance::accept() {
    while (QLocalSocket* socket = m_server->nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        QTimer::singleShot(kPatienceMs, socket, &QLocalSocket::abort);
        socket->setReadBufferSize(kLongestRequestBytes);
        read(socket);
    }
}

void SingleInstance::read(QLocalSocket* socket) {
    QDataStream in(socket);
    in.setVersion(kStreamVersion);
    in.startTransaction();
    quint32 greeting = 0;
    quint32 size = 0;
    in >> greeting >> size;
    const bool strange = in.status() == QDataStream::Ok && (greeting != kGreeting || size > kLongestRequestBytes / 2);
    if (strange) {
        in.abortTransaction();
        socket->abort();
        return;
    }
    QByteArray file(static_cast<qsizetype>(in.status() == QDataStream::Ok ? size : 0), Qt::Uninitialized);
    if (in.readRawData(file.data(), static_cast<int>(file.size())) != file.size()) {
        in.setStatus(QDataStream::ReadPastEnd);
    }
    if (!in.commitTransaction()) {
        return; // the rest is still on its way
    }
    disconnect(socket, &QLocalSocket::readyRead, this, nullptr);
    socket->write(&kUnderstood, 1);
    socket->disconnectFromServer();
    emit activated(QString::fromUtf8(file));
}

bool SingleInstance::deliver(const QString& file) const {
    const QString path = socketPath(m_dataDirectory);
    if (path.isEmpty()) {
        return false;
    }
    QLocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected(kReplyMs)) {
        return false;
    }
    const QByteArray name = file.toUtf8();
    QByteArray request;
    QDataStream out(&request, QIODevice::WriteOnly);
    out.setVersion(kStreamVersion);
    out << kGreeting << static_cast<quint32>(name.size());
    request += name;
    socket.write(request);
    if (!socket.waitForBytesWritten(kReplyMs) || !socket.waitForReadyRead(kReplyMs)) {
        return false;
    }
    char reply = 0;
    return socket.getChar(&reply) && reply == kUnderstood;
}

} // namespace alcuin::app
