#include "chat/find/find_session.h"
#include "chat/transcript_private.h"

#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {
constexpr int kMostRounds = 12;    ///< of guessing, measuring and correcting
constexpr double kWheelLines = 3;  ///< text lines a wheel notch moves
constexpr double kNotch = 120;     ///< eighths of a degree: QWheelEvent::angleDelta
constexpr double kFlushFactor = 4; ///< the view rests this many times as long as showing text took
constexpr int kFlushMs = 16;
constexpr int kMostFlushMs = 400;
} // namespace

/// The column stands in the middle of the whole view, as the composer does below it, and doesn't move aside when the
/// scroll bar appears. Mirrored, the bar stands at the left and pushes the viewport.
double TranscriptView::Private::inset() const {
    return -q->viewport()->x();
}

void TranscriptView::Private::relook() {
    change([this] {
        look = std::make_shared<const Look>(Look::of(theme, q->layoutDirection(), look ? look->languages : nullptr));
        laidWidth = q->width();
        laidInset = inset();
        list.setFrame(look, laidWidth, laidInset);
    });
}

void TranscriptView::Private::resized() {
    if (find) {
        find->place();
    }
    if (settling) { // its own scroll bar came or went
        resizedWhileSettling = true;
    } else if (laidWidth != q->width() || laidInset != inset()) {
        relook();
    } else {
        settle();
    }
}

double TranscriptView::Private::value() const {
    return q->verticalScrollBar()->value();
}

double TranscriptView::Private::maximum() const {
    return std::max(0.0, list.height() - q->viewport()->height());
}

void TranscriptView::Private::setValue(double value) {
    settingScroll = true;
    q->verticalScrollBar()->setValue(int(std::lround(value)));
    settingScroll = false;
}

void TranscriptView::Private::updateScrollBar() {
    QScrollBar* bar = q->verticalScrollBar();
    settingScroll = true;
    bar->setPageStep(q->viewport()->height());
    bar->setSingleStep(look ? int(look->lineHeight(Place::kAnswer)) : 20);
    bar->setRange(0, int(std::ceil(maximum())));
    settingScroll = false;
}

/// The first thing in view whose height is known: it must not move when guesses around it are corrected.
std::optional<TranscriptView::Private::Anchor> TranscriptView::Private::captureAnchor() const {
    const double top = value();
    const double bottom = top + q->viewport()->height();
    const int first = list.indexAt(top);
    if (first < 0) {
        return {};
    }
    TurnList& turns = const_cast<Private*>(this)->list;
    for (int i = first; i < list.count() && list.top(i) < bottom; ++i) {
        Turn& turn = turns.turn(i);
        if (list.top(i) >= top) {
            return Anchor{turn.view().id, Part::kAnswer, -1, list.top(i) - top};
        }
        for (const Part part : {Part::kReasoning, Part::kAnswer}) {
            const Flow* flow = turn.flow(part);
            const double origin = list.top(i) + turn.origin(part).y();
            for (int block = flow != nullptr && flow->count() > 0 ? flow->indexAt(top - origin) : 0;
                 flow != nullptr && block < flow->count() && origin + flow->item(block).top < bottom; ++block) {
                const Flow::Item& item = flow->item(block);
                if (item.measured && origin + item.top + item.height > top) {
                    return Anchor{turn.view().id, part, block, origin + item.top - top};
                }
            }
        }
    }
    return Anchor{list.turn(first).view().id, Part::kAnswer, -1, list.top(first) - top};
}

void TranscriptView::Private::restore(const Anchor& kept) {
    const int index = list.indexOf(kept.turn);
    if (index < 0) {
        return;
    }
    double y = list.top(index);
    Turn& turn = list.turn(index);
    const Flow* flow = kept.block >= 0 ? turn.flow(kept.part) : nullptr;
    if (flow != nullptr && kept.block < flow->count()) {
        y += turn.origin(kept.part).y() + flow->item(kept.block).top;
    }
    setValue(y - kept.shown);
}

void TranscriptView::Private::change(const std::function<void()>& edit) {
    const auto kept = follow ? std::nullopt : captureAnchor();
    edit();
    updateScrollBar();
    if (kept) {
        restore(*kept);
    }
    settle();
}

