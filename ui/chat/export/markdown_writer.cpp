#include "chat/export/markdown_writer.h"

#include "chat/export/inline_nesting.h"

#include <QStringList>

#include <algorithm>

namespace alcuin::ui {

using markdown::Block;
using markdown::BlockKind;
using markdown::Container;
using markdown::ContainerKind;
using markdown::InlineText;

namespace {

bool isWordLike(QChar c) {
    return c.isLetterOrNumber();
}

/// Whether the sign at `i` would mean something there. dollars: there are several, two of which might enclose a
/// formula.
/// linked: it stands in a link's words.
bool needsEscape(QStringView text, qsizetype i, bool dollars, bool linked) {
    const QChar c = text.at(i);
    const QChar before = i > 0 ? text.at(i - 1) : QChar();
    const QChar after = i + 1 < text.size() ? text.at(i + 1) : QChar();
    switch (c.unicode()) {
    case u'\\':
        return after == u'b' || (after.unicode() < 0x80 && (after.isPunct() || after.isSymbol() || after.isNull()));
    case u'*':
    case u'`':
    case u'[':
        return true;
    case u']':
        return linked; // elsewhere \] would end a formula that an escaped bracket seems to begin
    case u'_':
        return !(isWordLike(before) && isWordLike(after));
    case u'~':
        return before == u'~' || after == u'~' || !after.isSpace();
    case u'<':
        return after.isLetter() || after == u'/' || after == u'!' || after == u'?';
    case u'&':
        return after.isLetter() || after == u'#';
    case u'$':
        return dollars;
    case u'|':
        return true; // a line of them might be a table's
    default:
        return false;
    }
}

QString escapedText(QStringView text, bool dollars, bool linked) {
    QString result;
    result.reserve(text.size() + 8);
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (needsEscape(text, i, dollars, linked)) {
            result += u'\\';
        }
        result += text.at(i);
    }
    return result;
}

QString codeSpan(QStringView code) {
    qsizetype longest = 0;
    qsizetype run = 0;
    for (const QChar c : code) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(longest + 1, u'`');
    const bool blank = code.trimmed().isEmpty();
    const bool padded = !code.isEmpty() && !blank &&
                        (code.front() == u'`' || code.back() == u'`' || (code.front() == u' ' && code.back() == u' '));
    const QString pad = padded ? QStringLiteral(" ") : QString();
    return fence + pad + code.toString() + pad + fence;
}

QString destination(const QString& address) {
    QString escaped;
    const bool bracketed = std::ranges::any_of(
        address, [](QChar c) { return c.isSpace() || c == u'(' || c == u')' || c == u'<' || c.unicode() < 0x20; });
    for (const QChar c : address) {
        if (c == u'\\' || c == u'&' || (bracketed && (c == u'<' || c == u'>'))) {
            escaped += u'\\';
        }
        escaped += c;
    }
    return bracketed || address.isEmpty() ? u'<' + escaped + u'>' : escaped;
}

class InlineMarkdown {
public:
    using Nesting = InlineNesting<InlineMarkdown>;

    explicit InlineMarkdown(const InlineText& text) : m_text(text) {}

    QString written() {
        Nesting(*this).write(m_text);
        return m_out;
    }

    void open(quint16 style, int link) {
        if (style == Nesting::kLink) {
            if (spanOf(link).style & (markdown::kNote | markdown::kNoteReturn)) {
                return;
            }
            m_bare = isBare(link);
            m_image = imageAddress(link);
            const bool linked = !m_image.isEmpty() && m_image != m_text.links.value(link);
            m_out += m_bare              ? QString()
                     : linked            ? QStringLiteral("[![")
                     : m_image.isEmpty() ? QStringLiteral("[")
                                         : QStringLiteral("![");
            return;
        }
        m_pending.append(style); // behind the spaces that come
    }

