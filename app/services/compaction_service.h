#pragma once

#include <QHash>
#include <QList>
#include <QObject>
#include <QUuid>

#include <memory>

#include "services/chat_values.h"

namespace alcuin::app {

class ChatService;
class ConversationService;
class ModelService;
class PromptCounter;
struct PromptInput;
struct PromptSummary;
enum class SummaryMeans : int;
class WorkThread;

/// Makes room in a context that is full: the model writes a summary of the earlier turns in the background, or their
/// first sentences are taken for one, and that then stands for them in what is asked. The turns stay as they are, and
/// switching the summary off asks with them again.
class CompactionService : public QObject {
    Q_OBJECT
public:
    CompactionService(ConversationService& conversations, ModelService& models, ChatService& chat,
                      QObject* parent = nullptr);
    ~CompactionService() override;

    /// Has the earlier turns of the path that is shown summarised: see SummaryJob. Answered by `compacted` or `failed`,
    /// with Action::kFirstSentences where the model couldn't; nothing is stored before the whole summary is there. With
    /// a message, only the turns before it and before the question it answers are: what is asked next rests on these.
    void compact(const QUuid& conversation, const QUuid& before = {});
    /// Takes the turns' first sentences for a summary, without a model's help. Answered in the same way.
    void keepFirstSentences(const QUuid& conversation, const QUuid& before = {});
    /// Gives up a summary that is being written. Answered by `failed`.
    void cancel(const QUuid& conversation);
    bool isCompacting(const QUuid& conversation) const;
    /// Whether a summary stands for its turns. Answered by `compactionsChanged`.
    void setCompaction(const QUuid& conversation, const QUuid& compaction, bool active);

signals:
    /// Entries of the path read so far, of those that the summary will stand for.
    void compacting(const QUuid& conversation, qint64 done, qint64 total);
    void compacted(const QUuid& conversation, const alcuin::app::CompactionView& compaction);
    void failed(const QUuid& conversation, const alcuin::app::Trouble& trouble);
    /// All of a conversation's summaries, those of other branches too; also whenever it is opened and has any.
    void compactionsChanged(const QUuid& conversation, const QList<alcuin::app::CompactionView>& compactions);

private:
    struct Work;
    using WorkPtr = std::shared_ptr<Work>;

    void begin(const QUuid& conversation, const QUuid& before, SummaryMeans means);
    void write(const WorkPtr& work, PromptInput input, SummaryMeans means);
    void store(const WorkPtr& work, const PromptSummary& summary, const QString& modelName);
    void fail(const WorkPtr& work, const Trouble& trouble);
    void end(const WorkPtr& work);
    void read(const QUuid& conversation, bool evenNone);
    /// Whether the work is still wanted.
    bool isCurrent(const WorkPtr& work) const;

    ConversationService& m_conversations;
    ModelService& m_models;
    ChatService& m_chat;
    std::shared_ptr<PromptCounter> m_counter;
    std::unique_ptr<WorkThread> m_counting;
    QHash<QUuid, WorkPtr> m_works;
};

} // namespace alcuin::app
