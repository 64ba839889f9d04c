#include "chat/find/finder.h"

#include <QElapsedTimer>
#include <QThreadPool>

#include <algorithm>
#include <atomic>
#include <compare>

namespace alcuin::ui {

namespace {
constexpr int kChangedMs = 60;         ///< streamed text is looked through this long after it came
constexpr int kJobMs = 15;             ///< between two looks at whether the other thread is done
constexpr qsizetype kLong = 64 * 1024; ///< characters: reading more may take longer than a slice
} // namespace

struct Finder::Job {
    QList<BlockCount> found; ///< written before `done`
    std::atomic<bool> done = false;
    std::atomic<bool> left = false; ///< nobody waits for it any more
};

Finder::Finder(TurnList& list, QObject* parent) : QObject(parent), m_list(list) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Finder::slice);
}

qsizetype Finder::sizeOf(const Turn& turn) {
    return turn.view().text.size() + turn.view().reasoning.size();
}

Finder::~Finder() {
    leaveScan();
}

void Finder::leaveScan() {
    if (m_job) {
        m_job->left = true;
    }
    m_job.reset();
    m_scan.reset();
    m_scanned = -1;
}

void Finder::count(const markdown::Blocks& blocks, Part part, const FindQuery& query, QList<BlockCount>& found) {
    for (int i = 0; i < blocks.size(); ++i) {
        const auto count = int(matchesIn(markdown::flatText(blocks.at(i)), query).size());
        if (count > 0) {
            found.append({part, i, count});
        }
    }
}

void Finder::reset() {
    m_timer.stop();
    leaveScan();
    m_entries.clear();
    m_count = 0;
    m_left = 0;
}

void Finder::setQuery(const FindQuery& query, int firstTurn) {
    reset();
    m_query = query;
    m_longestSliceMs = 0;
    m_cursor = std::max(0, firstTurn);
    if (query.isEmpty()) {
        return;
    }
    m_entries.resize(size_t(m_list.count()));
    for (int i = 0; i < m_list.count(); ++i) {
        m_entries[size_t(i)].id = m_list.turn(i).view().id;
    }
    m_left = m_list.count();
    m_timer.start(0);
}

void Finder::turnsChanged() {
    if (m_query.isEmpty()) {
        return;
    }
    QHash<QUuid, size_t> known;
    for (size_t i = 0; i < m_entries.size(); ++i) {
        known.insert(m_entries[i].id, i);
    }
    std::vector<Entry> before = std::move(m_entries);
    reset();
    m_entries.resize(size_t(m_list.count()));
    for (int i = 0; i < m_list.count(); ++i) {
        Entry& entry = m_entries[size_t(i)];
        const Turn& turn = m_list.turn(i);
        const auto found = known.constFind(turn.view().id);
        if (found != known.constEnd() && before[*found].searched && before[*found].size == sizeOf(turn)) {
            entry = std::move(before[*found]);
            m_count += entry.count;
        } else {
            entry.id = turn.view().id;
            ++m_left;
        }
    }
    m_cursor = 0;
    m_timer.start(0);
}

void Finder::turnChanged(int turn) {
    if (m_query.isEmpty() || turn < 0 || turn >= int(m_entries.size())) {
        return;
    }
    Entry& entry = m_entries[size_t(turn)];
    if (m_scanned == turn) {
        leaveScan();
    }
    if (entry.searched) { // its count stays until it is looked through again
        entry.searched = false;
        ++m_left;
    }
    if (!m_timer.isActive()) {
        m_timer.start(kChangedMs);
    }
}

int Finder::nextUnsearched() {
    const auto size = int(m_entries.size());
    for (int i = 0; i < size; ++i) {
        const int turn = (m_cursor + i) % size;
        if (!m_entries[size_t(turn)].searched) {
            m_cursor = turn;
            return turn;
        }
    }
    return -1;
}

void Finder::take(int turn, QList<BlockCount> found) {
    Entry& entry = m_entries[size_t(turn)];
    m_count -= entry.count;
    entry.blocks = std::move(found);
    entry.count = 0;
    for (const BlockCount& block : std::as_const(entry.blocks)) {
        entry.count += block.count;
    }
    m_count += entry.count;
    entry.searched = true;
    entry.size = sizeOf(m_list.turn(turn));
    --m_left;
}

void Finder::begin(int turn) {
    const Turn& shown = m_list.turn(turn);
    m_scanned = turn;
    if (sizeOf(shown) <= kLong) {
        m_scan.emplace(shown.view());
        return;
    }
    m_job = std::make_shared<Job>();
    QThreadPool::globalInstance()->start([job = m_job, view = shown.view(), query = m_query] {
        TurnScan scan(view);
        while (!job->left && !scan.step()) {
        }
        if (!job->left) {
            count(scan.reasoning(), Part::kReasoning, query, job->found);
            count(scan.answer(), Part::kAnswer, query, job->found);
        }
        job->done = true;
    });
}

