#pragma once

#include <QUuid>

#include <optional>

#include <alcuin/storage/records.h>

#include "services/chat_values.h"

namespace alcuin::app {

/// What a person wants answered.
struct Wish {
    enum class Kind {
        kNext,     ///< a question at the end of a conversation; a null conversation begins a new one
        kEdit,     ///< a question beside `message`, a question
        kAnew,     ///< an answer beside `message`, an answer
        kContinue, ///< more of `message`, an answer that ended early
    };
    Kind kind = Kind::kNext;
    QUuid conversation;
    QUuid message;
    Question question; ///< kNext, kEdit
    AnswerOptions options;
    std::optional<storage::ConversationSettings> unsaved; ///< where the store has none for the conversation
    QUuid queued; ///< kNext: the waiting question that this is, which waits no longer once it is stored; null: none

    bool asksQuestion() const {
        return kind == Kind::kNext || kind == Kind::kEdit;
    }
};

} // namespace alcuin::app
