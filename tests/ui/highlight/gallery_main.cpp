#include <QApplication>
#include <QDir>
#include <QFile>
#include <QPainter>

#include <cstdio>

#include "chat/layout/code_box.h"

using namespace alcuin::ui;

namespace {

QImage drawn(const Look& look, const QString& language, const QString& code) {
    markdown::Block block;
    block.kind = markdown::BlockKind::kCode;
    block.language = language;
    block.text.text = code;
    CodeBox box(block, look, Place::kAnswer);
    constexpr int kWidth = 520;
    constexpr int kMargin = 12;
    QImage image(kWidth + 2 * kMargin, int(box.layout(kWidth)) + 2 * kMargin, QImage::Format_ARGB32_Premultiplied);
    image.fill(look.colors.paper);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    box.paint(painter, {kMargin, kMargin}, {.look = look, .clip = QRectF(image.rect()), .selection = {}, .marks = {}});
    return image;
}

} // namespace

/// Draws the samples of all languages into PNG files, to be looked at: code_gallery SAMPLES DIRECTORY
int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 3) {
        std::fprintf(stderr, "usage: code_gallery SAMPLES DIRECTORY\n");
        return 2;
    }
    const QDir samples(QString::fromLocal8Bit(argv[1]));
    for (const auto mode : {ThemeMode::kLight, ThemeMode::kDark}) {
        Theme theme;
        theme.setMode(mode);
        const Look look = Look::of(theme, Qt::LeftToRight);
        for (const QString& name : samples.entryList(QDir::Files)) {
            QFile file(samples.filePath(name));
            if (name.endsWith(QLatin1String(".kinds")) || !file.open(QIODevice::ReadOnly)) {
                continue;
            }
            const QString language = name.section(u'.', 0, 0);
            const QString picture =
                QDir(QString::fromLocal8Bit(argv[2]))
                    .filePath(QStringLiteral("%1-%2.png").arg(language, mode == ThemeMode::kDark ? "dark" : "light"));
            if (!drawn(look, language, QString::fromUtf8(file.readAll()).trimmed()).save(picture)) {
                std::fprintf(stderr, "can't write %s\n", qPrintable(picture));
                return 1;
            }
        }
    }
    return 0;
}
