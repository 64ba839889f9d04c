#include <QApplication>
#include <QDir>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>

#include <cmath>
#include <cstdio>

#include "math/math.h"
#include "ui/math/formulas.h"

namespace {

using namespace alcuin;

constexpr int kColumns = 2;
constexpr int kCellWidth = 620;
constexpr double kSize = 22;
constexpr int kOnSheet = 36;

void drawCell(QPainter& painter, const QRectF& cell, const QString& tex, const ui::math::MathFont& font) {
    painter.setPen(QColor(0xAAAAAA));
    QFont label = painter.font();
    label.setPixelSize(10);
    painter.setFont(label);
    painter.drawText(cell.adjusted(4, 2, -4, 0), Qt::AlignTop | Qt::AlignLeft | Qt::TextSingleLine, tex.left(95));
    for (const bool display : {true, false}) {
        const auto layout = ui::math::layoutMath(tex, font, display ? kSize : 0.72 * kSize, display);
        if (!layout) {
            painter.setPen(Qt::red);
            painter.drawText(cell.adjusted(4, 20, -4, 0), Qt::AlignTop | Qt::AlignLeft, QStringLiteral("can't"));
            continue;
        }
        const double middle = cell.top() + 14 + (cell.height() - 14) / 2;
        const double x = display ? cell.left() + 10 : cell.left() + 0.64 * kCellWidth;
        const QPointF at(x, std::round(middle + (layout->ascent() - layout->descent()) / 2));
        painter.setPen(QColor(0xE4EEF6));
        painter.drawRect(
            QRectF(at.x(), at.y() - layout->ascent(), layout->width(), layout->ascent() + layout->descent()));
        layout->paint(painter, at, QColor(0x1F2328));
    }
}

/// Each formula in a picture of its own, black on white, to be laid over what another program makes of it
/// (tests/golden/math_beside_latex.py): NUMBER-display.png and NUMBER-text.png, and in sizes.json their width, height
/// and depth in em. The baseline begins kMargin from the left and kMargin under the highest pixel row of the box.
bool drawEach(const QDir& folder, const ui::math::MathFont& font) {
    constexpr double kEm = 40;
    constexpr int kMargin = 20;
    QJsonArray sizes;
    int number = 0;
    for (const QString& tex : tests::sampleFormulas()) {
        QJsonObject entry{{QStringLiteral("tex"), tex}};
        for (const bool display : {true, false}) {
            const auto layout = ui::math::layoutMath(tex, font, kEm, display);
            if (!layout) {
                continue;
            }
            const QString style = display ? QStringLiteral("display") : QStringLiteral("text");
            entry[style] = QJsonArray{layout->width() / kEm, layout->ascent() / kEm, layout->descent() / kEm};
            QImage image(int(std::ceil(layout->width())) + 2 * kMargin,
                         int(std::ceil(layout->ascent()) + std::ceil(layout->descent())) + 2 * kMargin,
                         QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            layout->paint(painter, QPointF(kMargin, kMargin + std::ceil(layout->ascent())), Qt::black);
            painter.end();
            if (!image.save(folder.filePath(QStringLiteral("%1-%2.png").arg(number).arg(style)))) {
                return false;
            }
        }
        sizes.append(entry);
        ++number;
    }
    QFile file(folder.filePath(QStringLiteral("sizes.json")));
    return file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(sizes).toJson()) > 0;
}

} // namespace

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "usage: math_gallery DIRECTORY [FONT]\n       math_gallery DIRECTORY FONT each\n");
        return 2;
    }
    const auto font =
        argc > 2 ? ui::math::MathFont::ofFamily(QString::fromLocal8Bit(argv[2])) : ui::math::MathFont::installed();
    if (!font) {
        std::fprintf(stderr, "no font for formulas is installed\n");
        return 1;
    }
    std::printf("%s\n", qPrintable(font->family()));
    if (argc > 3 && QLatin1String(argv[3]) == QLatin1String("each")) {
        return drawEach(QDir(QString::fromLocal8Bit(argv[1])), *font) ? 0 : 1;
    }
    const QStringList formulas = tests::sampleFormulas();
    int unset = 0;
    for (int first = 0, sheet = 1; first < formulas.size(); first += kOnSheet, ++sheet) {
        std::vector<double> heights;
        double total = 0;
        const int count = std::min<int>(kOnSheet, int(formulas.size()) - first);
        for (int i = 0; i < count; i += kColumns) {
            double height = 40;
            for (int j = i; j < std::min(i + kColumns, count); ++j) {
                const auto layout = ui::math::layoutMath(formulas.at(first + j), *font, kSize, true);
                unset += layout ? 0 : 1;
                height = std::max(height, layout ? layout->height() + 30 : 0);
            }
            heights.push_back(std::ceil(height));
            total += heights.back();
        }
        QImage image(kColumns * kCellWidth, int(total), QImage::Format_RGB32);
        image.fill(QColor(0xFBFAF7));
        QPainter painter(&image);
        double y = 0;
        for (int i = 0; i < count; ++i) {
            const double height = heights[size_t(i / kColumns)];
            drawCell(painter, QRectF((i % kColumns) * kCellWidth, y, kCellWidth, height), formulas.at(first + i),
                     *font);
            y += i % kColumns == kColumns - 1 ? height : 0;
        }
        painter.end();
        if (!image.save(QDir(QString::fromLocal8Bit(argv[1])).filePath(QStringLiteral("math-%1.png").arg(sheet)))) {
            return 1;
        }
    }
    std::printf("%d of %d can't be set\n", unset, int(formulas.size()));
    return 0;
}
