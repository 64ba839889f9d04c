#pragma once

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// The blocks as semantic HTML without scripts, anything that loads, or styles but the side a column stands at. All
/// text is escaped; only addresses that the transcript would open become links. Ends with a line feed.
QString writeHtml(const markdown::Blocks& blocks);

/// The text alone, for a selection inside one paragraph.
QString writeInlineHtml(const markdown::InlineText& text);

} // namespace alcuin::ui
