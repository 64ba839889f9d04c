#pragma once

#include <QHash>
#include <QList>
#include <QObject>
#include <QUuid>

#include "services/chat_values.h"
#include "services/wish.h"

namespace alcuin::app {

class Answering;
class Asking;
class ConversationService;

/// Questions that wait while an answer is being written. They are stored, so that they outlive the program; when an
/// answer is complete, the first one is asked, and waits no longer once it is stored as a question. After an answer
/// that was stopped, cut off or failed, and after a start, the queue waits for sendNext.
class QuestionQueue : public QObject {
    Q_OBJECT
public:
    QuestionQueue(ConversationService& conversations, Asking& asking, Answering& answering, QObject* parent = nullptr);

    /// What waits there, as last told by `changed`.
    QList<Queued> waiting(const QUuid& conversation) const;
    void append(const QUuid& conversation, const Question& question);
    /// Answered by `takenBack`.
    void takeBack(const QUuid& conversation, const QUuid& queued);
    /// Makes it the one at `index`, counted from 0.
    void move(const QUuid& conversation, const QUuid& queued, int index);
    void sendNext(const QUuid& conversation);

signals:
    void changed(const QUuid& conversation, const QList<alcuin::app::Queued>& waiting);
    /// It waits no longer and wasn't asked.
    void takenBack(const QUuid& conversation, const alcuin::app::Question& question);
    /// It isn't stored.
    void appendFailed(const QUuid& conversation, const alcuin::app::Question& question,
                      const alcuin::app::Trouble& trouble);

private:
    void read(const QUuid& conversation);
    void take(const QUuid& conversation, const QList<Queued>& waiting);

    ConversationService& m_conversations;
    Asking& m_asking;
    QHash<QUuid, QList<Queued>> m_waiting;
};

} // namespace alcuin::app
