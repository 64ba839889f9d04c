#pragma once

#include <string_view>

#include "imported.h"

namespace alcuin::exchange {

/// The programs whose files can be read.
enum class Format { kUnknown, kAlcuin, kChatGpt, kOpenWebUi, kLmStudio, kGpt4All, kJanThread, kZip };

/// Told from a file's first bytes and the names of its first members, never from its name.
Format detect(std::string_view bytes, const Limits& limits = {});

/// Reads one file of any known program. Of a ChatGPT archive (.zip) it reads conversations.json, or
/// conversations-000.json and so on, in memory. One of Jan's threads needs readJan: its messages stand in another file.
/// Errors: a file of none of these programs; those of its reader.
Result<void> readConversations(const Source& source, const Limits& limits, const Listener& listener);

} // namespace alcuin::exchange
