#pragma once

#include <QList>
#include <QObject>
#include <QString>

#include <atomic>
#include <memory>

#include "services/model_service.h"

namespace alcuin::app {

/// The blocking half of ModelService: scans and loads on a thread of its own.
class ModelWorker : public QObject {
    Q_OBJECT
public:
    explicit ModelWorker(std::unique_ptr<ModelService::Loader> loader);

    /// Raised by the GUI thread for each new load; one that sees a higher number than its own gives up.
    std::atomic<quint64> wanted{0};

    void scan(const QString& directory);
    void load(quint64 number, const QString& path);
    void keepStatesOf(const QList<QUuid>& conversations);

signals:
    void scanned(const QList<alcuin::app::ModelEntry>& models);
    void described(quint64 number, const alcuin::app::ModelEntry& entry);
    void progressed(quint64 number, double fraction);
    void loaded(quint64 number, const std::shared_ptr<alcuin::inference::TextEngine>& engine,
                const alcuin::app::Trouble& trouble);
    void statesKept(const alcuin::app::Trouble& trouble);

private:
    std::unique_ptr<ModelService::Loader> m_loader;
};

} // namespace alcuin::app
