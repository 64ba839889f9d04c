#include "chat/markdown/math_definitions.h"

#include "chat/markdown/math_marks.h"
#include "math/tex/macros.h"

namespace alcuin::ui::markdown {

namespace {

QString definitionsOf(const QString& formula) {
    if (!math::definesMacros(formula)) {
        return {};
    }
    const MathSource source = MathSource::of(formula);
    return source.closed ? math::definitionsIn(source.inside()) : QString();
}

QString definitionsOf(const InlineText& text) {
    QString definitions;
    for (const Span& span : text.spans) {
        if (span.style & kMath) {
            definitions += definitionsOf(text.text.mid(span.start, span.length));
        }
    }
    return definitions;
}

} // namespace

QString mathDefinitions(const Block& block) {
    if (block.kind == BlockKind::kMath) {
        return definitionsOf(block.text.text);
    }
    QString definitions = definitionsOf(block.text);
    if (block.kind == BlockKind::kTable) {
        for (const InlineText& cell : block.table.cells) {
            definitions += definitionsOf(cell);
        }
    }
    return definitions;
}

bool MathDefinitions::update(const Blocks& blocks, int unchanged) {
    m_defined.removeIf([unchanged](const Defined& defined) { return defined.block >= unchanged; });
    for (int i = unchanged; i < int(blocks.size()); ++i) {
        if (const QString text = mathDefinitions(blocks.at(i)); !text.isEmpty()) {
            m_defined.append({i, text});
        }
    }
    QString text;
    for (const Defined& defined : std::as_const(m_defined)) {
        text += text.size() + defined.text.size() <= kMost ? defined.text : QString();
    }
    const bool changed = text != m_text;
    m_text = text;
    return changed;
}

} // namespace alcuin::ui::markdown
