#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QUuid>

#include <memory>

#include "services/exchange_values.h"

namespace alcuin::app {

class StorageThread;

/// Conversations to files and back, on a thread of its own: the GUI thread reads and writes nothing, and the storage
/// thread only one conversation at a time, so that chatting goes on meanwhile. One job at a time.
class ExchangeService : public QObject {
    Q_OBJECT
public:
    explicit ExchangeService(StorageThread& storage, QObject* parent = nullptr);
    /// Stops a job that is running and waits for it.
    ~ExchangeService() override;

    /// Writes conversations; an empty list means all of them. What `path` may be: exportConversations says so.
    /// False: another job is running.
    bool exportTo(const QString& path, ExportFormat format, const QList<QUuid>& conversations,
                  const ExportOptions& options = {});
    /// Takes in files and folders of any known program. What is in them already is recognised. False: another job is
    /// running. The list of conversations has changed when `finished` comes.
    bool importFrom(const QStringList& paths);
    /// Ends a job after the conversation that it is at. What was done stays; `finished` comes.
    void cancel();
    bool isBusy() const;

signals:
    /// In whatever unit; at most every 100 ms.
    void progress(qint64 done, qint64 total);
    void finished(const alcuin::app::ExchangeReport& report);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace alcuin::app
