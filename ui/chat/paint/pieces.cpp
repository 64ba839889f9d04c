#include "chat/paint/pieces.h"

#include "chat/layout/box.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace alcuin::ui {

namespace {
constexpr double kSelectionShare = 0.28;
constexpr double kMarkShare = 0.24;
constexpr double kFoundShare = 0.3;
constexpr double kFoundCurrentShare = 0.5;
constexpr double kBarShare = 0.5; ///< 3 : 1 on the ground of code, as a control's
constexpr double kBarHoverShare = 0.6;

/// Marker yellow on paper; in the dark the caution's own, dark enough below light ink.
QColor foundInk(const Colors& colors) {
    return colors.dark ? mixed(colors.paper, colors.caution, 0.72) : QColor(0xF2B600);
}

/// As much of the tint behind words as leaves every ink that stands there readable.
QColor readableGround(const Colors& colors, const QColor& tint, double share) {
    constexpr double kReadable = 4.5;
    constexpr double kReadableInHighContrast = 7.0;
    constexpr double kStep = 0.01;
    const double least = colors.frame.alpha() > 0 ? kReadableInHighContrast : kReadable;
    QColor ground = mixed(colors.paper, tint, share);
    while (share > kStep && contrastOf(colors.ink2, ground) < least) {
        share -= kStep;
        ground = mixed(colors.paper, tint, share);
    }
    return ground;
}
} // namespace

QRectF iconRect(const QRectF& button, double side) {
    return {button.center().x() - side / 2, button.center().y() - side / 2, side, side};
}

QColor selectionColor(const Colors& colors) {
    return readableGround(colors, colors.accent, kSelectionShare);
}

QColor markColor(const Colors& colors) {
    return readableGround(colors, colors.caution, kMarkShare);
}

QColor foundColor(const Colors& colors) {
    return readableGround(colors, foundInk(colors), kFoundShare);
}

QColor foundCurrentColor(const Colors& colors) {
    return readableGround(colors, foundInk(colors), kFoundCurrentShare);
}

void paintMarks(QPainter& painter, QPointF at, const Box& box, const BoxPaint& paint) {
    if (paint.marks.isEmpty()) {
        return;
    }
    // Only what is in view: a long block may hold thousands.
    constexpr double kFar = 1e5;
    int from = 1 << 30;
    int to = 0;
    for (const double y : {paint.clip.top() - at.y(), paint.clip.bottom() - at.y()}) {
        for (const double x : {-kFar, kFar}) {
            const int offset = box.offsetAt({x, y});
            from = std::min(from, offset);
            to = std::max(to, offset);
        }
    }
    const Colors& colors = paint.look.colors;
    for (const TextRange& range : paint.marks.all) {
        if (range.to < from || range.from > to) {
            continue;
        }
        const bool current = range.from == paint.marks.current.from && range.to == paint.marks.current.to;
        for (const QRectF& rect : box.rectsOf(range)) {
            const QRectF fill = rect.translated(at).adjusted(-1, 1, 1, -1);
            painter.setPen(current ? QPen(colors.ink, 1.5) : QPen(Qt::NoPen));
            painter.setBrush(current ? foundCurrentColor(colors) : foundColor(colors));
            painter.drawRoundedRect(fill, 3, 3);
        }
    }
}

void paintLabel(QPainter& painter, const QRectF& rect, const QString& text, const QFont& font, const QColor& ink,
                Qt::LayoutDirection direction) {
    painter.setFont(font);
    painter.setPen(ink);
    painter.setLayoutDirection(directionOf(text, direction)); // words keep their own order
    const QString shown = QFontMetricsF(font).elidedText(text, Qt::ElideRight, rect.width());
    const Qt::Alignment side = direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft;
    painter.drawText(rect, int(Qt::AlignVCenter | Qt::AlignAbsolute | side) | Qt::TextSingleLine, shown);
}

void paintSideScroll(QPainter& painter, QPointF at, const SideScroll& scroll, const Colors& colors, bool hovered) {
    const QRectF handle = scroll.handle();
    if (handle.isNull()) {
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colors.code, colors.ink, hovered ? kBarHoverShare : kBarShare));
    painter.drawRoundedRect(handle.translated(at), handle.height() / 2, handle.height() / 2);
}

void paintFocusRing(QPainter& painter, const QRectF& rect, const Colors& colors, double corner) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors.accent, 2));
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), corner, corner);
}

} // namespace alcuin::ui
