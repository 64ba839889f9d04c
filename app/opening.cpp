#include "opening.h"

#include <QApplication>
#include <QDateTime>
#include <QEventLoop>
#include <QFile>
#include <QTimer>

#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <utility>

#include <spdlog/spdlog.h>

#include <alcuin/storage/backups.h>

#include "services/storage_thread.h"
#include "services/trouble.h"
#include "theme/theme.h"
#include "widgets/short_time.h"
#include "window/error_window.h"
#include "window/wait_window.h"

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Opening)
};

/// So long nobody notices; and how often a window that is there looks again.
constexpr std::chrono::milliseconds kMoment{250};
constexpr std::chrono::milliseconds kLook{50};

/// What is being done: one thread writes it, the GUI thread reads it.
class Doing {
public:
    explicit Doing(QString words) : m_words(std::move(words)) {}

    void set(const QString& words, std::optional<double> done) {
        const std::lock_guard lock(m_mutex);
        m_words = words;
        m_done = done;
    }
    void tell(ui::WaitWindow& window) const {
        const std::lock_guard lock(m_mutex);
        window.tell(m_words, m_done);
    }

private:
    mutable std::mutex m_mutex;
    QString m_words;
    std::optional<double> m_done;
};

QString wordsFor(storage::Opening::Work work) {
    switch (work) {
    case storage::Opening::Work::kChecking:
        return Words::tr("Damage was found when they were used last. All of the file is read before anything in it is "
                         "changed.");
    case storage::Opening::Work::kCopying:
        return Words::tr("This version keeps them in a new format. A copy of everything is made first.");
    case storage::Opening::Work::kChanging:
        break;
    }
    return Words::tr("A copy was made. Now they are brought into this version's format.");
}

/// Returns when `future` is ready, whatever that takes; beyond a moment, a window says what is being done.
template <typename Answer>
void waitInSight(const std::future<Answer>& future, const Doing& doing, const ui::Theme& theme) {
    const auto isReady = [&future](std::chrono::milliseconds patience) {
        return future.wait_for(patience) == std::future_status::ready;
    };
    if (isReady(kMoment)) {
        return;
    }
    ui::WaitWindow window(theme);
    doing.tell(window);
    window.show();
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        doing.tell(window);
        if (isReady(std::chrono::milliseconds(0))) {
            loop.quit();
        }
    });
    look.start(kLook);
    loop.exec();
    future.wait(); // a signal that ends event loops doesn't end the work
}

/// Runs `job` beside the GUI thread, in sight.
template <typename Job>
auto doInSight(const QString& words, Job job, const ui::Theme& theme) {
    auto future = std::async(std::launch::async, std::move(job));
    waitInSight(future, Doing(words), theme);
    return future.get();
}

storage::Result<std::unique_ptr<StorageThread>> openInSight(const QString& directory, const ui::Theme& theme) {
    const auto doing = std::make_shared<Doing>(Words::tr("The file with your conversations is being opened."));
    StorageThread::Watch watch;
    watch.progress = [doing](const storage::Opening& opening) { doing->set(wordsFor(opening.work), opening.done); };
    watch.wait = [doing, &theme](const StorageThread::Opened& opened) { waitInSight(opened, *doing, theme); };
    return StorageThread::open(directory, storage::Sources::system(), watch);
}

/// For a database that is damaged: offers the newest good backup, if there is one. Whether it stands in its place now.
bool offerBackup(const storage::Error& error, const QString& directory, const ui::Theme& theme) {
    const std::filesystem::path path = QFile::encodeName(directory).toStdString();
    Trouble trouble = toTrouble(error);
    const auto backup = doInSight(
        Words::tr("They are damaged. The backups are read, to find the newest one that is in order."),
        [path] { return storage::newestGoodBackup(path); }, theme);
    if (!backup) {
        showTrouble(trouble, directory, theme);
        return false;
    }
    spdlog::error("{}", error.message);
    trouble.text = Words::tr("The newest good backup is from %1. What was written after that isn't in it. The damaged "
                             "file stays in the same folder under another name.")
                       .arg(ui::shortMoment(QDateTime::fromMSecsSinceEpoch(backup->madeAt)));
    bool chosen = false;
    {
        ui::ErrorWindow window(trouble, directory, theme);
        window.offer(Words::tr("Go on with the backup"), [&chosen] { chosen = true; });
        window.show();
        QApplication::exec();
    }
    if (!chosen) {
        return false;
    }
    const auto aside = doInSight(
        Words::tr("The backup is put into the place of the damaged file."),
        [&] { return storage::restoreBackup(path, *backup, storage::Sources::system().now()); }, theme);
    if (!aside) {
        showTrouble(toTrouble(aside.error()), directory, theme);
        return false;
    }
    return true;
}

} // namespace

void showTrouble(const Trouble& trouble, const QString& directory, const ui::Theme& theme) {
    spdlog::error("{} {}", trouble.title.toStdString(), trouble.text.toStdString());
    ui::ErrorWindow window(trouble, directory, theme);
    window.show();
    QApplication::exec();
}

std::unique_ptr<StorageThread> openStorage(const QString& directory, const ui::Theme& theme) {
    for (;;) {
        auto storage = openInSight(directory, theme);
        if (storage) {
            return std::move(*storage);
        }
        if (storage.error().code != storage::ErrorCode::kCorrupt) {
            showTrouble(toTrouble(storage.error()), directory, theme);
            return nullptr;
        }
        if (!offerBackup(storage.error(), directory, theme)) {
            return nullptr;
        }
    }
}

} // namespace alcuin::app
