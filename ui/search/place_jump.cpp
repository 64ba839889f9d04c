#include "search/place_jump.h"

#include "chat/chat_page.h"
#include "chat/transcript_view.h"
#include "services/conversation_service.h"

namespace alcuin::ui {

PlaceJump::PlaceJump(app::ConversationService& conversations, ChatPage& page)
    : QObject(&page), m_conversations(conversations), m_page(page) {
    connect(&conversations, &app::ConversationService::opened, this, [this](const QUuid& conversation) {
        if (!m_conversation.isNull() && conversation == m_conversation) {
            arrive(); // the page was told before
        }
    });
}

void PlaceJump::go(const QUuid& conversation, const QUuid& message, const QString& words) {
    m_conversation = message.isNull() ? QUuid() : conversation;
    m_message = message;
    m_words = words;
    m_switched = false;
    if (m_page.conversation() != conversation) {
        m_page.open(conversation);
    } else if (!message.isNull()) {
        arrive();
    }
}

void PlaceJump::arrive() {
    if (m_page.conversation() != m_conversation || m_page.transcript().scrollTo(m_message, m_words)) {
        m_conversation = {};
        return;
    }
    if (m_switched) {
        m_conversation = {}; // it is gone
        return;
    }
    m_switched = true;
    m_conversations.activateBranch(m_conversation, m_message);
}

} // namespace alcuin::ui
