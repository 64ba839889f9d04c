#include "chat/markdown/footnotes.h"

#include "chat/markdown/inline_builder.h"
#include "chat/markdown/parser.h"

#include <algorithm>
#include <functional>

namespace alcuin::ui::markdown {

namespace {

constexpr QChar kDefinition(0xFDD0);
constexpr QChar kDefinitionEnd(0xFDD1);
constexpr QChar kReference(0xFDD2);
constexpr QChar kReferenceEnd(0xFDD3);
constexpr char kMarkUtf8[] = "\xEF\xB7"; ///< how all four begin in UTF-8
constexpr qsizetype kLongestLabel = 100;
constexpr int kMostReturns = 20; ///< ways back from one note
const QString kItem = QStringLiteral("+   ");

bool isLabelByte(char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && !QByteArrayView("[]`<>\\|*~!").contains(c);
}

/// Length of "[^name]" at `at`, 0 when it isn't there.
qsizetype noteLength(QByteArrayView line, qsizetype at) {
    qsizetype end = at + 2;
    while (end < line.size() && end - at < kLongestLabel && isLabelByte(line.at(end))) {
        ++end;
    }
    const bool closed = end > at + 2 && end < line.size() && line.at(end) == ']';
    return closed ? end + 1 - at : 0;
}

QByteArray mark(QChar open, int index, QChar close) {
    return QString(open).toUtf8() + QByteArray::number(index) + QString(close).toUtf8();
}

/// The number between two marks at `at`, and where it ends; -1 when there is none.
int markAt(const QString& text, qsizetype at, QChar close, qsizetype count, qsizetype& end) {
    end = text.indexOf(close, at);
    bool known = false;
    const int index = end < 0 ? -1 : QStringView(text).mid(at + 1, end - at - 1).toInt(&known);
    return known && index >= 0 && index < count ? index : -1;
}

} // namespace

QString noteSource(const QString& label) {
    return QStringLiteral("[^%1]").arg(label);
}

int NoteMarks::indexOf(QByteArrayView label) {
    const QByteArray key = label.toByteArray();
    if (const auto found = m_known.constFind(key); found != m_known.constEnd()) {
        return *found;
    }
    if (m_labels.size() >= Limits::kNotes) {
        return -1;
    }
    m_labels.append(QString::fromUtf8(label));
    m_known.insert(key, int(m_labels.size()) - 1);
    return int(m_labels.size()) - 1;
}

QByteArray NoteMarks::rewrite(QByteArrayView utf8) {
    if (utf8.indexOf(QByteArrayView("[^")) < 0) {
        return utf8.toByteArray();
    }
    QByteArray source = utf8.toByteArray();
    if (source.contains(kMarkUtf8)) { // nobody else may set our marks
        for (const QChar ours : {kDefinition, kDefinitionEnd, kReference, kReferenceEnd}) {
            source.replace(QString(ours).toUtf8(), QString(QChar::ReplacementCharacter).toUtf8());
        }
    }
    QByteArray out;
    out.reserve(source.size() + source.size() / 16);
    for (qsizetype start = 0; start < source.size();) {
        const qsizetype found = source.indexOf('\n', start);
        const qsizetype end = found < 0 ? source.size() : found + 1;
        rewriteLine(out, QByteArrayView(source).sliced(start, end - start));
        start = end;
    }
    return out;
}

void NoteMarks::rewriteLine(QByteArray& out, QByteArrayView line) {
    qsizetype at = 0;
    while (at < line.size() && (line.at(at) == ' ' || line.at(at) == '>')) {
        ++at;
    }
    qsizetype copied = 0;
    if (line.sliced(at).startsWith("[^")) {
        const qsizetype length = noteLength(line, at);
        const int index = length > 0 && at + length < line.size() && line.at(at + length) == ':'
                              ? indexOf(line.sliced(at + 2, length - 3))
                              : -1;
        if (index >= 0) {
            out += line.first(at);
            out += kItem.toLatin1() + mark(kDefinition, index, kDefinitionEnd);
            copied = at + length + 1;
        }
    }
    for (at = line.indexOf(QByteArrayView("[^"), copied); at >= 0; at = line.indexOf(QByteArrayView("[^"), at + 1)) {
        qsizetype slashes = at;
        while (slashes > copied && line.at(slashes - 1) == '\\') {
            --slashes;
        }
        const qsizetype length = noteLength(line, at);
        const bool link = at + length < line.size() && line.at(at + length) == '(';
        const int index =
            length > 0 && (at - slashes) % 2 == 0 && !link ? indexOf(line.sliced(at + 2, length - 3)) : -1;
        if (index >= 0) {
            out += line.sliced(copied, at - copied);
            out += mark(kReference, index, kReferenceEnd);
            copied = at + length;
        }
    }
    out += line.sliced(copied);
}

QList<NoteMarks::Piece> NoteMarks::pieces(const QString& text) const {
    QList<Piece> pieces;
    qsizetype from = 0;
    for (qsizetype at = text.indexOf(kReference); !isEmpty() && at >= 0;) {
        qsizetype end = 0;
        const int index = markAt(text, at, kReferenceEnd, m_labels.size(), end);
        if (index >= 0) {
            if (at > from) {
                pieces.append({restored(text.mid(from, at - from)), false});
            }
            pieces.append({m_labels.at(index), true});
            from = end + 1;
        }
        at = text.indexOf(kReference, at + 1);
    }
    if (from < text.size()) {
        pieces.append({restored(text.mid(from)), false});
    }
    return pieces;
}

QString NoteMarks::restored(const QString& text) const {
    if (isEmpty() || (!text.contains(kReference) && !text.contains(kDefinition))) {
        return text;
    }
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        qsizetype end = 0;
        const bool definition = c == kDefinition;
        const int index = definition || c == kReference
                              ? markAt(text, i, definition ? kDefinitionEnd : kReferenceEnd, m_labels.size(), end)
                              : -1;
        if (index < 0) {
            result += c;
            continue;
        }
        if (definition && result.endsWith(kItem)) {
            result.chop(kItem.size());
        }
        result += noteSource(m_labels.at(index));
        if (definition) {
            result += QLatin1Char(':');
        }
        i = end;
    }
    return result;
}

