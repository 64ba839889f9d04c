#include "services/active_turn.h"

#include "services/trouble.h"

namespace alcuin::app {

namespace {
constexpr int kDrainIntervalMs = 33;  ///< one frame at 30 Hz: text faster than that can't be read
constexpr int kFlushIntervalMs = 900; ///< leaves the commit itself a tenth of the promised second

MessageState stateOf(inference::FinishReason reason) {
    switch (reason) {
    case inference::FinishReason::kStop:
        return MessageState::kComplete;
    case inference::FinishReason::kLength:
        return MessageState::kLength;
    case inference::FinishReason::kContextFull:
        return MessageState::kContextFull;
    case inference::FinishReason::kCancelled:
        return MessageState::kCancelled;
    }
    return MessageState::kComplete;
}
} // namespace

ActiveTurn::ActiveTurn(const QUuid& conversation, const MessageView& answer, storage::Generation generation,
                       QObject* parent)
    : QObject(parent)
    , m_conversation(conversation)
    , m_view(answer)
    , m_generation(std::move(generation))
    , m_text(answer.text.toStdString())
    , m_reasoning(answer.reasoning.toStdString())
    , m_reasonedBeforeMs(answer.reasoningDurationMs)
    , m_continues(!m_text.empty() || !m_reasoning.empty()) {
    m_drainTimer.setSingleShot(true);
    m_flushTimer.setSingleShot(true);
    connect(&m_drainTimer, &QTimer::timeout, this, &ActiveTurn::drain);
    connect(&m_flushTimer, &QTimer::timeout, this, &ActiveTurn::flushDue);
}

ActiveTurn::~ActiveTurn() {
    m_handle.reset(); // no wake-up is under way after this
}

const QUuid& ActiveTurn::conversation() const {
    return m_conversation;
}

const QUuid& ActiveTurn::answer() const {
    return m_view.id;
}

ActiveTurn::Snapshot ActiveTurn::snapshot() const {
    Snapshot snapshot{{}, m_generation};
    if (!m_reasoning.empty()) {
        storage::Part part;
        part.kind = storage::PartKind::kReasoning;
        part.text = m_reasoning;
        part.durationMs = m_view.reasoningDurationMs;
        snapshot.parts.push_back(std::move(part));
    }
    storage::Part part;
    part.kind = storage::PartKind::kText;
    part.text = m_text;
    snapshot.parts.push_back(std::move(part));
    return snapshot;
}

MessageView ActiveTurn::view() const {
    MessageView view = m_view;
    view.text = QString::fromStdString(m_text);
    view.reasoning = QString::fromStdString(m_reasoning);
    return view;
}

bool ActiveTurn::hasEnded() const {
    return m_ended;
}

void ActiveTurn::follow(inference::RequestHandle handle) {
    m_handle.emplace(std::move(handle));
    if (m_cancelled) {
        m_handle->cancel();
    }
    m_handle->onReady([this] { QMetaObject::invokeMethod(this, &ActiveTurn::wake, Qt::QueuedConnection); });
}

void ActiveTurn::cancel() {
    m_cancelled = true;
    if (m_handle) {
        m_handle->cancel();
    }
}

void ActiveTurn::wake() {
    if (m_drainTimer.isActive()) {
        return;
    }
    const qint64 since = m_sinceDrain.isValid() ? m_sinceDrain.elapsed() : kDrainIntervalMs;
    m_drainTimer.start(static_cast<int>(qMax<qint64>(0, kDrainIntervalMs - since)));
}

void ActiveTurn::drain() {
    m_sinceDrain.start();
    if (!m_handle || m_ended) {
        return;
    }
    for (auto& event : m_handle->drain()) {
        take(event);
    }
}

void ActiveTurn::take(inference::Event& event) {
    std::visit([this](auto& inner) { take(inner); }, event);
}

void ActiveTurn::take(inference::TextDelta& delta) {
    m_generation.tokens.insert(m_generation.tokens.end(), delta.tokens.begin(), delta.tokens.end());
    if (!m_flushTimer.isActive()) {
        m_flushTimer.start(kFlushIntervalMs);
    }
    if (delta.text.empty()) {
        return;
    }
    if (delta.channel == inference::Channel::kReasoning) {
        if (!m_reasoningClock.isValid()) {
            m_reasoningClock.start();
        }
        m_view.reasoningDurationMs = m_reasonedBeforeMs + m_reasoningClock.elapsed();
        m_reasoning += delta.text;
        emit reasoningDelta(QString::fromStdString(delta.text));
    } else {
        m_text += delta.text;
        emit answerDelta(QString::fromStdString(delta.text));
    }
}

void ActiveTurn::take(const inference::Progress& progress) {
    emit reading(static_cast<qint64>(progress.done), static_cast<qint64>(progress.total));
}

void ActiveTurn::take(const inference::Finished& finished) {
    m_generation.vocabularyHash = finished.usage.vocabularyHash;
    m_generation.contextLength = static_cast<std::int64_t>(finished.usage.contextLength);
    if (m_continues) {
        // What was read for the first part stays the answer's prompt: all that was written since counts as written.
        m_generation.decodeMs += finished.timings.decodeMs;
        m_generation.seed = 0; // its parts were drawn with one each
        end(stateOf(finished.reason), {});
        return;
    }
    m_generation.seed = finished.usage.seed;
    m_generation.promptTokens = static_cast<std::int64_t>(finished.usage.promptTokens);
    m_generation.cachedTokens = static_cast<std::int64_t>(finished.usage.cachedTokens);
    m_generation.queueMs = finished.timings.queueMs;
    m_generation.prefillMs = finished.timings.prefillMs;
    m_generation.timeToFirstTokenMs = finished.timings.timeToFirstTokenMs;
    m_generation.decodeMs = finished.timings.decodeMs;
    end(stateOf(finished.reason), {});
}

void ActiveTurn::take(const inference::Error& error) {
    end(MessageState::kFailed, inWords(toTrouble(error)));
}

void ActiveTurn::end(MessageState state, const QString& error) {
    if (m_ended) {
        return;
    }
    m_ended = true;
    m_drainTimer.stop();
    m_flushTimer.stop();
    emit ended(state, error);
}

} // namespace alcuin::app
