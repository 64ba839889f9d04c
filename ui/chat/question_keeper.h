#pragma once

#include <QList>
#include <QObject>
#include <QUuid>

#include <optional>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class Composer;
class Desk;
class OpenConversation;
class PageNotices;
class TurnActions;

/// Between the composer and the services: asks what stands there, leaves it there until it is stored, keeps it as a
/// draft meanwhile, and says what can be asked now.
class QuestionKeeper : public QObject {
    Q_OBJECT
public:
    QuestionKeeper(const Services& services, OpenConversation& shown, Desk& desk, const TurnActions& turns,
                   PageNotices& notices, QObject* parent = nullptr);

    /// Asks, or lets the question wait for the answer being written.
    void send();
    /// There is room for what didn't fit: asks it.
    void sendUnfit();
    /// Stops the answer being written, or the wait for a model. False: there was nothing to stop.
    bool stop();
    /// Another conversation is about to be shown, whose draft comes when it is read.
    void startOver();
    /// Takes the question out of the composer and out of the draft.
    app::Question takeAlong();

signals:
    /// Whether something can be asked at once is said anew.
    void readyShown(bool ready);

private:
    void connectComposer();
    void connectServices();
    void takeAccepted(const QUuid& conversation, const QList<app::MessageView>& path);
    void takeRejected(const QUuid& conversation, const app::Question& question, const app::Trouble& trouble);
    void takeContextFull(const QUuid& conversation, const app::Question& question, const app::ContextFull& full);
    void takeDraft(const QString& draft);
    void takeSent();
    bool keepUnsent(const QUuid& conversation, const app::Question& question);
    void showState();
    QString statusWords() const;

    Services m_services;
    OpenConversation& m_shown;
    Desk& m_desk;
    Composer& m_composer;
    const TurnActions& m_turns;
    PageNotices& m_notices;
    std::optional<app::Question> m_sent;                                  ///< on its way into the store
    app::ContextFull::Asked m_unfit = app::ContextFull::Asked::kQuestion; ///< what didn't fit last
    QString m_waitingFor; ///< the model that is loaded first, for what was asked
    bool m_sentFromNew = false;
};

} // namespace alcuin::ui
