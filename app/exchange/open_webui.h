#pragma once

#include "imported.h"

namespace alcuin::exchange {

/// Open WebUI's chat export: an array of {id, title, chat, created_at, updated_at, archived, pinned}, or one `chat` by
/// itself. In chat.history stand `messages`, a map of nodes {id, parentId, childrenIds, role, content, timestamp,
/// model, files, error, done}, and `currentId`; old exports have a list in chat.messages. Times are seconds, in `chat`
/// itself milliseconds. Reasoning and tool calls stand in the content as <details type="...">. Source: open-webui's own
/// web client and back end, versions 0.3 to 0.6.
Result<void> readOpenWebUi(const Source& source, const Limits& limits, const Listener& listener);

} // namespace alcuin::exchange
