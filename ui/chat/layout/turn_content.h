#pragma once

#include <optional>

#include "chat/layout/turn.h"
#include "chat/markdown/streaming_document.h"

namespace alcuin::ui {

/// What a turn holds while it is near the view.
struct Turn::Content {
    markdown::StreamingDocument reasoningDocument;
    markdown::StreamingDocument answerDocument;
    Flow reasoning;
    Flow answer;
    std::optional<LaidText> ending;
    std::optional<LaidText> error;
    std::optional<LaidText> summary;
    bool ended = false; ///< the documents were told that no more comes
};

} // namespace alcuin::ui