    void close(quint16 style, int link) {
        if (style == Nesting::kLink) {
            if (spanOf(link).style & (markdown::kNote | markdown::kNoteReturn)) {
                return;
            }
            const QString address = m_text.links.value(link);
            if (!m_image.isEmpty() && m_image != address) {
                m_out += QStringLiteral("](%1)").arg(destination(m_image));
            }
            m_out += m_bare ? QString() : QStringLiteral("](%1)").arg(destination(address));
            m_bare = false;
            m_image.clear();
            return;
        }
        if (const auto at = m_pending.lastIndexOf(style); at >= 0) { // nothing but spaces stood in it
            m_pending.removeAt(at);
            return;
        }
        const qsizetype end = m_out.size() - trailingSpace();
        m_out.insert(end, sign(style, false));
    }

    void text(QStringView characters, quint16 style, int link) {
        if (style & markdown::kNoteReturn) {
            return;
        }
        if (style & markdown::kNote) {
            m_out += QStringLiteral("[^%1]").arg(m_text.links.value(link).section(u'.', 0, 0));
            return;
        }
        if (style & markdown::kImage) { // the address behind the words is ours
            const QString behind = QStringLiteral(" (%1)").arg(m_image);
            characters = characters.endsWith(behind)    ? characters.chopped(behind.size())
                         : characters.endsWith(m_image) ? characters.chopped(m_image.size())
                                                        : characters;
        }
        qsizetype spaces = 0;
        while (!m_pending.isEmpty() && spaces < characters.size() && characters.at(spaces).isSpace()) {
            ++spaces;
        }
        m_out += brokenLines(characters.first(spaces).toString());
        if (spaces == characters.size()) {
            return;
        }
        for (const quint16 pending : std::exchange(m_pending, {})) {
            m_out += sign(pending, true);
        }
        const QStringView rest = characters.mid(spaces);
        m_out += style & markdown::kCodeSpan ? codeSpan(rest)
                 : style & markdown::kMath   ? rest.toString().replace(QChar::LineSeparator, u'\n')
                 : m_bare && link >= 0       ? bare(rest, link)
                                             : brokenLines(escapedText(rest, m_text.text.count(u'$') > 1, link >= 0));
    }

private:
    markdown::Span spanOf(int link) const {
        const auto found = std::ranges::find(m_text.spans, link, &markdown::Span::link);
        return found == m_text.spans.end() ? markdown::Span{} : *found;
    }
    /// Where the image is that the link's words stand for; empty for other links. Inside a link an image's own address
    /// is only in its words.
    QString imageAddress(int link) const {
        const markdown::Span span = spanOf(link);
        const QString address = m_text.links.value(link);
        const QString words = m_text.text.mid(span.start, span.length);
        if (!(span.style & markdown::kImage) || words == address ||
            words.endsWith(QStringLiteral(" (%1)").arg(address))) {
            return span.style & markdown::kImage ? address : QString();
        }
        const auto at = words.lastIndexOf(QLatin1String(" ("));
        return at >= 0 && words.endsWith(u')') ? words.mid(at + 2).chopped(1) : words;
    }
    /// The link's words are its address: it is one without brackets.
    bool isBare(int link) const {
        const markdown::Span span = spanOf(link);
        const QStringView words = QStringView(m_text.text).mid(span.start, span.length);
        const QString address = m_text.links.value(link);
        return !(span.style & (markdown::kImage | markdown::kCodeSpan)) &&
               (address == words || address == QStringLiteral("mailto:") + words.toString() ||
                address == QStringLiteral("http://") + words.toString());
    }
    QString bare(QStringView words, int link) const {
        const bool www = m_text.links.value(link) == QStringLiteral("http://") + words.toString();
        return www ? words.toString() : u'<' + words.toString() + u'>';
    }
    static QString brokenLines(QString text) {
        return text.replace(QChar::LineSeparator, QLatin1String("\\\n"));
    }
    qsizetype trailingSpace() const {
        qsizetype count = 0;
        while (count < m_out.size() && m_out.at(m_out.size() - 1 - count) == u' ') {
            ++count;
        }
        return count;
    }
    static QString sign(quint16 style, bool opens) {
        switch (style) {
        case markdown::kStrong:
            return QStringLiteral("**");
        case markdown::kEmphasis:
            return QStringLiteral("*");
        case markdown::kStrikethrough:
            return QStringLiteral("~~");
        default:
            break;
        }
        const char* tag = style == markdown::kSuperscript ? "sup"
                          : style == markdown::kSubscript ? "sub"
                          : style == markdown::kKeyboard  ? "kbd"
                          : style == markdown::kMarked    ? "mark"
                                                          : "u";
        return QStringLiteral("<%1%2>").arg(opens ? "" : "/", QLatin1String(tag));
    }

