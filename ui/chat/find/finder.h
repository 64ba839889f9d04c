#pragma once

#include <QObject>
#include <QTimer>
#include <QUuid>

#include <memory>
#include <optional>
#include <vector>

#include "chat/find/matcher.h"
#include "chat/find/turn_scan.h"
#include "chat/layout/turn_list.h"

namespace alcuin::ui {

/// One match.
struct Match {
    QUuid turn;
    Part part = Part::kAnswer;
    int block = 0;
    TextRange range;

    bool operator==(const Match& other) const {
        return turn == other.turn && part == other.part && block == other.block && range.from == other.range.from &&
               range.to == other.range.to;
    }
};

/// Looks for words in all turns, those never laid out too, in slices of a few milliseconds between events. Only how
/// often they stand in each block is kept; where exactly is looked up again when a match is shown.
class Finder : public QObject {
    Q_OBJECT
public:
    static constexpr int kSliceMs = 4; ///< of work at a time; a step in it takes a fraction of that

    explicit Finder(TurnList& list, QObject* parent = nullptr);
    ~Finder() override;

    /// Begins anew; turns are looked through from `firstTurn` on.
    void setQuery(const FindQuery& query, int firstTurn);
    const FindQuery& query() const {
        return m_query;
    }
    /// Others are shown now, or in another order: what was found in those that stayed as they were is kept.
    void turnsChanged();
    /// Text came or went there.
    void turnChanged(int turn);

    /// So far.
    int count() const {
        return m_count;
    }
    bool isComplete() const {
        return m_left == 0;
    }
    /// Counted from 1; 0 when it isn't there any more.
    int ordinalOf(const Match& match);
    /// The first match at or behind a place, or before it, round the ends. Null while turns between aren't looked
    /// through yet, or when there is none. Loads the turn it is in.
    std::optional<Match> nearest(int turn, Part part, int block, int offset, bool forward);
    std::optional<Match> next(const Match& from, bool forward);

    /// The longest slice so far, for tests and benchmarks.
    double longestSliceMs() const {
        return m_longestSliceMs;
    }

signals:
    /// More was looked through.
    void progressed();

private:
    struct BlockCount {
        Part part = Part::kAnswer;
        int block = 0;
        int count = 0;
    };
    static void count(const markdown::Blocks& blocks, Part part, const FindQuery& query, QList<BlockCount>& found);
    struct Entry {
        QUuid id;
        qsizetype size = -1; ///< characters of the turn when it was looked through
        bool searched = false;
        int count = 0;
        QList<BlockCount> blocks; ///< those with matches, in reading order
    };
    /// A turn so long that reading it takes more than a slice, read on another thread.
    struct Job;
    void slice();
    bool takeJob();
    void begin(int turn);
    void take(int turn, QList<BlockCount> found);
    int nextUnsearched();
    void reset();
    void leaveScan();
    std::optional<Match> within(int turn, const BlockCount& block, int offset, bool forward);
    static qsizetype sizeOf(const Turn& turn);

    TurnList& m_list;
    FindQuery m_query;
    std::vector<Entry> m_entries;
    QTimer m_timer;
    std::optional<TurnScan> m_scan; ///< of a turn that may take several slices
    std::shared_ptr<Job> m_job;
    int m_scanned = -1; ///< the turn of either
    int m_cursor = 0;
    int m_left = 0;
    int m_count = 0;
    double m_longestSliceMs = 0;
};

} // namespace alcuin::ui
