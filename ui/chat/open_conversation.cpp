#include "chat/open_conversation.h"

#include <algorithm>
#include <utility>

#include "chat/transcript_view.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"

namespace alcuin::ui {

OpenConversation::OpenConversation(const Services& services, TranscriptView& transcript, QObject* parent)
    : QObject(parent), m_services(services), m_transcript(transcript) {
    connectTurns();
    connectPieces();
}

void OpenConversation::connectTurns() {
    auto& chat = m_services.chat;
    // An earlier question is answered again, or an answer goes on.
    const auto takeBegun = [this](const QUuid& conversation, const QList<app::MessageView>& path) {
        if (conversation == m_id) {
            takeAnswering(path);
        }
    };
    connect(&chat, &app::ChatService::regenerating, this, takeBegun);
    connect(&chat, &app::ChatService::continuing, this, takeBegun);
    connect(&chat, &app::ChatService::pathChanged, this,
            [this](const QUuid& conversation, const QList<app::MessageView>& path) {
                if (conversation == m_id) {
                    showPath(path);
                }
            });
    connect(&chat, &app::ChatService::finished, this, &OpenConversation::takeFinished);
    connect(&m_services.conversations, &app::ConversationService::opened, this, &OpenConversation::takeOpened);
}

/// What an answer in progress brings.
void OpenConversation::connectPieces() {
    auto& chat = m_services.chat;
    connect(&chat, &app::ChatService::reading, this,
            [this](const QUuid& conversation, const QUuid& answer, qint64 done, qint64 total) {
                if (conversation == m_id) {
                    m_transcript.setReading(answer, done, total);
                }
            });
    connect(&chat, &app::ChatService::reasoningDelta, this,
            [this](const QUuid& conversation, const QUuid& answer, const QString& text) {
                if (conversation == m_id) {
                    m_transcript.appendReasoning(answer, text);
                }
            });
    connect(&chat, &app::ChatService::answerDelta, this,
            [this](const QUuid& conversation, const QUuid& answer, const QString& text) {
                if (conversation == m_id) {
                    m_transcript.appendAnswer(answer, text);
                }
            });
}

const QUuid& OpenConversation::id() const {
    return m_id;
}

bool OpenConversation::isTemporary() const {
    return m_services.conversations.isTemporary(m_id);
}

bool OpenConversation::isEmpty() const {
    return m_empty;
}

bool OpenConversation::isAnswering() const {
    return m_answering;
}

int OpenConversation::turns() const {
    return m_turns;
}

const std::optional<app::MessageState>& OpenConversation::lastState() const {
    return m_lastState;
}

void OpenConversation::open(const QUuid& conversation) {
    m_id = conversation;
    m_lastState.reset();
    m_turns = 0;
    m_opening = true;
    m_answering = m_services.chat.isAnswering(conversation) && !conversation.isNull();
    m_empty = conversation.isNull() || isTemporary();
    m_transcript.clear();
    m_services.conversations.open(conversation);
    emit changed();
}

void OpenConversation::adopt(const QUuid& conversation) {
    m_id = conversation;
    emit begun(conversation);
}

void OpenConversation::takeAnswering(const QList<app::MessageView>& path) {
    m_opening = false;
    m_answering = true;
    showPath(path);
    m_transcript.jumpToEnd();
}

void OpenConversation::takeOpened(const QUuid& conversation, const QList<app::MessageView>& path,
                                  const QString& draft) {
    if (conversation != m_id) {
        return;
    }
    QList<app::MessageView> shown = path;
    // The store is up to a second behind what an answer in progress has written.
    if (const auto live = m_services.chat.live(conversation)) {
        const auto at = std::find_if(shown.begin(), shown.end(), [&](const auto& m) { return m.id == live->id; });
        if (at != shown.end()) {
            const auto siblings = at->siblings;
            const int index = at->siblingIndex;
            *at = *live;
            at->siblings = siblings;
            at->siblingIndex = index;
        }
    }
    m_answering = m_services.chat.isAnswering(conversation) && !conversation.isNull();
    showPath(shown);
    if (std::exchange(m_opening, false)) {
        emit draftRead(draft);
        m_transcript.jumpToEnd();
    }
}

void OpenConversation::takeFinished(const QUuid& conversation, const app::MessageView& answer) {
    if (conversation != m_id) {
        return;
    }
    m_answering = false;
    m_lastState = answer.state;
    m_transcript.finish(answer);
    emit changed();
    if (answer.state == app::MessageState::kContextFull) {
        emit contextFilled();
    }
}

void OpenConversation::showPath(const QList<app::MessageView>& path) {
    m_empty = path.isEmpty() && (m_id.isNull() || isTemporary());
    if (!path.isEmpty() && path.last().role == app::Role::kAssistant) {
        m_lastState = path.last().state;
    }
    m_turns = static_cast<int>(path.size());
    m_transcript.setPath(path);
    emit changed();
}

} // namespace alcuin::ui