    const InlineText& m_text;
    QString m_out;
    QList<quint16> m_pending; ///< opened, but no sign written yet
    QString m_image;          ///< of the link that is open
    bool m_bare = false;
};

/// Signs that mean something only at the beginning of a line.
QString guardedStart(QString line) {
    qsizetype at = 0;
    while (at < line.size() && line.at(at).isSpace()) {
        ++at;
    }
    line.remove(0, at);
    if (line.isEmpty()) {
        return line;
    }
    const QChar first = line.front();
    const QChar second = line.size() > 1 ? line.at(1) : QChar(u' ');
    qsizetype digits = 0;
    while (digits < line.size() && line.at(digits).unicode() >= u'0' && line.at(digits).unicode() <= u'9') {
        ++digits;
    }
    if (first == u'#' || first == u'>' || first == u'=' ||
        ((first == u'-' || first == u'+') && (second.isSpace() || second == first))) {
        line.prepend(u'\\');
    } else if (digits > 0 && digits < line.size() && (line.at(digits) == u'.' || line.at(digits) == u')')) {
        line.insert(digits, u'\\');
    }
    return line;
}

QString markOf(const Container& container) {
    switch (container.kind) {
    case ContainerKind::kQuote:
        return QStringLiteral("> ");
    case ContainerKind::kBullet:
        return QStringLiteral("- ");
    case ContainerKind::kOrdered:
        return QStringLiteral("%1. ").arg(container.number);
    case ContainerKind::kTask:
        return container.checked ? QStringLiteral("- [x] ") : QStringLiteral("- [ ] ");
    case ContainerKind::kNote:
        return QStringLiteral("[^%1]: ").arg(container.number);
    }
    return {};
}

/// What stands before the lines that follow in the same container.
QString indentOf(const Container& container) {
    switch (container.kind) {
    case ContainerKind::kQuote:
        return QStringLiteral("> ");
    case ContainerKind::kTask:
        return QStringLiteral("  ");
    case ContainerKind::kNote:
        return QStringLiteral("    ");
    default:
        return QString(markOf(container).size(), u' ');
    }
}

class MarkdownWriter {
public:
    QString written(const markdown::Blocks& blocks) {
        for (qsizetype i = 0; i < blocks.size(); ++i) {
            if (i > 0) {
                part(blocks.at(i - 1), blocks.at(i));
            }
            if (blocks.at(i).continues && i > 0) {
                m_out += lines(blocks.at(i)).join(u'\n');
                continue;
            }
            writeLines(blocks.at(i));
        }
        return m_out;
    }

private:
    void part(const Block& before, const Block& after);
    void writeLines(const Block& block);
    QStringList lines(const Block& block) const;
    QStringList tableLines(const Block& block) const;

