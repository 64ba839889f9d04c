#include "chat/page_notices.h"

#include "services/conversation_service.h"
#include "services/model_service.h"
#include "widgets/notice_card.h"

namespace alcuin::ui {

using Action = app::Trouble::Action;

PageNotices::PageNotices(const Services& services, NoticeCard& card, QObject* parent)
    : QObject(parent), m_services(services), m_card(card) {
    connect(&card, &NoticeCard::actionRequested, this, &PageNotices::act);
    connect(&services.conversations, &app::ConversationService::failed, this,
            [this](const app::Trouble& trouble) { show(trouble); });
    connect(&services.models, &app::ModelService::stateChanged, this, &PageNotices::takeModelState);
    takeModelState();
}

void PageNotices::show(const app::Trouble& trouble) {
    show(Source::kOther, trouble, {});
}

void PageNotices::showUnsent(const app::Trouble& trouble) {
    show(Source::kSend, trouble, {});
}

void PageNotices::showContextFull() {
    show(Source::kContextFull,
         {tr("The context is full: the model can keep no more of this chat in mind"),
          tr("A summary of the earlier turns makes room; it can be taken back."), Action::kNone},
         tr("Summarise earlier turns"));
}

void PageNotices::hide() {
    m_card.hide();
}

void PageNotices::startOver() {
    hide();
    takeModelState();
}

bool PageNotices::putAway() {
    const bool shown = !m_card.isHidden();
    m_card.hide();
    return shown;
}

void PageNotices::show(Source source, const app::Trouble& trouble, const QString& button) {
    m_source = source;
    if (button.isEmpty()) {
        m_card.show(trouble);
    } else {
        m_card.show(trouble, button);
    }
}

/// The model is another or in another state: says what is wrong with it, or no longer.
void PageNotices::takeModelState() {
    if (m_services.models.state() != app::EngineState::kFailed) {
        if (m_source == Source::kModel) {
            m_card.hide();
        }
    } else if (m_source != Source::kModel || m_card.isHidden()) {
        const auto& trouble = m_services.models.trouble();
        show(Source::kModel, trouble, trouble.action == Action::kNone ? tr("Open a model file…") : QString());
    }
}

void PageNotices::act(Action action) {
    m_card.hide();
    if (m_source == Source::kContextFull) {
        emit summaryRequested();
    } else if (action == Action::kFirstSentences) {
        emit firstSentencesRequested();
    } else if (action == Action::kChooseModel || (m_source == Source::kModel && action == Action::kNone)) {
        emit openFileRequested();
    } else if (m_source == Source::kModel) {
        m_services.models.use(m_services.models.current().path);
    } else if (m_source == Source::kSend) {
        emit sendRequested();
    } else {
        m_services.conversations.refresh();
    }
}

} // namespace alcuin::ui
