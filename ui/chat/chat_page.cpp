#include "chat/chat_page.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "chat/chat_header.h"
#include "chat/code_saver.h"
#include "chat/compaction_keeper.h"
#include "chat/composer.h"
#include "chat/desk/attachment_strip.h"
#include "chat/desk/desk.h"
#include "chat/first_run_page.h"
#include "chat/link_question.h"
#include "chat/page_notices.h"
#include "chat/panel/conversation_panel.h"
#include "chat/panel/panel_keeper.h"
#include "chat/temporary_chats.h"
#include "chat/temporary_strip.h"
#include "chat/transcript_view.h"
#include "chat/turn_actions.h"
#include "chat/welcome_page.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/notice_card.h"
#include "widgets/undo_bar.h"

namespace alcuin::ui {

namespace {
constexpr double kComposerShare = 0.4; ///< of the window's height
constexpr int kUndoBarWidth = 440;
constexpr int kNarrowestBesidePanel = 380;
constexpr int kCardInset = 14; ///< from a card's edge to its words

/// In the middle of the page, as the turns are.
QHBoxLayout* centred(QWidget* widget) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(Space::k4, 0, Space::k4, 0);
    row->setSpacing(0);
    row->addStretch(1);
    row->addWidget(widget, 1000);
    row->addStretch(1);
    return row;
}
} // namespace

ChatPage::ChatPage(const Services& services, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_theme(theme)
    , m_header(new ChatHeader(services.models, theme, this))
    , m_temporary(new TemporaryStrip(theme, this))
    , m_column(new QWidget(this))
    , m_body(new QStackedWidget(m_column))
    , m_blank(new QWidget(m_column))
    , m_transcript(new TranscriptView(theme, m_column))
    , m_welcome(new WelcomePage(theme, m_column))
    , m_firstRun(new FirstRunPage(services.models, theme, m_column))
    , m_notice(new NoticeCard(theme, m_column))
    , m_notices(new PageNotices(services, *m_notice, this))
    , m_desk(new Desk(services, theme, m_column))
    , m_composer(&m_desk->composer())
    , m_panel(new ConversationPanel(theme, this))
    , m_panelKeeper(new PanelKeeper(services, theme, *m_panel, this))
    , m_turns(new TurnActions(services, theme, *m_transcript, *m_composer, this))
    , m_compactions(new CompactionKeeper(services, *m_transcript, *m_desk, this))
    , m_jump(new IconButton(theme, Icon::kDown, tr("Jump to the end"), m_column))
    , m_undoBar(new UndoBar(theme, m_column))
    , m_temporaries(new TemporaryChats(services, *m_temporary, *m_composer, *m_undoBar, this)) {
    m_transcript->setAccessibleName(tr("Conversation"));
    m_jump->setLook(IconButton::Look::kRaised);
    m_jump->hide();
    m_temporary->hide();
    m_panel->hide();
    buildLayout();
    connectWidgets();
    connectDesk();
    connectServices();
    connectAnswers();
    m_modelsKnown = services.models.state() != app::EngineState::kNoModel || !services.models.models().isEmpty();
    takeConversations();
    takeModelState();
    m_opening = true;
    services.conversations.open({}); // what was written for a conversation not begun yet
    m_panelKeeper->setConversation({});
    m_desk->setConversation({});
    showPath({});
}

void ChatPage::buildLayout() {
    m_body->addWidget(m_blank);
    m_body->addWidget(m_transcript);
    m_body->addWidget(m_welcome);
    m_body->addWidget(m_firstRun);
    m_body->installEventFilter(this);
    m_body->setMinimumHeight(Space::k8); // on a small screen what is asked and said below comes first
    auto* column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, 0, 0, Space::k4);
    column->setSpacing(0);
    column->addWidget(m_temporary);
    column->addWidget(m_body, 1);
    column->addLayout(centred(m_notice));
    column->addLayout(centred(m_desk));
    auto* beside = new QHBoxLayout;
    beside->setSpacing(0);
    beside->addWidget(m_column, 1);
    beside->addWidget(m_panel);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m_header);
    whole->addLayout(beside, 1);
}

