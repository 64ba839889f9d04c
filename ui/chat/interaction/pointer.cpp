#include "chat/transcript_private.h"

#include <QApplication>
#include <QClipboard>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStyleHints>

#include <algorithm>

namespace alcuin::ui {

namespace {
constexpr int kAutoScrollMs = 30;
constexpr double kAutoScrollShare = 0.35; ///< of the distance outside, per step
constexpr double kBarGrace = 4;           ///< pixels around a thin bar that still count

/// What of the turn's own buttons lies there.
std::optional<Control> buttonAt(const Turn& turn, QPointF point) {
    const TurnFrame& frame = turn.frame();
    const auto over = [&](const QRectF& rect) { return !rect.isNull() && rect.contains(point); };
    const std::pair<const QRectF*, ControlKind> buttons[] = {{&frame.disclosure, ControlKind::kDisclosure},
                                                             {&frame.retry, ControlKind::kRetry},
                                                             {&frame.chooseModel, ControlKind::kChooseModel},
                                                             {&frame.previous, ControlKind::kPrevious},
                                                             {&frame.next, ControlKind::kNext},
                                                             {&frame.copy, ControlKind::kCopy},
                                                             {&frame.edit, ControlKind::kEdit},
                                                             {&frame.again, ControlKind::kRegenerate},
                                                             {&frame.againWith, ControlKind::kRegenerateWith},
                                                             {&frame.details, ControlKind::kDetails},
                                                             {&frame.proceed, ControlKind::kContinue},
                                                             {&frame.showSummary, ControlKind::kShowSummary},
                                                             {&frame.undoSummary, ControlKind::kUndoSummary}};
    for (const auto& [rect, kind] : buttons) {
        if (over(*rect)) {
            return Control{.kind = kind};
        }
    }
    for (int file = 0; file < frame.files.size(); ++file) {
        if (frame.files.at(file).contains(point)) {
            return Control{ControlKind::kFile, Part::kAnswer, -1, file};
        }
    }
    return {};
}
} // namespace

Hit TranscriptView::Private::hitTest(QPointF viewport) {
    const QPointF content = viewport + QPointF(0, value());
    Hit hit;
    hit.turn = list.indexAt(content.y());
    if (hit.turn < 0) {
        return hit;
    }
    Turn& turn = list.turn(hit.turn);
    const QPointF point = content - list.origin(hit.turn);
    hit.control = buttonAt(turn, point);
    Part part = Part::kAnswer;
    if (const Flow* reasoning = turn.flow(Part::kReasoning);
        reasoning != nullptr && reasoning->count() > 0 && point.y() < turn.origin(Part::kAnswer).y() - Space::k1) {
        part = Part::kReasoning;
    }
    Flow* flow = turn.flow(part);
    if (flow == nullptr || flow->count() == 0) {
        hit.position = {hit.turn, part, 0, 0};
        return hit;
    }
    const QPointF inFlow = point - turn.origin(part);
    const int block = flow->indexAt(inFlow.y());
    const Flow::Item& item = flow->item(block);
    const QPointF inBox = inFlow - QPointF(item.left, item.top);
    hit.position = {hit.turn, part, block, 0};
    if (!item.box || !item.measured) {
        return hit;
    }
    hit.position.offset = inBox.y() > item.height ? markdown::flatLength(flow->blocks().at(block))
                          : inBox.y() < 0         ? 0
                                                  : item.box->offsetAt(inBox);
    const bool inside = QRectF(0, 0, item.width, item.height).contains(inBox);
    hit.onText = inside && !hit.control && item.box->isText(inBox);
    if (!inside || hit.control) {
        return hit;
    }
    if (item.box->copyButton().contains(inBox)) {
        hit.control = Control{ControlKind::kCopyCode, part, block, -1};
    } else if (item.box->saveButton().contains(inBox)) {
        hit.control = Control{ControlKind::kSaveCode, part, block, -1};
    } else if (const int link = item.box->linkAt(inBox); link >= 0) {
        hit.control = Control{ControlKind::kLink, part, block, link};
    }
    if (const SideScroll* scroll = item.box->sideScroll(); scroll != nullptr && scroll->maximum() > 0) {
        hit.onSideScroll = scroll->track.adjusted(0, -kBarGrace, 0, kBarGrace).contains(inBox);
    }
    return hit;
}

SideScroll* TranscriptView::Private::sideScrollAt(const Position& position) {
    if (position.turn < 0 || position.turn >= list.count()) {
        return nullptr;
    }
    Flow* flow = list.turn(position.turn).flow(position.part);
    if (flow == nullptr || position.block >= flow->count() || !flow->item(position.block).box) {
        return nullptr;
    }
    return flow->item(position.block).box->sideScroll();
}

void TranscriptView::Private::mousePress(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        return;
    }
    focusedTurn = -1;
    focused.reset();
    const Hit hit = hitTest(event->position());
    pressPoint = lastPoint = event->position();
    if (hit.onSideScroll) {
        scrollDrag = hit.position;
        const SideScroll* scroll = sideScrollAt(hit.position);
        scrollGrab = event->position().x() - scroll->handle().left();
        if (const double x = event->position().x() - list.left(); scroll->handle().width() > 0) {
            const Flow::Item& item = list.turn(hit.turn).flow(hit.position.part)->item(hit.position.block);
            const double inBox = x - list.turn(hit.turn).origin(hit.position.part).x() - item.left;
            if (inBox < scroll->handle().left() || inBox > scroll->handle().right()) { // beside it: jump there
                scrollGrab = event->position().x() - (inBox - scroll->handle().width() / 2);
                dragTo(event->position());
            }
        }
        return;
    }
    if (hit.control) {
        pressedTurn = hit.turn;
        pressed = hit.control;
        if (hit.control->kind != ControlKind::kLink) {
            q->viewport()->update();
            return;
        }
    }
    if (!hit.position.isValid()) {
        clearSelection();
        return;
    }
    selecting = true;
    if (event->modifiers() & Qt::ShiftModifier && anchor.isValid()) {
        extendTo(hit.position);
        return;
    }
    const bool third = sinceDoubleClick.isValid() &&
                       sinceDoubleClick.elapsed() < QGuiApplication::styleHints()->mouseDoubleClickInterval();
    unit = third ? Unit::kBlock : Unit::kCharacter;
    anchorUnit = unitAround(hit.position, unit);
    select(anchorUnit.first, anchorUnit.second);
}

