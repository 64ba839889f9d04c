#pragma once

#include "imported.h"

namespace alcuin::exchange {

/// ChatGPT's data export: conversations.json, an array of conversations (or one of them alone), each with its messages
/// in `mapping`, a tree of nodes {id, message, parent, children}, and `current_node`. Times are seconds as floating
/// point numbers. What a message says depends on content.content_type; hidden messages and custom instructions are
/// left out, steps with tools become parts of the answer. Files and pictures are named in it, but stand elsewhere.
/// Format as exports of 2023 to 2026 have it; OpenAI publishes no description.
Result<void> readChatGpt(const Source& source, const Limits& limits, const Listener& listener);

} // namespace alcuin::exchange
