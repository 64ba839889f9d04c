#include <QApplication>
#include <QCommandLineParser>
#include <QCursor>
#include <QDir>
#include <QScreen>
#include <QScrollBar>
#include <QTemporaryFile>

#include <algorithm>
#include <cstdio>

#include "gallery/long_conversation.h"
#include "gallery/scenes.h"

namespace {

using namespace alcuin::gallery;

bool save(const QImage& image, const QDir& directory, const QString& name) {
    const QString path = directory.filePath(name + QStringLiteral(".png"));
    if (!image.save(path)) {
        std::fprintf(stderr, "can't write %s\n", qPrintable(path));
        return false;
    }
    return true;
}

/// A conversation of `messages` messages, photographed from top to bottom, a page at a time.
bool photographLong(const QDir& directory, const Variant& variant, int messages) {
    Stage stage(variant);
    stage.engine->setContextLength(1 << 20);
    const auto written = writtenExchanges();
    if (written.isEmpty()) {
        std::fprintf(stderr, "the long conversation can't be read\n");
        return false;
    }
    for (int turn = 0; turn < messages / 2; ++turn) {
        play(stage, written.at(turn % written.size()));
    }
    auto& transcript = stage.page().transcript();
    auto* bar = transcript.verticalScrollBar();
    bar->setValue(0);
    for (int page = 0;; ++page) {
        const QString name =
            QStringLiteral("long-%1-%2").arg(page, 4, 10, QLatin1Char('0')).arg(QLatin1String(variant.name));
        stage.settle();
        if (!save(transcript.grab().toImage(), directory, name)) {
            return false;
        }
        const int before = bar->value();
        bar->setValue(before + transcript.viewport()->height() - 40);
        if (bar->value() == before) {
            return true;
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    QTemporaryFile screenFile;
    if (!screenFile.open() || screenFile.write(screens()) < 0 || !screenFile.flush()) {
        std::fprintf(stderr, "can't write %s\n", qPrintable(screenFile.fileName()));
        return 1;
    }
    qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + screenFile.fileName().toLocal8Bit());
    QApplication application(argc, argv);
    QCursor::setPos(QGuiApplication::primaryScreen()->geometry().bottomRight()); // over no window
    QApplication::setApplicationVersion(QStringLiteral(ALCUIN_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Draws every state of the window, as PAGE-STATE-THEME.png, to be looked at."));
    parser.addHelpOption();
    const QCommandLineOption out(QStringLiteral("out"), QStringLiteral("The directory for the pictures."),
                                 QStringLiteral("DIR"));
    const QCommandLineOption only(QStringLiteral("only"), QStringLiteral("Only files whose name contains this."),
                                  QStringLiteral("TEXT"));
    const QCommandLineOption lengthy(
        QStringLiteral("long"),
        QStringLiteral("Instead: a conversation of so many messages, page by page; --only: its theme."),
        QStringLiteral("MESSAGES"));
    parser.addOptions({out, only, lengthy});
    parser.process(application);
    if (!parser.isSet(out)) {
        std::fprintf(stderr, "--out DIR is missing; --help says more\n");
        return 2;
    }
    const QDir directory(parser.value(out));
    if (!directory.mkpath(QStringLiteral("."))) {
        std::fprintf(stderr, "can't make %s\n", qPrintable(directory.path()));
        return 1;
    }
    if (parser.isSet(lengthy)) {
        const auto all = variants();
        const auto named = std::find_if(all.begin(), all.end(), [&](const Variant& variant) {
            return QLatin1String(variant.name) == parser.value(only);
        });
        const int messages = parser.value(lengthy).toInt();
        const Variant& variant = named == all.end() ? all.front() : *named;
        return messages > 0 && photographLong(directory, variant, messages) ? 0 : 1;
    }
    std::vector<Scene> scenes;
    for (const auto& group : {pageScenes(), answerScenes(), deskScenes(), dialogScenes(), pointerScenes()}) {
        scenes.insert(scenes.end(), group.begin(), group.end());
    }
    int drawn = 0;
    for (const auto& scene : scenes) {
        for (const auto& variant : variants()) {
            const QString name =
                QStringLiteral("%1-%2-%3")
                    .arg(QLatin1String(scene.page), QLatin1String(scene.state), QLatin1String(variant.name));
            if (!name.contains(parser.value(only))) {
                continue;
            }
            Stage stage(variant, scene.withModel);
            scene.fill(stage);
            if (!save(stage.photograph(), directory, name)) {
                return 1;
            }
            ++drawn;
        }
    }
    std::printf("%d pictures in %s\n", drawn, qPrintable(directory.absolutePath()));
    return drawn > 0 ? 0 : 1;
}
