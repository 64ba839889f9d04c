#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace alcuin::ui::markdown {

/// How a run of characters is set. Flags, so that strong inside emphasis is both.
enum Style : quint16 {
    kPlain = 0,
    kStrong = 1,
    kEmphasis = 2,
    kStrikethrough = 4,
    kCodeSpan = 8,
    kImage = 16,
    kSuperscript = 32,
    kSubscript = 64,
    kKeyboard = 128,
    kMarked = 256,
    kUnderline = 512,
    kNote = 1024,       ///< refers to a footnote; its link is a noteAddress()
    kNoteReturn = 2048, ///< leads from a footnote back to where it is referred to; not part of any copy
    kMath = 4096        ///< a formula with its signs, as it was written: one such span is one formula
};

/// Characters [start, start + length) of a text share one style and at most one link.
struct Span {
    int start = 0;
    int length = 0;
    quint16 style = kPlain;
    int link = -1; ///< index into InlineText::links, -1 for none

    bool operator==(const Span&) const = default;
};

/// Text with its styles. Spans lie in order, don't overlap, and cover only what isn't plain. A hard break is U+2028.
struct InlineText {
    QString text;
    QList<Span> spans;
    QList<QString> links; ///< addresses exactly as written, entities resolved

    bool operator==(const InlineText&) const = default;
};

enum class ContainerKind : quint8 { kQuote, kBullet, kOrdered, kTask, kNote };

/// What a quote is told to be by its first line, as in "> [!NOTE]".
enum class Alert : quint8 { kNone, kNote, kTip, kImportant, kWarning, kCaution };

/// A quote, list item or footnote that a block stands in.
struct Container {
    ContainerKind kind = ContainerKind::kQuote;
    bool first = false;         ///< the block is the first one in it: a list item draws its marker there
    bool tight = false;         ///< of a list item: no blank lines between the items
    bool checked = false;       ///< of a task
    quint32 number = 0;         ///< of an ordered item or a footnote
    Alert alert = Alert::kNone; ///< of a quote: its first block is its title

    bool operator==(const Container&) const = default;
};

enum class BlockKind : quint8 { kParagraph, kHeading, kCode, kTable, kRule, kTyped, kMath };

enum class Align : quint8 { kDefault, kLeft, kCenter, kRight };

/// Cells row by row; the first row is the header.
struct Table {
    QList<Align> columns;
    QList<InlineText> cells; ///< rows() * columns.size()

    int rows() const {
        return columns.isEmpty() ? 0 : int(cells.size() / columns.size());
    }
    bool operator==(const Table&) const = default;
};

/// One leaf of the document with the containers around it, outermost first. A value: cheap to copy, never changed
/// once it is made.
struct Block {
    BlockKind kind = BlockKind::kParagraph;
    bool continues = false; ///< the rest of a paragraph too long for one block: no gap above
    quint8 level = 0;       ///< of a heading, 1 to 6
    QList<Container> containers;
    InlineText text; ///< of a paragraph, heading, typed text; text.text alone of code and of a formula (with its signs)
    QString language; ///< of code: the first word after the fence
    QString label;    ///< of a footnote's first block: its name in the source
    Table table;

    bool operator==(const Block&) const = default;
};

using Blocks = QList<Block>;

/// The characters that positions in a block count: a paragraph's text, code, a table's cells joined by tabs and line
/// feeds, nothing for a rule.
QString flatText(const Block& block);
int flatLength(const Block& block);
/// Where the cell's characters begin in flatText().
int cellOffset(const Table& table, int cell);

/// The block's characters [from, to) as plain text to paste elsewhere; list markers and quote signs stand before it
/// when it is copied from its beginning.
QString plainText(const Block& block, int from, int to);
/// All of it, blocks parted as they look: an empty line between paragraphs, none inside a tight list.
QString plainText(const Blocks& blocks);
/// What stands between two blocks' plain texts.
QString separator(const Block& before, const Block& after);

/// The alert that a mark like "[!NOTE]" begins; kNone for any other text.
Alert alertMarked(QStringView mark);
/// As written in Markdown: "[!NOTE]".
QString alertMark(Alert alert);
/// For a person to read: "Note".
QString alertTitle(Alert alert);
/// The alert whose title the block is; kNone for any other block.
Alert titledAlert(const Block& block);

/// Which footnote a link of the block belongs to, and which of the references to it.
struct NoteLink {
    bool back = false; ///< from the note to the reference
    int number = 0;
    int occurrence = 0;

    bool operator==(const NoteLink&) const = default;
};
QString noteAddress(int number, int occurrence);
/// `link` counts over the whole block, as linksOf() does; null for a link that leads elsewhere.
std::optional<NoteLink> noteLink(const Block& block, int link);
bool isInNote(const Block& block);

/// The model in one line per block, for tests and bug reports.
QString describe(const Blocks& blocks);

} // namespace alcuin::ui::markdown
