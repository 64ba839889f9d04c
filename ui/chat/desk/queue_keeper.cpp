#include "chat/desk/queue_keeper.h"

#include <algorithm>
#include <utility>

#include "chat/composer.h"
#include "chat/desk/queue_strip.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"

namespace alcuin::ui {

namespace {
constexpr int kGoingOnMs = 2000; ///< how long the next question may take to be asked before it counts as held
}

QueueKeeper::QueueKeeper(const Services& services, QueueStrip& strip, Composer& composer, QObject* parent)
    : QObject(parent), m_services(services), m_strip(strip), m_composer(composer) {
    m_goingOn.setSingleShot(true);
    m_goingOn.setInterval(kGoingOnMs);
    connect(&m_goingOn, &QTimer::timeout, this, &QueueKeeper::show);
    connectStrip();
    auto& chat = services.chat;
    connect(&chat, &app::ChatService::queueChanged, this, [this](const QUuid& conversation) {
        if (conversation == m_conversation) {
            show();
            takeEnqueued();
        }
    });
    connect(&chat, &app::ChatService::takenBack, this,
            [this](const QUuid& conversation, const app::Question& question) {
                if (conversation != m_conversation || m_taken.isEmpty()) {
                    return;
                }
                if (m_taken.takeFirst() == Taken::kToEdit) {
                    m_composer.takeBack(question);
                } else {
                    emit removed(question);
                }
            });
}

void QueueKeeper::connectStrip() {
    connect(&m_strip, &QueueStrip::editRequested, this,
            [this](const QUuid& queued) { takeBack(queued, Taken::kToEdit); });
    connect(&m_strip, &QueueStrip::removeRequested, this,
            [this](const QUuid& queued) { takeBack(queued, Taken::kToRemove); });
    connect(&m_strip, &QueueStrip::moveRequested, this,
            [this](const QUuid& queued, int index) { m_services.chat.moveQueued(m_conversation, queued, index); });
    connect(&m_strip, &QueueStrip::sendNowRequested, this, [this] { m_services.chat.sendNextQueued(m_conversation); });
}

void QueueKeeper::setConversation(const QUuid& conversation) {
    m_taken.clear();
    m_enqueued.reset();
    m_goingOn.stop();
    adopt(conversation);
}

void QueueKeeper::adopt(const QUuid& conversation) {
    m_conversation = conversation;
    show();
}

void QueueKeeper::setAnswering(bool answering, const std::optional<app::MessageState>& last) {
    if (m_answering && !answering && last == app::MessageState::kComplete) {
        m_goingOn.start();
    }
    m_answering = answering;
    m_last = last;
    show();
}

void QueueKeeper::enqueue(const app::Question& question) {
    m_enqueued = question;
    m_services.chat.enqueue(m_conversation, question);
}

bool QueueKeeper::isEnqueuing() const {
    return m_enqueued.has_value();
}

void QueueKeeper::dropEnqueued() {
    m_enqueued.reset();
}

void QueueKeeper::takeBack(const QUuid& queued, Taken what) {
    m_taken.append(what);
    m_services.chat.takeBack(m_conversation, queued);
}

/// Stored: the composer may let go of it.
void QueueKeeper::takeEnqueued() {
    const auto waiting = m_services.chat.queued(m_conversation);
    const auto isIt = [this](const app::Queued& queued) { return queued.question == *m_enqueued; };
    if (!m_enqueued || std::none_of(waiting.cbegin(), waiting.cend(), isIt)) {
        return;
    }
    m_composer.takeSent(*std::exchange(m_enqueued, std::nullopt));
    m_services.conversations.saveDraft(m_conversation, m_composer.text());
    emit stored();
}

void QueueKeeper::show() {
    const auto waiting = m_conversation.isNull() ? QList<app::Queued>() : m_services.chat.queued(m_conversation);
    const bool goesOn = m_answering || m_goingOn.isActive();
    m_strip.show(waiting, goesOn ? QString() : heldWords());
}

QString QueueKeeper::heldWords() const {
    switch (m_last.value_or(app::MessageState::kComplete)) {
    case app::MessageState::kCancelled:
        return tr("Held, as the answer was stopped");
    case app::MessageState::kFailed:
        return tr("Held, as the answer failed");
    case app::MessageState::kLength:
    case app::MessageState::kContextFull:
        return tr("Held, as the answer was cut off");
    case app::MessageState::kInterrupted:
        return tr("Held, as the answer was interrupted");
    case app::MessageState::kComplete:
    case app::MessageState::kStreaming:
        break;
    }
    return tr("Held until you send it on");
}

} // namespace alcuin::ui
