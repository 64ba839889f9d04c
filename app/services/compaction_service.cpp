#include "services/compaction_service.h"

#include <alcuin/storage/compaction_store.h>

#include <optional>
#include <utility>

#include "services/background_answer.h"
#include "services/chat_service.h"
#include "services/compaction_plan.h"
#include "services/conversation_service.h"
#include "services/conversation_settings.h"
#include "services/model_service.h"
#include "services/prompt_counting.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"
#include "services/turn_store.h"
#include "services/work_thread.h"

namespace alcuin::app {

using storage::CompactionStore;
using storage::Database;

/// A summary under way.
struct CompactionService::Work {
    QUuid conversation;
    PromptInput input; ///< the whole path; its summary grows piece by piece
    std::shared_ptr<inference::TextEngine> engine;
    QString modelName;
    InstructionsPlace place = InstructionsPlace::kSystemMessage;
    CompactionPlan plan;
    qint64 contextLength = 0;
    std::unique_ptr<BackgroundAnswer> answer;
};

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

void CompactionService::compact(const QUuid& conversation) {
    if (m_works.contains(conversation)) {
        return;
    }
    auto work = std::make_shared<Work>();
    work->conversation = conversation;
    work->engine = m_models.engine();
    work->modelName = m_models.current().name;
    m_works.insert(conversation, work);
    if (!work->engine) {
        fail(work, {tr("No model is loaded"), tr("Choose a model first."), Trouble::Action::kChooseModel});
        return;
    }
    m_conversations.storageOf(conversation)
        .run([conversation, unsaved = m_chat.settings().unsaved(conversation)](
                 Database& database) { return readDraftSource(database, conversation, {}, unsaved); },
             this,
             [this, work](storage::Result<WishSource> source) {
                 if (!isCurrent(work)) {
                     return;
                 }
                 if (!source) {
                     fail(work, toTrouble(source.error()));
                     return;
                 }
                 work->input = std::move(source->input);
                 work->input.draft.clear();
                 count(work);
             });
}

/// Finds out what is to be covered, and how much of it can be read next.
void CompactionService::count(const WorkPtr& work) {
    m_counting->run(
        [counter = m_counter, engine = work->engine, input = work->input] { return counter->count(*engine, input); },
        this,
        [this, work](const inference::Result<CountedPrompt>& counted) {
            if (!isCurrent(work)) {
                return;
            }
            if (!counted) {
                fail(work, toTrouble(counted.error()));
                return;
            }
            const auto plan = planCompaction(work->input, counted->ledger);
            if (!plan) {
                fail(work, {tr("There is nothing that a summary could stand for"),
                            tr("The turns are too few, or the next one is too long for the model to read at "
                               "once. Leave out a file, or begin a new chat."),
                            Trouble::Action::kNone});
                return;
            }
            // What is to be covered in the end was decided by the first count.
            const auto covered = work->plan.covered == 0 ? plan->covered : work->plan.covered;
            work->plan = {covered, std::min(plan->next, covered)};
            work->place = counted->place;
            work->contextLength = counted->ledger.contextLength;
            write(work);
        });
}

void CompactionService::write(const WorkPtr& work) {
    emit compacting(work->conversation, 0, static_cast<qint64>(work->plan.covered));
    PromptInput input = work->input;
    input.path.resize(work->plan.next);
    input.draft = toParts(summaryQuestion());
    input.keepsState = false;
    auto& parameters = input.parameters.emplace();
    parameters.temperature = 0;
    parameters.maxTokens = static_cast<int>(summaryTokens(work->contextLength));
    auto request = buildRequest(input, work->place);
    request.priority = inference::Priority::kNormal;
    if (work->engine->capabilities().reasoning) {
        request.templateVariablesJson = R"({"enable_thinking":false})";
    }
    auto handle = work->engine->submit(std::move(request));
    if (!handle) {
        fail(work, toTrouble(handle.error()));
        return;
    }
    work->answer = std::make_unique<BackgroundAnswer>(work->engine, std::move(*handle));
    connect(work->answer.get(), &BackgroundAnswer::written, this,
            [this, work = std::weak_ptr(work)](const QString& text) {
                if (const auto alive = work.lock()) {
                    take(alive, text);
                }
            });
    connect(work->answer.get(), &BackgroundAnswer::failed, this,
            [this, work = std::weak_ptr(work)](const inference::Error& error) {
                if (const auto alive = work.lock()) {
                    fail(alive, toTrouble(error));
                }
            });
}

void CompactionService::take(const WorkPtr& work, const QString& text) {
    work->answer.release()->deleteLater(); // it is what calls
    if (!isSummaryOf(work->input, work->plan, text)) {
        fail(work,
             {tr("The model wrote no summary"),
              tr("What it wrote says nothing of the conversation, so nothing was changed. Try another model, leave "
                 "out a file, or begin a new chat."),
              Trouble::Action::kNone});
        return;
    }
    const auto& last = work->input.path.at(work->plan.next - 1).message;
    work->input.summary = PromptSummary{last.id, text.trimmed().toStdString()};
    emit compacting(work->conversation, static_cast<qint64>(work->plan.next), static_cast<qint64>(work->plan.covered));
    if (work->plan.next < work->plan.covered) {
        count(work);
    } else {
        store(work);
    }
}

void CompactionService::store(const WorkPtr& work) {
    storage::Compaction row;
    row.conversationId = toId(work->conversation);
    row.lastMessage = work->input.summary->lastMessage;
    row.summary = work->input.summary->text;
    row.modelName = work->modelName.toStdString();
    m_conversations.storageOf(work->conversation)
        .run([row](Database& database) { return CompactionStore(database).append(row); }, this,
             [this, work](const storage::Result<storage::Compaction>& stored) {
                 if (!stored) {
                     fail(work, toTrouble(stored.error()));
                     return;
                 }
                 m_works.remove(work->conversation);
                 emit compacted(work->conversation, toView(*stored));
                 read(work->conversation, true);
             });
}

void CompactionService::fail(const WorkPtr& work, const Trouble& trouble) {
    if (work->answer) {
        work->answer.release()->deleteLater();
    }
    if (isCurrent(work)) {
        m_works.remove(work->conversation);
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
