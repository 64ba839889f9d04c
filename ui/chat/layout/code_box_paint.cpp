#include "chat/layout/code_box.h"

#include "chat/paint/pieces.h"
#include "theme/icons.h"

#include <QCoreApplication>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>

namespace alcuin::ui {

/// The language's own name, or what the fence says.
QString CodeBox::label() const {
    if (m_lexed != nullptr) {
        return m_lexed->name;
    }
    return m_language.isEmpty() ? QCoreApplication::translate("alcuin::ui::CodeBox", "Code") : m_language;
}

void CodeBox::paintButton(QPainter& painter, const QRectF& button, Icon icon, bool hovered, bool done) const {
    if (hovered) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(mixed(m_look.codeFill(m_place), m_look.colors.ink, kHoverShare));
        painter.drawRoundedRect(button, Space::k1, Space::k1);
    }
    const QColor ink = done ? m_look.colors.positive : hovered ? m_look.colors.ink : m_look.colors.ink3;
    paintIcon(painter, icon, iconRect(button, m_look.icon), ink);
}

void CodeBox::paintHeader(QPainter& painter, QPointF at, const BoxPaint& paint) const {
    const QRectF copy = copyButton().translated(at);
    const QRectF save = saveButton().translated(at);
    QRectF words(at.x() + Space::k3, at.y(), m_width - 2 * Space::k3 - copy.width() - save.width(), m_headerHeight);
    if (m_look.isRightToLeft()) {
        words.translate(copy.width() + save.width(), 0);
    }
    paintLabel(painter, words, label(), m_look.secondary, m_look.colors.ink3, m_look.direction);
    paintButton(painter, save, Icon::kImport, paint.saveHovered, false);
    paintButton(painter, copy, paint.copyDone ? Icon::kCheck : Icon::kCopy, paint.copyHovered, paint.copyDone);
}

void CodeBox::paintLines(QPainter& painter, QPointF at, const BoxPaint& paint) {
    const QRectF body(at.x() + Space::k2, at.y() + m_headerHeight, m_width - 2 * Space::k2, lineCount() * m_lineHeight);
    const QRectF visible = body.intersected(paint.clip);
    if (visible.isEmpty()) {
        return;
    }
    painter.save();
    painter.setClipRect(body, Qt::IntersectClip);
    const QPointF origin = at + textOrigin();
    const int first = lineAt(visible.top() - at.y());
    const int last = lineAt(visible.bottom() - at.y());
    const QColor selected = selectionColor(m_look.colors);
    for (int line = first; line <= last; ++line) {
        const double y = origin.y() + line * m_lineHeight;
        const int start = m_pieces[size_t(m_firstPiece[size_t(line)])].start;
        const int end = lineEnd(line);
        if (!paint.selection.isEmpty() && paint.selection.from <= end && paint.selection.to > start) {
            const double left = xOf(std::max(paint.selection.from, start), line);
            const double right =
                paint.selection.to > end ? xOf(end, line) + m_look.codeAdvance / 2 : xOf(paint.selection.to, line);
            painter.fillRect(QRectF(origin.x() + left, y, right - left, m_lineHeight), selected);
        }
        painter.setPen(m_text.ink);
        double x = visible.left() - origin.x();
        for (int piece = pieceAt(line, x); piece < m_firstPiece[size_t(line) + 1]; ++piece) {
            Piece& part = m_pieces[size_t(piece)];
            if (part.x > visible.right() - origin.x()) {
                break;
            }
            const QTextLayout& layout = shaped(piece);
            layout.draw(&painter, {origin.x() + part.x, y});
            if (layout.lineCount() > 0) { // the estimate becomes a measure
                part.width = layout.lineAt(0).naturalTextWidth();
                if (piece + 1 < m_firstPiece[size_t(line) + 1]) {
                    m_pieces[size_t(piece) + 1].x = part.x + part.width;
                }
                m_scroll.content = std::max(m_scroll.content, part.x + part.width);
            }
        }
    }
    painter.restore();
}

void CodeBox::paintScrollBar(QPainter& painter, QPointF at, const BoxPaint& paint) const {
    paintSideScroll(painter, at, m_scroll, m_look.colors, paint.scrollHovered);
}

} // namespace alcuin::ui
