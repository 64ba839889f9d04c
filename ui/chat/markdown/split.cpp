#include "chat/markdown/parser.h"

#include <algorithm>

namespace alcuin::ui::markdown {

namespace {

constexpr int kSearch = 512; ///< characters looked at for a space to cut at

/// Where the piece that begins at `from` ends. Looks only at characters that stand there whatever follows.
int pieceEnd(const QString& text, int from) {
    const int size = int(text.size());
    const int wanted = from + Limits::kParagraph;
    if (size <= wanted + kSearch) {
        return size;
    }
    for (int i = wanted; i < wanted + kSearch; ++i) {
        if (text.at(i).isSpace()) {
            return i + 1;
        }
    }
    return text.at(wanted).isLowSurrogate() ? wanted + 1 : wanted;
}

InlineText slice(const InlineText& whole, int from, int to, qsizetype& span) {
    InlineText piece;
    piece.text = whole.text.mid(from, to - from);
    for (; span < whole.spans.size() && whole.spans.at(span).start < to; ++span) {
        Span part = whole.spans.at(span);
        const int start = std::max(part.start, from);
        const int end = std::min(part.start + part.length, to);
        if (start < end) {
            if (part.link >= 0) {
                piece.links.append(whole.links.at(part.link));
                part.link = int(piece.links.size()) - 1;
            }
            piece.spans.append({start - from, end - start, part.style, part.link});
        }
        if (part.start + part.length > to) {
            break;
        }
    }
    return piece;
}

Block fenced(const QString& language) {
    Block block;
    block.kind = BlockKind::kCode;
    block.language = language;
    return block;
}

} // namespace

void appendSplit(Blocks& blocks, Block block) {
    const bool flowing =
        block.kind == BlockKind::kParagraph || block.kind == BlockKind::kTyped || block.kind == BlockKind::kHeading;
    if (!flowing || block.text.text.size() <= Limits::kParagraph + kSearch) {
        blocks.append(std::move(block));
        return;
    }
    const InlineText whole = block.text;
    qsizetype span = 0;
    for (int from = 0; from < whole.text.size();) {
        int to = pieceEnd(whole.text, from);
        for (qsizetype i = span; i < whole.spans.size() && whole.spans.at(i).start < to; ++i) { // no formula is cut
            const Span& here = whole.spans.at(i);
            to = here.style & kMath ? std::max(to, here.start + here.length) : to;
        }
        block.text = slice(whole, from, to, span);
        block.continues = from > 0;
        blocks.append(block);
        for (Container& container : block.containers) {
            container.first = false;
        }
        from = to;
    }
}

Blocks parseTyped(const QString& text) {
    constexpr int kLinesTogether = 40; // one block is laid out at once; a pasted file has thousands of lines
    Blocks blocks;
    QStringList lines;
    const auto flush = [&](bool beforeCode) {
        while (beforeCode && !lines.isEmpty() && lines.last().trimmed().isEmpty()) {
            lines.removeLast(); // the code's own frame keeps the distance
        }
        if (!lines.isEmpty()) {
            Block block;
            block.kind = BlockKind::kTyped;
            block.text.text = lines.join(QChar::LineSeparator);
            appendSplit(blocks, std::move(block));
            lines.clear();
        }
    };
    QString fence;
    QStringList code;
    Block open;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        const QString trimmed = line.trimmed();
        if (fence.isEmpty() && trimmed.startsWith(QLatin1String("```")) && !trimmed.mid(3).contains(QLatin1Char('`'))) {
            flush(true);
            fence = QStringLiteral("```");
            open = fenced(trimmed.mid(3).section(QLatin1Char(' '), 0, 0));
            continue;
        }
        if (!fence.isEmpty()) {
            if (trimmed == fence) {
                open.text.text = code.join(QLatin1Char('\n'));
                blocks.append(open);
                fence.clear();
                code.clear();
            } else {
                code.append(line);
            }
            continue;
        }
        if (!(lines.isEmpty() && trimmed.isEmpty() && !blocks.isEmpty() && blocks.last().kind == BlockKind::kCode)) {
            lines.append(line);
        }
        if (lines.size() >= kLinesTogether) {
            flush(false);
        }
    }
    if (!fence.isEmpty()) {
        open.text.text = code.join(QLatin1Char('\n'));
        blocks.append(open);
    }
    flush(false);
    return blocks;
}

} // namespace alcuin::ui::markdown
