#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QUuid>

#include "services/chat_values.h"

namespace alcuin::app {
class ConversationService;
}

namespace alcuin::ui {

class ChatPage;

/// Goes to a message of any conversation, on whichever branch it stands.
class PlaceJump : public QObject {
    Q_OBJECT
public:
    PlaceJump(app::ConversationService& conversations, ChatPage& page);

    /// A null message: to the conversation itself. `words` are marked where they are found.
    void go(const QUuid& conversation, const QUuid& message, const QString& words);

private:
    void arrive();

    app::ConversationService& m_conversations;
    ChatPage& m_page;
    QUuid m_conversation; ///< on the way to; null: nowhere
    QUuid m_message;
    QString m_words;
    bool m_switched = false; ///< the message's branch was asked for
};

} // namespace alcuin::ui
