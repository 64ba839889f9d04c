#pragma once

#include <QString>

#include "chat/markdown/streaming_document.h"
#include "services/chat_values.h"

namespace alcuin::ui {

/// Reads a message's blocks without showing it, a piece at a time.
class TurnScan {
public:
    explicit TurnScan(const app::MessageView& view) : m_view(view) {}

    /// Reads on; true when all of it was read.
    bool step();

    const markdown::Blocks& reasoning() const {
        return m_reasoning.blocks();
    }
    const markdown::Blocks& answer() const {
        return m_view.role == app::Role::kUser ? m_typed : m_answer.blocks();
    }

private:
    bool read(markdown::StreamingDocument& document, const QString& text, qsizetype& at) const;

    app::MessageView m_view; ///< a copy: the turn may go meanwhile
    markdown::StreamingDocument m_reasoning;
    markdown::StreamingDocument m_answer;
    markdown::Blocks m_typed;
    qsizetype m_reasoningAt = 0;
    qsizetype m_answerAt = 0;
};

} // namespace alcuin::ui
