#include "chat/page_body.h"

#include <algorithm>

#include "chat/first_run_page.h"
#include "chat/transcript_view.h"
#include "chat/welcome_page.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "theme/theme.h"

namespace alcuin::ui {

PageBody::PageBody(const Services& services, const Theme& theme, QWidget* parent)
    : QStackedWidget(parent)
    , m_services(services)
    , m_blank(new QWidget(this))
    , m_transcript(new TranscriptView(theme, this))
    , m_welcome(new WelcomePage(theme, this))
    , m_firstRun(new FirstRunPage(services.models, theme, this)) {
    m_transcript->setAccessibleName(tr("Conversation"));
    addWidget(m_blank);
    addWidget(m_transcript);
    addWidget(m_welcome);
    addWidget(m_firstRun);
    setMinimumHeight(Space::k8); // on a small screen what is asked and said below comes first
    connect(m_welcome, &WelcomePage::openFileRequested, this, &PageBody::openFileRequested);
    connect(m_welcome, &WelcomePage::shortcutsRequested, this, &PageBody::shortcutsRequested);
    connect(m_welcome, &WelcomePage::continueRequested, this, [this] { emit continueRequested(m_last); });
    connect(m_firstRun, &FirstRunPage::openFileRequested, this, &PageBody::openFileRequested);
    connect(&services.models, &app::ModelService::stateChanged, this, &PageBody::choose);
    connect(&services.models, &app::ModelService::modelsChanged, this, &PageBody::choose);
    connect(&services.conversations, &app::ConversationService::conversationsChanged, this,
            &PageBody::takeConversations);
    takeConversations();
    choose();
}

TranscriptView& PageBody::transcript() const {
    return *m_transcript;
}

bool PageBody::showsTranscript() const {
    return currentWidget() == m_transcript;
}

void PageBody::setConversation(const QUuid& conversation) {
    m_conversation = conversation;
    takeConversations();
}

void PageBody::setEmpty(bool empty) {
    m_empty = empty;
    choose();
}

void PageBody::setCovered(int height) {
    m_welcome->setCovered(height);
    m_firstRun->setCovered(height);
}

void PageBody::choose() {
    const auto& models = m_services.models;
    QWidget* page = m_transcript;
    if (m_empty && models.state() == app::EngineState::kNoModel) {
        page = models.hasLooked() ? static_cast<QWidget*>(m_firstRun) : m_blank;
    } else if (m_empty) {
        page = m_welcome;
    }
    setCurrentWidget(page);
}

void PageBody::takeConversations() {
    const auto& all = m_services.conversations.conversations();
    const auto last = std::find_if(all.cbegin(), all.cend(), [this](const auto& c) { return c.id != m_conversation; });
    m_last = last == all.cend() ? QUuid() : last->id;
    m_welcome->setLastTitle(last == all.cend() ? QString() : last->title);
}

} // namespace alcuin::ui
