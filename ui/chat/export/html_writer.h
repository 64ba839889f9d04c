#pragma once

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// The blocks as semantic HTML without scripts, anything that loads, or styles but the side a column stands at and the
/// colours of code. All text is escaped; only addresses that the transcript would open become links. Formulas stay TeX:
/// word processors read no MathML in pasted HTML, they run its letters together. Ends with a line feed.
QString writeHtml(const markdown::Blocks& blocks);

/// The text alone, for a selection inside one paragraph.
QString writeInlineHtml(const markdown::InlineText& text);

} // namespace alcuin::ui
