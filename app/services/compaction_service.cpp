#include "services/compaction_service.h"

#include <alcuin/storage/compaction_store.h>

#include <optional>
#include <utility>

#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/conversation_settings.h"
#include "services/model_service.h"
#include "services/prompt_counting.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/summary_job.h"
#include "services/trouble.h"
#include "services/turn_store.h"
#include "services/work_thread.h"

namespace alcuin::app {

using storage::CompactionStore;
using storage::Database;

/// A summary under way.
struct CompactionService::Work {
    QUuid conversation;
    std::shared_ptr<inference::TextEngine> engine;
    QString modelName;
    SummaryJob* job = nullptr; ///< once the path is read
};

namespace {

/// Cuts the path off before a question, or before the question that an answer is to.
void endBefore(PromptInput& input, const storage::Id& message) {
    const auto has = [&input](const storage::Id& id) {
        return std::find_if(input.path.begin(), input.path.end(),
                            [&](const auto& entry) { return entry.message.id == id; });
    };
    auto end = has(message);
    if (end != input.path.end() && end != input.path.begin() && end->message.role == storage::Role::kAssistant) {
        --end;
    }
    input.path.erase(end, input.path.end());
    if (input.summary && has(input.summary->lastMessage) == input.path.end()) {
        input.summary.reset(); // it stands for what is cut off, too
    }
}

} // namespace

CompactionService::CompactionService(ConversationService& conversations, ModelService& models, ChatService& chat,
                                     QObject* parent)
    : QObject(parent)
    , m_conversations(conversations)
    , m_models(models)
    , m_chat(chat)
    , m_counter(std::make_shared<PromptCounter>())
    , m_counting(std::make_unique<WorkThread>(QStringLiteral("summaries"))) {
    connect(&conversations, &ConversationService::opened, this, [this](const QUuid& conversation) {
        if (!conversation.isNull()) {
            read(conversation, false);
        }
    });
}

CompactionService::~CompactionService() = default;

bool CompactionService::isCompacting(const QUuid& conversation) const {
    return m_works.contains(conversation);
}

bool CompactionService::isCurrent(const WorkPtr& work) const {
    return m_works.value(work->conversation) == work;
}

void CompactionService::compact(const QUuid& conversation, const QUuid& before) {
    begin(conversation, before, SummaryMeans::kModel);
}

void CompactionService::keepFirstSentences(const QUuid& conversation, const QUuid& before) {
    begin(conversation, before, SummaryMeans::kFirstSentences);
}

void CompactionService::begin(const QUuid& conversation, const QUuid& before, SummaryMeans means) {
    if (m_works.contains(conversation)) {
        return;
    }
    auto work = std::make_shared<Work>();
    work->conversation = conversation;
    work->engine = m_models.engine();
    work->modelName = m_models.current().name;
    m_works.insert(conversation, work);
    if (!work->engine) { // what a context holds is its model's to say
        fail(work, {tr("No model is loaded"), tr("Choose a model first."), Trouble::Action::kChooseModel});
        return;
    }
    m_conversations.storageOf(conversation)
        .run([conversation, unsaved = m_chat.settings().unsaved(conversation)](
                 Database& database) { return readDraftSource(database, conversation, {}, unsaved); },
             this,
             [this, work, before, means](storage::Result<WishSource> source) {
                 if (!isCurrent(work)) {
                     return;
                 }
                 if (!source) {
                     fail(work, toTrouble(source.error()));
                     return;
                 }
                 if (!before.isNull()) {
                     endBefore(source->input, toId(before));
                 }
                 write(work, std::move(source->input), means);
             });
}

void CompactionService::write(const WorkPtr& work, PromptInput input, SummaryMeans means) {
    work->job = new SummaryJob(work->engine, std::move(input), means, m_counter, *m_counting, this);
    const std::weak_ptr<Work> weak = work; // it ends with the job
    connect(work->job, &SummaryJob::progressed, this,
            [this, conversation = work->conversation](qint64 done, qint64 total) {
                emit compacting(conversation, done, total);
            });
    connect(work->job, &SummaryJob::written, this, [this, weak](const PromptSummary& summary, bool byModel) {
        if (const auto alive = weak.lock()) {
            store(alive, summary, byModel ? alive->modelName : QString());
        }
    });
    connect(work->job, &SummaryJob::failed, this, [this, weak](const Trouble& trouble) {
        if (const auto alive = weak.lock()) {
            fail(alive, trouble);
        }
    });
    work->job->begin();
}

void CompactionService::store(const WorkPtr& work, const PromptSummary& summary, const QString& modelName) {
    storage::Compaction row;
    row.conversationId = toId(work->conversation);
    row.lastMessage = summary.lastMessage;
    row.summary = summary.text;
    row.modelName = modelName.toStdString();
    m_conversations.storageOf(work->conversation)
        .run([row](Database& database) { return CompactionStore(database).append(row); }, this,
             [this, work](const storage::Result<storage::Compaction>& stored) {
                 if (!stored) {
                     fail(work, toTrouble(stored.error()));
                     return;
                 }
                 end(work);
                 emit compacted(work->conversation, toView(*stored));
                 read(work->conversation, true);
             });
}

void CompactionService::end(const WorkPtr& work) {
    if (work->job) {
        std::exchange(work->job, nullptr)->deleteLater(); // it may be what calls
    }
    if (isCurrent(work)) {
        m_works.remove(work->conversation);
    }
}

void CompactionService::fail(const WorkPtr& work, const Trouble& trouble) {
    if (isCurrent(work)) {
        end(work);
        emit failed(work->conversation, trouble);
    }
}

void CompactionService::cancel(const QUuid& conversation) {
    if (const auto work = m_works.value(conversation)) {
        fail(work, {tr("Stopped"), tr("The turns are asked with as they are."), Trouble::Action::kNone});
    }
}

void CompactionService::setCompaction(const QUuid& conversation, const QUuid& compaction, bool active) {
    m_conversations.storageOf(conversation)
        .run([id = toId(compaction),
              active](Database& database) { return CompactionStore(database).setActive(id, active); },
             this,
             [this, conversation](const storage::Result<void>& set) {
                 if (!set) {
                     emit failed(conversation, toTrouble(set.error()));
                 }
                 read(conversation, true);
             });
}

void CompactionService::read(const QUuid& conversation, bool evenNone) {
    m_conversations.storageOf(conversation)
        .run([id = toId(conversation)](Database& database) { return CompactionStore(database).list(id); }, this,
             [this, conversation, evenNone](const storage::Result<std::vector<storage::Compaction>>& rows) {
                 if (!rows) {
                     emit failed(conversation, toTrouble(rows.error()));
                     return;
                 }
                 QList<CompactionView> views;
                 for (const auto& row : *rows) {
                     views.push_back(toView(row));
                 }
                 if (evenNone || !views.isEmpty()) {
                     emit compactionsChanged(conversation, views);
                 }
             });
}

} // namespace alcuin::app
