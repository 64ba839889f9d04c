#include "chat/layout/flow.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace alcuin::ui {

using markdown::Container;
using markdown::ContainerKind;

namespace {
constexpr double kNotesLine = 0.3; ///< of the width: the line above footnotes
}

void Flow::paint(QPainter& painter, QPointF at, const QRectF& clip, const PaintState& state) const {
    if (m_items.empty()) {
        return;
    }
    for (int i = indexAt(clip.top() - at.y()); i < count(); ++i) {
        const Item& item = m_items[size_t(i)];
        if (at.y() + item.top > clip.bottom()) {
            break;
        }
        if (!item.box) {
            continue;
        }
        paintContainers(painter, at, i, clip);
        item.box->paint(painter, {at.x() + item.left, at.y() + item.top},
                        {.look = m_look,
                         .clip = clip,
                         .selection = state.selection ? state.selection(i) : TextRange{},
                         .copyHovered = state.hoveredCopy == i,
                         .saveHovered = state.hoveredSave == i,
                         .copyDone = state.doneCopy == i,
                         .scrollHovered = state.hoveredScroll == i,
                         .marks = state.marks ? state.marks(i) : Marks{}});
    }
}

/// Of the bar beside a quote.
static QColor colorOf(markdown::Alert alert, const Colors& colors) {
    switch (alert) {
    case markdown::Alert::kNone:
        break;
    case markdown::Alert::kNote:
    case markdown::Alert::kImportant:
        return colors.accent;
    case markdown::Alert::kTip:
        return colors.positive;
    case markdown::Alert::kWarning:
        return colors.caution;
    case markdown::Alert::kCaution:
        return colors.negative;
    }
    return colors.line;
}

void Flow::paintContainers(QPainter& painter, QPointF at, int index, const QRectF& clip) const {
    const markdown::Block& block = m_blocks.at(index);
    const Item& item = m_items[size_t(index)];
    const double most = m_width - item.width;
    if (index > 0 && markdown::isInNote(block) && !markdown::isInNote(m_blocks.at(index - 1))) {
        const Item& before = m_items[size_t(index) - 1];
        const double y = std::round((before.top + before.height + item.top) / 2);
        const double width = std::round(kNotesLine * m_width);
        painter.fillRect(QRectF(at.x() + (item.rightToLeft ? m_width - width : 0), at.y() + y, width, 1),
                         m_look.colors.line);
    }
    double indent = 0;
    for (int depth = 0; depth < block.containers.size(); ++depth) {
        const Container& container = block.containers.at(depth);
        const double step = indentOf(container);
        if (indent + step > most + 0.5) {
            break; // deeper ones share the last indent
        }
        const double x = item.rightToLeft ? at.x() + m_width - indent - step : at.x() + indent;
        indent += step;
        if (container.kind == ContainerKind::kQuote) {
            // From the end of the block above, if that stands in the same quote, so that the bar isn't broken.
            double top = item.top;
            if (!container.first && index > 0) {
                const Item& before = m_items[size_t(index) - 1];
                top = before.top + before.height;
            }
            const QRectF bar(item.rightToLeft ? x + step - 3 : x, at.y() + top, 3, item.top + item.height - top);
            painter.setPen(Qt::NoPen);
            painter.setBrush(colorOf(container.alert, m_look.colors));
            painter.drawRect(bar);
        } else if (const double baseline = at.y() + item.top + item.box->firstBaseline();
                   container.first && baseline > clip.top() && at.y() + item.top < clip.bottom()) {
            paintMarker(painter, block, depth, QRectF(x, at.y() + item.top, step, item.height), baseline,
                        item.rightToLeft);
        }
    }
}

void Flow::paintMarker(QPainter& painter, const markdown::Block& block, int depth, const QRectF& room, double baseline,
                       bool rightToLeft) const {
    const Container& container = block.containers.at(depth);
    const bool note = container.kind == ContainerKind::kNote;
    const TextLook text = m_look.text(note ? Place::kReasoning : m_place);
    const double em = pixelSizeOf(text.font);
    painter.setPen(m_look.colors.ink2);
    if (note || container.kind == ContainerKind::kOrdered) {
        const QString number = QLocale().toString(container.number) + QLatin1Char('.');
        painter.setFont(text.font);
        const double width = QFontMetricsF(text.font).horizontalAdvance(number);
        const double x = rightToLeft ? room.left() + 0.45 * em : room.right() - 0.45 * em - width;
        const QFontMetricsF metrics(text.font);
        painter.setLayoutDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight); // the point follows the number
        painter.drawText(QRectF(x, baseline - metrics.ascent(), width + 1, metrics.height()),
                         int(Qt::AlignLeft | Qt::AlignAbsolute | Qt::AlignTop) | Qt::TextSingleLine, number);
        painter.setLayoutDirection(m_look.direction);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = baseline - 0.36 * em;
    if (container.kind == ContainerKind::kTask) {
        const double size = std::round(0.85 * em);
        const double x = rightToLeft ? room.right() - size - 1 : room.left() + 1;
        const QRectF box(x + 0.5, std::round(middle - size / 2) + 0.5, size, size);
        painter.setPen(QPen(container.checked ? m_look.colors.accent : m_look.colors.ink3, 1.25));
        painter.setBrush(container.checked ? QBrush(m_look.colors.accent) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(box, 3, 3);
        if (container.checked) {
            QPainterPath tick;
            tick.moveTo(box.left() + 0.22 * size, box.top() + 0.52 * size);
            tick.lineTo(box.left() + 0.43 * size, box.top() + 0.73 * size);
            tick.lineTo(box.left() + 0.80 * size, box.top() + 0.30 * size);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(m_look.colors.accentInk, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            painter.drawPath(tick);
        }
        return;
    }
    const auto lists = std::count_if(block.containers.begin(), block.containers.begin() + depth,
                                     [](const Container& outer) { return outer.kind != ContainerKind::kQuote; });
    const double radius = 0.17 * em;
    const QPointF center(room.left() + (rightToLeft ? 0.9 : room.width() / em - 0.9) * em, middle);
    painter.setBrush(lists == 0 ? QBrush(m_look.colors.ink2) : QBrush(Qt::NoBrush));
    painter.setPen(QPen(m_look.colors.ink2, 1.2));
    if (lists >= 2) {
        painter.setBrush(m_look.colors.ink2);
        painter.drawRect(QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius));
    } else {
        painter.drawEllipse(center, radius, radius);
    }
}

} // namespace alcuin::ui
