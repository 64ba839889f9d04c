#include "chat/markdown/parser.h"

#include "chat/markdown/entities.h"
#include "chat/markdown/footnotes.h"
#include "chat/markdown/inline_builder.h"
#include "chat/markdown/math_marks.h"

#include <QRegularExpression>

#include <md4c.h>

#include <algorithm>
#include <utility>

namespace alcuin::ui::markdown {

namespace {

constexpr int kAbort = -1; // md4c goes on after positive answers

QString attributeText(const MD_ATTRIBUTE& attribute) {
    QString text;
    for (int i = 0; attribute.text != nullptr && attribute.substr_offsets[i] < attribute.size; ++i) {
        const MD_OFFSET from = attribute.substr_offsets[i];
        const QString part = QString::fromUtf8(attribute.text + from, attribute.substr_offsets[i + 1] - from);
        switch (attribute.substr_types[i]) {
        case MD_TEXT_ENTITY:
            text += resolveEntity(part);
            break;
        case MD_TEXT_NULLCHAR:
            text += QChar::ReplacementCharacter;
            break;
        default:
            text += part;
        }
    }
    return text;
}

Align alignOf(MD_ALIGN align) {
    switch (align) {
    case MD_ALIGN_LEFT:
        return Align::kLeft;
    case MD_ALIGN_CENTER:
        return Align::kCenter;
    case MD_ALIGN_RIGHT:
        return Align::kRight;
    default:
        return Align::kDefault;
    }
}

/// Turns md4c's events into leaf blocks with their containers. An event handler that returns false ends the parse.
class Reader {
public:
    Reader(const NoteMarks& marks, const MathMarks& math) : m_marks(marks), m_math(math) {}

    bool enterBlock(MD_BLOCKTYPE type, void* detail);
    bool leaveBlock(MD_BLOCKTYPE type);
    void enterSpan(MD_SPANTYPE type, void* detail);
    void text(MD_TEXTTYPE type, const MD_CHAR* characters, MD_SIZE size);
    Blocks take() {
        return std::move(m_blocks);
    }
    InlineBuilder& inlines() {
        return m_inline;
    }

private:
    struct List {
        bool ordered = false;
        bool tight = false;
        quint32 next = 1;
    };
    void openContainer(Container container);
    void closeContainer();
    void open(BlockKind kind);
    void close();
    void takeAlert();
    void appendHtml(const QString& raw);
    void settle(bool leaveOut);
    void appendText(QString text);
    void appendWords(const QString& text);
    void appendFormula(QString source);
    QString restored(const QString& text) const {
        return m_math.restored(m_marks.restored(text));
    }
    QString attribute(const MD_ATTRIBUTE& value) const {
        return restored(attributeText(value));
    }
    bool beginTable(const MD_BLOCK_TABLE_DETAIL& detail);