QString NoteMarks::takeDefinition(QString& text) const {
    if (isEmpty() || !text.startsWith(kDefinition)) {
        return {};
    }
    qsizetype end = 0;
    const int index = markAt(text, 0, kDefinitionEnd, m_labels.size(), end);
    if (index < 0) {
        return {};
    }
    text = text.mid(end + 1);
    while (text.startsWith(QLatin1Char(' '))) {
        text.remove(0, 1);
    }
    return m_labels.at(index);
}

namespace {

/// One message's notes while they get their numbers.
class Notes {
public:
    Blocks arranged(const Blocks& raw);

private:
    struct Note {
        Blocks blocks;
        int number = 0;
        int references = 0;
    };
    void collect(const Blocks& raw);
    void numberFrom(const Blocks& blocks);
    InlineText resolved(const InlineText& text);
    void resolve(Block& block);
    void finish(Note& note);

    Blocks m_body;
    QList<Note> m_notes;
    QHash<QString, int> m_index; ///< of each name, folded
    QList<int> m_order;          ///< of the notes, by number
};

/// Calls `act` for every reference's name, in reading order.
void forReferences(const Block& block, const std::function<void(const QString&)>& act) {
    const auto in = [&](const InlineText& text) {
        for (const Span& span : text.spans) {
            if (span.style & kNote && span.link >= 0) {
                act(text.links.value(span.link));
            }
        }
    };
    in(block.text);
    for (const InlineText& cell : block.table.cells) {
        in(cell);
    }
}

void Notes::collect(const Blocks& raw) {
    for (const Block& block : raw) {
        const auto& around = block.containers;
        const auto at = std::ranges::find(around, ContainerKind::kNote, &Container::kind) - around.begin();
        if (at == around.size()) {
            m_body.append(block);
            continue;
        }
        if (around.at(at).first || m_notes.isEmpty()) {
            const QString key = block.label.toCaseFolded();
            if (!m_index.contains(key)) {
                m_index.insert(key, int(m_notes.size()));
            }
            m_notes.append(Note{});
            // An item whose only content was a note still shows its marker.
            if (std::any_of(around.begin(), around.begin() + at, [](const Container& c) { return c.first; })) {
                Block empty;
                empty.containers = around.mid(0, at);
                m_body.append(empty);
            }
        }
        Block inside = block;
        inside.containers = around.mid(at);
        m_notes.last().blocks.append(inside);
    }
}

void Notes::numberFrom(const Blocks& blocks) {
    for (const Block& block : blocks) {
        forReferences(block, [this](const QString& label) {
            const auto found = m_index.constFind(label.toCaseFolded());
            if (found != m_index.constEnd() && m_notes.at(*found).number == 0) {
                m_order.append(*found);
                m_notes[*found].number = int(m_order.size());
            }
        });
    }
}

InlineText Notes::resolved(const InlineText& text) {
    const bool refers = std::ranges::any_of(text.spans, [](const Span& span) { return (span.style & kNote) != 0; });
    if (!refers) {
        return text;
    }
    InlineText result;
    QHash<int, int> moved; // links that stay
    int at = 0;
    for (const Span& span : text.spans) {
        const QStringView whole(text.text);
        appendRun(result, whole.mid(at, span.start - at), kPlain, -1);
        at = span.start + span.length;
        const QStringView run = whole.mid(span.start, span.length);
        if (!(span.style & kNote)) {
            if (span.link >= 0 && !moved.contains(span.link)) {
                moved.insert(span.link, int(result.links.size()));
                result.links.append(text.links.value(span.link));
            }
            appendRun(result, run, span.style, span.link < 0 ? -1 : moved.value(span.link));
            continue;
        }
        const auto found = m_index.constFind(text.links.value(span.link).toCaseFolded());
        if (found == m_index.constEnd()) {
            appendRun(result, run, span.style & ~kNote, -1);
            continue;
        }
        Note& note = m_notes[*found];
        result.links.append(noteAddress(note.number, ++note.references));
        appendRun(result, QStringLiteral("[%1]").arg(note.number), kNote | kSuperscript, int(result.links.size()) - 1);
    }
    appendRun(result, QStringView(text.text).mid(at), kPlain, -1);
    return result;
}

void Notes::resolve(Block& block) {
    block.text = resolved(block.text);
    for (InlineText& cell : block.table.cells) {
        cell = resolved(cell);
    }
}

/// Number, and the ways back behind the last words.
void Notes::finish(Note& note) {
    Blocks& blocks = note.blocks;
    if (blocks.size() > 1 && blocks.first().text.text.isEmpty() && blocks.first().kind == BlockKind::kParagraph &&
        blocks.at(1).containers.size() == blocks.first().containers.size()) {
        blocks[1].label = blocks.first().label; // "[^1]:" and the note below it
        blocks.removeFirst();
    }
    for (qsizetype i = 0; i < blocks.size(); ++i) {
        Container& around = blocks[i].containers.first();
        around.number = quint32(note.number);
        around.first = i == 0;
    }
    if (note.references == 0) {
        return;
    }
    if (blocks.last().kind != BlockKind::kParagraph || blocks.last().containers.size() > 1) {
        Block more;
        more.containers = {blocks.last().containers.first()};
        more.containers.first().first = false;
        blocks.append(more);
    }
    InlineText& text = blocks.last().text;
    for (int i = 1; i <= std::min(note.references, kMostReturns); ++i) {
        text.links.append(noteAddress(note.number, i));
        appendRun(text, text.text.isEmpty() ? u"\u2191" : u"\u00A0\u2191", kNoteReturn, int(text.links.size()) - 1);
    }
}

Blocks Notes::arranged(const Blocks& raw) {
    collect(raw);
    if (!m_notes.isEmpty()) {
        numberFrom(m_body);
        for (qsizetype i = 0; i < m_order.size(); ++i) { // grows: notes refer to notes
            numberFrom(Blocks(m_notes.at(m_order.at(i)).blocks));
        }
        for (int i = 0; i < m_notes.size(); ++i) {
            if (m_notes.at(i).number == 0) {
                m_order.append(i);
                m_notes[i].number = int(m_order.size());
            }
        }
    }
    for (Block& block : m_body) {
        resolve(block);
    }
    for (const int i : std::as_const(m_order)) {
        for (qsizetype k = 0; k < m_notes.at(i).blocks.size(); ++k) {
            Block block = m_notes.at(i).blocks.at(k);
            resolve(block);
            m_notes[i].blocks[k] = block;
        }
    }
    Blocks result = m_body;
    for (const int i : std::as_const(m_order)) {
        finish(m_notes[i]);
        result += m_notes.at(i).blocks;
    }
    return result;
}

} // namespace

Blocks withNotes(const Blocks& raw) {
    return Notes().arranged(raw);
}

} // namespace alcuin::ui::markdown
