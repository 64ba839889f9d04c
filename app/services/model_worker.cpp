#include "services/model_worker.h"

#include <QDir>

#include <algorithm>

namespace alcuin::app {

ModelWorker::ModelWorker(std::unique_ptr<ModelService::Loader> loader) : m_loader(std::move(loader)) {}

void ModelWorker::scan(const QString& directory) {
    QList<ModelEntry> models;
    const auto files = QDir(directory).entryInfoList({QStringLiteral("*.gguf")}, QDir::Files | QDir::Readable,
                                                     QDir::Name | QDir::IgnoreCase);
    for (const auto& file : files) {
        models.push_back(m_loader->describe(file.absoluteFilePath()));
    }
    emit scanned(models);
}

void ModelWorker::keepStatesOf(const QList<QUuid>& conversations) {
    emit statesKept(m_loader->keepStatesOf(conversations));
}

void ModelWorker::load(quint64 number, const QString& path) {
    const auto cancelled = [this, number] { return wanted.load(std::memory_order_relaxed) != number; };
    if (cancelled()) {
        return;
    }
    emit described(number, m_loader->describe(path));
    int lastPercent = -1;
    const auto progress = [this, number, &lastPercent](double fraction) {
        const int percent = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 100);
        if (percent != lastPercent) {
            lastPercent = percent;
            emit progressed(number, fraction);
        }
    };
    auto outcome = m_loader->load(path, progress, cancelled);
    emit loaded(number, outcome.engine, outcome.problem);
}

} // namespace alcuin::app