void ChatPage::connectWidgets() {
    connect(m_notices, &PageNotices::sendRequested, this, [this] {
        if (m_composer->text().trimmed().isEmpty()) {
            m_services.conversations.refresh(); // it was taken out of the composer meanwhile
        } else {
            send();
        }
    });
    connect(m_notices, &PageNotices::openFileRequested, this, &ChatPage::openFileRequested);
    connect(m_notices, &PageNotices::summaryRequested, m_compactions, &CompactionKeeper::compact);
    connect(m_notices, &PageNotices::firstSentencesRequested, m_compactions, &CompactionKeeper::keepFirstSentences);
    connect(m_undoBar, &UndoBar::placeNeeded, this, &ChatPage::placeOverlays);
    connect(m_jump, &IconButton::clicked, this, [this] {
        m_transcript->jumpToEnd();
        m_composer->focusText();
    });
    connect(m_header, &ChatHeader::openFileRequested, this, &ChatPage::openFileRequested);
    connect(m_header, &ChatHeader::panelToggled, this, &ChatPage::togglePanel);
    connect(m_panel, &ConversationPanel::closeRequested, this, &ChatPage::togglePanel);
    connect(m_header, &ChatHeader::renamed, this,
            [this](const QString& title) { m_services.conversations.rename(m_conversation, title); });
    connect(m_welcome, &WelcomePage::openFileRequested, this, &ChatPage::openFileRequested);
    connect(m_welcome, &WelcomePage::shortcutsRequested, this, &ChatPage::shortcutsRequested);
    connect(m_welcome, &WelcomePage::continueRequested, this, [this] { open(m_last); });
    connect(m_firstRun, &FirstRunPage::openFileRequested, this, &ChatPage::openFileRequested);
    connect(&m_theme, &Theme::changed, this, &ChatPage::applyTheme);
    applyTheme();
}

/// What stands below the turns is as wide as they are, its words under theirs.
void ChatPage::applyTheme() {
    const int width = static_cast<int>(m_theme.readingWidth()) + 2 * kCardInset;
    m_notice->setMaximumWidth(width);
    m_desk->setMaximumWidth(width);
    placePanel();
    update();
}

void ChatPage::connectDesk() {
    connect(m_composer, &Composer::sendRequested, this, &ChatPage::send);
    connect(m_composer, &Composer::stopRequested, this, [this] { m_services.chat.stop(m_conversation); });
    connect(m_composer, &Composer::draftChanged, this,
            [this](const QString& text) { m_services.conversations.saveDraft(m_conversation, text); });
    connect(m_composer, &Composer::editCancelled, this, [this] { m_composer->endEdit(); });
    connect(m_transcript, &TranscriptView::atEndChanged, this, [this] { placeOverlays(); });
    connect(m_transcript, &TranscriptView::linkActivated, this, [this](const QUrl& url) { askToOpenLink(url, *this); });
    auto* saver = new CodeSaver(this);
    connect(m_transcript, &TranscriptView::saveCodeRequested, saver, &CodeSaver::ask);
    connect(saver, &CodeSaver::failed, this, &ChatPage::showTrouble);
    connect(m_transcript, &TranscriptView::chooseModelRequested, m_header, &ChatHeader::openModelMenu);
    connect(m_turns, &TurnActions::answerRequested, m_notices, &PageNotices::hide);
    connect(m_desk, &Desk::previewRequested, this,
            [this](const QString& title, const QString& details, const QString& text) {
                m_turns->showText(title, details, text, true);
            });
    connect(m_desk, &Desk::messageRequested, this, [this](const QUuid& message) { m_transcript->scrollTo(message); });
    connect(m_desk, &Desk::newChatRequested, this, &ChatPage::newChatWithQuestion);
    connect(m_desk, &Desk::withoutFilesRequested, this, [this] {
        m_composer->attachments().setAttachments({});
        send();
    });
    connect(m_desk, &Desk::queuedRemoved, this, [this](const app::Question& question) {
        m_undoBar->offer(tr("Removed from those that wait"), [this, question, conversation = m_conversation] {
            m_services.chat.enqueue(conversation, question);
        });
    });
    connect(m_desk, &Desk::queueStored, this, [this](const app::Question&) { updateComposer(); });
    connect(m_compactions, &CompactionKeeper::roomMade, this, &ChatPage::send);
    connect(m_compactions, &CompactionKeeper::failed, this, &ChatPage::showTrouble);
    connect(m_compactions, &CompactionKeeper::summaryShown, this,
            [this](const QString& title, const QString& details, const QString& text) {
                m_turns->showText(title, details, text, false);
            });
    connect(m_temporaries, &TemporaryChats::backRequested, this, &ChatPage::open);
    connect(m_desk, &Desk::personaChosen, m_panelKeeper, &PanelKeeper::choosePersona);
    connect(m_desk, &Desk::panelRequested, this, [this] { showPanel(true); });
}