void TranscriptView::Private::mouseDoubleClick(QMouseEvent* event) {
    const Hit hit = hitTest(event->position());
    if (event->button() != Qt::LeftButton || !hit.position.isValid()) {
        return;
    }
    if (hit.control) {
        mousePress(event);
        return;
    }
    sinceDoubleClick.start();
    selecting = true;
    unit = Unit::kWord;
    anchorUnit = unitAround(hit.position, unit);
    select(anchorUnit.first, anchorUnit.second);
}

void TranscriptView::Private::dragTo(QPointF viewport) {
    SideScroll* scroll = sideScrollAt(scrollDrag);
    if (scroll == nullptr) {
        return;
    }
    const double free = scroll->track.width() - scroll->handle().width();
    if (free > 0) {
        const double left = viewport.x() - scrollGrab - scroll->track.left();
        scroll->scrollTo(left / free * scroll->maximum());
        q->viewport()->update();
    }
}

void TranscriptView::Private::mouseMove(QMouseEvent* event) {
    lastPoint = event->position();
    if (scrollDrag.isValid()) {
        dragTo(event->position());
        return;
    }
    if (!selecting) {
        hoverAt(event->position());
        return;
    }
    if (pressed && (event->position() - pressPoint).manhattanLength() >= QApplication::startDragDistance()) {
        pressed.reset(); // a link is dragged over, not followed
    }
    if (!pressed) {
        extendTo(hitTest(event->position()).position);
    }
    const bool outside = event->position().y() < 0 || event->position().y() > q->viewport()->height();
    if (outside && !autoScrollTimer.isActive()) {
        autoScrollTimer.start(kAutoScrollMs);
    } else if (!outside) {
        autoScrollTimer.stop();
    }
}

void TranscriptView::Private::autoScroll() {
    const double height = q->viewport()->height();
    const double outside = lastPoint.y() < 0 ? lastPoint.y() : std::max(0.0, lastPoint.y() - height);
    if (!selecting || outside == 0) {
        autoScrollTimer.stop();
        return;
    }
    QScrollBar* bar = q->verticalScrollBar();
    const double step = outside * kAutoScrollShare;
    bar->setValue(bar->value() + int(step > 0 ? std::max(1.0, step) : std::min(-1.0, step)));
    extendTo(hitTest({lastPoint.x(), std::clamp(lastPoint.y(), 0.0, height - 1)}).position);
}

void TranscriptView::Private::mouseRelease(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        return;
    }
    autoScrollTimer.stop();
    scrollDrag = {};
    selecting = false;
    const auto wasPressed = std::exchange(pressed, std::nullopt);
    const Hit hit = hitTest(event->position());
    if (wasPressed && hit.control == wasPressed && hit.turn == pressedTurn) {
        activate(hit.turn, *wasPressed);
    } else if (hasSelection() && QGuiApplication::clipboard()->supportsSelection()) {
        QGuiApplication::clipboard()->setText(selectedText(), QClipboard::Selection);
    }
    hoverAt(event->position());
    q->viewport()->update();
}

void TranscriptView::Private::hoverAt(QPointF viewport) {
    const Hit hit = hitTest(viewport);
    const bool inside = hit.turn >= 0 && viewport.y() + value() <= list.bottom(hit.turn) &&
                        viewport.y() + value() >= list.top(hit.turn);
    const int turn = inside ? hit.turn : -1;
    const auto control = inside ? hit.control : std::nullopt;
    std::optional<std::pair<Part, int>> scroll;
    if (inside && hit.onSideScroll) {
        scroll = std::pair(hit.position.part, hit.position.block);
    }
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (control && !hit.onSideScroll) {
        shape = isEnabled(turn, *control) ? Qt::PointingHandCursor : Qt::ArrowCursor;
    } else if (hit.onText && inside) {
        shape = Qt::IBeamCursor;
    }
    q->viewport()->setCursor(shape);
    if (turn != hoveredTurn || control != hovered || scroll != hoveredScroll) {
        hoveredTurn = turn;
        hovered = control;
        hoveredScroll = scroll;
        q->viewport()->update();
    }
}

void TranscriptView::Private::leave() {
    if (hoveredTurn >= 0) {
        hoveredTurn = -1;
        hovered.reset();
        hoveredScroll.reset();
        q->viewport()->update();
    }
}

} // namespace alcuin::ui
