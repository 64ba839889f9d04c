#include "chat/layout/turn_list.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {

constexpr int kKeptAround = 12;                ///< turns beside the view that keep their layouts
constexpr double kSideMargin = Space::k4 + 14; ///< as the composer's words; holds the scroll bar

bool sameView(const app::MessageView& a, const app::MessageView& b) {
    return a.id == b.id && a.role == b.role && a.state == b.state && a.text == b.text && a.reasoning == b.reasoning &&
           a.reasoningDurationMs == b.reasoningDurationMs && a.error == b.error && a.modelName == b.modelName &&
           a.siblings == b.siblings && a.siblingIndex == b.siblingIndex && a.attachments == b.attachments &&
           a.edited == b.edited && a.canContinue == b.canContinue && a.parameters == b.parameters &&
           a.measurements.promptTokens == b.measurements.promptTokens &&
           a.measurements.cachedTokens == b.measurements.cachedTokens &&
           a.measurements.completionTokens == b.measurements.completionTokens &&
           a.measurements.contextLength == b.measurements.contextLength &&
           a.measurements.decodeTokensPerSecond == b.measurements.decodeTokensPerSecond &&
           a.measurements.timeToFirstTokenMs == b.measurements.timeToFirstTokenMs;
}

} // namespace

void TurnList::setPath(const QList<app::MessageView>& path) {
    QHash<QUuid, size_t> known;
    for (size_t i = 0; i < m_turns.size(); ++i) {
        known.insert(m_turns[i]->view().id, i);
    }
    std::vector<std::unique_ptr<Turn>> turns;
    turns.reserve(size_t(path.size()));
    for (const app::MessageView& view : path) {
        const auto found = known.constFind(view.id);
        if (found != known.constEnd() && m_turns[*found]) {
            turns.push_back(std::move(m_turns[*found]));
            turns.back()->flush();
            if (!sameView(turns.back()->view(), view)) {
                turns.back()->update(view);
            }
        } else {
            turns.push_back(std::make_unique<Turn>(view));
            if (m_look) {
                turns.back()->setLook(m_look, m_columnWidth);
            }
        }
    }
    m_turns = std::move(turns);
    restack(0);
}

void TurnList::clear() {
    m_turns.clear();
    m_tops.clear();
}

void TurnList::setFrame(const std::shared_ptr<const Look>& look, double width, double inset) {
    m_look = look;
    m_columnWidth = std::max(80.0, std::floor(std::min(look->columnWidth, width - 2 * kSideMargin)));
    m_left = inset + std::max(0.0, std::floor((width - m_columnWidth) / 2));
    for (const auto& turn : m_turns) {
        turn->setLook(look, m_columnWidth);
    }
    restack(0);
}

int TurnList::indexOf(const QUuid& id) const {
    // What streams is at the end.
    for (int i = count() - 1; i >= 0; --i) {
        if (turn(i).view().id == id) {
            return i;
        }
    }
    return -1;
}

void TurnList::setRoomAbove(double room) {
    m_roomAbove = room;
    restack(0);
}

double TurnList::height() const {
    return m_turns.empty() ? 0 : m_tops.back() + m_turns.back()->height() + kMargin;
}

int TurnList::indexAt(double y) const {
    if (m_turns.empty()) {
        return -1;
    }
    const auto found = std::ranges::upper_bound(m_tops, y);
    return std::max(0, int(found - m_tops.begin()) - 1);
}

void TurnList::restack(int from) {
    m_tops.resize(m_turns.size());
    double y = from > 0 ? bottom(from - 1) : kMargin + m_roomAbove;
    for (size_t i = size_t(from); i < m_turns.size(); ++i) {
        m_tops[i] = y;
        y += m_turns[i]->height();
    }
}

bool TurnList::measure(double from, double to) {
    bool changed = false;
    for (int i = std::max(0, indexAt(from)); i < count() && top(i) < to; ++i) {
        if (turn(i).measure(from - top(i), to - top(i))) {
            changed = true;
            restack(i);
        }
    }
    return changed;
}

void TurnList::releaseFar(double from, double to) {
    const int first = indexAt(from) - kKeptAround;
    const int last = indexAt(to) + kKeptAround;
    for (int i = 0; i < count(); ++i) {
        if ((i < first || i > last) && turn(i).isLoaded()) {
            turn(i).release();
        }
    }
}

} // namespace alcuin::ui
