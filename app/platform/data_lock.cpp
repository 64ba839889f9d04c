#include "platform/data_lock.h"

#include <QCoreApplication>
#include <QLockFile>

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::DataLock)
};

} // namespace

QString dataLockPath(const QString& dataDirectory) {
    return dataDirectory + QStringLiteral("/alcuin.lock");
}

DataLock::DataLock(std::unique_ptr<QLockFile> lock) : m_lock(std::move(lock)) {}
DataLock::DataLock(DataLock&&) noexcept = default;
DataLock& DataLock::operator=(DataLock&&) noexcept = default;
DataLock::~DataLock() = default;

tl::expected<DataLock, QString> DataLock::take(const QString& dataDirectory) {
    auto lock = std::make_unique<QLockFile>(dataLockPath(dataDirectory));
    lock->setStaleLockTime(0); // stale is only what belongs to a process that is gone, however old
    if (lock->tryLock(0)) {
        return DataLock(std::move(lock));
    }
    if (lock->error() == QLockFile::LockFailedError) {
        return tl::unexpected<QString>(
            Words::tr("Alcuin is running and uses %1. Close its window, or do this from its menu.").arg(dataDirectory));
    }
    return tl::unexpected<QString>(
        Words::tr("Nothing can be written to %1. Give yourself the right to write there, or choose another folder with "
                  "--data-dir.")
            .arg(dataDirectory));
}

} // namespace alcuin::app