void ChatPage::connectServices() {
    auto& chat = m_services.chat;
    connect(&chat, &app::ChatService::accepted, this, &ChatPage::takeAccepted);
    connect(&chat, &app::ChatService::rejected, this, &ChatPage::takeRejected);
    connect(&chat, &app::ChatService::contextFull, this, &ChatPage::takeContextFull);
    connect(&chat, &app::ChatService::regenerating, this, &ChatPage::takeBegun);
    connect(&chat, &app::ChatService::continuing, this, &ChatPage::takeBegun);
    connect(&chat, &app::ChatService::pathChanged, this, &ChatPage::takeRewritten);
    connect(&chat, &app::ChatService::waitingForModel, this, [this](const QUuid& conversation, const QString& model) {
        if (conversation == m_conversation) {
            m_waitingFor = model;
            updateComposer();
        }
    });
    auto& conversations = m_services.conversations;
    connect(&conversations, &app::ConversationService::opened, this, &ChatPage::takeOpened);
    connect(&conversations, &app::ConversationService::conversationsChanged, this, &ChatPage::takeConversations);
    connect(&m_services.models, &app::ModelService::stateChanged, this, &ChatPage::takeModelState);
    connect(&m_services.models, &app::ModelService::modelsChanged, this, [this] {
        m_modelsKnown = true;
        takeModelState();
    });
}

/// What an answer in progress brings.
void ChatPage::connectAnswers() {
    auto& chat = m_services.chat;
    connect(&chat, &app::ChatService::finished, this, &ChatPage::takeFinished);
    connect(&chat, &app::ChatService::reading, this,
            [this](const QUuid& conversation, const QUuid& answer, qint64 done, qint64 total) {
                if (conversation == m_conversation) {
                    m_transcript->setReading(answer, done, total);
                }
            });
    connect(&chat, &app::ChatService::reasoningDelta, this,
            [this](const QUuid& conversation, const QUuid& answer, const QString& text) {
                if (conversation == m_conversation) {
                    m_transcript->appendReasoning(answer, text);
                }
            });
    connect(&chat, &app::ChatService::answerDelta, this,
            [this](const QUuid& conversation, const QUuid& answer, const QString& text) {
                if (conversation == m_conversation) {
                    m_transcript->appendAnswer(answer, text);
                }
            });
}

const QUuid& ChatPage::conversation() const {
    return m_conversation;
}

ChatHeader& ChatPage::header() const {
    return *m_header;
}

Composer& ChatPage::composer() const {
    return *m_composer;
}

Desk& ChatPage::desk() const {
    return *m_desk;
}

ConversationPanel& ChatPage::panel() const {
    return *m_panel;
}

TranscriptView& ChatPage::transcript() const {
    return *m_transcript;
}

NoticeCard& ChatPage::notice() const {
    return *m_notice;
}

UndoBar& ChatPage::undoBar() const {
    return *m_undoBar;
}

void ChatPage::editTitle() {
    m_header->editTitle();
}

void ChatPage::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_theme.colors().paper);
}

void ChatPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_composer->setMaximumTextHeight(static_cast<int>(window()->height() * kComposerShare));
    placePanel();
}

bool ChatPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_body && (event->type() == QEvent::Resize || event->type() == QEvent::Move)) {
        placeOverlays();
    }
    return QWidget::eventFilter(watched, event);
}

/// Beside the turns where there is room for both, else in their place.
void ChatPage::placePanel() {
    const int wanted = m_panel->sizeHint().width();
    const bool beside = width() - wanted >= kNarrowestBesidePanel;
    const bool shown = !m_panel->isHidden();
    m_panel->setMinimumWidth(beside ? wanted : 0);
    m_panel->setMaximumWidth(beside ? wanted : QWIDGETSIZE_MAX);
    m_column->setVisible(beside || !shown);
}

/// The way to the end and the way back from a deletion float over the end of the turns and move nothing.
void ChatPage::placeOverlays() {
    const QRect body = m_body->geometry();
    const int middle = m_desk->geometry().center().x();
    int bottom = body.bottom() - Space::k2;
    if (m_undoBar->isVisibleTo(this)) {
        const int width =
            std::min(static_cast<int>(kUndoBarWidth * std::max(1.0, m_theme.zoom())), body.width() - 2 * Space::k4);
        const int height = m_undoBar->sizeHint().height();
        m_undoBar->setGeometry(middle - width / 2, bottom - height, width, height);
        m_undoBar->raise();
        bottom -= height + Space::k2;
    }
    const bool away = m_body->currentWidget() == m_transcript && !m_transcript->isAtEnd();
    const QSize size = m_jump->sizeHint();
    m_jump->setGeometry(QRect(QPoint(middle - size.width() / 2, bottom - size.height()), size));
    m_jump->setVisible(away);
    m_jump->raise();
}

} // namespace alcuin::ui