    QString m_out;
};

/// A line feed inside a tight list, else an empty line with the signs of the quotes that go on.
void MarkdownWriter::part(const Block& before, const Block& after) {
    if (after.continues) {
        return;
    }
    if (before.kind == BlockKind::kTyped && after.kind == BlockKind::kTyped) {
        m_out += u'\n';
        return;
    }
    qsizetype same = 0;
    while (same < before.containers.size() && same < after.containers.size() && !after.containers.at(same).first &&
           before.containers.at(same).kind == after.containers.at(same).kind) {
        ++same;
    }
    const auto isTight = [](const Container& c) { return c.kind != ContainerKind::kQuote && c.tight; };
    const bool sibling = same < before.containers.size() && same < after.containers.size() &&
                         before.containers.at(same).kind != ContainerKind::kQuote &&
                         after.containers.at(same).kind != ContainerKind::kQuote;
    const bool tight =
        sibling ? isTight(after.containers.at(same)) : same > 0 && isTight(after.containers.at(same - 1));
    const bool inNote = same > 0 && after.containers.at(same - 1).kind == ContainerKind::kNote;
    m_out += u'\n';
    if (tight && !inNote) {
        return;
    }
    QString prefix;
    for (qsizetype i = 0; i < same; ++i) {
        prefix += indentOf(after.containers.at(i));
    }
    while (prefix.endsWith(u' ')) {
        prefix.chop(1);
    }
    m_out += prefix + u'\n';
}

void MarkdownWriter::writeLines(const Block& block) {
    QString first;
    QString other;
    for (const Container& container : block.containers) {
        first += container.first ? markOf(container) : indentOf(container);
        other += indentOf(container);
    }
    const QStringList all = lines(block);
    for (qsizetype i = 0; i < all.size(); ++i) {
        QString line = (i == 0 ? first : other) + all.at(i);
        while (all.at(i).isEmpty() && line.endsWith(u' ')) {
            line.chop(1);
        }
        m_out += (i > 0 ? QStringLiteral("\n") : QString()) + line;
    }
}

QStringList MarkdownWriter::tableLines(const Block& block) const {
    const auto columns = block.table.columns.size();
    QStringList rows;
    for (int row = 0; row < block.table.rows(); ++row) {
        QString line = QStringLiteral("|");
        for (qsizetype i = row * columns; i < (row + 1) * columns; ++i) {
            QString cell = writeInlineMarkdown(block.table.cells.at(i));
            cell.replace(QLatin1String("\\\n"), QLatin1String("<br>"));
            for (qsizetype at = cell.indexOf(u'|'); at >= 0; at = cell.indexOf(u'|', at + 2)) {
                if (at == 0 || cell.at(at - 1) != u'\\') { // in code nothing else is escaped, but this is
                    cell.insert(at, u'\\');
                }
            }
            line += u' ' + cell + QLatin1String(" |");
        }
        rows += line;
        if (row == 0) {
            QString rule = QStringLiteral("|");
            for (const markdown::Align align : block.table.columns) {
                static constexpr const char* kRules[] = {"---", ":--", ":-:", "--:"};
                rule += u' ' + QLatin1String(kRules[int(align)]) + QLatin1String(" |");
            }
            rows += rule;
        }
    }
    return rows;
}

QStringList MarkdownWriter::lines(const Block& block) const {
    if (const auto alert = markdown::titledAlert(block); alert != markdown::Alert::kNone) {
        return {markdown::alertMark(alert)};
    }
    switch (block.kind) {
    case BlockKind::kCode: {
        const QChar sign = block.language.contains(u'`') ? u'~' : u'`';
        QString fence(3, sign);
        while (block.text.text.contains(fence)) {
            fence += sign;
        }
        return QStringList{fence + block.language} + block.text.text.split(u'\n') + QStringList{fence};
    }
    case BlockKind::kTable:
        return tableLines(block);
    case BlockKind::kRule:
        return {QStringLiteral("***")};
    case BlockKind::kTyped:
        return block.text.text.split(QChar::LineSeparator);
    case BlockKind::kMath:
        return block.text.text.split(u'\n');
    case BlockKind::kHeading: {
        QString text = writeInlineMarkdown(block.text).replace(QLatin1String("\\\n"), QLatin1String(" "));
        if (text.endsWith(u'#')) {
            text.insert(text.size() - 1, u'\\');
        }
        return {QString(block.level, u'#') + (text.isEmpty() ? QString() : u' ' + text)};
    }
    default: {
        QStringList all = writeInlineMarkdown(block.text).split(u'\n');
        for (QString& line : all) {
            line = guardedStart(line);
        }
        return all;
    }
    }
}

} // namespace

QString writeInlineMarkdown(const InlineText& text) {
    return InlineMarkdown(text).written();
}

QString writeMarkdown(const markdown::Blocks& blocks) {
    return MarkdownWriter().written(blocks);
}

} // namespace alcuin::ui
