#pragma once

#include <QByteArray>
#include <QHash>
#include <QStringList>

#include "chat/markdown/block.h"

namespace alcuin::ui::markdown {

/// Footnotes for a parser that knows none. What looks like "[^name]: text" at the beginning of a line is rewritten as a
/// list item whose content stands as deep as a footnote's does, and "[^name]" elsewhere as a mark, both numbered and
/// between characters that no text holds (U+FDD0 to U+FDD3). The parser then decides what is code, what goes on in the
/// next line and what stands in a quote; restored() gives back what turned out to be no footnote.
/// Source: GitHub's footnotes as cmark-gfm reads them; limits of ours in Limits.
class NoteMarks {
public:
    /// The source with its marks; the source itself when it has none.
    QByteArray rewrite(QByteArrayView utf8);

    bool isEmpty() const {
        return m_labels.isEmpty();
    }
    /// The text as it was before rewrite().
    QString restored(const QString& text) const;
    /// The name of the footnote that the text defines; the text loses the mark. Null for other text.
    QString takeDefinition(QString& text) const;

    /// A piece of text, or a reference's name.
    struct Piece {
        QString text;
        bool isNote = false;
    };
    QList<Piece> pieces(const QString& text) const;

private:
    int indexOf(QByteArrayView label);
    void rewriteLine(QByteArray& out, QByteArrayView line);

    QStringList m_labels;
    QHash<QByteArray, int> m_known;
};

/// "[^name]" as it stood in the source.
QString noteSource(const QString& label);

/// Gives footnotes their numbers in the order of the references, sets references and ways back, and puts the notes
/// behind all other blocks. A reference without a note is text; a note that nothing refers to is shown all the same.
Blocks withNotes(const Blocks& raw);

} // namespace alcuin::ui::markdown
