#include "chat/find/find_session.h"

#include <QApplication>

#include <algorithm>

namespace alcuin::ui {

namespace {
constexpr int kLongestSelection = 120; ///< characters: more is hardly meant to be looked for
}

FindSession::FindSession(TranscriptAccess::State& view, const Theme& theme)
    : m_view(view), m_finder(view.list), m_bar(new FindBar(theme, view.q)) {
    m_bar->hide();
    connect(&m_finder, &Finder::progressed, this, &FindSession::progressed);
    connect(m_bar, &FindBar::queryChanged, this, &FindSession::queryChanged);
    connect(m_bar, &FindBar::nextRequested, this, [this] { step(true); });
    connect(m_bar, &FindBar::previousRequested, this, [this] { step(false); });
    connect(m_bar, &FindBar::closeRequested, this, &FindSession::close);
}

bool FindSession::isOpen() const {
    return m_bar->isVisibleTo(m_view.q);
}

void FindSession::open() {
    if (!isOpen()) {
        m_before = QApplication::focusWidget();
        m_bar->show();
        place();
        // What stands at the very top can be scrolled out from below the bar; nothing moves for it.
        m_view.change([this] { m_view.list.setRoomAbove(m_bar->height() + Space::k2); });
    }
    QString selected = m_view.selectedText();
    if (!selected.isEmpty() && selected.size() <= kLongestSelection && !selected.contains(u'\n')) {
        m_bar->setText(selected);
    } else {
        queryChanged();
    }
    m_bar->focusText();
}

/// What one is at becomes the selection, so that it isn't lost with the bar.
void FindSession::close() {
    if (!isOpen()) {
        return;
    }
    if (m_current) {
        const int turn = m_view.list.indexOf(m_current->turn);
        if (turn >= 0) {
            m_view.anchorUnit = {};
            m_view.select({turn, m_current->part, m_current->block, m_current->range.from},
                          {turn, m_current->part, m_current->block, m_current->range.to});
        }
    }
    const bool had = m_bar->isAncestorOf(QApplication::focusWidget());
    m_bar->hide();
    m_view.change([this] { m_view.list.setRoomAbove(0); });
    m_finder.setQuery({}, 0);
    m_current.reset();
    m_wanted = false;
    m_view.q->viewport()->update();
    if (had) {
        QWidget* back = m_before && m_before->isVisible() ? m_before.data() : m_view.q;
        back->setFocus(Qt::OtherFocusReason);
    }
}

void FindSession::look(const QString& text) {
    m_bar->setText(text);
}

void FindSession::queryChanged() {
    const FindQuery query{m_bar->text(), m_bar->matchesCase()};
    if (query == m_finder.query()) {
        report();
        return;
    }
    const int top = std::max(0, m_view.list.indexAt(m_view.value()));
    const int at = m_current ? m_view.list.indexOf(m_current->turn) : -1;
    m_finder.setQuery(query, at >= 0 ? at : top);
    m_wanted = !query.isEmpty();
    m_wantedForward = true;
    if (query.isEmpty()) {
        m_current.reset();
    }
    report();
    m_view.q->viewport()->update();
}

void FindSession::step(bool forward) {
    if (m_finder.query().isEmpty()) {
        return;
    }
    m_wanted = true;
    m_wantedForward = forward;
    if (m_current) {
        if (const auto found = m_finder.next(*m_current, forward)) {
            m_wanted = false;
            show(*found);
        }
    }
    progressed();
}

/// More is known: goes to the match that was waited for. While one types, the match one is at stays if it still is one.
void FindSession::progressed() {
    if (m_current && m_view.list.indexOf(m_current->turn) < 0) {
        m_current.reset();
    }
    if (m_wanted) {
        std::optional<Match> found;
        if (m_current) {
            const int turn = m_view.list.indexOf(m_current->turn);
            found = m_finder.nearest(turn, m_current->part, m_current->block, m_current->range.from, m_wantedForward);
        } else {
            const int top = std::max(0, m_view.list.indexAt(m_view.value()));
            found = m_finder.nearest(top, Part::kReasoning, 0, 0, m_wantedForward);
        }
        if (found) {
            m_wanted = false;
            show(*found);
        } else if (m_finder.isComplete()) {
            m_wanted = false;
            m_current.reset();
        }
    }
    report();
    m_view.q->viewport()->update();
}

void FindSession::report() {
    const int ordinal = m_current ? m_finder.ordinalOf(*m_current) : 0;
    m_bar->setResult(ordinal, m_finder.count(), m_finder.isComplete());
}

void FindSession::show(const Match& match) {
    m_current = match;
    const int turn = m_view.list.indexOf(match.turn);
    m_view.showText({turn, match.part, match.block, match.range.from}, match.range,
                    m_bar->geometry().bottom() + Space::k2);
}

void FindSession::turnsChanged() {
    m_finder.turnsChanged();
    if (isOpen()) {
        progressed();
    }
}

void FindSession::turnChanged(int turn) {
    m_finder.turnChanged(turn);
}

/// At the corner where reading ends, over the text.
void FindSession::place() {
    const QSize size = m_bar->sizeHint().boundedTo(m_view.q->size());
    const QRect room = m_view.q->viewport()->geometry();
    const bool mirrored = m_view.look->isRightToLeft();
    const int x = mirrored ? room.left() + Space::k4 : room.right() - Space::k4 - size.width();
    m_bar->setGeometry(QRect(QPoint(std::max(0, x), room.top() + Space::k2), size));
    m_bar->raise();
}

Marks FindSession::marksIn(int turn, Part part, int block) {
    Marks marks;
    if (!isOpen() || m_finder.query().isEmpty()) {
        return marks;
    }
    const markdown::Blocks& blocks = m_view.list.turn(turn).blocks(part);
    if (block < blocks.size()) {
        marks.all = matchesIn(markdown::flatText(blocks.at(block)), m_finder.query());
    }
    if (m_current && m_current->part == part && m_current->block == block &&
        m_current->turn == m_view.list.turn(turn).view().id) {
        marks.current = m_current->range;
    }
    return marks;
}

} // namespace alcuin::ui
