#pragma once

#include <QDateTime>
#include <QObject>
#include <QTimer>

#include <filesystem>
#include <memory>

#include "services/chat_values.h"

namespace alcuin::app {

class StorageThread;
class WorkThread;

/// Makes a backup a day: copied step by step between the storage thread's other work, checked and named on a thread of
/// its own, which is there only for that.
class BackupService : public QObject {
    Q_OBJECT
public:
    explicit BackupService(StorageThread& storage, QObject* parent = nullptr);
    /// What isn't finished isn't kept.
    ~BackupService() override;

    /// Makes one if none was made today, and looks again after a day. For the start, behind the purge.
    void begin();

signals:
    void made(const QDateTime& at);
    /// Today's couldn't be made; the earlier ones stay, and it is tried again the next day or at the next start.
    void failed(const alcuin::app::Trouble& trouble);

private:
    void step();
    void finish(const std::filesystem::path& copy);
    void fail(const Trouble& trouble);

    StorageThread& m_storage;
    std::unique_ptr<WorkThread> m_thread;
    QTimer m_nextDay;
    bool m_busy = false;
};

} // namespace alcuin::app
