#pragma once

#include <QUuid>

#include "services/chat_values.h"

namespace alcuin::app {

/// What a person wants answered.
struct Wish {
    enum class Kind {
        kNext, ///< a question at the end of a conversation; a null conversation begins a new one
        kEdit, ///< a question beside `message`, a question
        kAnew, ///< an answer beside `message`, an answer
    };
    Kind kind = Kind::kNext;
    QUuid conversation;
    QUuid message;
    Question question; ///< kNext, kEdit
    AnswerOptions options;
};

} // namespace alcuin::app
