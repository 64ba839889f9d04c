#pragma once

#include <QList>
#include <QObject>
#include <QTimer>
#include <QUuid>

#include <optional>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class Composer;
class QueueStrip;

/// Questions that wait for the answer being written: shown, put in order, and given back to the composer.
class QueueKeeper : public QObject {
    Q_OBJECT
public:
    QueueKeeper(const Services& services, QueueStrip& strip, Composer& composer, QObject* parent = nullptr);

    void setConversation(const QUuid& conversation);
    /// The conversation not begun yet is this one now.
    void adopt(const QUuid& conversation);
    /// Whether an answer is written there, and how the last one ended.
    void setAnswering(bool answering, const std::optional<app::MessageState>& last);
    /// Lets a question wait for the answer; the composer keeps it until it is stored.
    void enqueue(const app::Question& question);
    bool isEnqueuing() const;
    /// It wasn't stored.
    void dropEnqueued();

signals:
    /// What was to wait is stored, and out of the composer.
    void stored();
    /// A waiting question was removed; giving it back is ChatService::enqueue.
    void removed(const alcuin::app::Question& question);

private:
    enum class Taken { kToEdit, kToRemove };

    void connectStrip();
    void takeBack(const QUuid& queued, Taken what);
    void takeEnqueued();
    void show();
    QString heldWords() const;

    Services m_services;
    QueueStrip& m_strip;
    Composer& m_composer;
    QUuid m_conversation;
    QList<Taken> m_taken;                    ///< what for waiting questions were asked back, in their order
    std::optional<app::Question> m_enqueued; ///< on its way into the store
    std::optional<app::MessageState> m_last;
    bool m_answering = false;
    QTimer m_goingOn; ///< an answer is complete, and the next question is on its way
};

} // namespace alcuin::ui
