#include "platform/directories.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <cerrno>
#include <cstring>

#include <sys/stat.h>

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Directories)
};

QString absolute(const QString& path) {
    return QDir::cleanPath(QFileInfo(path).absoluteFilePath());
}

tl::expected<void, QString> makePrivate(const QString& path) {
    const QFileInfo info(path);
    if (info.isDir()) {
        return {};
    }
    const QString parent = info.path();
    if (parent != path) {
        if (auto made = makePrivate(parent); !made) {
            return made;
        }
    }
    if (::mkdir(QFile::encodeName(path).constData(), S_IRWXU) != 0 && !QFileInfo(path).isDir()) {
        return tl::unexpected<QString>(
            Words::tr("The folder %1 couldn't be made: %2. Check that you may write there, or choose another folder "
                      "with --data-dir.")
                .arg(path, QString::fromLocal8Bit(std::strerror(errno))));
    }
    return {};
}

} // namespace

Directories Directories::locate(const QString& dataOverride) {
    Directories directories;
    directories.data =
        absolute(dataOverride.isEmpty()
                     ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/alcuin")
                     : dataOverride);
    const QString models = qEnvironmentVariable("ALCUIN_MODEL_DIR");
    directories.models = models.isEmpty() ? directories.data + QStringLiteral("/models") : absolute(models);
    directories.states = directories.data + QStringLiteral("/states");
    directories.kept = directories.data + QStringLiteral("/kept");
    return directories;
}

tl::expected<void, QString> Directories::make() const {
    if (auto made = makeData(); !made) {
        return made;
    }
    return makePrivate(models);
}

tl::expected<void, QString> Directories::makeData() const {
    return makePrivate(data);
}

} // namespace alcuin::app
