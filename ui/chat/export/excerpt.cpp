#include "chat/export/excerpt.h"

#include "chat/markdown/inline_builder.h"

#include <algorithm>

namespace alcuin::ui {

using markdown::Block;
using markdown::BlockKind;
using markdown::InlineText;
using markdown::Span;

InlineText excerpt(const InlineText& text, int from, int to) {
    InlineText result;
    const QStringView whole(text.text);
    int at = from;
    for (const Span& span : text.spans) {
        const int start = std::max(span.start, from);
        const int end = std::min(span.start + span.length, to);
        if (start >= end) {
            continue;
        }
        markdown::appendRun(result, whole.mid(at, start - at), markdown::kPlain, -1);
        at = end;
        if (span.style & markdown::kNoteReturn) {
            continue;
        }
        int link = -1;
        if (span.link >= 0) {
            const QString address = text.links.value(span.link);
            if (result.links.isEmpty() || result.links.last() != address || (span.style & markdown::kNote)) {
                result.links.append(address);
            }
            link = int(result.links.size()) - 1;
        }
        markdown::appendRun(result, whole.mid(start, end - start), span.style, link);
    }
    if (at < to) {
        markdown::appendRun(result, whole.mid(at, to - at), markdown::kPlain, -1);
    }
    return result;
}

namespace {

Block excerptOfTable(const Block& block, int from, int to) {
    const markdown::Table& table = block.table;
    const auto columns = int(table.columns.size());
    Block result = block;
    result.table.cells.clear();
    int first = -1;
    int last = -1;
    QList<InlineText> cells;
    int offset = 0;
    for (int i = 0; i < table.cells.size(); ++i) {
        const int length = int(table.cells.at(i).text.size());
        const int start = std::max(0, from - offset);
        const int end = std::min(length, to - offset);
        const bool touched = end > start || (length == 0 && from <= offset && to > offset);
        if (touched) {
            first = first < 0 ? i : first;
            last = i;
        }
        cells.append(touched ? excerpt(table.cells.at(i), start, end) : InlineText{});
        offset += length + 1;
    }
    if (first < 0 || first == last) {
        Block words;
        words.text = first < 0 ? InlineText{} : cells.at(first);
        return words;
    }
    if (first >= columns) { // the header isn't among them, but a table has one
        result.table.cells.fill(InlineText{}, columns);
    }
    for (int i = first / columns * columns; i < (last / columns + 1) * columns; ++i) {
        result.table.cells.append(cells.at(i));
    }
    return result;
}

} // namespace

Block excerpt(const Block& block, int from, int to) {
    const int length = markdown::flatLength(block);
    from = std::clamp(from, 0, length);
    to = std::clamp(to, from, length);
    if (block.kind == BlockKind::kTable) {
        return from == 0 && to == length ? block : excerptOfTable(block, from, to);
    }
    Block result = block;
    if (block.kind == BlockKind::kCode) {
        result.text.text = block.text.text.mid(from, to - from);
    } else {
        result.text = excerpt(block.text, from, to);
    }
    if (from > 0) {
        result.containers.clear();
        result.continues = false;
        if (block.kind == BlockKind::kHeading) {
            result.kind = BlockKind::kParagraph;
        }
    }
    return result;
}

} // namespace alcuin::ui
