#include "chat/find/find_session.h"
#include "chat/transcript_private.h"

#include <algorithm>

// Finding words, and going to a place in the text.

namespace alcuin::ui {

FindSession& TranscriptView::Private::finding() {
    if (!find) {
        find = std::make_unique<FindSession>(*this, theme);
    }
    return *find;
}

/// Brings characters into view that may never have been laid out; opens the reasoning they stand in. What is `covered`
/// at the top doesn't count as seen.
void TranscriptView::Private::showText(const Position& position, TextRange range, double covered) {
    constexpr int kRounds = 4; // guessed heights above are corrected when they come into view
    if (position.turn < 0 || position.turn >= list.count()) {
        return;
    }
    follow = false;
    Turn& turn = list.turn(position.turn);
    if (position.part == Part::kReasoning && !turn.isReasoningOpen()) {
        turn.measure(0, 1);
        turn.setReasoningOpen(true);
        list.restack(position.turn);
        updateScrollBar();
    }
    for (int round = 0; round < kRounds; ++round) {
        const QRectF inTurn = turn.rectOf(position.part, position.block, range);
        list.restack(position.turn);
        updateScrollBar();
        const QRectF rect = inTurn.translated(list.origin(position.turn));
        const double height = q->viewport()->height();
        const double top = value() + covered;
        const bool seen = rect.top() >= top && rect.bottom() <= value() + height - Space::k4;
        if (seen && round > 0) {
            break;
        }
        if (!seen) {
            setValue(rect.center().y() - height / 3);
        }
        settle();
    }
    if (SideScroll* scroll = sideScrollAt(position); scroll != nullptr && scroll->maximum() > 0) {
        const Flow::Item& item = turn.flow(position.part)->item(position.block);
        const QRectF rect = turn.rectOf(position.part, position.block, range)
                                .translated(-turn.origin(position.part) - QPointF(item.left, 0));
        if (rect.left() < Space::k4) {
            scroll->scrollTo(scroll->offset + rect.left() - Space::k8);
        } else if (rect.right() > item.width - Space::k4) {
            scroll->scrollTo(scroll->offset + rect.right() - item.width + Space::k8);
        }
    }
    noteEnd();
    q->viewport()->update();
}

void TranscriptView::showFind() {
    d->finding().open();
}

void TranscriptView::hideFind() {
    if (d->find) {
        d->find->close();
    }
}

bool TranscriptView::isFindShown() const {
    return d->find && d->find->isOpen();
}

void TranscriptView::find(const QString& text) {
    showFind();
    d->find->look(text);
}

void TranscriptView::findNext() {
    if (isFindShown()) {
        d->find->step(true);
    } else {
        showFind();
    }
}

void TranscriptView::findPrevious() {
    if (isFindShown()) {
        d->find->step(false);
    } else {
        showFind();
    }
}

int TranscriptView::matchCount() const {
    return d->find ? d->find->count() : 0;
}

bool TranscriptView::scrollTo(const QUuid& message, const QString& text) {
    const int index = d->list.indexOf(message);
    if (index < 0) {
        return false;
    }
    Turn& turn = d->list.turn(index);
    QStringList wanted{text};
    wanted += text.simplified().split(u' ', Qt::SkipEmptyParts); // as a whole, or any of its words
    for (const QString& words : std::as_const(wanted)) {
        for (const Part part : {Part::kAnswer, Part::kReasoning}) {
            const markdown::Blocks& blocks = turn.documentBlocks(part);
            for (int block = 0; block < blocks.size(); ++block) {
                const auto matches = matchesIn(markdown::flatText(blocks.at(block)), {words, false});
                if (!matches.isEmpty()) {
                    const TextRange range = matches.first();
                    d->showText({index, part, block, range.from}, range, Space::k4);
                    d->anchorUnit = {};
                    d->select({index, part, block, range.from}, {index, part, block, range.to});
                    return true;
                }
            }
        }
    }
    d->follow = false;
    d->focusedTurn = index;
    d->focused.reset();
    for (int round = 0; round < 2; ++round) { // what lies above may turn out other than guessed
        d->setValue(d->list.top(index) - Space::k4);
        d->settle();
    }
    return true;
}

} // namespace alcuin::ui
