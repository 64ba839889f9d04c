#include "platform/directories.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>

#include "support/test_registry.h"

using alcuin::app::Directories;

class TstDirectories : public QObject {
    Q_OBJECT
private slots:
    void cleanup();
    void dataIsWhereTheDesktopKeepsIt();
    void dataCanBeElsewhere();
    void modelsCanBeElsewhere();
    void theyAreMadeForTheUserAlone();
    void whatCannotBeMadeIsNamed();
};

void TstDirectories::cleanup() {
    qunsetenv("ALCUIN_MODEL_DIR");
    qunsetenv("XDG_DATA_HOME");
}

void TstDirectories::dataIsWhereTheDesktopKeepsIt() {
    const QTemporaryDir home;
    qunsetenv("ALCUIN_MODEL_DIR");
    qputenv("XDG_DATA_HOME", home.path().toLocal8Bit());
    const auto directories = Directories::locate();
    QCOMPARE(directories.data, home.filePath("alcuin"));
    QCOMPARE(directories.models, home.filePath("alcuin/models"));
    QCOMPARE(directories.states, home.filePath("alcuin/states"));
    QCOMPARE(directories.kept, home.filePath("alcuin/kept"));
    QVERIFY(!QFileInfo::exists(directories.data));
}

void TstDirectories::dataCanBeElsewhere() {
    qunsetenv("ALCUIN_MODEL_DIR");
    const auto directories = Directories::locate(QStringLiteral("some/./where/"));
    QCOMPARE(directories.data, QDir::current().absoluteFilePath("some/where"));
    QCOMPARE(directories.models, QDir::current().absoluteFilePath("some/where/models"));
}

void TstDirectories::modelsCanBeElsewhere() {
    qputenv("ALCUIN_MODEL_DIR", "/srv/models");
    const auto directories = Directories::locate(QStringLiteral("/elsewhere/data"));
    QCOMPARE(directories.data, QStringLiteral("/elsewhere/data"));
    QCOMPARE(directories.states, QStringLiteral("/elsewhere/data/states"));
    QCOMPARE(directories.models, QStringLiteral("/srv/models"));
}

void TstDirectories::theyAreMadeForTheUserAlone() {
    const QTemporaryDir home;
    qunsetenv("ALCUIN_MODEL_DIR");
    const auto directories = Directories::locate(home.filePath("a/b"));
    QVERIFY(directories.make().has_value());
    QVERIFY(directories.make().has_value());
    const auto others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    for (const auto& path : {home.filePath("a"), directories.data, directories.models}) {
        QVERIFY(QFileInfo(path).isDir());
        QCOMPARE(QFileInfo(path).permissions() & others, QFile::Permissions());
    }
}

void TstDirectories::whatCannotBeMadeIsNamed() {
    const QTemporaryDir home;
    QFile file(home.filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    qunsetenv("ALCUIN_MODEL_DIR");
    const auto made = Directories::locate(home.filePath("file/data")).make();
    QVERIFY(!made.has_value());
    QVERIFY2(made.error().contains(home.filePath("file")), qPrintable(made.error()));
    QVERIFY(made.error().endsWith('.'));
    // A file where the folder should be.
    QVERIFY(!Directories::locate(home.filePath("file")).make().has_value());
}

ALCUIN_TEST(TstDirectories)
#include "tst_directories.moc"
