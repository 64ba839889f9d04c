#pragma once

#include <string>
#include <string_view>

namespace alcuin::storage {

/// A title for a conversation that begins with `question`: its first line with words in it,
/// without Markdown's marks, runs of white space as one
/// space, shortened between words to at most 60 characters with an ellipsis (within a word only where a word alone is
/// longer; never inside a character or before what modifies it). Empty if the question has nothing to show.
std::string titleFromQuestion(std::string_view question);

} // namespace alcuin::storage
