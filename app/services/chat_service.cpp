#include "services/chat_service.h"

#include <QSet>

#include <alcuin/inference/text_engine.h>
#include <alcuin/storage/conversation_store.h>

#include "services/active_turn.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "services/record_conversion.h"
#include "services/request_builder.h"
#include "services/storage_thread.h"
#include "services/trouble.h"
#include "services/turn_store.h"

namespace alcuin::app {

using storage::ConversationStore;
using storage::Database;

namespace {

QString inWords(const Trouble& trouble) {
    return trouble.text.isEmpty() ? trouble.title : trouble.title + QLatin1Char('\n') + trouble.text;
}

} // namespace

struct ChatService::Private {
    using StoreJob = std::function<storage::Result<StoredTurn>(Database&, const storage::Generation&)>;
    using Announce = void (ChatService::*)(const QUuid&, const QList<MessageView>&);

    Private(ChatService& service, StorageThread& storageThread, ModelService& modelService,
            ConversationService& conversationService)
        : q(service), storage(storageThread), models(modelService), conversations(conversationService) {}

    std::optional<Trouble> obstacle(const QUuid& conversation) const;
    storage::Generation newGeneration() const;
    void ask(const QUuid& conversation, const QString& text, StoreJob job, Announce announce);
    void begin(const StoredTurn& stored, inference::TextEngine& engine);
    void connectTurn(ActiveTurn& turn);
    void flush(const ActiveTurn& turn);
    void store(ActiveTurn& turn, MessageState state, const QString& error);
    void announceEnd(const QUuid& conversation, const MessageView& view);

