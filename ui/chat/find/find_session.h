#pragma once

#include <QPointer>

#include "chat/find/find_bar.h"
#include "chat/find/finder.h"
#include "chat/layout/marks.h"
#include "chat/transcript_private.h"

namespace alcuin::ui {

/// Finding in one transcript: the bar over its corner, the search, and the match one is at.
class FindSession : public QObject {
    Q_OBJECT
public:
    FindSession(TranscriptAccess::State& view, const Theme& theme);

    /// Opens the bar, or goes to its field when it is open; what is selected is looked for.
    void open();
    void close();
    bool isOpen() const;
    void look(const QString& text);
    void step(bool forward);
    int count() const {
        return isOpen() ? m_finder.count() : 0;
    }
    const std::optional<Match>& current() const {
        return m_current;
    }
    const FindBar& bar() const {
        return *m_bar;
    }
    const Finder& finder() const {
        return m_finder;
    }

    /// What the view says of itself.
    void turnsChanged();
    void turnChanged(int turn);
    void place();

    /// What is marked in a block.
    Marks marksIn(int turn, Part part, int block);

private:
    void queryChanged();
    void progressed();
    void show(const Match& match);
    void report();

    TranscriptAccess::State& m_view;
    Finder m_finder;
    FindBar* m_bar;
    QPointer<QWidget> m_before; ///< had the focus when the bar was opened
    std::optional<Match> m_current;
    bool m_wanted = false; ///< the first match isn't known yet
    bool m_wantedForward = true;
};

} // namespace alcuin::ui
