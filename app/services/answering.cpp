#include "services/answering.h"

#include <alcuin/storage/conversation_store.h>

#include "services/active_turn.h"
#include "services/conversation_service.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"

namespace alcuin::app {

using storage::ConversationStore;
using storage::Database;

Answering::Answering(ConversationService& conversations, QObject* parent)
    : QObject(parent), m_conversations(conversations) {}

void Answering::begin(const QUuid& conversation, const storage::PathEntry& answer, inference::TextEngine& engine,
                      inference::GenerationRequest request) {
    auto* turn =
        new ActiveTurn(conversation, toView(answer), answer.message.generation.value_or(storage::Generation{}), this);
    m_turns.insert(conversation, turn);
    connectTurn(*turn);
    m_conversations.setAnswering(conversation, true);
    auto handle = engine.submit(std::move(request));
    if (!handle) {
        store(*turn, MessageState::kFailed, inWords(toTrouble(handle.error())));
        return;
    }
    turn->follow(std::move(*handle));
}

void Answering::connectTurn(ActiveTurn& turn) {
    const QUuid conversation = turn.conversation();
    const QUuid answer = turn.answer();
    connect(&turn, &ActiveTurn::reading, this, [this, conversation, answer](qint64 done, qint64 total) {
        emit reading(conversation, answer, done, total);
    });
    connect(&turn, &ActiveTurn::reasoningDelta, this,
            [this, conversation, answer](const QString& text) { emit reasoningDelta(conversation, answer, text); });
    connect(&turn, &ActiveTurn::answerDelta, this,
            [this, conversation, answer](const QString& text) { emit answerDelta(conversation, answer, text); });
    connect(&turn, &ActiveTurn::flushDue, this, [this, &turn] { flush(turn); });
    connect(&turn, &ActiveTurn::ended, this,
            [this, &turn](MessageState state, const QString& error) { store(turn, state, error); });
}

void Answering::flush(const ActiveTurn& turn) {
    m_conversations.storageOf(turn.conversation())
        .run(
            [id = toId(turn.answer()), snapshot = turn.snapshot()](Database& database) {
                return ConversationStore(database).flushAnswer(id, snapshot.parts, snapshot.generation);
            },
            this,
            [this](const storage::Result<void>& result) {
                if (!result) {
                    emit m_conversations.failed(toTrouble(result.error()));
                }
            });
}

/// Gives an answer its final state in the store, then tells the window.
void Answering::store(ActiveTurn& turn, MessageState state, const QString& error) {
    MessageView view = turn.view();
    view.state = state;
    view.error = error;
    const auto snapshot = turn.snapshot();
    view.measurements = toMeasurements(snapshot.generation);
    view.seed = seedOf(snapshot.generation);
    view.canContinue = canContinue(view);
    m_conversations.storageOf(turn.conversation())
        .run(
            [id = toId(turn.answer()), state, snapshot, words = error.toStdString()](Database& database) {
                return ConversationStore(database).finishAnswer(id, toRecord(state), snapshot.parts,
                                                                snapshot.generation, words);
            },
            this,
            [this, conversation = turn.conversation(), view](const storage::Result<void>& result) {
                MessageView shown = view;
                if (!result) {
                    shown.state = MessageState::kFailed;
                    shown.error = inWords(toTrouble(result.error()));
                }
                announceEnd(conversation, shown);
            });
}

void Answering::announceEnd(const QUuid& conversation, const MessageView& view) {
    if (auto* turn = m_turns.take(conversation)) {
        turn->deleteLater();
    }
    m_conversations.setAnswering(conversation, false);
    emit finished(conversation, view);
    m_conversations.refresh();
}

void Answering::stop(const QUuid& conversation) {
    if (auto* turn = m_turns.value(conversation)) {
        turn->cancel();
    }
}

void Answering::interruptAll() {
    const auto turns = m_turns.values();
    for (auto* turn : turns) {
        turn->drain();
        if (turn->hasEnded()) {
            continue; // on its way into the store already
        }
        turn->disconnect(this);
        turn->cancel();
        store(*turn, MessageState::kInterrupted, {});
    }
}

bool Answering::isAnswering(const QUuid& conversation) const {
    return m_turns.contains(conversation);
}

bool Answering::isIdle() const {
    return m_turns.isEmpty();
}

std::optional<MessageView> Answering::live(const QUuid& conversation) const {
    const auto* turn = m_turns.value(conversation);
    return turn == nullptr ? std::nullopt : std::optional(turn->view());
}

} // namespace alcuin::app
