#pragma once

#include <QObject>
#include <QString>
#include <QThread>

#include <type_traits>
#include <utility>

#include "services/reply.h"

namespace alcuin::app {

/// One thread for work that would hold up the GUI thread. Jobs run one after the other in the order in which they were
/// given. Threads: all functions belong to the owner's thread.
class WorkThread {
public:
    explicit WorkThread(const QString& name);
    /// Waits for the job under way; those that wait aren't run, and no callback comes any more.
    ~WorkThread();
    WorkThread(const WorkThread&) = delete;
    WorkThread& operator=(const WorkThread&) = delete;

    /// Runs `job() noexcept -> T` there and then `callback(T)` on `context`'s thread, from its event loop; not at all
    /// if the context is gone by then.
    template <typename Job, typename Callback>
    void run(Job job, QObject* context, Callback callback) {
        using Answer = std::invoke_result_t<Job>;
        QMetaObject::invokeMethod(
            m_worker,
            [job = std::move(job), reply = Reply<Answer>(context, std::move(callback))]() mutable {
                reply.give(job());
            },
            Qt::QueuedConnection);
    }

private:
    QThread m_thread;
    QObject* m_worker; ///< lives on the thread, deleted when it ends
};

} // namespace alcuin::app
