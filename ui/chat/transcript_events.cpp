#include "chat/transcript_private.h"

#include <QContextMenuEvent>
#include <QFocusEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QResizeEvent>
#include <QWheelEvent>

namespace alcuin::ui {

bool TranscriptView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

bool TranscriptView::viewportEvent(QEvent* event) {
    switch (event->type()) {
    case QEvent::ToolTip:
        return d->toolTip(static_cast<QHelpEvent*>(event));
    case QEvent::Leave:
        d->leave();
        break;
    default:
        break;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TranscriptView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    d->resized();
}

void TranscriptView::scrollContentsBy(int, int) {
    d->userScrolled();
}

void TranscriptView::wheelEvent(QWheelEvent* event) {
    event->setAccepted(d->wheel(event));
}

void TranscriptView::mousePressEvent(QMouseEvent* event) {
    d->mousePress(event);
}

void TranscriptView::mouseDoubleClickEvent(QMouseEvent* event) {
    d->mouseDoubleClick(event);
}

void TranscriptView::mouseMoveEvent(QMouseEvent* event) {
    d->mouseMove(event);
}

void TranscriptView::mouseReleaseEvent(QMouseEvent* event) {
    d->mouseRelease(event);
}

void TranscriptView::keyPressEvent(QKeyEvent* event) {
    if (!d->keyPress(event)) {
        event->ignore();
    }
}

void TranscriptView::contextMenuEvent(QContextMenuEvent* event) {
    QPointF at = event->pos();
    QPoint global = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard && d->focusedTurn >= 0) {
        Turn& turn = d->list.turn(d->focusedTurn);
        QRectF rect(0, 0, 1, 1);
        if (d->focused) {
            rect = turn.rectOf(*d->focused);
        }
        at = rect.center() + d->list.origin(d->focusedTurn) - QPointF(0, d->value());
        global = viewport()->mapToGlobal(at.toPoint());
    }
    d->showContextMenu(at, global);
}

void TranscriptView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    const bool forward = event->reason() == Qt::TabFocusReason;
    if ((forward || event->reason() == Qt::BacktabFocusReason) && d->list.count() > 0) {
        // Forwards begins with the newest turn, which is what one came for; backwards with its last button.
        const int last = d->list.count() - 1;
        const QList<Control> controls = d->list.turn(last).controls();
        d->focusOn(last, forward || controls.isEmpty() ? std::nullopt : std::optional(controls.last()));
    }
    viewport()->update();
}

void TranscriptView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool TranscriptView::focusNextPrevChild(bool next) {
    return d->moveFocus(next) || QAbstractScrollArea::focusNextPrevChild(next);
}

void TranscriptView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    switch (event->type()) {
    case QEvent::LayoutDirectionChange:
    case QEvent::LanguageChange:
    case QEvent::ApplicationFontChange:
        d->relook();
        break;
    default:
        break;
    }
}

} // namespace alcuin::ui
