#pragma once

#include <QObject>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class NoticeCard;

/// What a conversation's page says went wrong, and what the notice's button does then. One notice at a time: the
/// latest.
class PageNotices : public QObject {
    Q_OBJECT
public:
    PageNotices(const Services& services, NoticeCard& card, QObject* parent = nullptr);

    void show(const app::Trouble& trouble);
    /// A question wasn't stored; it is still in the composer.
    void showUnsent(const app::Trouble& trouble);
    /// An answer ended because the context was full.
    void showContextFull();
    void hide();
    /// Another conversation is shown: of what was said, only what is wrong with the model still holds.
    void startOver();
    /// False: there was none.
    bool putAway();

signals:
    /// What is in the composer is to be sent again.
    void sendRequested();
    void openFileRequested();
    void summaryRequested();
    void firstSentencesRequested();

private:
    enum class Source { kOther, kSend, kModel, kContextFull };

    void show(Source source, const app::Trouble& trouble, const QString& button);
    void takeModelState();
    void act(app::Trouble::Action action);

    Services m_services;
    NoticeCard& m_card;
    Source m_source = Source::kOther;
};

} // namespace alcuin::ui
