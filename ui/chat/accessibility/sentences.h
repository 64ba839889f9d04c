#pragma once

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// How far a growing answer was read out.
struct Said {
    int block = 0;
    int offset = 0; ///< in that block's flat text
    int length = 0; ///< characters of spokenText() so far
};

/// What can be read out now that wasn't yet: whole sentences, whole lines of code some at a time, whole rows of tables,
/// whole blocks; footnotes only when the answer is finished, for until then text comes in front of them. Moves `said`.
QString nextToSay(const markdown::Blocks& blocks, Said& said, bool finished);

/// Where the last whole sentence of a block's text ends, counted from `from` on; `from` when there is none. A full stop
/// ends none behind an abbreviation or an initial, in a number, in code, or before a small letter; signs of Chinese and
/// Japanese need no space behind them.
int sentencesEnd(const markdown::InlineText& text, int from);

} // namespace alcuin::ui
