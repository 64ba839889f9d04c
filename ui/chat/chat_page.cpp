#include "chat/chat_page.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "chat/chat_header.h"
#include "chat/code_saver.h"
#include "chat/composer.h"
#include "chat/first_run_page.h"
#include "chat/transcript_view.h"
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
    , m_body(new QStackedWidget(this))
    , m_blank(new QWidget(this))
    , m_transcript(new TranscriptView(theme, this))
    , m_welcome(new WelcomePage(theme, this))
    , m_firstRun(new FirstRunPage(services.models, theme, this))
    , m_notice(new NoticeCard(theme, this))
    , m_composer(new Composer(theme, this))
    , m_jump(new IconButton(theme, Icon::kDown, tr("Jump to the end"), this))
    , m_undoBar(new UndoBar(theme, this)) {
    m_transcript->setAccessibleName(tr("Conversation"));
    m_jump->setLook(IconButton::Look::kRaised);
    m_jump->hide();
    buildLayout();
    connectWidgets();
    connectTranscript();
    connectServices();
    m_modelsKnown = services.models.state() != app::EngineState::kNoModel || !services.models.models().isEmpty();
    takeConversations();
    takeModelState();
    m_opening = true;
    services.conversations.open({}); // what was written for a conversation not begun yet
    showPath({});
}

void ChatPage::buildLayout() {
    for (QWidget* page : {m_blank, static_cast<QWidget*>(m_transcript), static_cast<QWidget*>(m_welcome),
                          static_cast<QWidget*>(m_firstRun)}) {
        m_body->addWidget(page);
    }
    m_body->installEventFilter(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, Space::k4);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_body, 1);
    column->addLayout(centred(m_notice));
    // Between the turns and the composer: the place of the context ledger.
    column->addSpacing(Space::k3);
    column->addLayout(centred(m_composer));
}

void ChatPage::connectWidgets() {
    connect(m_composer, &Composer::sendRequested, this, &ChatPage::send);
    connect(m_composer, &Composer::stopRequested, this, [this] { m_services.chat.stop(m_conversation); });
    connect(m_composer, &Composer::draftChanged, this,
            [this](const QString& text) { m_services.conversations.saveDraft(m_conversation, text); });
    connect(m_composer, &Composer::editCancelled, this, [this] { m_composer->endEdit(); });
    connect(m_notice, &NoticeCard::actionRequested, this, &ChatPage::act);
    connect(m_undoBar, &UndoBar::placeNeeded, this, &ChatPage::placeOverlays);
    connect(m_jump, &IconButton::clicked, this, [this] {
        m_transcript->jumpToEnd();
        m_composer->focusText();
    });
    connect(m_header, &ChatHeader::openFileRequested, this, &ChatPage::openFileRequested);
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
    m_composer->setMaximumWidth(width);
    update();
}

void ChatPage::connectTranscript() {
    connect(m_transcript, &TranscriptView::atEndChanged, this, [this] { placeOverlays(); });
    connect(m_transcript, &TranscriptView::linkActivated, this, &ChatPage::confirmLink);
    auto* saver = new CodeSaver(this);
    connect(m_transcript, &TranscriptView::saveCodeRequested, saver, &CodeSaver::ask);
    connect(saver, &CodeSaver::failed, this, &ChatPage::showTrouble);
    connect(m_transcript, &TranscriptView::chooseModelRequested, m_header, &ChatHeader::openModelMenu);
    connect(m_transcript, &TranscriptView::branchRequested, this,
            [this](const QUuid& message) { m_services.conversations.activateBranch(m_conversation, message); });
    connect(m_transcript, &TranscriptView::regenerateRequested, this, [this](const QUuid& answer) {
        m_notice->hide();
        m_services.chat.regenerate(m_conversation, answer);
    });
    connect(m_transcript, &TranscriptView::editRequested, this, [this](const QUuid& question, const QString& text) {
        m_editedQuestion = question;
        m_composer->beginEdit(text);
    });
}

void ChatPage::connectServices() {
    auto& chat = m_services.chat;
    connect(&chat, &app::ChatService::accepted, this, &ChatPage::takeAccepted);
    connect(&chat, &app::ChatService::rejected, this, &ChatPage::takeRejected);
    connect(&chat, &app::ChatService::contextFull, this,
            [this](const QUuid& conversation, const app::Question& question, const app::ContextFull& full) {
                takeRejected(
                    conversation, question,
                    {tr("The question doesn't fit"),
                     tr("With the conversation before it, it is too long for the model by this many tokens: %1.")
                         .arg(full.excess),
                     app::Trouble::Action::kNone});
            });
    connect(&chat, &app::ChatService::regenerating, this, &ChatPage::takeRegenerating);
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
    auto& conversations = m_services.conversations;
    connect(&conversations, &app::ConversationService::opened, this, &ChatPage::takeOpened);
    connect(&conversations, &app::ConversationService::conversationsChanged, this, &ChatPage::takeConversations);
    connect(&conversations, &app::ConversationService::failed, this, &ChatPage::showTrouble);
    connect(&m_services.models, &app::ModelService::stateChanged, this, &ChatPage::takeModelState);
    connect(&m_services.models, &app::ModelService::modelsChanged, this, [this] {
        m_modelsKnown = true;
        takeModelState();
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
}

bool ChatPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_body && (event->type() == QEvent::Resize || event->type() == QEvent::Move)) {
        placeOverlays();
    }
    return QWidget::eventFilter(watched, event);
}

/// The way to the end and the way back from a deletion float over the end of the turns and move nothing.
void ChatPage::placeOverlays() {
    const QRect body = m_body->geometry();
    const int middle = m_composer->geometry().center().x();
    int bottom = body.bottom() - Space::k2;
    if (m_undoBar->isVisibleTo(this)) {
        const int width = std::min(kUndoBarWidth, body.width() - 2 * Space::k4);
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
