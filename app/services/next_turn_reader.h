#pragma once

#include <QHash>
#include <QObject>
#include <QUuid>

#include <memory>

#include "services/chat_values.h"

namespace alcuin::app {

class BackgroundAnswer;
class ChatService;
class ConversationService;
class ModelService;
class PromptCounter;
class SettingsService;
class WorkThread;
struct PromptInput;

/// Reads in the background what the next turn of a conversation begins with, where it isn't what the engine has in
/// memory: templates leave the reasoning of earlier answers out, so that everything behind it would be read while a
/// person waits; and with a seed answers count only as they are read, not as they were written. Given up as soon as the
/// conversation goes on. Off by the setting `chat.readAhead` = "no".
class NextTurnReader : public QObject {
    Q_OBJECT
public:
    NextTurnReader(ConversationService& conversations, ModelService& models, ChatService& chat,
                   const SettingsService& settings, QObject* parent = nullptr);
    ~NextTurnReader() override;

signals:
    /// Read, or not: for whoever waits for it.
    void done(const QUuid& conversation);

private:
    void takeFinished(const QUuid& conversation, const MessageView& answer);
    void count(const QUuid& conversation, const PromptInput& input);
    void giveUp(const QUuid& conversation);
    void giveUpAll();

    ConversationService& m_conversations;
    ModelService& m_models;
    ChatService& m_chat;
    const SettingsService& m_settings;
    std::shared_ptr<PromptCounter> m_counter;
    std::unique_ptr<WorkThread> m_counting;
    QHash<QUuid, quint64> m_wanted;            ///< what is under way, by the number it was begun with
    QHash<QUuid, BackgroundAnswer*> m_reading; ///< owned by this through Qt
    quint64 m_number = 0;
};

} // namespace alcuin::app
