#pragma once

#include <QHash>
#include <QObject>
#include <QUuid>

#include <memory>
#include <optional>

#include <alcuin/inference/text_engine.h>
#include <alcuin/storage/records.h>

#include "services/chat_values.h"

namespace alcuin::app {

class ActiveTurn;
class ConversationService;

/// The answers being written: one a conversation. What comes from the engine goes on as signals and, at least once a
/// second, into the store. Lives on the GUI thread.
class Answering : public QObject {
    Q_OBJECT
public:
    explicit Answering(ConversationService& conversations, QObject* parent = nullptr);

    /// Asks an engine for a stored streaming answer.
    void begin(const QUuid& conversation, const storage::PathEntry& answer, inference::TextEngine& engine,
               inference::GenerationRequest request);
    void stop(const QUuid& conversation);
    /// Gives up all answers; what they have is on its way into the store as interrupted.
    void interruptAll();

    bool isAnswering(const QUuid& conversation) const;
    bool isIdle() const;
    std::optional<MessageView> live(const QUuid& conversation) const;

signals:
    void reading(const QUuid& conversation, const QUuid& answer, qint64 done, qint64 total);
    void reasoningDelta(const QUuid& conversation, const QUuid& answer, const QString& text);
    void answerDelta(const QUuid& conversation, const QUuid& answer, const QString& text);
    void finished(const QUuid& conversation, const alcuin::app::MessageView& answer);

private:
    void connectTurn(ActiveTurn& turn);
    void flush(const ActiveTurn& turn);
    void store(ActiveTurn& turn, MessageState state, const QString& error);
    void announceEnd(const QUuid& conversation, const MessageView& view);

    ConversationService& m_conversations;
    QHash<QUuid, ActiveTurn*> m_turns; ///< by conversation; owned by this through Qt
};

} // namespace alcuin::app