    const NoteMarks& m_marks;
    const MathMarks& m_math;
    Blocks m_blocks;
    InlineBuilder m_inline;
    QList<Container> m_containers;
    QList<List> m_lists;
    int m_hiddenContainers = 0;
    Block m_block;
    bool m_open = false;
    bool m_lineStarts = false;   ///< behind a line break that was typed
    bool m_leftOut = false;      ///< something of the block isn't shown
    QString m_fold;              ///< a tag at a line's start that is left out if nothing but tags stands on the line
    bool m_afterFormula = false; ///< a display formula ended the paragraph that may go on now
};

void Reader::openContainer(Container container) {
    close();
    if (m_containers.size() >= Limits::kContainers) {
        ++m_hiddenContainers;
        return;
    }
    container.first = true;
    m_containers.append(container);
}

void Reader::closeContainer() {
    close();
    if (m_hiddenContainers > 0) {
        --m_hiddenContainers;
        return;
    }
    if (m_containers.last().first) { // nothing stood in it: an empty item still shows its marker
        open(BlockKind::kParagraph);
        close();
    }
    m_containers.removeLast();
}

void Reader::open(BlockKind kind) {
    close();
    m_block = Block{};
    m_block.kind = kind;
    m_block.containers = m_containers;
    for (Container& container : m_containers) {
        container.first = false;
    }
    m_open = true;
}

void Reader::close() {
    if (!m_open) {
        return;
    }
    m_open = false;
    settle(true);
    const bool leftOut = std::exchange(m_leftOut, false);
    if (leftOut && m_block.kind == BlockKind::kParagraph) {
        m_inline.trimEnd();
    }
    if (m_block.kind != BlockKind::kTable) {
        m_block.text = m_inline.take();
    }
    if (leftOut && m_block.kind == BlockKind::kParagraph && m_block.text.text.isEmpty()) {
        return;
    }
    if (m_block.kind == BlockKind::kCode && m_block.text.text.endsWith(QLatin1Char('\n'))) {
        m_block.text.text.chop(1);
    }
    takeAlert();
    appendSplit(m_blocks, std::move(m_block));
}

/// A quote whose first line is an alert's mark: the mark becomes a title of its own.
void Reader::takeAlert() {
    const auto depth = m_block.containers.size();
    if (m_block.kind != BlockKind::kParagraph || depth == 0 || depth > m_containers.size() ||
        m_block.containers.last().kind != ContainerKind::kQuote || !m_block.containers.last().first) {
        return;
    }
    InlineText& text = m_block.text;
    const auto end = text.text.indexOf(QChar::LineSeparator);
    const int size = int(end < 0 ? text.text.size() : end);
    const Alert alert = alertMarked(QStringView(text.text).left(size));
    if (alert == Alert::kNone || (!text.spans.isEmpty() && text.spans.first().start < size)) {
        return;
    }
    m_block.containers.last().alert = m_containers[depth - 1].alert = alert;
    Block title = m_block;
    title.text = {};
    appendRun(title.text, alertTitle(alert), kStrong, -1);
    for (Container& container : m_block.containers) {
        container.first = false;
    }
    text.text.remove(0, size + 1);
    for (Span& span : text.spans) {
        span.start -= size + 1;
    }
    if (text.text.isEmpty()) {
        m_block = std::move(title);
    } else {
        m_blocks.append(title);
    }
}

bool Reader::beginTable(const MD_BLOCK_TABLE_DETAIL& detail) {
    const quint64 rows = quint64(detail.head_row_count) + detail.body_row_count;
    if (detail.col_count > Limits::kColumns || rows * detail.col_count > Limits::kCells) {
        return false;
    }
    open(BlockKind::kTable);
    m_block.table.columns.fill(Align::kDefault, detail.col_count);
    return true;
}

bool Reader::enterBlock(MD_BLOCKTYPE type, void* detail) {
    m_afterFormula = false;
    switch (type) {
    case MD_BLOCK_QUOTE:
        openContainer({.kind = ContainerKind::kQuote});
        break;
    case MD_BLOCK_UL:
        close();
        m_lists.append({false, static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0, 0});
        break;
    case MD_BLOCK_OL: {
        close();
        const auto* list = static_cast<MD_BLOCK_OL_DETAIL*>(detail);
        m_lists.append({true, list->is_tight != 0, list->start});
        break;
    }
    case MD_BLOCK_LI: {
        const auto* item = static_cast<MD_BLOCK_LI_DETAIL*>(detail);
        List& list = m_lists.last();
        Container container{.kind = list.ordered ? ContainerKind::kOrdered : ContainerKind::kBullet,
                            .tight = list.tight,
                            .number = list.next};
        list.next += list.ordered ? 1 : 0;
        if (item->is_task) {
            container.kind = ContainerKind::kTask;
            container.checked = item->task_mark != ' ';
        }
        openContainer(container);
        break;
    }
    case MD_BLOCK_HR:
        open(BlockKind::kRule);
        close();
        break;
    case MD_BLOCK_H:
        open(BlockKind::kHeading);
        m_block.level = quint8(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
        break;
    case MD_BLOCK_CODE:
        open(BlockKind::kCode);
        m_block.language = attribute(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
        break;
    case MD_BLOCK_P:
        open(BlockKind::kParagraph);
        break;
    case MD_BLOCK_TABLE:
        return beginTable(*static_cast<MD_BLOCK_TABLE_DETAIL*>(detail));
    case MD_BLOCK_TH:
        m_block.table.columns[m_block.table.cells.size() % m_block.table.columns.size()] =
            alignOf(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align);
        break;
    default:
        break;
    }
    return true;
}

bool Reader::leaveBlock(MD_BLOCKTYPE type) {
    m_afterFormula = false;
    switch (type) {
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_LI:
        closeContainer();
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        close();
        m_lists.removeLast();
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        settle(false);
        m_block.table.cells.append(m_inline.take());
        break;
    case MD_BLOCK_H:
    case MD_BLOCK_CODE:
    case MD_BLOCK_P:
    case MD_BLOCK_TABLE:
        close();
        break;
    default:
        break;
    }
    return true;
}

void Reader::enterSpan(MD_SPANTYPE type, void* detail) {
    if (!m_open) {
        open(BlockKind::kParagraph);
    }
    settle(false);
    m_lineStarts = false;
    switch (type) {
    case MD_SPAN_STRONG:
        m_inline.push(kStrong);
        break;
    case MD_SPAN_EM:
        m_inline.push(kEmphasis);
        break;
    case MD_SPAN_DEL:
        m_inline.push(kStrikethrough);
        break;
    case MD_SPAN_CODE:
        m_inline.push(kCodeSpan);
        break;
    case MD_SPAN_A:
        m_inline.pushLink(attribute(static_cast<MD_SPAN_A_DETAIL*>(detail)->href));
        break;
    case MD_SPAN_IMG:
        m_inline.pushImage(attribute(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src));
        break;
    default:
        m_inline.push(kPlain);
        break;
    }
}

/// The tags of what may be folded are left out where they have a line to themselves, or share it with a summary alone:
/// elsewhere somebody writes about them.
void Reader::appendHtml(const QString& raw) {
    static const QRegularExpression kFold(QStringLiteral("^</?details(\\s+open(=\\S*)?)?\\s*>$"),
                                          QRegularExpression::CaseInsensitiveOption);
    const bool starts = m_lineStarts || m_inline.isAtBreak();
    if (m_inline.skipComment(raw)) {
        m_leftOut = true;
        return;
    }
    if (starts && m_block.kind == BlockKind::kParagraph && kFold.match(raw).hasMatch()) {
        settle(true);
        m_fold = raw;
        return;
    }
    const bool summary = raw.compare(QLatin1String("<summary>"), Qt::CaseInsensitive) == 0;
    settle(summary);
    m_lineStarts = false;
    m_leftOut = m_leftOut || summary;
    m_inline.appendHtml(raw);
}

void Reader::settle(bool leaveOut) {
    const QString fold = std::exchange(m_fold, {});
    if (fold.isEmpty()) {
        return;
    }
    m_leftOut = m_leftOut || leaveOut;
    if (!leaveOut) {
        m_inline.append(fold);
    }
}

/// Text with what refers to footnotes; at the beginning of a list item that rewrite() made it says that this is one.
void Reader::appendText(QString text) {
    if (m_inline.isEmpty() && m_block.kind == BlockKind::kParagraph && !m_block.containers.isEmpty()) {
        Container& item = m_block.containers.last();
        QString label;
        if (item.kind == ContainerKind::kBullet && item.first) {
            label = m_marks.takeDefinition(text);
        }
        if (!label.isNull()) {
            m_block.label = label;
            item.kind = m_containers.last().kind = ContainerKind::kNote;
            item.tight = m_containers.last().tight = true;
        }
    }
    for (const NoteMarks::Piece& piece : m_marks.pieces(text)) {
        if (!piece.isNote) {
            appendWords(piece.text);
            continue;
        }
        if (!m_open) {
            open(BlockKind::kParagraph);
        }
        m_inline.pushNote(piece.text);
        m_inline.append(noteSource(piece.text));
        m_inline.pop();
    }
}

/// Text with formulas.
void Reader::appendWords(const QString& text) {
    for (const MathMarks::Piece& piece : m_math.pieces(text)) {
        if (piece.isFormula) {
            appendFormula(piece.text);
            continue;
        }
        const bool begins = m_afterFormula && m_inline.isEmpty();
        QStringView words(piece.text);
        while (begins && !words.isEmpty() && words.front() == u' ') {
            words = words.mid(1);
        }
        if (!words.isEmpty() && !m_open) {
            open(BlockKind::kParagraph);
        }
        m_inline.append(words.toString());
    }
}

/// A display formula in a paragraph becomes a block of its own; what follows goes on in a new paragraph.
void Reader::appendFormula(QString source) {
    if (m_open && m_block.kind == BlockKind::kTable) { // a bar in a cell is escaped even here
        source.replace(QLatin1String("\\|"), QLatin1String("|"));
    }
    const MathSource formula = MathSource::of(source);
    const bool block =
        formula.display && formula.closed && m_inline.isPlain() && (!m_open || m_block.kind == BlockKind::kParagraph);
    if (!block) {
        if (!m_open) {
            open(BlockKind::kParagraph);
        }
        m_inline.push(kMath);
        m_inline.append(source.replace(u'\n', formula.closed ? QChar(u' ') : QChar(QChar::LineSeparator)));
        m_inline.pop();
        return;
    }
    if (m_open && !m_inline.isEmpty()) {
        m_inline.trimEnd();
        close();
    }
    if (!m_open) {
        open(BlockKind::kMath);
    }
    m_block.kind = BlockKind::kMath;
    m_inline.append(source);
    close();
    m_afterFormula = true;
}

void Reader::text(MD_TEXTTYPE type, const MD_CHAR* characters, MD_SIZE size) {
    if (!m_open && m_afterFormula && (type == MD_TEXT_SOFTBR || type == MD_TEXT_BR)) {
        return;
    }
    if (!m_open && (!m_afterFormula || type != MD_TEXT_NORMAL)) { // a tight item's text stands in no paragraph
        open(BlockKind::kParagraph);
    }
    const bool breaks = type == MD_TEXT_SOFTBR || type == MD_TEXT_BR;
    if (type != MD_TEXT_HTML) {
        settle(breaks);
        m_lineStarts = breaks;
    }
    switch (type) {
    case MD_TEXT_NULLCHAR:
        m_inline.append(QString(QChar::ReplacementCharacter));
        break;
    case MD_TEXT_BR:
        m_inline.appendHardBreak();
        break;
    case MD_TEXT_SOFTBR: // models write lines that are meant as lines, as people do in comments
        if (!m_inline.isAtBreak()) {
            m_inline.appendHardBreak();
        }
        break;
    case MD_TEXT_ENTITY:
        m_inline.append(resolveEntity(QString::fromUtf8(characters, size)));
        break;
    case MD_TEXT_CODE: {
        QString code = restored(QString::fromUtf8(characters, size));
        if (m_block.kind == BlockKind::kTable) { // a bar in a cell is escaped even in code
            code.replace(QLatin1String("\\|"), QLatin1String("|"));
        }
        m_inline.append(code);
        break;
    }
    case MD_TEXT_HTML:
        appendHtml(restored(QString::fromUtf8(characters, size)));
        break;
    default:
        appendText(QString::fromUtf8(characters, size));
        break;
    }
}

Reader& readerOf(void* user) {
    return *static_cast<Reader*>(user);
}

/// The part as it was written, when it asks for more than the limits allow.
Blocks verbatim(QByteArrayView utf8) {
    Blocks blocks;
    for (const QString& line : QString::fromUtf8(utf8).split(QLatin1Char('\n'))) {
        Block block;
        block.kind = BlockKind::kTyped;
        block.text.text = line;
        appendSplit(blocks, std::move(block));
    }
    return blocks;
}

/// A line so long that looking for pairs of signs in it would take seconds.
bool hasHugeLine(QByteArrayView utf8) {
    qsizetype start = 0;
    while (start < utf8.size()) {
        qsizetype end = utf8.indexOf('\n', start);
        end = end < 0 ? utf8.size() : end;
        if (end - start > Limits::kInlineBytes) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

} // namespace

RawBlocks parseRaw(QByteArrayView utf8) {
    if (hasHugeLine(utf8)) {
        return {verbatim(utf8), false};
    }
    MathMarks math;
    NoteMarks marks;
    const QByteArray source = marks.rewrite(math.rewrite(utf8));
    MD_PARSER parser{};
    parser.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTMLBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
        return readerOf(user).enterBlock(type, detail) ? 0 : kAbort;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
        return readerOf(user).leaveBlock(type) ? 0 : kAbort;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
        readerOf(user).enterSpan(type, detail);
        return 0;
    };
    parser.leave_span = [](MD_SPANTYPE, void*, void* user) {
        readerOf(user).inlines().pop();
        return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* characters, MD_SIZE size, void* user) {
        readerOf(user).text(type, characters, size);
        return 0;
    };
    Reader reader(marks, math);
    if (md_parse(source.constData(), MD_SIZE(source.size()), &parser, &reader) != 0) {
        return {verbatim(utf8), false};
    }
    return {reader.take(), !marks.isEmpty()};
}

Blocks parse(QByteArrayView utf8) {
    RawBlocks raw = parseRaw(utf8);
    return raw.notes ? withNotes(raw.blocks) : std::move(raw.blocks);
}

} // namespace alcuin::ui::markdown
