#pragma once

#include <QList>
#include <QObject>
#include <QUuid>

#include <optional>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class TranscriptView;

/// The conversation that is shown, as the services tell it: its turns go to the transcript, how it stands to whoever
/// asks. What is told of other conversations ends here.
class OpenConversation : public QObject {
    Q_OBJECT
public:
    OpenConversation(const Services& services, TranscriptView& transcript, QObject* parent = nullptr);

    /// Null: one not begun yet.
    const QUuid& id() const;
    bool isTemporary() const;
    /// Nothing was asked in it yet.
    bool isEmpty() const;
    bool isAnswering() const;
    int turns() const;
    /// How its last answer ended; none: there is none yet.
    const std::optional<app::MessageState>& lastState() const;

    /// Shows another one; what it holds comes when it is read.
    void open(const QUuid& conversation);
    /// The one not begun yet is this one now.
    void adopt(const QUuid& conversation);
    /// Something in it is being answered: at the end of this path.
    void takeAnswering(const QList<app::MessageView>& path);

signals:
    /// The one not begun yet has an id now.
    void begun(const QUuid& conversation);
    /// Any of the above but the id is another.
    void changed();
    /// What was written for it before; once after it was opened.
    void draftRead(const QString& draft);
    void contextFilled();

private:
    void connectTurns();
    void connectPieces();
    void takeOpened(const QUuid& conversation, const QList<app::MessageView>& path, const QString& draft);
    void takeFinished(const QUuid& conversation, const app::MessageView& answer);
    void showPath(const QList<app::MessageView>& path);

    Services m_services;
    TranscriptView& m_transcript;
    QUuid m_id;
    std::optional<app::MessageState> m_lastState;
    int m_turns = 0;
    bool m_opening = false;
    bool m_answering = false;
    bool m_empty = true;
};

} // namespace alcuin::ui
