#include "chat/markdown/block.h"

#include <QStringList>

#include <algorithm>

namespace alcuin::ui::markdown {

namespace {

QString describeText(const InlineText& text) {
    QString line =
        QLatin1Char('"') + QString(text.text).replace(QChar::LineSeparator, QLatin1String("\\\\")) + QLatin1Char('"');
    line.replace(QLatin1Char('\n'), QLatin1String("\\n"));
    static constexpr struct {
        quint16 flag;
        const char* name;
    } kNames[] = {{kStrong, "strong"}, {kEmphasis, "em"},     {kStrikethrough, "del"}, {kCodeSpan, "code"},
                  {kImage, "img"},     {kSuperscript, "sup"}, {kSubscript, "sub"},     {kKeyboard, "kbd"},
                  {kMarked, "mark"},   {kUnderline, "u"},     {kNote, "note"},         {kNoteReturn, "back"},
                  {kMath, "math"}};
    for (const Span& span : text.spans) {
        QStringList words;
        for (const auto& entry : kNames) {
            if (span.style & entry.flag) {
                words += QLatin1String(entry.name);
            }
        }
        if (span.link >= 0) {
            words += QStringLiteral("<%1>").arg(text.links.at(span.link));
        }
        line += QStringLiteral(" [%1+%2 %3]").arg(span.start).arg(span.length).arg(words.join(QLatin1Char(' ')));
    }
    return line;
}

QString describeContainer(const Container& container) {
    QString word;
    switch (container.kind) {
    case ContainerKind::kQuote:
        word = QLatin1Char('>') + alertMark(container.alert);
        break;
    case ContainerKind::kBullet:
        word = QStringLiteral("-");
        break;
    case ContainerKind::kOrdered:
        word = QStringLiteral("%1.").arg(container.number);
        break;
    case ContainerKind::kTask:
        word = container.checked ? QStringLiteral("[x]") : QStringLiteral("[ ]");
        break;
    case ContainerKind::kNote:
        word = QStringLiteral("^%1").arg(container.number);
        break;
    }
    if (container.kind != ContainerKind::kQuote && !container.tight) {
        word += QLatin1String(" loose");
    }
    return container.first ? word : QLatin1Char('(') + word + QLatin1Char(')');
}

QString describeTable(const Table& table) {
    QString line;
    static constexpr const char* kAligns[] = {"default", "left", "center", "right"};
    for (const Align align : table.columns) {
        line += QLatin1Char(' ') + QLatin1String(kAligns[int(align)]);
    }
    for (int row = 0; row < table.rows(); ++row) {
        line += QLatin1String(" |");
        for (int column = 0; column < table.columns.size(); ++column) {
            line += QLatin1Char(' ') + describeText(table.cells.at(row * table.columns.size() + column));
        }
    }
    return line;
}

/// "> - " before the first line of a block, and as wide before the others.
QString prefixOf(const Block& block, bool firstLine) {
    QString prefix;
    for (const Container& container : block.containers) {
        QString mark;
        switch (container.kind) {
        case ContainerKind::kQuote:
            prefix += QLatin1String("> ");
            continue;
        case ContainerKind::kBullet:
            mark = QStringLiteral("- ");
            break;
        case ContainerKind::kOrdered:
            mark = QStringLiteral("%1. ").arg(container.number);
            break;
        case ContainerKind::kTask:
            mark = container.checked ? QStringLiteral("- [x] ") : QStringLiteral("- [ ] ");
            break;
        case ContainerKind::kNote:
            mark = QStringLiteral("[%1] ").arg(container.number);
            break;
        }
        prefix += firstLine && container.first ? mark : QString(mark.size(), QLatin1Char(' '));
    }
    return prefix;
}

} // namespace

QString flatText(const Block& block) {
    if (block.kind != BlockKind::kTable) {
        return block.text.text;
    }
    QString flat;
    const auto columns = block.table.columns.size();
    for (qsizetype i = 0; i < block.table.cells.size(); ++i) {
        flat += block.table.cells.at(i).text;
        if (i + 1 < block.table.cells.size()) {
            flat += (i + 1) % columns == 0 ? QLatin1Char('\n') : QLatin1Char('\t');
        }
    }
    return flat;
}

int flatLength(const Block& block) {
    if (block.kind != BlockKind::kTable) {
        return int(block.text.text.size());
    }
    return block.table.cells.isEmpty() ? 0 : cellOffset(block.table, int(block.table.cells.size())) - 1;
}

int cellOffset(const Table& table, int cell) {
    int offset = 0;
    for (int i = 0; i < cell; ++i) {
        offset += int(table.cells.at(i).text.size()) + 1;
    }
    return offset;
}

QString noteAddress(int number, int occurrence) {
    return QStringLiteral("%1.%2").arg(number).arg(occurrence);
}

std::optional<NoteLink> noteLink(const Block& block, int link) {
    const auto in = [](const InlineText& text, int wanted) -> std::optional<NoteLink> {
        for (const Span& span : text.spans) {
            if (span.link == wanted && (span.style & (kNote | kNoteReturn))) {
                const QString address = text.links.value(wanted);
                return NoteLink{(span.style & kNoteReturn) != 0, address.section(QLatin1Char('.'), 0, 0).toInt(),
                                address.section(QLatin1Char('.'), 1, 1).toInt()};
            }
        }
        return {};
    };
    if (block.kind != BlockKind::kTable) {
        return in(block.text, link);
    }
    for (const InlineText& cell : block.table.cells) {
        if (link < cell.links.size()) {
            return in(cell, link);
        }
        link -= int(cell.links.size());
    }
    return {};
}

bool isInNote(const Block& block) {
    return std::ranges::any_of(block.containers, [](const Container& c) { return c.kind == ContainerKind::kNote; });
}

QString plainText(const Block& block, int from, int to) {
    QString text = flatText(block).mid(from, std::max(0, to - from));
    for (auto span = block.text.spans.crbegin(); span != block.text.spans.crend(); ++span) {
        if (span->style & kNoteReturn) { // how one gets about here means nothing elsewhere
            const int start = std::clamp(span->start, from, to) - from;
            text.remove(start, std::clamp(span->start + span->length, from, to) - from - start);
        }
    }
    // A line feed in a cell would begin another row.
    text.replace(QChar::LineSeparator, QLatin1Char(block.kind == BlockKind::kTable ? ' ' : '\n'));
    text.replace(QChar::Nbsp, QLatin1Char(' '));
    if (from > 0 || block.containers.isEmpty()) {
        return text;
    }
    const QString first = prefixOf(block, true);
    const QString other = prefixOf(block, false);
    text.replace(QLatin1Char('\n'), QLatin1Char('\n') + other);
    return first + text;
}

QString separator(const Block& before, const Block& after) {
    if (after.continues) {
        return QString();
    }
    if (before.kind == BlockKind::kTyped && after.kind == BlockKind::kTyped) {
        return QStringLiteral("\n");
    }
    const bool tight = !after.containers.isEmpty() && after.containers.last().tight && !before.containers.isEmpty() &&
                       after.containers.last().kind != ContainerKind::kQuote;
    if (tight) {
        return QStringLiteral("\n");
    }
    QString quoted;
    for (qsizetype i = 0; i < std::min(before.containers.size(), after.containers.size()); ++i) {
        if (after.containers.at(i).kind != ContainerKind::kQuote || after.containers.at(i).first) {
            break;
        }
        quoted += QLatin1String("> ");
    }
    return QLatin1Char('\n') + quoted.trimmed() + QLatin1Char('\n');
}

QString plainText(const Blocks& blocks) {
    QString text;
    for (qsizetype i = 0; i < blocks.size(); ++i) {
        if (i > 0) {
            text += separator(blocks.at(i - 1), blocks.at(i));
        }
        text += plainText(blocks.at(i), 0, flatLength(blocks.at(i)));
    }
    return text;
}

QString describe(const Blocks& blocks) {
    QStringList lines;
    for (const Block& block : blocks) {
        QString line;
        for (const Container& container : block.containers) {
            line += describeContainer(container) + QLatin1Char(' ');
        }
        switch (block.kind) {
        case BlockKind::kParagraph:
            line += QLatin1String(block.continues ? "...p " : "p ") + describeText(block.text);
            break;
        case BlockKind::kHeading:
            line += QStringLiteral("h%1 ").arg(block.level) + describeText(block.text);
            break;
        case BlockKind::kCode:
            line += QStringLiteral("code(%1) ").arg(block.language) + describeText(block.text);
            break;
        case BlockKind::kTable:
            line += QLatin1String("table") + describeTable(block.table);
            break;
        case BlockKind::kMath:
            line += QLatin1String("math ") + describeText(block.text);
            break;
        case BlockKind::kRule:
            line += QLatin1String("rule");
            break;
        case BlockKind::kTyped:
            line += QLatin1String(block.continues ? "...typed " : "typed ") + describeText(block.text);
            break;
        }
        lines += line;
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace alcuin::ui::markdown
