#pragma once

#include <QString>
#include <QThread>

#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>

#include "services/reply.h"

namespace alcuin::app {

/// The database and the one thread that uses it. Jobs run one after the other in the order in which they were given.
/// Threads: open, call, flushAndStop and the destructor belong to the owner's thread; run may be called from any
/// thread, for a context that lives while it is called.
class StorageThread {
public:
    using Opened = std::future<storage::Result<void>>;
    /// For whoever shows something while the database is being opened.
    struct Watch {
        storage::OpeningProgress progress;       ///< called on the new thread
        std::function<void(const Opened&)> wait; ///< called on the owner's; returns when the future is ready
    };

    /// Opens (or makes) the database and marks answers that a process before left unfinished as interrupted; blocks
    /// until that is done. Errors: those of storage::Database::open.
    static storage::Result<std::unique_ptr<StorageThread>>
    open(const QString& directory, storage::Sources sources = storage::Sources::system(), const Watch& watch = {});
    /// The same in memory, where nothing reaches a disk and all is gone with the object.
    static storage::Result<std::unique_ptr<StorageThread>>
    openInMemory(storage::Sources sources = storage::Sources::system());
    /// As flushAndStop.
    ~StorageThread();
    StorageThread(const StorageThread&) = delete;
    StorageThread& operator=(const StorageThread&) = delete;

    /// Runs `job(storage::Database&) -> storage::Result<T>` on the storage thread and then
    /// `callback(storage::Result<T>)` on `context`'s thread, from its event loop; not at all if the context is gone by
    /// then. An exception becomes kInternal. After flushAndStop the job isn't run, and the callback gets an error.
    /// What job and callback have captured may be destroyed on the storage thread.
    template <typename Job, typename Callback>
    void run(Job job, QObject* context, Callback callback) {
        using Answer = std::invoke_result_t<Job, storage::Database&>;
        post([job = std::move(job), reply = Reply<Answer>(context, std::move(callback))](
                 storage::Database* database) mutable { reply.give(guarded<Answer>(job, database)); });
    }

    /// The same without an answer: for what may fail unseen.
    template <typename Job>
    void run(Job job) {
        using Answer = std::invoke_result_t<Job, storage::Database&>;
        post([job = std::move(job)](storage::Database* database) mutable { (void)guarded<Answer>(job, database); });
    }

    /// Runs a job and waits for its result. For the start, before there is a window, and for tests.
    template <typename Job>
    auto call(Job job) -> std::invoke_result_t<Job, storage::Database&> {
        using Answer = std::invoke_result_t<Job, storage::Database&>;
        auto promise = std::make_shared<std::promise<Answer>>();
        auto future = promise->get_future();
        post([job = std::move(job), promise](storage::Database* database) mutable {
            promise->set_value(guarded<Answer>(job, database));
        });
        return future.get();
    }

    /// Runs everything given so far, closes the database and ends the thread. Blocks. Callbacks that wait in event
    /// loops are still delivered there.
    void flushAndStop();

private:
    using Open = std::function<storage::Result<std::unique_ptr<storage::Database>>()>;

    StorageThread();
    static storage::Result<std::unique_ptr<StorageThread>> start(Open open, const QString& name, const Watch& watch);

    /// Calls `work` on the storage thread in its turn, or here with null when that has stopped.
    void post(std::function<void(storage::Database*)> work);

    static storage::Error stopped();
    static storage::Error escaped(const char* what);

    template <typename Answer, typename Job>
    static Answer guarded(Job& job, storage::Database* database) {
        if (!database) {
            return tl::unexpected<storage::Error>(stopped());
        }
        try {
            return job(*database);
        } catch (const std::exception& exception) {
            return tl::unexpected<storage::Error>(escaped(exception.what()));
        } catch (...) {
            return tl::unexpected<storage::Error>(escaped("unknown exception"));
        }
    }

    struct Queue;
    std::unique_ptr<Queue> m_queue;
    std::unique_ptr<QThread> m_thread;
};

} // namespace alcuin::app
