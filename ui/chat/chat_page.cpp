#include "chat/chat_page.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

#include "chat/chat_header.h"
#include "chat/code_saver.h"
#include "chat/compaction_keeper.h"
#include "chat/composer.h"
#include "chat/desk/context_full_card.h"
#include "chat/desk/desk.h"
#include "chat/desk/files_keeper.h"
#include "chat/desk/queue_keeper.h"
#include "chat/link_question.h"
#include "chat/open_conversation.h"
#include "chat/page_body.h"
#include "chat/page_notices.h"
#include "chat/page_overlays.h"
#include "chat/panel/conversation_panel.h"
#include "chat/panel/panel_keeper.h"
#include "chat/question_keeper.h"
#include "chat/temporary_chats.h"
#include "chat/temporary_strip.h"
#include "chat/transcript_view.h"
#include "chat/turn_actions.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "theme/theme.h"
#include "widgets/notice_card.h"
#include "widgets/undo_bar.h"

namespace alcuin::ui {

namespace {
constexpr double kComposerShare = 0.4; ///< of the window's height
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
    , m_body(new PageBody(services, theme, m_column))
    , m_notice(new NoticeCard(theme, m_column))
    , m_desk(new Desk(services, theme, m_column))
    , m_panel(new ConversationPanel(theme, this))
    , m_overlays(new PageOverlays(theme, *m_body, *m_desk, this))
    , m_notices(new PageNotices(services, *m_notice, this))
    , m_panelKeeper(new PanelKeeper(services, theme, *m_panel, this))
    , m_turns(new TurnActions(services, theme, transcript(), composer(), this))
    , m_compactions(new CompactionKeeper(services, transcript(), *m_desk, this))
    , m_temporaries(new TemporaryChats(services, *m_temporary, composer(), undoBar(), this))
    , m_shown(new OpenConversation(services, transcript(), this))
    , m_questions(new QuestionKeeper(services, *m_shown, *m_desk, *m_turns, *m_notices, this)) {
    m_temporary->hide();
    m_panel->hide();
    buildLayout();
    connectFrame();
    connectTurns();
    connectDesk();
    connectConversation();
    applyTheme();
    showConversation({}); // with what was written for a conversation not begun yet
}

void ChatPage::buildLayout() {
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

/// What stands around the turns.
void ChatPage::connectFrame() {
    connect(m_header, &ChatHeader::openFileRequested, this, &ChatPage::openFileRequested);
    connect(m_header, &ChatHeader::panelToggled, this, &ChatPage::togglePanel);
    connect(m_header, &ChatHeader::renamed, this,
            [this](const QString& title) { m_services.conversations.rename(conversation(), title); });
    connect(m_panel, &ConversationPanel::closeRequested, this, &ChatPage::togglePanel);
    connect(m_body, &PageBody::openFileRequested, this, &ChatPage::openFileRequested);
    connect(m_body, &PageBody::shortcutsRequested, this, &ChatPage::shortcutsRequested);
    connect(m_body, &PageBody::continueRequested, this, &ChatPage::open);
    connect(m_overlays, &PageOverlays::jumped, &composer(), &Composer::focusText);
    connect(m_temporaries, &TemporaryChats::backRequested, this, &ChatPage::open);
    connect(m_notices, &PageNotices::sendRequested, this, [this] {
        if (composer().text().trimmed().isEmpty()) {
            m_services.conversations.refresh(); // it was taken out of the composer meanwhile
        } else {
            m_questions->send();
        }
    });
    connect(m_notices, &PageNotices::openFileRequested, this, &ChatPage::openFileRequested);
    connect(m_notices, &PageNotices::summaryRequested, m_compactions, &CompactionKeeper::compact);
    connect(m_notices, &PageNotices::firstSentencesRequested, m_compactions, &CompactionKeeper::keepFirstSentences);
    connect(&m_theme, &Theme::changed, this, &ChatPage::applyTheme);
}

void ChatPage::connectTurns() {
    auto* turns = &transcript();
    connect(turns, &TranscriptView::linkActivated, this,
            [this](const QUrl& url) { askToOpenLink(url, m_theme, *this); });
    connect(turns, &TranscriptView::chooseModelRequested, m_header, &ChatHeader::openModelMenu);
    auto* saver = new CodeSaver(this);
    connect(turns, &TranscriptView::saveCodeRequested, saver, &CodeSaver::ask);
    connect(saver, &CodeSaver::failed, this, &ChatPage::showTrouble);
    connect(m_turns, &TurnActions::answerRequested, m_notices, &PageNotices::hide);
    connect(m_compactions, &CompactionKeeper::roomMade, m_questions, &QuestionKeeper::sendUnfit);
    connect(m_compactions, &CompactionKeeper::failed, this, &ChatPage::showTrouble);
    connect(m_compactions, &CompactionKeeper::summaryShown, this,
            [this](const QString& title, const QString& details, const QString& text) {
                m_turns->showText(title, details, text, false);
            });
}

void ChatPage::connectDesk() {
    connect(&m_desk->files(), &FilesKeeper::previewRequested, this,
            [this](const QString& title, const QString& details, const QString& text) {
                m_turns->showText(title, details, text, true);
            });
    connect(m_desk, &Desk::messageRequested, this, [this](const QUuid& message) { transcript().scrollTo(message); });
    connect(m_desk, &Desk::newChatRequested, this, [this] {
        const app::Question question = m_questions->takeAlong();
        newChat();
        composer().takeBack(question);
    });
    connect(&m_desk->waiting(), &QueueKeeper::removed, this, [this](const app::Question& question) {
        undoBar().offer(tr("Removed from those that wait"),
                        [this, question, from = conversation()] { m_services.chat.enqueue(from, question); });
    });
    connect(m_desk, &Desk::personaChosen, m_panelKeeper, &PanelKeeper::choosePersona);
    connect(m_desk, &Desk::panelRequested, this, [this] { showPanel(true); });
}

/// What the conversation is tells every part what it shows.
void ChatPage::connectConversation() {
    connect(m_shown, &OpenConversation::begun, this, &ChatPage::takeBegun);
    connect(m_shown, &OpenConversation::changed, this, [this] {
        m_body->setEmpty(m_shown->isEmpty());
        m_desk->setAnswering(m_shown->isAnswering(), m_shown->lastState());
        m_compactions->setTurns(m_shown->turns(), m_shown->isAnswering());
    });
    connect(m_shown, &OpenConversation::contextFilled, m_notices, &PageNotices::showContextFull);
    connect(m_questions, &QuestionKeeper::readyShown, &transcript(), &TranscriptView::setActionsEnabled);
    connect(&m_services.conversations, &app::ConversationService::conversationsChanged, this, &ChatPage::showTitle);
}

const QUuid& ChatPage::conversation() const {
    return m_shown->id();
}

ChatHeader& ChatPage::header() const {
    return *m_header;
}

Composer& ChatPage::composer() const {
    return m_desk->composer();
}

Desk& ChatPage::desk() const {
    return *m_desk;
}

ConversationPanel& ChatPage::panel() const {
    return *m_panel;
}

TranscriptView& ChatPage::transcript() const {
    return m_body->transcript();
}

NoticeCard& ChatPage::notice() const {
    return *m_notice;
}

UndoBar& ChatPage::undoBar() const {
    return m_overlays->undoBar();
}

void ChatPage::open(const QUuid& next) {
    if (next.isNull()) {
        newChat();
    } else if (next != conversation()) {
        showConversation(next);
    }
}

void ChatPage::newChat() {
    if (!conversation().isNull()) {
        showConversation({});
    }
    composer().focusText();
}

void ChatPage::newTemporaryChat() {
    if (const QUuid begun = m_temporaries->begin(); !begun.isNull()) {
        showConversation(begun);
        composer().focusText();
    }
}

/// Puts away what belongs to the conversation shown so far.
void ChatPage::showConversation(const QUuid& next) {
    composer().endEdit();
    keepDraft();
    m_temporaries->leave(conversation(), m_shown->isEmpty());
    m_desk->setConversation(next);
    m_turns->setConversation(next);
    m_compactions->setConversation(next);
    m_panelKeeper->setConversation(next);
    m_temporaries->mark(next);
    m_body->setConversation(next);
    m_questions->startOver();
    m_notices->startOver();
    m_shown->open(next);
    showTitle();
    emit conversationShown(next);
}

/// The conversation not begun yet is this one now, and all that was set for it is its own.
void ChatPage::takeBegun(const QUuid& begun) {
    m_desk->adopt(begun);
    m_turns->setConversation(begun);
    m_compactions->setConversation(begun);
    m_panelKeeper->adopt(begun);
    m_body->setConversation(begun);
    showTitle();
    emit conversationShown(begun);
}

void ChatPage::keepDraft() {
    composer().flushDraft();
}

void ChatPage::attach(const QStringList& paths) {
    m_desk->files().attach(paths);
}

void ChatPage::editTitle() {
    m_header->editTitle();
}

void ChatPage::showTitle() {
    if (m_shown->isTemporary()) {
        m_header->setArchived(false);
        m_header->setFixedTitle(tr("Temporary chat"));
        return;
    }
    const auto& all = m_services.conversations.conversations();
    const auto found = std::find_if(all.cbegin(), all.cend(), [this](const auto& c) { return c.id == conversation(); });
    m_header->setArchived(found != all.cend() && found->archived);
    m_header->setTitle(found == all.cend() ? QString() : found->title);
}

void ChatPage::showTrouble(const app::Trouble& trouble) {
    m_notices->show(trouble);
}

bool ChatPage::escape() {
    if (!m_panel->isHidden() && m_panel->isAncestorOf(window()->focusWidget())) {
        showPanel(false);
    } else if (composer().isEditing()) {
        composer().endEdit();
    } else if (m_questions->stop()) {
        return true;
    } else if (m_desk->fullCard().isVisibleTo(this)) {
        m_desk->fullCard().hide();
    } else {
        return m_notices->putAway();
    }
    return true;
}

void ChatPage::togglePanel() {
    showPanel(m_panel->isHidden());
}

void ChatPage::showPanel(bool shown) {
    m_panel->flush();
    m_panel->setVisible(shown);
    m_header->setPanelShown(shown);
    placePanel();
    if (shown) {
        m_panel->focusFirst();
    } else {
        composer().focusText();
    }
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

/// What stands below the turns is as wide as they are, its words under theirs.
void ChatPage::applyTheme() {
    const int width = static_cast<int>(m_theme.readingWidth()) + 2 * kCardInset;
    m_notice->setMaximumWidth(width);
    m_desk->setMaximumWidth(width);
    placePanel();
    update();
}

void ChatPage::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_theme.colors().paper);
}

void ChatPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    composer().setMaximumTextHeight(static_cast<int>(window()->height() * kComposerShare));
    placePanel();
}

} // namespace alcuin::ui
