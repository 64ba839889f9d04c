#pragma once

#include "imported.h"

namespace alcuin::exchange {

/// LM Studio's <time>.conversation.json: {name, createdAt, systemPrompt, lastUsedModel, messages: [{versions,
/// currentlySelected}]}. A version is a question (`singleStep` with `content`) or an answer (`multiStep` with `steps`,
/// of which `contentBlock`s hold content; style.type "thinking" is reasoning, its title tells how long). What follows a
/// message follows its selected version; the others become branches that end there. Times are milliseconds.
/// Source: files that versions 0.3 write, as public converters describe them.
Result<void> readLmStudio(const Source& source, const Limits& limits, const Listener& listener);

} // namespace alcuin::exchange
