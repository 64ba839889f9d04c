#pragma once

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// The blocks as Markdown that parse() reads as the same blocks: fences as long as their code asks for, signs escaped
/// where they would mean something. What a person typed stays as typed. No line feed at the end.
/// What the model doesn't hold can't come back: which sign a list had, and that two lists of one kind stood beside each
/// other.
QString writeMarkdown(const markdown::Blocks& blocks);

QString writeInlineMarkdown(const markdown::InlineText& text);

} // namespace alcuin::ui
