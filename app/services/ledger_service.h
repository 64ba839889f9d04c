#pragma once

#include <QObject>
#include <QTimer>
#include <QUuid>

#include <memory>

#include "services/chat_values.h"

namespace alcuin::app {

class ChatService;
class CompactionService;
class ConversationService;
class ModelService;
class PromptCounter;
class WorkThread;
struct PromptInput;

/// What the next question of one conversation costs: instructions, files, turns and the words in the composer, counted
/// by the model on a thread of its own. Follows answers, models and what is stored; the newest request wins.
class LedgerService : public QObject {
    Q_OBJECT
public:
    LedgerService(ConversationService& conversations, ModelService& models, ChatService& chat,
                  CompactionService& compactions, QObject* parent = nullptr);
    ~LedgerService() override;

    /// From now on `ledgerChanged` tells about this conversation (null: one not begun yet) with this question in the
    /// composer. To be called for each change of it.
    void watch(const QUuid& conversation, const Question& draft);
    /// Counts again: something else than the draft changed.
    void refresh();

signals:
    void ledgerChanged(const QUuid& conversation, const alcuin::app::Ledger& ledger);

private:
    void read();
    void count(const PromptInput& input);
    void take(quint64 number, const Ledger& ledger);

    ConversationService& m_conversations;
    ModelService& m_models;
    ChatService& m_chat;
    std::shared_ptr<PromptCounter> m_counter;
    std::unique_ptr<WorkThread> m_counting;
    QTimer m_delay;
    QUuid m_conversation;
    Question m_draft;
    bool m_watching = false;
    bool m_busy = false; ///< a count is under way; one more follows it if something changed meanwhile
    bool m_again = false;
    quint64 m_number = 0; ///< of what is watched: a count of an earlier one is stale
};

} // namespace alcuin::app
