#pragma once

#include <QByteArray>
#include <QString>

#include "chat/markdown/parser.h"

namespace alcuin::ui::markdown {

/// A document that grows at its end. Top-level blocks that no later character can change are parsed once and kept;
/// only what stands behind them is parsed again. At every moment blocks() equals parse() of all the text so far, with
/// three exceptions: a link reference definition reaches blocks already kept only at finish(); what exceeds the limits
/// is shown as it was written from the last kept block on, not from the beginning of the message; and of footnotes'
/// names Limits::kNotes count for each such part. Footnotes are no exception: their references in kept blocks change as
/// soon as the note comes.
class StreamingDocument {
public:
    void append(const QString& text);
    /// No more text will come.
    void finish();

    const Blocks& blocks() const {
        return m_blocks;
    }
    /// This many of blocks() will stay as they are. None where there may be footnotes, which can still be numbered
    /// otherwise.
    int finishedCount() const {
        return m_notes && !m_ended ? 0 : m_finished;
    }
    /// The text that blocks() [from, to) were read from, without empty lines at its ends. Empty where the source isn't
    /// known to be cut there, and where there are footnotes, which stand elsewhere than their text.
    QString source(int from, int to) const;
    /// Bytes given to the parser so far: what streaming cost.
    qint64 parsedBytes() const {
        return m_parsedBytes;
    }

private:
    /// Before `at` lies what the first `blocks` blocks were read from.
    struct Cut {
        qsizetype at = 0;
        int blocks = 0;
    };
    struct Line {
        qsizetype start = 0;
        qsizetype end = 0; ///< without the line feed
    };
    void scan();
    void scanLine(Line line);
    bool canBegin(Line line) const;
    bool tryCut(qsizetype at);
    RawBlocks parsed(const QByteArray& utf8);
    void show(const RawBlocks& tail);

    QByteArray m_source;
    QChar m_half; ///< a high surrogate whose other half hasn't come
    Blocks m_raw; ///< kept ones, then those of the tail; m_blocks with footnotes where they were written
    Blocks m_blocks;
    QList<Cut> m_cuts;
    int m_kept = 0;     ///< of m_raw
    int m_finished = 0; ///< of m_blocks while there are no footnotes
    bool m_keptNotes = false;
    bool m_notes = false;
    bool m_ended = false;
    qsizetype m_tail = 0;    ///< where the part that is parsed again begins
    qsizetype m_scanned = 0; ///< lines before this were looked at
    qsizetype m_retryAt = 0; ///< no cut is tried before the text is this long
    char m_fence = 0;        ///< the sign of the open top-level fence
    int m_fenceLength = 0;
    bool m_afterBlank = false;
    bool m_definitions = false; ///< something that may be a link reference definition was seen
    qint64 m_parsedBytes = 0;
};

} // namespace alcuin::ui::markdown
