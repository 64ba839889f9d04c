#include "chat/transcript_private.h"

#include <QStringList>
#include <QTextBoundaryFinder>

#include <algorithm>

namespace alcuin::ui {

using markdown::Blocks;

TextRange TranscriptView::Private::selectionIn(int turn, Part part, int block) const {
    if (!hasSelection()) {
        return {};
    }
    const auto [from, to] = std::minmax(anchor, cursor);
    const Position start{turn, part, block, 0};
    constexpr int kAll = 1 << 30;
    const Position end{turn, part, block, kAll};
    if (to <= start || from >= end) {
        return {};
    }
    const bool beginsHere = from > start;
    const bool endsHere = to < end;
    return {beginsHere ? from.offset : 0, endsHere ? to.offset : kAll};
}

void TranscriptView::Private::select(const Position& from, const Position& to) {
    anchor = from;
    cursor = to;
    q->viewport()->update();
}

void TranscriptView::Private::clearSelection() {
    select({}, {});
}

std::pair<Position, Position> TranscriptView::Private::unitAround(const Position& position, Unit wanted) {
    std::pair range(position, position);
    if (wanted == Unit::kCharacter || !position.isValid()) {
        return range;
    }
    const Blocks& blocks = list.turn(position.turn).blocks(position.part);
    if (position.block >= blocks.size()) {
        return range;
    }
    const QString text = markdown::flatText(blocks.at(position.block));
    if (wanted == Unit::kBlock) {
        range.first.offset = 0;
        range.second.offset = int(text.size());
        return range;
    }
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, text);
    finder.setPosition(std::min<qsizetype>(position.offset + 1, text.size()));
    const auto start = finder.toPreviousBoundary();
    const auto end = finder.toNextBoundary();
    if (start >= 0 && end >= 0) {
        range.first.offset = int(start);
        range.second.offset = int(end);
    }
    return range;
}

void TranscriptView::Private::extendTo(const Position& position) {
    if (!position.isValid()) {
        return;
    }
    const auto [from, to] = unitAround(position, unit);
    if (!anchorUnit.first.isValid()) {
        anchorUnit = {anchor, anchor};
    }
    if (position < anchorUnit.first) {
        select(anchorUnit.second, from);
    } else {
        select(anchorUnit.first, std::max(to, anchorUnit.second));
    }
}

void TranscriptView::Private::keepPlaces(const QList<app::MessageView>& path) {
    int same = 0;
    while (same < path.size() && same < list.count() && list.turn(same).view().id == path.at(same).id &&
           list.turn(same).view().text == path.at(same).text) {
        ++same;
    }
    if (std::max(anchor.turn, cursor.turn) >= same) {
        anchor = cursor = {};
        anchorUnit = {};
        selecting = false;
    }
    if (focusedTurn >= same) {
        focusedTurn = -1;
        focused.reset();
    }
}

Position TranscriptView::Private::endPosition() {
    if (list.count() == 0) {
        return {};
    }
    const int turn = list.count() - 1;
    const Blocks& blocks = list.turn(turn).blocks(Part::kAnswer);
    const int block = std::max<int>(0, int(blocks.size()) - 1);
    return {turn, Part::kAnswer, block, blocks.isEmpty() ? 0 : markdown::flatLength(blocks.last())};
}

QString TranscriptView::Private::selectedText() {
    if (!hasSelection()) {
        return {};
    }
    const auto [from, to] = std::minmax(anchor, cursor);
    QStringList turns;
    for (int turn = from.turn; turn <= to.turn && turn < list.count(); ++turn) {
        QString text;
        for (const Part part : {Part::kReasoning, Part::kAnswer}) {
            const Blocks& blocks = list.turn(turn).blocks(part);
            const markdown::Block* before = nullptr;
            for (int block = 0; block < blocks.size(); ++block) {
                const Position start{turn, part, block, 0};
                const Position end{turn, part, block, markdown::flatLength(blocks.at(block))};
                if (end < from || start >= to) {
                    continue;
                }
                if (before != nullptr) {
                    text += markdown::separator(*before, blocks.at(block));
                } else if (!text.isEmpty()) {
                    text += QLatin1String("\n\n");
                }
                text += markdown::plainText(blocks.at(block), from > start ? from.offset : 0,
                                            to < end ? to.offset : end.offset);
                before = &blocks.at(block);
            }
        }
        if (!text.isEmpty()) {
            turns.append(text);
        }
    }
    return turns.join(QLatin1String("\n\n"));
}

} // namespace alcuin::ui
