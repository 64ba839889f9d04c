#include "chat/transcript_private.h"

#include "chat/accessibility/transcript_accessible.h"

#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace alcuin::ui {

void TranscriptView::Private::focusOn(int turn, const std::optional<Control>& control) {
    focusedTurn = turn;
    focused = control;
    if (turn >= 0) {
        list.turn(turn).measure(0, 1); // its buttons are known only once it is laid out
        list.restack(turn);
        QRectF rect(0, 0, list.columnWidth(), std::min(list.turn(turn).height(), double(q->viewport()->height()) / 2));
        if (control) {
            rect = list.turn(turn).rectOf(*control);
            list.restack(turn);
        }
        settle();
        showRect(rect.translated(list.origin(turn)));
        noteFocus(*q, turn, control);
    }
    q->viewport()->update();
}

/// Tab goes over the turns and, in each, over what can be pressed; after the last it leaves the view.
bool TranscriptView::Private::moveFocus(bool forward) {
    if (list.count() == 0) {
        return false;
    }
    if (focusedTurn < 0 || focusedTurn >= list.count()) {
        return false;
    }
    const QList<Control> controls = list.turn(focusedTurn).controls();
    const auto at = focused ? controls.indexOf(*focused) : -1;
    if (forward && at + 1 < controls.size()) {
        focusOn(focusedTurn, controls.at(at + 1));
        return true;
    }
    if (!forward && at > 0) {
        focusOn(focusedTurn, controls.at(at - 1));
        return true;
    }
    if (!forward && at == 0) {
        focusOn(focusedTurn, std::nullopt);
        return true;
    }
    const int next = focusedTurn + (forward ? 1 : -1);
    if (next < 0 || next >= list.count()) {
        focusedTurn = -1;
        focused.reset();
        q->viewport()->update();
        return false;
    }
    if (forward) {
        focusOn(next, std::nullopt);
        return true;
    }
    const QList<Control> before = list.turn(next).controls();
    focusOn(next, before.isEmpty() ? std::nullopt : std::optional(before.last()));
    return true;
}

bool TranscriptView::Private::keyPress(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        q->copySelection();
        return true;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        q->selectAll();
        return true;
    }
    QScrollBar* bar = q->verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_Up:
        bar->triggerAction(QAbstractSlider::SliderSingleStepSub);
        return true;
    case Qt::Key_Down:
        bar->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        return true;
    case Qt::Key_PageUp:
        bar->setValue(bar->value() - std::max(1, bar->pageStep() - bar->singleStep()));
        return true;
    case Qt::Key_PageDown:
        bar->setValue(bar->value() + std::max(1, bar->pageStep() - bar->singleStep()));
        return true;
    case Qt::Key_Home:
        bar->setValue(0);
        return true;
    case Qt::Key_End:
        q->jumpToEnd();
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (focused && (focused->kind == ControlKind::kCopyCode || focused->kind == ControlKind::kSaveCode)) {
            const double step = 4 * look->codeAdvance;
            Hit code;
            code.position = {focusedTurn, focused->part, focused->block, 0};
            return wheelSideways(code, event->key() == Qt::Key_Left ? step : -step);
        }
        return false;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (focusedTurn >= 0 && focused) {
            activate(focusedTurn, *focused);
            return true;
        }
        return false;
    case Qt::Key_Escape:
        if (hasSelection()) {
            clearSelection();
            return true;
        }
        return false;
    default:
        return false;
    }
}

} // namespace alcuin::ui
