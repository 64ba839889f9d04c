#include "chat/paint/pieces.h"

#include "chat/layout/box.h"

#include <QFontMetricsF>
#include <QPainter>

namespace alcuin::ui {

namespace {
constexpr double kIcon = 20;
constexpr double kSelectionShare = 0.28;
constexpr double kMarkShare = 0.24;
constexpr double kBarShare = 0.22;
constexpr double kBarHoverShare = 0.42;
} // namespace

QRectF iconRect(const QRectF& button) {
    return {button.center().x() - kIcon / 2, button.center().y() - kIcon / 2, kIcon, kIcon};
}

QColor selectionColor(const Colors& colors) {
    return mixed(colors.paper, colors.accent, kSelectionShare);
}

QColor markColor(const Colors& colors) {
    return mixed(colors.paper, colors.caution, kMarkShare);
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
