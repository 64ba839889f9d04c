#pragma once

#include <QString>

#include <memory>

#include <tl/expected.hpp>

class QLockFile;

namespace alcuin::app {

/// The file whose lock says that a program works on a data directory.
QString dataLockPath(const QString& dataDirectory);

/// Holds a data directory for a program that has no window, as SingleInstance does for one that has: whoever comes
/// while it lives finds the directory taken. A lock left by a process that was killed is taken over.
class DataLock {
public:
    /// `dataDirectory` must be there. Doesn't wait. An error is a sentence that says who holds it and what to do.
    static tl::expected<DataLock, QString> take(const QString& dataDirectory);
    DataLock(DataLock&&) noexcept;
    DataLock& operator=(DataLock&&) noexcept;
    ~DataLock();

private:
    explicit DataLock(std::unique_ptr<QLockFile> lock);
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace alcuin::app
