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
class SettingsService;
class PromptCounter;
class WorkThread;

/// Titles that the model writes in the background, after the first complete answer, for conversations whose title
/// nobody chose. What the model writes is taken only if it can be a title of that talk; otherwise the question's first
/// words stay. Off by the setting `chat.writeTitles` = "no".
class TitleWriter : public QObject {
    Q_OBJECT
public:
    TitleWriter(ConversationService& conversations, ModelService& models, ChatService& chat,
                const SettingsService& settings, QObject* parent = nullptr);
    ~TitleWriter() override;

signals:
    /// A title was written, or it stays as it was; for whoever waits for the one or the other.
    void done(const QUuid& conversation, const QString& title);

private:
    struct Talk;
    void takeFinished(const QUuid& conversation, const MessageView& answer);
    void read(const QUuid& conversation);
    void count(const std::shared_ptr<Talk>& talk);
    void write(const std::shared_ptr<Talk>& talk);
    void take(const std::shared_ptr<Talk>& talk, const QString& written);
    void end(const std::shared_ptr<Talk>& talk, const QString& title);

    ConversationService& m_conversations;
    ModelService& m_models;
    const SettingsService& m_settings;
    std::shared_ptr<PromptCounter> m_counter;
    std::unique_ptr<WorkThread> m_counting;
    QHash<QUuid, BackgroundAnswer*> m_writing; ///< owned by this through Qt
};

} // namespace alcuin::app
