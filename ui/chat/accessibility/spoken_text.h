#pragma once

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// plainText() with formulas in words instead of their source, for those who hear it.
QString spokenText(const markdown::Blocks& blocks);
/// Of one block, up to a place in its flat text.
QString spokenText(const markdown::Block& block, int to);

} // namespace alcuin::ui
