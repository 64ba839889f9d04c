#include "chat/transcript_view.h"

#include "chat/accessibility/transcript_accessible.h"
#include "chat/find/find_session.h"
#include "chat/paint/turn_painter.h"
#include "chat/transcript_private.h"

#include <QPainter>
#include <QScrollBar>

namespace alcuin::ui {

TranscriptView::Private::Private(TranscriptView* view, const Theme& theTheme) : q(view), theme(theTheme) {
    QAccessible::installActivationObserver(this);
}

TranscriptView::Private::~Private() {
    QAccessible::removeActivationObserver(this);
}

void TranscriptView::Private::accessibilityActiveChanged(bool active) {
    listened = active;
}

TranscriptView::TranscriptView(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent), d(std::make_unique<Private>(this, theme)) {
    installTranscriptAccessibility();
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Conversation"));
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    d->flushTimer.setSingleShot(true);
    d->doneTimer.setSingleShot(true);
    connect(&d->flushTimer, &QTimer::timeout, this, [this] { d->flush(); });
    connect(&d->autoScrollTimer, &QTimer::timeout, this, [this] { d->autoScroll(); });
    connect(&d->doneTimer, &QTimer::timeout, this, [this] {
        d->done.reset();
        viewport()->update();
    });
    connect(&theme, &Theme::changed, this, [this] { d->relook(); });
    d->relook();
}

TranscriptView::~TranscriptView() = default;

void TranscriptView::setPath(const QList<app::MessageView>& path) {
    d->flushTimer.stop();
    d->hoveredTurn = -1;
    d->hovered.reset();
    d->hoveredScroll.reset();
    d->pressed.reset();
    d->keepPlaces(path);
    d->announced.clear();
    bool known = false;
    for (const app::MessageView& view : path) {
        known = known || d->list.indexOf(view.id) >= 0;
    }
    d->follow = d->follow || !known; // another conversation opens at its end
    d->change([&] {
        d->list.setPath(path);
        d->markSummaries();
    });
    for (int i = 0; i < d->list.count(); ++i) {
        if (d->list.turn(i).isStreaming()) {
            d->announced.insert(d->list.turn(i).view().id, {});
        }
    }
    if (d->find) {
        d->find->turnsChanged();
    }
    noteTurnsChanged(*this);
}

void TranscriptView::clear() {
    setPath({});
    d->follow = true;
}

void TranscriptView::setReading(const QUuid& answer, qint64 done, qint64 total) {
    if (const int index = d->list.indexOf(answer); index >= 0) {
        d->list.turn(index).setReading(done, total);
        viewport()->update();
    }
}

void TranscriptView::appendReasoning(const QUuid& answer, const QString& text) {
    if (const int index = d->list.indexOf(answer); index >= 0 && !text.isEmpty()) {
        d->list.turn(index).append(Part::kReasoning, text);
        if (!d->flushTimer.isActive()) {
            d->flushTimer.start();
        }
    }
}

void TranscriptView::appendAnswer(const QUuid& answer, const QString& text) {
    if (const int index = d->list.indexOf(answer); index >= 0 && !text.isEmpty()) {
        d->list.turn(index).append(Part::kAnswer, text);
        if (!d->flushTimer.isActive()) {
            d->flushTimer.start();
        }
    }
}

void TranscriptView::finish(const app::MessageView& answer) {
    const int index = d->list.indexOf(answer.id);
    if (index < 0) {
        return;
    }
    d->change([&] {
        d->list.turn(index).update(answer);
        d->list.restack(index);
    });
    if (d->find) {
        d->find->turnChanged(index);
    }
    d->announce(index, true);
}

void TranscriptView::setSummarised(const QHash<QUuid, Summarised>& messages) {
    if (messages != d->summarised) {
        d->summarised = messages;
        d->change([this] { d->markSummaries(); });
        noteTurnsChanged(*this);
    }
}

void TranscriptView::Private::markSummaries() {
    for (int i = 0; i < list.count(); ++i) {
        Turn& turn = list.turn(i);
        const auto marked = summarised.value(turn.view().id, Summarised::kNot);
        if (marked != turn.summarised()) {
            turn.setSummarised(marked);
            list.restack(i);
        }
    }
}

std::optional<app::MessageView> TranscriptView::message(const QUuid& message) const {
    const int index = d->list.indexOf(message);
    return index < 0 ? std::nullopt : std::optional(d->list.turn(index).view());
}

void TranscriptView::setActionsEnabled(bool enabled) {
    if (d->actionsEnabled != enabled) {
        d->actionsEnabled = enabled;
        viewport()->update();
    }
}

bool TranscriptView::isAtEnd() const {
    return d->wasAtEnd;
}

void TranscriptView::jumpToEnd() {
    d->follow = true;
    d->settle();
}

QString TranscriptView::selectedText() const {
    return d->selectedText();
}

void TranscriptView::selectAll() {
    if (d->list.count() > 0) {
        const Part first = d->list.turn(0).isReasoningOpen() ? Part::kReasoning : Part::kAnswer;
        d->anchorUnit = {};
        d->select({0, first, 0, 0}, d->endPosition());
    }
}

void TranscriptView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    d->paint(painter, event->rect());
}

void TranscriptView::Private::paint(QPainter& painter, const QRect& region) {
    painter.fillRect(region, look->colors.paper);
    const double top = value();
    painter.translate(0, -top);
    const QRectF clip = QRectF(region).translated(0, top);
    for (int i = list.indexAt(clip.top()); i >= 0 && i < list.count() && list.top(i) < clip.bottom(); ++i) {
        Turn& turn = list.turn(i);
        TurnPaint state;
        state.clip = clip;
        if (hasSelection()) {
            state.selection = [this, i](Part part, int block) { return selectionIn(i, part, block); };
        }
        if (find && find->isOpen()) {
            state.marks = [this, i](Part part, int block) { return find->marksIn(i, part, block); };
        }
        if (hoveredTurn == i) {
            state.hovered = hovered;
            state.hoveredScroll = hoveredScroll;
        }
        state.pressed = pressedTurn == i ? pressed : std::nullopt;
        const bool ring = focusedTurn == i && q->hasFocus();
        state.focused = ring ? focused : std::nullopt;
        state.turnFocused = ring;
        state.showActions = hoveredTurn == i || ring;
        state.done = doneTurn == turn.view().id ? done : std::nullopt;
        state.enabled = [this, i](const Control& control) { return isEnabled(i, control); };
        paintTurn(painter, list.origin(i), turn, *look, state);
    }
}

} // namespace alcuin::ui
