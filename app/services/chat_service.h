#pragma once

#include <QObject>
#include <QString>
#include <QUuid>

#include <memory>
#include <optional>

#include "services/chat_values.h"

namespace alcuin::app {

class ConversationService;
class ModelService;
class SettingsKeeper;
class StorageThread;

/// Questions and their answers. Several conversations may be answered at once. Every call returns at once; results
/// come as signals on the GUI thread. A question is acknowledged (`accepted`) only once it is committed; the engine
/// starts after that. Partial answers are flushed at least once a second. Before anything is stored the prompt is
/// counted: one that leaves no room for an answer is answered by `contextFull`.
class ChatService : public QObject {
    Q_OBJECT
public:
    ChatService(StorageThread& storage, ModelService& models, ConversationService& conversations,
                QObject* parent = nullptr);
    ~ChatService() override;

    /// Asks. A null conversation begins a new one. Answered by `accepted`, `rejected` or `contextFull`.
    void send(const QUuid& conversation, const Question& question);
    /// Asks again with other words, as a sibling of an earlier question. Answered like `send`.
    void edit(const QUuid& conversation, const QUuid& question, const Question& words);
    /// Answers the same question once more, as a sibling; with another model that is loaded first
    /// (`waitingForModel`). Answered by `regenerating`, `rejected` or `contextFull`.
    void regenerate(const QUuid& conversation, const QUuid& answer, const AnswerOptions& options = {});
    /// Goes on with the last answer of a conversation, which ended early; it keeps what it has. Answered by
    /// `continuing`, `rejected` or `contextFull`.
    void continueAnswer(const QUuid& conversation, const QUuid& answer);
    /// Asks again what `contextFull` refused last in this conversation, as there is room now. Answered as it was meant
    /// first; nothing happens if something else was asked since.
    void askOnceMore(const QUuid& conversation);
    /// Keeps a person's version of an answer as its sibling; nothing is asked. Answered by `pathChanged` or `rejected`.
    void editAnswer(const QUuid& conversation, const QUuid& answer, const QString& text);
    /// Stops the answer being written there, if any. What was written is kept. A question that still waits for its
    /// model is rejected instead.
    void stop(const QUuid& conversation);

    /// Lets a question wait, stored, until the answer being written there is complete; then the first one that waits is
    /// asked (`accepted`). After an answer that was stopped, cut off or failed, and after a start, they wait for
    /// sendNextQueued. One that can't be asked waits on, which `rejected` (without a question) or `contextFull` tells.
    /// Answered by `queueChanged`, or by `rejected`.
    void enqueue(const QUuid& conversation, const Question& question);
    /// As `queueChanged` told last, which it does whenever a conversation is opened, too.
    QList<Queued> queued(const QUuid& conversation) const;
    /// Gives a waiting question back to the composer: answered by `takenBack`.
    void takeBack(const QUuid& conversation, const QUuid& queued);
    void moveQueued(const QUuid& conversation, const QUuid& queued, int index);
    void sendNextQueued(const QUuid& conversation);

    /// How a conversation is answered; a null one isn't begun yet and takes them along when it is. Both are answered by
    /// `settingsChanged`.
    void readSettings(const QUuid& conversation);
    void setSettings(const QUuid& conversation, const ConversationSettings& settings);

    /// A chat that is kept in memory alone: the same calls and signals, but nothing of it reaches a disk, and it is in
    /// no list. Null if it can't be made, which ConversationService::failed tells.
    QUuid beginTemporary();
    /// Stops its answer and forgets it for good.
    void endTemporary(const QUuid& conversation);

    /// Stops all answers and waits until what was written is stored. For the end of the program.
    void shutdown();

    bool isAnswering(const QUuid& conversation) const;
    /// For other services that ask as this one does.
    const SettingsKeeper& settings() const;
    /// The answer being written there, as it stands at the moment; none if there is none.
    std::optional<MessageView> live(const QUuid& conversation) const;

signals:
    /// Stored: the composer may clear. `path` is the whole active path, ending in the question and a streaming answer.
    void accepted(const QUuid& conversation, const QList<alcuin::app::MessageView>& path);
    /// Not stored; `question` is what was asked, to be kept in the composer; empty where nothing was asked.
    void rejected(const QUuid& conversation, const alcuin::app::Question& question,
                  const alcuin::app::Trouble& trouble);
    /// Not stored, as it and what goes with it fill the context; `question` as with `rejected`.
    void contextFull(const QUuid& conversation, const alcuin::app::Question& question,
                     const alcuin::app::ContextFull& full);
    /// A model is being loaded, and the question is asked when it is there.
    void waitingForModel(const QUuid& conversation, const QString& modelName);
    void regenerating(const QUuid& conversation, const QList<alcuin::app::MessageView>& path);
    /// The answer at the path's end is being written again, after what it has.
    void continuing(const QUuid& conversation, const QList<alcuin::app::MessageView>& path);
    /// Another version of an answer is shown.
    void pathChanged(const QUuid& conversation, const QList<alcuin::app::MessageView>& path);
    void queueChanged(const QUuid& conversation, const QList<alcuin::app::Queued>& waiting);
    void takenBack(const QUuid& conversation, const alcuin::app::Question& question);
    void settingsChanged(const QUuid& conversation, const alcuin::app::ConversationSettings& settings);
    /// The prompt is being read: tokens done of total.
    void reading(const QUuid& conversation, const QUuid& answer, qint64 done, qint64 total);
    void reasoningDelta(const QUuid& conversation, const QUuid& answer, const QString& text);
    void answerDelta(const QUuid& conversation, const QUuid& answer, const QString& text);
    /// The answer's final row: complete, stopped, cut off or failed.
    void finished(const QUuid& conversation, const alcuin::app::MessageView& answer);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace alcuin::app
