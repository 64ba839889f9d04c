#pragma once

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// The block's characters [from, to) as a block: a table's rows that the range touches, with cells outside of it empty;
/// one cell alone, or text that doesn't begin with the block, is a paragraph without markers. Ways back from footnotes
/// are left out.
markdown::Block excerpt(const markdown::Block& block, int from, int to);

/// Characters [from, to) of a text with their styles and links.
markdown::InlineText excerpt(const markdown::InlineText& text, int from, int to);

} // namespace alcuin::ui