    ChatService& q;
    StorageThread& storage;
    ModelService& models;
    ConversationService& conversations;
    QHash<QUuid, ActiveTurn*> turns; ///< by conversation; owned by `q` through Qt
    QSet<QUuid> storing;             ///< conversations whose question is on its way into the store
    QSet<QUuid> stopWhenStored;
};

/// Why nothing can be asked there now; none: it can.
std::optional<Trouble> ChatService::Private::obstacle(const QUuid& conversation) const {
    if (models.state() == EngineState::kLoading) {
        return Trouble{tr("The model is still loading"), tr("Send it again in a moment."), Trouble::Action::kNone};
    }
    if (!models.engine()) {
        return Trouble{tr("No model is loaded"), tr("Choose a model first."), Trouble::Action::kChooseModel};
    }
    if (turns.contains(conversation) || storing.contains(conversation)) {
        return Trouble{tr("An answer is still being written"), tr("Stop it, or wait until it is done."),
                       Trouble::Action::kNone};
    }
    return std::nullopt;
}

storage::Generation ChatService::Private::newGeneration() const {
    const auto engine = models.engine();
    storage::Generation generation;
    generation.modelName = models.current().name.toStdString();
    generation.modelPath = models.current().path.toStdString();
    generation.parametersJson = parametersJson(inference::SamplingParameters{});
    generation.vocabularyHash = engine->modelInfo().vocabularyHash;
    return generation;
}

/// Stores a turn, then starts the engine on it: nothing is acknowledged before its commit.
void ChatService::Private::ask(const QUuid& conversation, const QString& text, StoreJob job, Announce announce) {
    if (const auto trouble = obstacle(conversation)) {
        emit q.rejected(conversation, text, *trouble);
        return;
    }
    storing.insert(conversation);
    storage.run(
        [job = std::move(job), generation = newGeneration()](Database& database) { return job(database, generation); },
        &q,
        [this, conversation, text, announce, engine = models.engine()](storage::Result<StoredTurn> stored) {
            storing.remove(conversation);
            if (!stored) {
                stopWhenStored.remove(conversation);
                emit q.rejected(conversation, text, toTrouble(stored.error()));
                return;
            }
            emit(q.*announce)(stored->conversation, toViews(stored->path));
            begin(*stored, *engine);
            if (stopWhenStored.remove(conversation)) {
                q.stop(stored->conversation);
            }
            conversations.refresh();
        });
}

void ChatService::Private::begin(const StoredTurn& stored, inference::TextEngine& engine) {
    const auto& answer = stored.path.back();
    auto* turn = new ActiveTurn(stored.conversation, toView(answer),
                                answer.message.generation.value_or(storage::Generation{}), &q);
    turns.insert(stored.conversation, turn);
    connectTurn(*turn);
    conversations.setAnswering(stored.conversation, true);
    auto handle = engine.submit(buildRequest(stored.path));
    if (!handle) {
        store(*turn, MessageState::kFailed, inWords(toTrouble(handle.error())));
        return;
    }
    turn->follow(std::move(*handle));
}

void ChatService::Private::connectTurn(ActiveTurn& turn) {
    const QUuid conversation = turn.conversation();
    const QUuid answer = turn.answer();
    connect(&turn, &ActiveTurn::reading, &q, [this, conversation, answer](qint64 done, qint64 total) {
        emit q.reading(conversation, answer, done, total);
    });
    connect(&turn, &ActiveTurn::reasoningDelta, &q,
            [this, conversation, answer](const QString& text) { emit q.reasoningDelta(conversation, answer, text); });
    connect(&turn, &ActiveTurn::answerDelta, &q,
            [this, conversation, answer](const QString& text) { emit q.answerDelta(conversation, answer, text); });
    connect(&turn, &ActiveTurn::flushDue, &q, [this, &turn] { flush(turn); });
    connect(&turn, &ActiveTurn::ended, &q,
            [this, &turn](MessageState state, const QString& error) { store(turn, state, error); });
}

void ChatService::Private::flush(const ActiveTurn& turn) {
    storage.run(
        [id = toId(turn.answer()), snapshot = turn.snapshot()](Database& database) {
            return ConversationStore(database).flushAnswer(id, snapshot.parts, snapshot.generation);
        },
        &q,
        [this](const storage::Result<void>& result) {
            if (!result) {
                emit conversations.failed(toTrouble(result.error()));
            }
        });
}

/// Gives an answer its final state in the store, then tells the window.
void ChatService::Private::store(ActiveTurn& turn, MessageState state, const QString& error) {
    MessageView view = turn.view();
    view.state = state;
    view.error = error;
    const auto snapshot = turn.snapshot();
    view.measurements = toMeasurements(snapshot.generation);
    storage.run(
        [id = toId(turn.answer()), state, snapshot, words = error.toStdString()](Database& database) {
            return ConversationStore(database).finishAnswer(id, toRecord(state), snapshot.parts, snapshot.generation,
                                                            words);
        },
        &q,
        [this, conversation = turn.conversation(), view](const storage::Result<void>& result) {
            MessageView shown = view;
            if (!result) {
                shown.state = MessageState::kFailed;
                shown.error = inWords(toTrouble(result.error()));
            }
            announceEnd(conversation, shown);
        });
}

void ChatService::Private::announceEnd(const QUuid& conversation, const MessageView& view) {
    if (auto* turn = turns.take(conversation)) {
        turn->deleteLater();
    }
    conversations.setAnswering(conversation, false);
    emit q.finished(conversation, view);
    conversations.refresh();
}

ChatService::ChatService(StorageThread& storage, ModelService& models, ConversationService& conversations,
                         QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(*this, storage, models, conversations)) {}

ChatService::~ChatService() = default;

void ChatService::send(const QUuid& conversation, const QString& text) {
    d->ask(
        conversation, text,
        [id = toId(conversation), text](Database& database, const storage::Generation& generation) {
            return storeNextQuestion(database, id, text, generation);
        },
        &ChatService::accepted);
}

void ChatService::edit(const QUuid& conversation, const QUuid& question, const QString& text) {
    d->ask(
        conversation, text,
        [id = toId(conversation), original = toId(question), text](Database& database,
                                                                   const storage::Generation& generation) {
            return storeEditedQuestion(database, id, original, text, generation);
        },
        &ChatService::accepted);
}

void ChatService::regenerate(const QUuid& conversation, const QUuid& answer) {
    d->ask(
        conversation, {},
        [id = toId(conversation), original = toId(answer)](Database& database, const storage::Generation& generation) {
            return storeNewAnswer(database, id, original, generation);
        },
        &ChatService::regenerating);
}

void ChatService::stop(const QUuid& conversation) {
    if (auto* turn = d->turns.value(conversation)) {
        turn->cancel();
    } else if (d->storing.contains(conversation)) {
        d->stopWhenStored.insert(conversation);
    }
}

void ChatService::shutdown() {
    const auto turns = d->turns.values();
    for (auto* turn : turns) {
        turn->drain();
        if (turn->hasEnded()) {
            continue; // on its way into the store already
        }
        turn->disconnect(this);
        turn->cancel();
        d->store(*turn, MessageState::kInterrupted, {});
    }
    d->storage.flushAndStop();
}

bool ChatService::isAnswering(const QUuid& conversation) const {
    return d->turns.contains(conversation) || d->storing.contains(conversation);
}

std::optional<MessageView> ChatService::live(const QUuid& conversation) const {
    const auto* turn = d->turns.value(conversation);
    return turn == nullptr ? std::nullopt : std::optional(turn->view());
}

} // namespace alcuin::app
