#include "services/backup_service.h"

#include <QCoreApplication>

#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include <alcuin/storage/backups.h>

#include "services/storage_thread.h"
#include "services/trouble.h"
#include "services/work_thread.h"

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Backups)
};

constexpr int kBetweenStepsMs = 10;
constexpr std::chrono::hours kNextLook{24};

} // namespace

BackupService::BackupService(StorageThread& storage, QObject* parent) : QObject(parent), m_storage(storage) {
    m_nextDay.setSingleShot(true);
    m_nextDay.setTimerType(Qt::VeryCoarseTimer);
    m_nextDay.setInterval(kNextLook);
    connect(&m_nextDay, &QTimer::timeout, this, &BackupService::begin);
}

BackupService::~BackupService() = default;

void BackupService::begin() {
    m_nextDay.start();
    if (std::exchange(m_busy, true)) {
        return;
    }
    m_storage.run(
        [](storage::Database& database) -> storage::Result<bool> {
            return storage::isBackupDue(database.path().parent_path(), storage::Sources::system().now());
        },
        this,
        [this](const storage::Result<bool>& due) {
            if (due && *due) {
                step();
            } else {
                m_busy = false;
            }
        });
}

void BackupService::step() {
    m_storage.run([](storage::Database& database) { return storage::BackupStore(database).step(); }, this,
                  [this](const storage::Result<storage::BackupStore::Step>& step) {
                      if (!step) {
                          fail(toTrouble(step.error()));
                      } else if (step->more) {
                          QTimer::singleShot(kBetweenStepsMs, this, &BackupService::step);
                      } else {
                          finish(step->copy);
                      }
                  });
}

void BackupService::finish(const std::filesystem::path& copy) {
    m_thread = std::make_unique<WorkThread>(QStringLiteral("backup"));
    m_thread->run([copy] { return storage::finishBackup(copy, storage::Sources::system().now()); }, this,
                  [this](const storage::Result<storage::Backup>& backup) {
                      m_thread.reset();
                      if (!backup) {
                          fail(toTrouble(backup.error()));
                          return;
                      }
                      m_busy = false;
                      spdlog::info("A backup was made: {}.", backup->file.string());
                      emit made(QDateTime::fromMSecsSinceEpoch(backup->madeAt));
                  });
}

void BackupService::fail(const Trouble& trouble) {
    m_busy = false;
    emit failed({Words::tr("Today's backup couldn't be made"),
                 Words::tr("%1 Earlier backups are still there.").arg(trouble.text), Trouble::Action::kNone});
}

} // namespace alcuin::app
