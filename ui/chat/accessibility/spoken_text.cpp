#include "chat/accessibility/spoken_text.h"

#include "chat/markdown/math_definitions.h"
#include "chat/markdown/math_marks.h"
#include "math/math.h"

#include <algorithm>

namespace alcuin::ui {

namespace {

/// The source itself where it isn't understood.
QString spokenFormula(const QString& source, const QString& definitions) {
    const markdown::MathSource formula = markdown::MathSource::of(source);
    const QString words = formula.closed ? math::spokenMath(definitions + formula.inside()) : QString();
    return words.isEmpty() ? source : words;
}

/// Only the text counts afterwards: styles are dropped. `to`, a place in the text, moves with it.
void speakFormulas(markdown::InlineText& text, const QString& definitions, int& to) {
    QString spoken;
    int copied = 0;
    const int place = to;
    for (const markdown::Span& span : text.spans) {
        const int end = span.start + span.length;
        if (span.style & markdown::kMath) {
            const QString words = spokenFormula(text.text.mid(span.start, span.length), definitions);
            spoken += QStringView(text.text).mid(copied, span.start - copied);
            spoken += words;
            copied = end;
            to += place >= end ? int(words.size()) - span.length : 0;
        }
    }
    if (copied > 0) {
        spoken += QStringView(text.text).mid(copied);
        text.text = spoken;
        text.spans.clear();
    }
}

void speakCells(markdown::Table& table, const QString& definitions, int& to) {
    int offset = 0;
    int moved = 0;
    for (markdown::InlineText& cell : table.cells) {
        const auto length = int(cell.text.size());
        int inside = std::clamp(to - offset, 0, length);
        speakFormulas(cell, definitions, inside);
        moved += to > offset + length ? int(cell.text.size()) + 1 : to >= offset ? inside : 0;
        offset += length + 1;
    }
    to = moved;
}

/// The block with its formulas in words; `to`, a place in its flat text, moves with them.
markdown::Block spokenBlock(markdown::Block block, const QString& definitions, int& to) {
    if (block.kind == markdown::BlockKind::kMath) {
        const bool whole = to >= block.text.text.size();
        block.text.text = whole ? spokenFormula(block.text.text, definitions) : block.text.text;
        to = whole ? int(block.text.text.size()) : to;
    } else if (block.kind == markdown::BlockKind::kTable) {
        speakCells(block.table, definitions, to);
    } else if (!block.text.spans.isEmpty()) {
        speakFormulas(block.text, definitions, to);
    }
    return block;
}

} // namespace

QString spokenText(const markdown::Blocks& blocks) {
    markdown::MathDefinitions definitions;
    definitions.update(blocks, 0);
    markdown::Blocks spoken;
    spoken.reserve(blocks.size());
    for (const markdown::Block& block : blocks) {
        int to = markdown::flatLength(block);
        spoken.append(spokenBlock(block, definitions.text(), to));
    }
    return markdown::plainText(spoken);
}

QString spokenText(const markdown::Block& block, int to) {
    const markdown::Block spoken = spokenBlock(block, markdown::mathDefinitions(block), to);
    return markdown::plainText(spoken, 0, to);
}

} // namespace alcuin::ui
