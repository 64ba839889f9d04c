#include "chat/markdown/streaming_document.h"

#include "chat/markdown/footnotes.h"

#include <algorithm>

namespace alcuin::ui::markdown {

namespace {

/// Length of the run of `sign` at `at`.
int runLength(const QByteArray& text, qsizetype at, qsizetype end, char sign) {
    qsizetype i = at;
    while (i < end && text.at(i) == sign) {
        ++i;
    }
    return int(i - at);
}

bool isBlank(const QByteArray& text, qsizetype start, qsizetype end) {
    return std::all_of(text.begin() + start, text.begin() + end,
                       [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

/// A list item or quote begins here, so an open list or quote might go on.
bool isContainerMark(const QByteArray& text, qsizetype start, qsizetype end) {
    const char first = text.at(start);
    if (first == '>') {
        return true;
    }
    qsizetype after = start;
    if (first == '-' || first == '+' || first == '*') {
        after = start + 1;
    } else {
        while (after < end && text.at(after) >= '0' && text.at(after) <= '9') {
            ++after;
        }
        if (after == start || after == end || (text.at(after) != '.' && text.at(after) != ')')) {
            return false;
        }
        ++after;
    }
    return after == end || text.at(after) == ' ' || text.at(after) == '\t' || text.at(after) == '\r';
}

} // namespace

void StreamingDocument::append(const QString& text) {
    if (text.isEmpty()) {
        return;
    }
    QString whole = m_half.isNull() ? text : m_half + text;
    m_half = QChar();
    if (whole.back().isHighSurrogate()) {
        m_half = whole.back();
        whole.chop(1);
    }
    m_source += whole.toUtf8();
    scan();
    show(parsed(m_source.mid(m_tail)));
}

void StreamingDocument::show(const RawBlocks& tail) {
    m_notes = m_keptNotes || tail.notes;
    m_raw.resize(m_kept);
    m_raw += tail.blocks;
    m_blocks = m_notes ? withNotes(m_raw) : m_raw;
    m_finished = m_kept;
}

void StreamingDocument::finish() {
    if (!m_half.isNull()) {
        m_half = QChar();
        append(QString(QChar::ReplacementCharacter));
    }
    if (const qsizetype tail = m_tail; m_scanned < m_source.size()) { // the last line has no line feed
        scanLine({m_scanned, m_source.size()});
        if (m_tail != tail) {
            show(parsed(m_source.mid(m_tail)));
        }
    }
    if (m_definitions) {
        m_kept = 0;
        m_keptNotes = false;
        show(parsed(m_source));
    }
    m_ended = true;
    m_kept = int(m_raw.size());
    m_finished = int(m_blocks.size());
    m_tail = m_scanned = m_source.size();
}

QString StreamingDocument::source(int from, int to) const {
    if (m_notes || from >= to) {
        return {};
    }
    const auto placeOf = [this](int block) -> qsizetype {
        if (block == 0) {
            return 0;
        }
        if (block == m_blocks.size()) {
            return m_source.size();
        }
        const auto cut = std::ranges::lower_bound(m_cuts, block, {}, &Cut::blocks);
        return cut != m_cuts.end() && cut->blocks == block ? cut->at : -1;
    };
    qsizetype start = placeOf(from);
    qsizetype end = placeOf(to);
    if (start < 0 || end < 0) {
        return {};
    }
    for (qsizetype line = m_source.indexOf('\n', start); line >= 0 && line < end && isBlank(m_source, start, line);
         line = m_source.indexOf('\n', start)) {
        start = line + 1;
    }
    while (end > start && QByteArrayView(" \t\r\n").contains(m_source.at(end - 1))) {
        --end;
    }
    return QString::fromUtf8(m_source.constData() + start, end - start);
}

RawBlocks StreamingDocument::parsed(const QByteArray& utf8) {
    m_parsedBytes += utf8.size();
    return parseRaw(utf8);
}

void StreamingDocument::scan() {
    while (true) {
        const qsizetype end = m_source.indexOf('\n', m_scanned);
        if (end < 0) {
            return;
        }
        scanLine({m_scanned, end});
        m_scanned = end + 1;
    }
}

void StreamingDocument::scanLine(Line line) {
    // Never beyond the line: a search that runs on makes many lines cost the square of their number.
    const auto rest = [&](qsizetype from) { return QByteArrayView(m_source).sliced(from, line.end - from); };
    if (isBlank(m_source, line.start, line.end)) {
        m_afterBlank = true;
        return;
    }
    // A fence inside a list may be taken for one at the top level: then only cuts are missed, none is made wrongly.
    const qsizetype at = line.start + std::min(3, runLength(m_source, line.start, line.end, ' '));
    if (m_fence != 0) {
        const int run = runLength(m_source, at, line.end, m_fence);
        if (run >= m_fenceLength && isBlank(m_source, at + run, line.end)) {
            m_fence = 0;
        }
        m_afterBlank = false;
        return;
    }
    if (m_afterBlank && line.start > m_tail && m_source.size() >= m_retryAt && canBegin(line)) {
        tryCut(line.start);
    }
    const char first = m_source.at(at);
    if (first == '`' || first == '~') {
        const int run = runLength(m_source, at, line.end, first);
        if (run >= 3 && (first == '~' || !rest(at + run).contains('`'))) {
            m_fence = first;
            m_fenceLength = run;
        }
    }
    if (!m_definitions) {
        m_definitions = rest(line.start).contains("]:");
    }
    m_afterBlank = false;
}

bool StreamingDocument::canBegin(Line line) const {
    const char first = m_source.at(line.start);
    return first != ' ' && first != '\t';
}

/// A probe paragraph put where the line begins shows whether everything before it is closed there: it then stands
/// alone at the top level. A line that would continue a list or quote may only follow a block that stands in none. So
/// may a footnote, and a fence: md4c 0.4.8 takes it for text when a fence in the list before was left open.
bool StreamingDocument::tryCut(qsizetype at) {
    RawBlocks tail = parsed(m_source.mid(m_tail, at - m_tail) + "x\n");
    Blocks& blocks = tail.blocks;
    const bool closed = !blocks.isEmpty() && blocks.last().kind == BlockKind::kParagraph &&
                        blocks.last().containers.isEmpty() && blocks.last().text.text == QLatin1String("x");
    if (closed) {
        blocks.removeLast();
    }
    const qsizetype found = m_source.indexOf('\n', at);
    const qsizetype lineEnd = found < 0 ? m_source.size() : found;
    const bool mayContinue = isContainerMark(m_source, at, lineEnd) || m_source.at(at) == '`' ||
                             m_source.at(at) == '~' || m_source.at(at) == '[';
    const bool inContainer = blocks.isEmpty() || !blocks.last().containers.isEmpty();
    if (!closed || (mayContinue && inContainer)) {
        m_retryAt = m_source.size() + (m_source.size() - m_tail) / 4;
        return false;
    }
    m_raw.resize(m_kept);
    m_raw += blocks;
    m_kept = int(m_raw.size());
    m_keptNotes = m_keptNotes || tail.notes;
    m_cuts.append({at, m_kept});
    m_tail = at;
    return true;
}

} // namespace alcuin::ui::markdown
