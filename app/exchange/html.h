#pragma once

#include <string>

#include <alcuin/storage/records.h>

#include "page_dress.h"

namespace alcuin::exchange {

/// A conversation as one HTML file: the branch that is shown. It holds no script, loads nothing (its own policy forbids
/// it, too), and follows the reader's wish for light or dark. Every text is escaped; see appendHtml for Markdown, and
/// for `dress`, which may be null.
std::string toHtml(const storage::ConversationTree& tree, PageDress* dress = nullptr);

} // namespace alcuin::exchange
