#pragma once

#include <QUuid>

#include <memory>
#include <vector>

#include "chat/layout/turn.h"

namespace alcuin::ui {

/// The turns below each other in the reading column. Only turns that come into view are parsed and laid out; the
/// heights of the others are guesses that are corrected when they are seen.
class TurnList {
public:
    static constexpr double kMargin = Space::k6;

    void setPath(const QList<app::MessageView>& path);
    void clear();

    /// Width of the view, in whose middle the column stands, and how far the viewport's left side lies right of the
    /// view's (as a negative number). Everything is laid out again.
    void setFrame(const std::shared_ptr<const Look>& look, double width, double inset = 0);

    int count() const {
        return int(m_turns.size());
    }
    Turn& turn(int index) {
        return *m_turns[size_t(index)];
    }
    const Turn& turn(int index) const {
        return *m_turns[size_t(index)];
    }
    /// More room above the first turn, for what floats over the view's top.
    void setRoomAbove(double room);

    /// -1 when there is none.
    int indexOf(const QUuid& id) const;

    /// Of the whole, margins included.
    double height() const;
    double top(int index) const {
        return m_tops[size_t(index)];
    }
    double bottom(int index) const {
        return top(index) + turn(index).height();
    }
    /// The turn at that height, or the nearest; -1 when there is none.
    int indexAt(double y) const;
    double left() const {
        return m_left;
    }
    double columnWidth() const {
        return m_columnWidth;
    }
    QPointF origin(int index) const {
        return {m_left, top(index)};
    }

    /// Lays out what lies between two heights. Returns true if anything moved.
    bool measure(double from, double to);
    /// A turn's height may have changed.
    void restack(int from);
    /// Gives back what lies far from the view.
    void releaseFar(double from, double to);

private:
    std::vector<std::unique_ptr<Turn>> m_turns;
    std::vector<double> m_tops;
    std::shared_ptr<const Look> m_look;
    double m_left = 0;
    double m_columnWidth = 0;
    double m_roomAbove = 0;
};

} // namespace alcuin::ui