/// False while the other thread is at it.
bool Finder::takeJob() {
    if (!m_job) {
        return true;
    }
    if (!m_job->done) {
        return false;
    }
    const int turn = m_scanned;
    QList<BlockCount> found = std::move(m_job->found);
    leaveScan();
    take(turn, std::move(found));
    return true;
}

void Finder::slice() {
    QElapsedTimer timer;
    timer.start();
    while (takeJob() && m_left > 0 && timer.nsecsElapsed() < qint64(kSliceMs) * 1'000'000) {
        const int turn = m_scan ? m_scanned : nextUnsearched();
        if (turn < 0 || turn >= m_list.count()) {
            break;
        }
        QList<BlockCount> found;
        Turn& shown = m_list.turn(turn);
        if (!m_scan && shown.isLoaded() && sizeOf(shown) <= kLong) {
            count(shown.documentBlocks(Part::kReasoning), Part::kReasoning, m_query, found);
            count(shown.documentBlocks(Part::kAnswer), Part::kAnswer, m_query, found);
        } else {
            if (!m_scan) {
                begin(turn);
            }
            if (m_job || !m_scan->step()) {
                continue;
            }
            count(m_scan->reasoning(), Part::kReasoning, m_query, found);
            count(m_scan->answer(), Part::kAnswer, m_query, found);
        }
        leaveScan();
        take(turn, std::move(found));
    }
    m_longestSliceMs = std::max(m_longestSliceMs, double(timer.nsecsElapsed()) / 1e6);
    if (m_left > 0) {
        m_timer.start(m_job ? kJobMs : 0);
    }
    emit progressed();
}

std::optional<Match> Finder::within(int turn, const BlockCount& block, int offset, bool forward) {
    const markdown::Blocks& blocks = m_list.turn(turn).documentBlocks(block.part);
    if (block.block >= blocks.size()) {
        return {};
    }
    const QList<TextRange> ranges = matchesIn(markdown::flatText(blocks.at(block.block)), m_query);
    const QUuid& id = m_entries[size_t(turn)].id;
    if (forward) {
        for (const TextRange& range : ranges) {
            if (range.from >= offset) {
                return Match{id, block.part, block.block, range};
            }
        }
        return {};
    }
    for (auto range = ranges.crbegin(); range != ranges.crend(); ++range) {
        if (range->from < offset) {
            return Match{id, block.part, block.block, *range};
        }
    }
    return {};
}

std::optional<Match> Finder::nearest(int turn, Part part, int block, int offset, bool forward) {
    constexpr int kEnd = 1 << 30;
    const auto size = int(m_entries.size());
    if (size == 0) {
        return {};
    }
    turn = std::clamp(turn, 0, size - 1);
    for (int i = 0; i <= size; ++i) { // the first turn comes again at the end: what lies on the other side of the place
        const int at = ((turn + (forward ? i : -i)) % size + size) % size;
        const Entry& entry = m_entries[size_t(at)];
        if (!entry.searched && entry.count == 0) {
            return {};
        }
        const QList<BlockCount> found = entry.blocks;
        for (qsizetype k = 0; k < found.size(); ++k) {
            const BlockCount& here = found.at(forward ? k : found.size() - 1 - k);
            const auto order = std::pair(here.part, here.block) <=> std::pair(part, block);
            const bool first = i == 0;
            if (first && (forward ? std::is_lt(order) : std::is_gt(order))) {
                continue;
            }
            const bool same = first && std::is_eq(order);
            const auto match = within(at, here, same ? offset : forward ? 0 : kEnd, forward);
            if (match) {
                return match;
            }
        }
    }
    return {};
}

std::optional<Match> Finder::next(const Match& from, bool forward) {
    const int turn = m_list.indexOf(from.turn);
    return turn < 0 ? std::nullopt
                    : nearest(turn, from.part, from.block, forward ? from.range.to : from.range.from, forward);
}

int Finder::ordinalOf(const Match& match) {
    int before = 0;
    for (int i = 0; i < int(m_entries.size()) && i < m_list.count(); ++i) {
        const Entry& entry = m_entries[size_t(i)];
        if (entry.id != match.turn) {
            before += entry.count;
            continue;
        }
        for (const BlockCount& block : entry.blocks) {
            if (std::pair(block.part, block.block) < std::pair(match.part, match.block)) {
                before += block.count;
                continue;
            }
            if (block.part != match.part || block.block != match.block) {
                return 0;
            }
            const markdown::Blocks& blocks = m_list.turn(i).documentBlocks(block.part);
            const QList<TextRange> ranges = block.block < blocks.size()
                                                ? matchesIn(markdown::flatText(blocks.at(block.block)), m_query)
                                                : QList<TextRange>();
            for (int k = 0; k < ranges.size(); ++k) {
                if (ranges.at(k).from == match.range.from) {
                    return before + k + 1;
                }
            }
            return 0;
        }
        return 0;
    }
    return 0;
}

} // namespace alcuin::ui
