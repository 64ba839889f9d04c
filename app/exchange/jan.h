#pragma once

#include "imported.h"

namespace alcuin::exchange {

/// One of Jan's threads: `thread` is its thread.json ({id, title, assistants: [{model, instructions}], created,
/// updated}), `messages` its messages.jsonl, one message a line: {id, role, content: [{type, text: {value}}], status,
/// created_at, completed_at}. Times are seconds in older versions and milliseconds in newer ones; a thread is a list
/// without branches. A line that can't be read is left out, the others stay.
/// Source: Jan's own types (core/src/types), versions 0.4 to 0.7.
Result<void> readJan(const Source& thread, const Source& messages, const Limits& limits, const Listener& listener);

} // namespace alcuin::exchange
