#include "theme/icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

#include <algorithm>
#include <array>
#include <utility>

#include "theme/theme.h"

namespace alcuin::ui {

namespace {

constexpr double kGrid = 20;
constexpr double kStroke = 1.5;

struct Drawing {
    Icon icon;
    const char* path;
    bool filled = false;
    bool directional = false; ///< points sideways: mirrored in right-to-left
};

constexpr std::array kDrawings{
    Drawing{Icon::kCopy, "M8.5 7 H15 A1.5 1.5 0 0 1 16.5 8.5 V15 A1.5 1.5 0 0 1 15 16.5 H8.5 A1.5 1.5 0 0 1 7 15 "
                         "V8.5 A1.5 1.5 0 0 1 8.5 7 Z "
                         "M4.5 12.9 A1.5 1.5 0 0 1 3.5 11.5 V5 A1.5 1.5 0 0 1 5 3.5 H11.5 A1.5 1.5 0 0 1 12.9 4.5"},
    Drawing{Icon::kCheck, "M4.5 10.5 L8.25 14.25 L15.5 6.25"},
    Drawing{Icon::kEdit, "M12.9 4.1 L15.9 7.1 L7.5 15.5 L3.9 16.1 L4.5 12.5 Z M10.9 6.1 L13.9 9.1"},
    Drawing{Icon::kRegenerate, "M15.5 10 A5.5 5.5 0 1 1 13.7 5.9 M14 2.75 V6.1 H10.65"},
    Drawing{Icon::kBack, "M12 4.75 L6.75 10 L12 15.25", false, true},
    Drawing{Icon::kForward, "M8 4.75 L13.25 10 L8 15.25", false, true},
    Drawing{Icon::kStop,
            "M7 5.5 H13 A1.5 1.5 0 0 1 14.5 7 V13 A1.5 1.5 0 0 1 13 14.5 H7 A1.5 1.5 0 0 1 5.5 13 V7 "
            "A1.5 1.5 0 0 1 7 5.5 Z",
            true},
    Drawing{Icon::kSend, "M10 16 V4.5 M5 9.5 L10 4.5 L15 9.5"},
    Drawing{Icon::kAttach, "M15.8 9.2 L9.9 15.1 A3.6 3.6 0 0 1 4.8 10 L10.9 3.9 A2.4 2.4 0 0 1 14.3 7.3 L8.3 13.3 "
                           "A1.2 1.2 0 0 1 6.6 11.6 L12 6.2"},
    Drawing{Icon::kDown, "M10 4 V15.5 M5 10.5 L10 15.5 L15 10.5"},
    Drawing{Icon::kMenu, "M3.5 5.5 H16.5 M3.5 10 H16.5 M3.5 14.5 H16.5"},
    Drawing{Icon::kSidebar,
            "M5 4 H15 A2 2 0 0 1 17 6 V14 A2 2 0 0 1 15 16 H5 A2 2 0 0 1 3 14 V6 A2 2 0 0 1 5 4 Z M8 4 V16", false,
            true},
    Drawing{Icon::kPlus, "M10 4 V16 M4 10 H16"},
    Drawing{Icon::kSearch, "M14 9 A5 5 0 1 1 4 9 A5 5 0 1 1 14 9 Z M12.7 12.7 L16.5 16.5"},
    Drawing{Icon::kTrash, "M4 6 H16 M8 6 V4.5 A1 1 0 0 1 9 3.5 H11 A1 1 0 0 1 12 4.5 V6 "
                          "M5.5 6 L6.2 15.1 A1.5 1.5 0 0 0 7.7 16.5 H12.3 A1.5 1.5 0 0 0 13.8 15.1 L14.5 6 "
                          "M8.6 9 V13.5 M11.4 9 V13.5"},
    Drawing{Icon::kClose, "M5.25 5.25 L14.75 14.75 M14.75 5.25 L5.25 14.75"},
    Drawing{Icon::kDisclosure, "M8 5.5 L12.5 10 L8 14.5", false, true},
    Drawing{Icon::kExpand, "M5.5 8 L10 12.5 L14.5 8"},
    Drawing{Icon::kCollapse, "M5.5 12 L10 7.5 L14.5 12"},
    Drawing{Icon::kWarning, "M10 3.5 L17.25 16 H2.75 Z M10 8 V11.75 M10 13.7 V13.8"},
    Drawing{Icon::kModel, "M10 3 L16 6.5 V13.5 L10 17 L4 13.5 V6.5 Z M4 6.5 L10 10 L16 6.5 M10 10 V17"},
    Drawing{Icon::kFolder,
            "M3 6.5 A1.5 1.5 0 0 1 4.5 5 H8 L10 7 H15.5 A1.5 1.5 0 0 1 17 8.5 V14 A1.5 1.5 0 0 1 15.5 15.5 H4.5 "
            "A1.5 1.5 0 0 1 3 14 Z",
            false, true},
    Drawing{Icon::kMore,
            "M5.75 10 A1.25 1.25 0 1 1 3.25 10 A1.25 1.25 0 1 1 5.75 10 Z "
            "M11.25 10 A1.25 1.25 0 1 1 8.75 10 A1.25 1.25 0 1 1 11.25 10 Z "
            "M16.75 10 A1.25 1.25 0 1 1 14.25 10 A1.25 1.25 0 1 1 16.75 10 Z",
            true},
    Drawing{Icon::kUndo, "M4 8 H12 A4 4 0 0 1 12 16 H8 M7.5 4.5 L4 8 L7.5 11.5", false, true},
    Drawing{Icon::kKeyboard,
            "M4 5 H16 A1.5 1.5 0 0 1 17.5 6.5 V13.5 A1.5 1.5 0 0 1 16 15 H4 A1.5 1.5 0 0 1 2.5 13.5 V6.5 "
            "A1.5 1.5 0 0 1 4 5 Z M5.5 8.5 H5.6 M8.5 8.5 H8.6 M11.5 8.5 H11.6 M14.5 8.5 H14.6 M7 12 H13"},
    Drawing{Icon::kPin, "M7.5 3.5 H12.5 M8.25 3.5 V8.5 L5.5 11.75 H14.5 L11.75 8.5 V3.5 M10 11.75 V16.75"},
    Drawing{Icon::kArchive, "M3.5 4.5 H16.5 V7.75 H3.5 Z M4.75 7.75 V14.25 A1.25 1.25 0 0 0 6 15.5 H14 "
                            "A1.25 1.25 0 0 0 15.25 14.25 V7.75 M8 10.75 H12"},
    Drawing{Icon::kExport, "M10 12.5 V3.5 M6.25 7.25 L10 3.5 L13.75 7.25 M4 12.5 V15 A1.5 1.5 0 0 0 5.5 16.5 H14.5 "
                           "A1.5 1.5 0 0 0 16 15 V12.5"},
    Drawing{Icon::kImport, "M10 3.5 V12.5 M6.25 8.75 L10 12.5 L13.75 8.75 M4 12.5 V15 A1.5 1.5 0 0 0 5.5 16.5 H14.5 "
                           "A1.5 1.5 0 0 0 16 15 V12.5"},
    Drawing{Icon::kContinue, "M3.5 5.5 H16.5 M3.5 10 H9 M3.5 14.5 H7 M10 14.5 H16 M13.25 11.5 L16.25 14.5 L13.25 17.5",
            false, true},
    Drawing{Icon::kDetails,
            "M16.75 10 A6.75 6.75 0 1 1 3.25 10 A6.75 6.75 0 1 1 16.75 10 Z M10 9.25 V13.5 M10 6.5 V6.6"},
    Drawing{Icon::kParameters,
            "M3 6 H9 M13 6 H17 M13 6 A2 2 0 1 1 9 6 A2 2 0 1 1 13 6 Z "
            "M3 14 H5.5 M9.5 14 H17 M9.5 14 A2 2 0 1 1 5.5 14 A2 2 0 1 1 9.5 14 Z",
            false, true},
    Drawing{Icon::kTemporary, "M16.46 8.03 A6.75 6.75 0 0 1 16.46 11.97 M14.94 14.60 A6.75 6.75 0 0 1 11.52 16.58 "
                              "M8.48 16.58 A6.75 6.75 0 0 1 5.06 14.60 M3.54 11.97 A6.75 6.75 0 0 1 3.54 8.03 "
                              "M5.06 5.40 A6.75 6.75 0 0 1 8.48 3.42 M11.52 3.42 A6.75 6.75 0 0 1 14.94 5.40"},
    Drawing{Icon::kFile,
            "M6 3 H11.5 L15.5 7 V15.5 A1.5 1.5 0 0 1 14 17 H6 A1.5 1.5 0 0 1 4.5 15.5 V4.5 A1.5 1.5 0 0 1 6 3 Z "
            "M11.5 3 V7 H15.5",
            false, true},
    Drawing{Icon::kSnippet, "M5.5 3.5 H14.5 A2 2 0 0 1 16.5 5.5 V14.5 A2 2 0 0 1 14.5 16.5 H5.5 A2 2 0 0 1 3.5 14.5 "
                            "V5.5 A2 2 0 0 1 5.5 3.5 Z M8.25 13.5 L11.75 6.5"},
    Drawing{Icon::kPersona, "M13 7 A3 3 0 1 1 7 7 A3 3 0 1 1 13 7 Z M4 16.5 A6 6 0 0 1 16 16.5"},
    Drawing{Icon::kCompact,
            "M10 2.5 V7.5 M7.5 5 L10 7.5 L12.5 5 M10 17.5 V12.5 M7.5 15 L10 12.5 L12.5 15 M3.5 10 H16.5"},
    Drawing{Icon::kTiles,
            "M4 4 H8.5 V8.5 H4 Z M11.5 4 H16 V8.5 H11.5 Z M4 11.5 H8.5 V16 H4 Z M11.5 11.5 H16 V16 H11.5 Z"},
    Drawing{Icon::kComputer, "M4.5 4 H15.5 A1.5 1.5 0 0 1 17 5.5 V11.5 A1.5 1.5 0 0 1 15.5 13 H4.5 "
                             "A1.5 1.5 0 0 1 3 11.5 V5.5 A1.5 1.5 0 0 1 4.5 4 Z M10 13 V16.5 M7 16.5 H13"},
    Drawing{Icon::kPrint, "M6 7.5 V3.5 H14 V7.5 M6 14 H4.5 A1.5 1.5 0 0 1 3 12.5 V9 A1.5 1.5 0 0 1 4.5 7.5 H15.5 "
                          "A1.5 1.5 0 0 1 17 9 V12.5 A1.5 1.5 0 0 1 15.5 14 H14 M6 11.5 H14 V16.5 H6 Z"},
};
static_assert(kDrawings.size() == static_cast<std::size_t>(Icon::kCount));

const Drawing& drawingOf(Icon icon) {
    return *std::find_if(kDrawings.begin(), kDrawings.end(), [icon](const Drawing& d) { return d.icon == icon; });
}

/// Paints in the theme's colours of the moment.
class ThemedEngine : public QIconEngine {
public:
    ThemedEngine(Icon icon, const Theme& theme) : m_icon(icon), m_theme(&theme) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const Colors& colors = m_theme->colors();
        paintIcon(*painter, m_icon, rect, mode == QIcon::Disabled ? colors.disabled : colors.ink2);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override {
        return new ThemedEngine(*this);
    }

private:
    Icon m_icon;
    const Theme* m_theme;
};

} // namespace

void paintIcon(QPainter& painter, Icon icon, const QRectF& rect, const QColor& color) {
    const Drawing& drawing = drawingOf(icon);
    const double side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center());
    painter.scale(side / kGrid, side / kGrid);
    if (drawing.directional && painter.layoutDirection() == Qt::RightToLeft) {
        painter.scale(-1, 1);
    }
    painter.translate(-kGrid / 2, -kGrid / 2);
    if (drawing.filled) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
    } else {
        painter.setPen(QPen(color, kStroke, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
    }
    painter.drawPath(parsePathData(drawing.path));
    painter.restore();
}

QIcon makeIcon(Icon icon, const Theme& theme) {
    return QIcon(new ThemedEngine(icon, theme));
}

void paintApplicationIcon(QPainter& painter, const QRectF& rect) {
    constexpr double kSide = 64;
    const Colors colors = Theme::light();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.topLeft());
    painter.scale(rect.width() / kSide, rect.height() / kSide);
    painter.setPen(QPen(colors.ink3, 1));
    painter.setBrush(colors.paper);
    painter.drawRoundedRect(QRectF(4.5, 4.5, 55, 55), 13, 13);
    // The letter, two strokes of a pen and its bar, and the line it stands on.
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors.ink, 5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(parsePathData("M19 43 L32 15 L45 43 M24.5 33.5 H39.5"));
    painter.setPen(QPen(colors.accent, 4, Qt::SolidLine, Qt::RoundCap));
    painter.drawPath(parsePathData("M17 51.5 H47"));
    painter.restore();
}

QIcon makeApplicationIcon() {
    QIcon icon;
    for (const int size : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintApplicationIcon(painter, pixmap.rect());
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace alcuin::ui
