#include "services/storage_thread.h"

#include <QFile>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>

#include <spdlog/spdlog.h>

#include <alcuin/storage/conversation_store.h>

namespace alcuin::app {

namespace {
using Work = std::function<void(storage::Database*)>;
}

/// The jobs that wait. Closed once; what comes after that isn't taken.
struct StorageThread::Queue {
    bool push(Work& work) {
        const std::lock_guard lock(mutex);
        if (closed) {
            return false;
        }
        jobs.push_back(std::move(work));
        wake.notify_one();
        return true;
    }

    /// The next job; empty when the queue is closed and everything in it has been taken.
    Work pop() {
        std::unique_lock lock(mutex);
        wake.wait(lock, [this] { return closed || !jobs.empty(); });
        if (jobs.empty()) {
            return {};
        }
        Work next = std::move(jobs.front());
        jobs.pop_front();
        return next;
    }

    void close() {
        const std::lock_guard lock(mutex);
        closed = true;
        wake.notify_all();
    }

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Work> jobs;
    bool closed = false;
};

StorageThread::StorageThread() : m_queue(std::make_unique<Queue>()) {}

StorageThread::~StorageThread() {
    flushAndStop();
}

storage::Result<std::unique_ptr<StorageThread>> StorageThread::open(const QString& directory, storage::Sources sources,
                                                                    const Watch& watch) {
    const std::filesystem::path path = QFile::encodeName(directory).toStdString();
    return start([path, sources = std::move(sources),
                  progress = watch.progress] { return storage::Database::open(path, sources, progress); },
                 QStringLiteral("storage"), watch);
}

storage::Result<std::unique_ptr<StorageThread>> StorageThread::openInMemory(storage::Sources sources) {
    return start([sources = std::move(sources)] { return storage::Database::openInMemory(sources); },
                 QStringLiteral("temporary"), {});
}

storage::Result<std::unique_ptr<StorageThread>> StorageThread::start(Open open, const QString& name,
                                                                     const Watch& watch) {
    std::unique_ptr<StorageThread> self(new StorageThread);
    auto opening = std::make_shared<std::promise<storage::Result<void>>>();
    auto opened = opening->get_future();
    self->m_thread.reset(QThread::create([queue = self->m_queue.get(), opening, open = std::move(open)]() mutable {
        auto database = open();
        if (!database) {
            opening->set_value(tl::unexpected<storage::Error>(database.error()));
            return;
        }
        // This process is the only one: what is still being written there, nobody writes any more.
        if (const auto marked = storage::ConversationStore(**database).markInterrupted(); !marked) {
            opening->set_value(tl::unexpected<storage::Error>(marked.error()));
            return;
        }
        opening->set_value({});
        while (Work work = queue->pop()) {
            try {
                work(database->get());
            } catch (const std::exception& exception) {
                spdlog::error("a storage job failed while its result was delivered: {}", exception.what());
            } catch (...) {
                spdlog::error("a storage job failed while its result was delivered");
            }
        }
    }));
    self->m_thread->setObjectName(name);
    self->m_thread->start();
    if (watch.wait) {
        watch.wait(opened);
    }
    if (auto result = opened.get(); !result) {
        return tl::unexpected<storage::Error>(std::move(result).error());
    }
    return self;
}

void StorageThread::flushAndStop() {
    m_queue->close();
    if (m_thread) {
        m_thread->wait();
    }
}

void StorageThread::post(Work work) {
    if (!m_queue->push(work)) {
        work(nullptr);
    }
}

storage::Error StorageThread::stopped() {
    return {storage::ErrorCode::kInternal,
            "The program is closing, so nothing more is stored. Start it again and repeat what you did last."};
}

storage::Error StorageThread::escaped(const char* what) {
    return {storage::ErrorCode::kInternal,
            std::string("The program made a mistake while storing something (") + what + "). Please report it."};
}

} // namespace alcuin::app
