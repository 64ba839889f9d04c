#include "services/question_queue.h"

#include <algorithm>

#include <alcuin/storage/queue_store.h>

#include "services/answering.h"
#include "services/asking.h"
#include "services/conversation_service.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"

namespace alcuin::app {

using storage::Database;
using storage::QueueStore;
using Rows = storage::Result<std::vector<storage::QueuedQuestion>>;

namespace {

QList<Queued> toViews(const std::vector<storage::QueuedQuestion>& rows) {
    QList<Queued> views;
    for (const auto& row : rows) {
        views.push_back({toUuid(row.id), toQuestion(row.parts)});
    }
    return views;
}

} // namespace

QuestionQueue::QuestionQueue(ConversationService& conversations, Asking& asking, Answering& answering, QObject* parent)
    : QObject(parent), m_conversations(conversations), m_asking(asking) {
    connect(&answering, &Answering::finished, this, [this](const QUuid& conversation, const MessageView& answer) {
        if (answer.state == MessageState::kComplete) {
            sendNext(conversation);
        }
    });
    connect(&asking, &Asking::stored, this, [this](const Wish& wish, const QUuid& conversation) {
        if (!wish.queued.isNull()) {
            read(conversation);
        }
    });
    connect(&conversations, &ConversationService::opened, this, [this](const QUuid& conversation) {
        if (!conversation.isNull()) {
            read(conversation);
        }
    });
}

QList<Queued> QuestionQueue::waiting(const QUuid& conversation) const {
    return m_waiting.value(conversation);
}

void QuestionQueue::append(const QUuid& conversation, const Question& question) {
    m_conversations.storageOf(conversation)
        .run([id = toId(conversation),
              parts = toParts(question)](Database& database) { return QueueStore(database).append(id, parts); },
             this,
             [this, conversation, question](const storage::Result<storage::QueuedQuestion>& stored) {
                 if (!stored) {
                     emit appendFailed(conversation, question, toTrouble(stored.error()));
                     return;
                 }
                 read(conversation);
             });
}

void QuestionQueue::takeBack(const QUuid& conversation, const QUuid& queued) {
    using Taken = std::optional<storage::QueuedQuestion>;
    const auto job = [id = toId(queued), in = toId(conversation)](Database& database) -> storage::Result<Taken> {
        QueueStore queue(database);
        auto rows = queue.list(in);
        if (!rows) {
            return tl::unexpected(rows.error());
        }
        const auto at = std::find_if(rows->begin(), rows->end(), [&](const auto& row) { return row.id == id; });
        if (at == rows->end()) {
            return std::nullopt; // it was asked meanwhile
        }
        return queue.remove(id).map([&] { return Taken(std::move(*at)); });
    };
    m_conversations.storageOf(conversation).run(job, this, [this, conversation](const storage::Result<Taken>& taken) {
        if (!taken) {
            emit m_conversations.failed(toTrouble(taken.error()));
        } else if (*taken) {
            emit takenBack(conversation, toQuestion((*taken)->parts));
        }
        read(conversation);
    });
}

void QuestionQueue::move(const QUuid& conversation, const QUuid& queued, int index) {
    m_conversations.storageOf(conversation)
        .run(
            [id = toId(queued), index](Database& database) {
                return QueueStore(database).move(id, static_cast<std::size_t>(std::max(0, index)));
            },
            this,
            [this, conversation](const storage::Result<void>& moved) {
                if (!moved && moved.error().code != storage::ErrorCode::kNotFound) {
                    emit m_conversations.failed(toTrouble(moved.error()));
                }
                read(conversation);
            });
}

void QuestionQueue::sendNext(const QUuid& conversation) {
    m_conversations.storageOf(conversation)
        .run([id = toId(conversation)](Database& database) { return QueueStore(database).list(id); }, this,
             [this, conversation](const Rows& rows) {
                 if (!rows || rows->empty() || m_asking.isBusy(conversation)) {
                     return;
                 }
                 Wish wish;
                 wish.conversation = conversation;
                 wish.question = toQuestion(rows->front().parts);
                 wish.queued = toUuid(rows->front().id);
                 m_asking.ask(wish);
             });
}

void QuestionQueue::read(const QUuid& conversation) {
    m_conversations.storageOf(conversation)
        .run([id = toId(conversation)](Database& database) { return QueueStore(database).list(id); }, this,
             [this, conversation](const Rows& rows) {
                 if (!rows) {
                     emit m_conversations.failed(toTrouble(rows.error()));
                     return;
                 }
                 take(conversation, toViews(*rows));
             });
}

void QuestionQueue::take(const QUuid& conversation, const QList<Queued>& waiting) {
    if (m_waiting.value(conversation) == waiting) {
        return;
    }
    if (waiting.isEmpty()) {
        m_waiting.remove(conversation);
    } else {
        m_waiting.insert(conversation, waiting);
    }
    emit changed(conversation, waiting);
}

} // namespace alcuin::app
