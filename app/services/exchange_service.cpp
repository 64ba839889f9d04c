#include "services/exchange_service.h"

#include <QElapsedTimer>
#include <QThread>

#include <atomic>
#include <future>

#include <alcuin/storage/conversation_store.h>

#include "services/exchange_jobs.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"

namespace alcuin::app {

namespace {

constexpr qint64 kProgressEveryMs = 100;

/// Runs a job on the storage thread and waits for it there, from a thread that isn't its owner's.
template <typename Job>
auto waitFor(StorageThread& storage, Job job) -> std::invoke_result_t<Job, storage::Database&> {
    using Answer = std::invoke_result_t<Job, storage::Database&>;
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    storage.run([job = std::move(job), promise](storage::Database& database) mutable -> storage::Result<void> {
        promise->set_value(job(database));
        return {};
    });
    promise.reset();
    try {
        return answer.get();
    } catch (const std::future_error&) { // never run, or it threw: the storage thread is gone or says why
        return tl::unexpected<storage::Error>(
            storage::Error{storage::ErrorCode::kInternal, "The program is closing, so nothing more is stored."});
    }
}

ConversationShelf shelfOf(StorageThread& storage) {
    return {[&storage] {
                return waitFor(storage,
                               [](storage::Database& database) { return storage::ConversationStore(database).list(); });
            },
            [&storage](const storage::Id& id) {
                return waitFor(storage, [id](storage::Database& database) {
                    return storage::ConversationStore(database).tree(id);
                });
            },
            [&storage](storage::ConversationTree tree, const storage::Origin& origin) {
                return waitFor(storage, [tree = std::move(tree), origin](storage::Database& database) mutable {
                    return storage::ImportStore(database).add(std::move(tree), origin);
                });
            }};
}

} // namespace

struct ExchangeService::Private {
    StorageThread& storage;
    std::unique_ptr<QThread> thread;
    std::atomic<bool> stop{false};

    /// Gives `job` a thread; what it reports comes back as signals of `service`.
    void start(ExchangeService* service, std::function<ExchangeReport(const JobProgress&)> job) {
        stop = false;
        thread.reset(QThread::create([this, service, job = std::move(job)] {
            QElapsedTimer sinceTold;
            JobProgress progress;
            progress.stopped = [this] { return stop.load(); };
            progress.tell = [service, &sinceTold](qint64 done, qint64 total) {
                if (!sinceTold.isValid() || sinceTold.elapsed() >= kProgressEveryMs) {
                    sinceTold.start();
                    emit service->progress(done, total);
                }
            };
            ExchangeReport report;
            try {
                report = job(progress);
            } catch (const std::bad_alloc&) {
                report.problems << QStringLiteral("There wasn't enough memory. Close other programs, or import fewer "
                                                  "files at once.");
            } catch (const std::exception& error) {
                report.problems << QStringLiteral("The program made a mistake (%1). Please report it.")
                                       .arg(QString::fromUtf8(error.what()));
            }
            QMetaObject::invokeMethod(
                service,
                [this, service, report] {
                    thread->wait();
                    thread.reset();
                    emit service->finished(report);
                },
                Qt::QueuedConnection);
        }));
        thread->setObjectName(QStringLiteral("exchange"));
        thread->start();
    }
};

ExchangeService::ExchangeService(StorageThread& storage, QObject* parent)
    : QObject(parent), d(new Private{storage, nullptr, false}) {
    qRegisterMetaType<ExchangeReport>();
}

ExchangeService::~ExchangeService() {
    cancel();
    if (d->thread) {
        d->thread->wait();
    }
}

bool ExchangeService::isBusy() const {
    return d->thread != nullptr;
}

void ExchangeService::cancel() {
    d->stop = true;
}

bool ExchangeService::exportTo(const QString& path, ExportFormat format, const QList<QUuid>& conversations,
                               const ExportOptions& options) {
    if (isBusy()) {
        return false;
    }
    std::vector<storage::Id> ids;
    for (const auto& conversation : conversations) {
        ids.push_back(toId(conversation));
    }
    d->start(this, [&storage = d->storage, ids, format, path, options](const JobProgress& progress) {
        return exportConversations(shelfOf(storage), ids, format, path, options, progress);
    });
    return true;
}

bool ExchangeService::importFrom(const QStringList& paths) {
    if (isBusy()) {
        return false;
    }
    d->start(this, [&storage = d->storage, paths](const JobProgress& progress) {
        return importConversations(shelfOf(storage), paths, progress);
    });
    return true;
}

} // namespace alcuin::app
