#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include "support/test_registry.h"

namespace {

struct Include {
    QString file; ///< relative to the root
    int line;
    QString target; ///< without quotes or angle brackets
};

/// A rule: no file under `room` (but those under `except`) may include what matches `forbidden`.
struct Rule {
    const char* name;
    const char* room;
    const char* except;
    const char* forbidden;
};

// Qt's headers begin with Q and a capital or a small letter ("QString", "QtTest/QTest", "qglobal.h").
constexpr const char* kQt = "^(Q[A-Z][A-Za-z0-9]*|Qt[A-Za-z0-9]*/.*|q[a-z]+\\.h)$";
/// Libraries of QtCore alone include this little of Qt.
constexpr const char* kDrawing =
    "^(QtWidgets.*|QtGui.*|QWidget|QApplication|QColor|QFont.*|QPainter.*|chat/.*|theme/.*|services/.*)$";
constexpr const char* kSqlite = "(?i)^(sqlite.*|SQLiteCpp/.*)$";
constexpr const char* kInference = "^(alcuin/inference/.*|alcuin\\.h|inference/.*)$";
constexpr const char* kStorage = "^(alcuin/storage/.*|storage/.*)$";
constexpr const char* kIntrinsics = "^([a-z]*intrin\\.h|arm_neon\\.h)$";

constexpr Rule kRules[] = {
    {"Qt in inference", "inference", "", kQt},
    {"SQLite in inference", "inference", "", kSqlite},
    {"storage in inference", "inference", "", kStorage},
    {"Qt in storage", "storage", "", kQt},
    {"inference in storage", "storage", "", kInference},
    {"Qt in the exchange of files", "app/exchange", "", kQt},
    {"inference in the exchange of files", "app/exchange", "", kInference},
    {"inference in the window", "ui", "", kInference},
    {"storage in the window", "ui", "", kStorage},
    {"widgets in what formulas say", "ui/math/tex", "", kDrawing},
    {"widgets in MathML", "ui/math/mathml", "", kDrawing},
    {"widgets in the colours of code", "ui/highlight", "", kDrawing},
    {"SQLite in the window", "ui", "", kSqlite},
    {"SQLite in the services", "app", "", kSqlite},
    {"widgets in the services", "app/services", "", "^(QtWidgets.*|QWidget|QApplication|QtGui.*)$"},
    {"CUDA outside its backend", "inference", "inference/backends/cuda", "^cuda.*"},
    {"an intrinsic outside the CPU backend", "inference", "inference/backends/cpu", kIntrinsics},
    {"an intrinsic in the program", "app", "", kIntrinsics},
    {"an intrinsic in the window", "ui", "", kIntrinsics},
};

QList<Include> includesUnder(const QString& root, const QString& room) {
    static const QRegularExpression kInclude(QStringLiteral("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"));
    QList<Include> includes;
    QDirIterator files(root + QLatin1Char('/') + room, {"*.h", "*.cpp", "*.cu", "*.cuh"}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly)) {
            continue;
        }
        for (int line = 1; !file.atEnd(); ++line) {
            const auto match = kInclude.match(QString::fromUtf8(file.readLine()));
            if (match.hasMatch()) {
                includes.push_back({QDir(root).relativeFilePath(file.fileName()), line, match.captured(2)});
            }
        }
    }
    return includes;
}

} // namespace

/// No room reaches where it shouldn't: the direction of ARCHITECTURE.md holds for every include.
class TstLayers : public QObject {
    Q_OBJECT
private slots:
    void noRoomReachesWhereItShouldNot_data();
    void noRoomReachesWhereItShouldNot();
    void theScanSeesIncludes();
    void noFileHasOutgrownItsRoom();
};

void TstLayers::noRoomReachesWhereItShouldNot_data() {
    QTest::addColumn<int>("rule");
    for (int i = 0; i < static_cast<int>(std::size(kRules)); ++i) {
        QTest::newRow(kRules[i].name) << i;
    }
}

void TstLayers::noRoomReachesWhereItShouldNot() {
    QFETCH(int, rule);
    const Rule& r = kRules[rule];
    const QRegularExpression forbidden(QString::fromUtf8(r.forbidden));
    QStringList found;
    for (const auto& include : includesUnder(QStringLiteral(ALCUIN_SOURCE_DIR), QString::fromUtf8(r.room))) {
        const bool excepted = *r.except != '\0' && include.file.startsWith(QString::fromUtf8(r.except));
        if (!excepted && forbidden.match(include.target).hasMatch()) {
            found << QStringLiteral("%1:%2 includes %3").arg(include.file).arg(include.line).arg(include.target);
        }
    }
    QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
}

void TstLayers::theScanSeesIncludes() {
    const auto includes = includesUnder(QStringLiteral(ALCUIN_SOURCE_DIR), QStringLiteral("ui"));
    const QRegularExpression qt(QString::fromUtf8(kQt));
    QVERIFY(std::any_of(includes.begin(), includes.end(),
                        [&](const Include& include) { return qt.match(include.target).hasMatch(); }));
    const auto engine = includesUnder(QStringLiteral(ALCUIN_SOURCE_DIR), QStringLiteral("app/services"));
    const QRegularExpression inference(QString::fromUtf8(kInference));
    QVERIFY(std::any_of(engine.begin(), engine.end(),
                        [&](const Include& include) { return inference.match(include.target).hasMatch(); }));
}

void TstLayers::noFileHasOutgrownItsRoom() {
    constexpr int kHardStop = 800; // lines; generated tables say so in their name
    QStringList found;
    for (const char* room : {"inference", "storage", "app", "ui", "tests"}) {
        QDirIterator files(QStringLiteral(ALCUIN_SOURCE_DIR "/") + QString::fromUtf8(room), {"*.h", "*.cpp"},
                           QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.fileName().contains(QLatin1String("generated")) || !file.open(QIODevice::ReadOnly)) {
                continue;
            }
            const auto lines = file.readAll().count('\n');
            if (lines > kHardStop) {
                found << QStringLiteral("%1: %2 lines").arg(file.fileName()).arg(lines);
            }
        }
    }
    QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
}

ALCUIN_TEST(TstLayers)
#include "tst_layers.moc"
