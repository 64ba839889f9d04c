#pragma once

#include <string>

#include <alcuin/storage/records.h>

namespace alcuin::exchange {

/// A conversation as one HTML file: the branch that is shown. It holds no script, loads nothing (its own policy forbids
/// it, too), and follows the reader's wish for light or dark. Every text is escaped; see appendHtml for Markdown.
std::string toHtml(const storage::ConversationTree& tree);

} // namespace alcuin::exchange
