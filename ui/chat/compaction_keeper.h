#pragma once

#include <QList>
#include <QObject>
#include <QUuid>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class Desk;
class TranscriptView;

/// Summaries that stand for earlier turns of the conversation that is shown: begun from the desk, marked in the
/// transcript, shown and taken back there.
class CompactionKeeper : public QObject {
    Q_OBJECT
public:
    CompactionKeeper(const Services& services, TranscriptView& transcript, Desk& desk, QObject* parent = nullptr);

    void setConversation(const QUuid& conversation);
    void setTurns(int turns, bool answering);
    /// Has what was said summed up.
    void compact();
    /// The model wrote no summary: the turns' first sentences are to stand for them.
    void keepFirstSentences();

signals:
    void summaryShown(const QString& title, const QString& details, const QString& text);
    /// There is room for what didn't fit.
    void roomMade();
    void failed(const alcuin::app::Trouble& trouble);

private:
    void refresh();
    QUuid takeUnfit();
    const app::CompactionView* activeAt(const QUuid& lastMessage) const;

    Services m_services;
    TranscriptView& m_transcript;
    Desk& m_desk;
    QUuid m_conversation;
    QList<app::CompactionView> m_compactions;
    int m_turns = 0;
    bool m_answering = false;
    bool m_askAfter = false; ///< what doesn't fit is asked once there is a summary
};

} // namespace alcuin::ui
