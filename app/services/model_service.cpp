#include "services/model_service.h"

#include <QDir>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QThread>
#include <QTimer>

#include <alcuin/inference/text_engine.h>

#include "services/model_worker.h"
#include "services/settings_service.h"

namespace alcuin::app {

namespace {
const QString kLastModel = QStringLiteral("model.last");
constexpr int kRescanDelayMs = 400; ///< a file that is being copied changes its directory many times
} // namespace

struct ModelService::Private {
    Private(std::unique_ptr<Loader> loader, QString modelDirectory, SettingsService& settingsService)
        : directory(std::move(modelDirectory)), settings(settingsService), worker(new ModelWorker(std::move(loader))) {}

    QString directory;
    SettingsService& settings;
    QThread thread;
    ModelWorker* worker; ///< lives on `thread`, deleted when it ends
    QFileSystemWatcher watcher;
    QTimer rescan;

    QList<ModelEntry> models;
    EngineState state = EngineState::kNoModel;
    ModelEntry current;
    Trouble trouble;
    std::shared_ptr<inference::TextEngine> engine;
    quint64 loadNumber = 0;
    bool chooseAfterScan = false;
    bool looked = false;
};

ModelService::ModelService(std::unique_ptr<Loader> loader, const QString& modelDirectory, SettingsService& settings,
                           QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(std::move(loader), modelDirectory, settings)) {
    qRegisterMetaType<std::shared_ptr<inference::TextEngine>>("std::shared_ptr<alcuin::inference::TextEngine>");
    d->worker->moveToThread(&d->thread);
    connect(&d->thread, &QThread::finished, d->worker, &QObject::deleteLater);
    connect(d->worker, &ModelWorker::scanned, this, &ModelService::takeModels);
    connect(d->worker, &ModelWorker::described, this, &ModelService::takeDescription);
    connect(d->worker, &ModelWorker::loaded, this, &ModelService::takeEngine);
    connect(d->worker, &ModelWorker::statesKept, this, &ModelService::statesKept);
    connect(d->worker, &ModelWorker::progressed, this, [this](quint64 number, double fraction) {
        if (number == d->loadNumber) {
            emit loadProgress(fraction);
        }
    });
    d->rescan.setSingleShot(true);
    d->rescan.setInterval(kRescanDelayMs);
    connect(&d->rescan, &QTimer::timeout, this, &ModelService::refresh);
    connect(&d->watcher, &QFileSystemWatcher::directoryChanged, this, [this] { d->rescan.start(); });
    d->watcher.addPath(modelDirectory);
    d->thread.setObjectName(QStringLiteral("models"));
    d->thread.start();
}

ModelService::~ModelService() {
    d->worker->wanted = 0; // gives up a load under way
    d->thread.quit();
    d->thread.wait();
}

QString ModelService::modelDirectory() const {
    return d->directory;
}

const QList<ModelEntry>& ModelService::models() const {
    return d->models;
}

bool ModelService::hasLooked() const {
    return d->looked;
}

EngineState ModelService::state() const {
    return d->state;
}

const ModelEntry& ModelService::current() const {
    return d->current;
}

const Trouble& ModelService::trouble() const {
    return d->trouble;
}

std::shared_ptr<inference::TextEngine> ModelService::engine() const {
    return d->engine;
}

void ModelService::refresh() {
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, directory = d->directory] { worker->scan(directory); });
}

void ModelService::use(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    d->settings.setValue(kLastModel, absolute);
    load(absolute);
}

void ModelService::useForNow(const QString& path) {
    load(QFileInfo(path).absoluteFilePath());
}

void ModelService::load(const QString& absolute) {
    const quint64 number = ++d->loadNumber;
    d->worker->wanted = number;
    d->engine.reset();
    d->trouble = {};
    d->current = {};
    d->current.path = absolute;
    d->current.name = QFileInfo(absolute).completeBaseName();
    setState(EngineState::kLoading);
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, number, absolute] { worker->load(number, absolute); });
}

void ModelService::useLast() {
    const QString last = d->settings.value(kLastModel);
    if (!last.isEmpty() && QFileInfo::exists(last)) {
        use(last);
        refresh();
        return;
    }
    d->chooseAfterScan = true;
    refresh();
}

void ModelService::keepStatesOf(const QList<QUuid>& conversations) {
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, conversations] { worker->keepStatesOf(conversations); });
}

void ModelService::takeModels(const QList<ModelEntry>& models) {
    d->models = models;
    d->looked = true;
    emit modelsChanged(models);
    // The first usable file answers where nothing was chosen yet: at start, and when one appears on a first run.
    const bool choose = d->chooseAfterScan || d->state == EngineState::kNoModel;
    d->chooseAfterScan = false;
    if (!choose) {
        return;
    }
    for (const auto& model : models) {
        if (model.problem.isEmpty()) {
            use(model.path);
            return;
        }
    }
}

void ModelService::takeDescription(quint64 number, const ModelEntry& entry) {
    if (number == d->loadNumber) {
        d->current = entry;
        emit stateChanged(d->state);
    }
}

void ModelService::takeEngine(quint64 number, const std::shared_ptr<inference::TextEngine>& engine,
                              const Trouble& trouble) {
    if (number != d->loadNumber) {
        return;
    }
    d->engine = engine;
    d->trouble = trouble;
    setState(engine ? EngineState::kReady : EngineState::kFailed);
}

void ModelService::setState(EngineState state) {
    d->state = state;
    emit stateChanged(state);
}

} // namespace alcuin::app