void TranscriptView::Private::settle() {
    if (settling || !look) {
        return;
    }
    settling = true;
    const double height = q->viewport()->height();
    updateScrollBar();
    for (int round = 0; round < kMostRounds; ++round) {
        if (follow) {
            setValue(maximum());
        }
        const double before = value();
        const auto kept = follow ? std::nullopt : captureAnchor();
        const bool changed = list.measure(before, before + height);
        updateScrollBar();
        if (follow) {
            setValue(maximum());
        } else if (kept) {
            restore(*kept);
        }
        if (!changed && value() == before) {
            break;
        }
    }
    list.releaseFar(value(), value() + height);
    settling = false;
    if (std::exchange(resizedWhileSettling, false)) {
        resized();
        return;
    }
    noteEnd();
    if (q->viewport()->underMouse() && !selecting) { // something else may be under the pointer now
        hoverAt(q->viewport()->mapFromGlobal(QCursor::pos()));
    }
    q->viewport()->update();
}

void TranscriptView::Private::noteEnd() {
    const int last = list.count() - 1;
    const double end = last < 0 ? 0 : list.top(last) + list.turn(last).wordsBottom();
    const bool atEnd = end <= value() + q->viewport()->height() + 1;
    if (atEnd != wasAtEnd) {
        wasAtEnd = atEnd;
        emit q->atEndChanged(atEnd);
    }
}

void TranscriptView::Private::userScrolled() {
    if (settingScroll) {
        return;
    }
    follow = value() >= std::floor(maximum()) - 1;
    settle();
}

void TranscriptView::Private::scrollBy(double pixels) {
    wheelRest += pixels;
    const double whole = std::trunc(wheelRest);
    wheelRest -= whole;
    QScrollBar* bar = q->verticalScrollBar();
    bar->setValue(bar->value() + int(whole));
}

void TranscriptView::Private::showRect(const QRectF& content) {
    const double height = q->viewport()->height();
    const double margin = Space::k4;
    double wanted = value();
    if (content.bottom() + margin > wanted + height) {
        wanted = content.bottom() + margin - height;
    }
    if (content.top() - margin < wanted) {
        wanted = content.top() - margin;
    }
    q->verticalScrollBar()->setValue(int(std::lround(wanted)));
}

bool TranscriptView::Private::wheelSideways(const Hit& hit, double pixels) {
    SideScroll* scroll = hit.position.isValid() ? sideScrollAt(hit.position) : nullptr;
    if (scroll == nullptr || scroll->maximum() <= 0) {
        return false;
    }
    scroll->scrollTo(scroll->offset - pixels);
    q->viewport()->update();
    return true;
}

/// Touchpads say pixels, wheels say notches. Sideways, or with Shift, what lies under the pointer moves if it can.
bool TranscriptView::Private::wheel(QWheelEvent* event) {
    if (event->modifiers() & Qt::ControlModifier) {
        return false; // zoom is the window's
    }
    QPointF pixels = event->pixelDelta();
    if (pixels.isNull()) {
        pixels = QPointF(event->angleDelta()) / kNotch * kWheelLines * look->lineHeight(Place::kAnswer);
    }
    if (event->modifiers() & Qt::ShiftModifier && pixels.x() == 0) {
        pixels = {pixels.y(), 0};
    }
    if (std::abs(pixels.x()) > std::abs(pixels.y())) {
        return wheelSideways(hitTest(event->position()), pixels.x());
    }
    scrollBy(-pixels.y());
    return true;
}

/// Shows what was collected. The longer that takes, the longer the view waits before it does so again, so that typing
/// and scrolling stay quick whatever comes.
void TranscriptView::Private::flush() {
    flushTimer.stop();
    QElapsedTimer timer;
    timer.start();
    QList<int> grown;
    change([&] {
        for (int i = list.count() - 1; i >= 0; --i) {
            if (list.turn(i).isStreaming() && list.turn(i).flush()) {
                grown.append(i);
                list.restack(i);
            }
        }
    });
    lastFlushMs = double(timer.nsecsElapsed()) / 1e6;
    flushTimer.setInterval(std::clamp(int(lastFlushMs * kFlushFactor), kFlushMs, kMostFlushMs));
    for (const int turn : grown) {
        if (find) {
            find->turnChanged(turn);
        }
        announce(turn, false);
    }
}

} // namespace alcuin::ui
