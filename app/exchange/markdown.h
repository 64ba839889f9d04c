#pragma once

#include <string>
#include <string_view>

#include <alcuin/storage/records.h>

namespace alcuin::exchange {

/// A conversation as CommonMark with front matter (YAML): the branch that is shown, a heading of the second level for
/// each turn, reasoning as a quote that is folded where HTML is understood, attachments as code. What stands in one
/// turn can't reach into the next: see closedMarkdown.
std::string toMarkdown(const storage::ConversationTree& tree);

/// The text so that nothing in it goes on behind its end: code that was never closed is, and the beginnings of HTML
/// blocks that don't end with a paragraph (comments, <script>, <pre> and the like) are shown as text.
std::string closedMarkdown(std::string_view text);

/// Every line with "> " before it.
std::string asQuote(std::string_view text);

} // namespace alcuin::exchange
