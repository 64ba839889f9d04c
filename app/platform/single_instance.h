#pragma once

#include <QObject>
#include <QString>

#include <memory>

class QLocalServer;
class QLocalSocket;
class QLockFile;

namespace alcuin::app {

/// One running program per data directory. The first to start holds a lock there and listens on a socket that only
/// this user can reach; a later one hands its request to it and ends.
class SingleInstance : public QObject {
    Q_OBJECT
public:
    enum class Outcome {
        kFirst,       ///< this one holds the directory
        kDelivered,   ///< another one holds it and was raised
        kUndelivered, ///< another one holds it but doesn't answer
        kNoLock       ///< the directory can't be written
    };

    /// `dataDirectory` must be there.
    explicit SingleInstance(const QString& dataDirectory, QObject* parent = nullptr);
    ~SingleInstance() override;

    /// Takes the directory, or asks who holds it to come to the front and to open `file` (empty: none; a relative path
    /// is this process's). Blocks for at most a few seconds when another one is starting or doesn't answer. A lock
    /// left by a process that was killed is taken over.
    Outcome start(const QString& file = {});

    /// The socket's path; empty where none can be made (then a later start can't raise this one).
    static QString socketPath(const QString& dataDirectory);

signals:
    /// Another start asked to come to the front, and to open `file` if it isn't empty.
    void activated(const QString& file);

private:
    void listen();
    void accept();
    void read(QLocalSocket* socket);
    bool deliver(const QString& file) const;

    QString m_dataDirectory;
    std::unique_ptr<QLockFile> m_lock;
    QLocalServer* m_server = nullptr;
};

} // namespace alcuin::app
