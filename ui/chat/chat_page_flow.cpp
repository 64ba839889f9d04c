#include <QStackedWidget>

#include <algorithm>
#include <utility>

#include "chat/chat_header.h"
#include "chat/chat_page.h"
#include "chat/compaction_keeper.h"
#include "chat/composer.h"
#include "chat/desk/attachment_strip.h"
#include "chat/desk/context_full_card.h"
#include "chat/desk/desk.h"
#include "chat/first_run_page.h"
#include "chat/page_notices.h"
#include "chat/panel/conversation_panel.h"
#include "chat/panel/panel_keeper.h"
#include "chat/temporary_chats.h"
#include "chat/transcript_view.h"
#include "chat/turn_actions.h"
#include "chat/welcome_page.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "widgets/undo_bar.h"

// What happens to a question on its way to an answer, and to the conversation that is shown.

namespace alcuin::ui {

void ChatPage::open(const QUuid& conversation) {
    if (conversation.isNull()) {
        newChat();
    } else if (conversation != m_conversation) {
        leave(conversation);
        m_transcript->clear();
        m_services.conversations.open(conversation);
        showBody();
    }
}

void ChatPage::newChat() {
    if (!m_conversation.isNull()) {
        leave({});
        m_services.conversations.open({});
        showPath({});
    }
    m_composer->focusText();
}

void ChatPage::newTemporaryChat() {
    if (const QUuid conversation = m_temporaries->begin(); !conversation.isNull()) {
        leave(conversation);
        m_services.conversations.open(conversation);
        showPath({});
        m_composer->focusText();
    }
}

bool ChatPage::isTemporary() const {
    return m_temporaries->isTemporary(m_conversation);
}

void ChatPage::newChatWithQuestion() {
    const app::Question question = m_composer->question();
    m_composer->setText({});
    m_composer->attachments().setAttachments({});
    m_services.conversations.saveDraft(m_conversation, {});
    newChat();
    m_composer->takeBack(question);
}

/// Puts away what belongs to the conversation shown so far.
void ChatPage::leave(const QUuid& next) {
    m_composer->endEdit();
    keepDraft();
    m_temporaries->leave(m_conversation, m_empty);
    m_conversation = next;
    m_desk->setConversation(next);
    m_turns->setConversation(next);
    m_compactions->setConversation(next);
    m_panelKeeper->setConversation(next);
    m_temporaries->mark(next);
    m_waitingFor.clear();
    m_lastState.reset();
    m_sent.reset();
    m_opening = true;
    m_answering = m_services.chat.isAnswering(next) && !next.isNull();
    m_empty = next.isNull() || isTemporary();
    m_composer->setText({});
    m_notices->hide();
    takeConversations();
    takeModelState();
    emit conversationShown(next);
}

void ChatPage::keepDraft() {
    m_composer->flushDraft();
}

void ChatPage::takeOpened(const QUuid& conversation, const QList<app::MessageView>& path, const QString& draft) {
    if (conversation != m_conversation) {
        return;
    }
    QList<app::MessageView> shown = path;
    // The store is up to a second behind what an answer in progress has written.
    if (const auto live = m_services.chat.live(conversation)) {
        const auto at = std::find_if(shown.begin(), shown.end(), [&](const auto& m) { return m.id == live->id; });
        if (at != shown.end()) {
            const auto siblings = at->siblings;
            const int index = at->siblingIndex;
            *at = *live;
            at->siblings = siblings;
            at->siblingIndex = index;
        }
    }
    m_answering = m_services.chat.isAnswering(conversation) && !conversation.isNull();
    showPath(shown);
    if (std::exchange(m_opening, false)) {
        const QString typed = m_composer->text(); // before the draft came
        m_composer->setText(draft + typed);
        if (!typed.isEmpty()) {
            m_services.conversations.saveDraft(conversation, draft + typed);
        }
        m_transcript->jumpToEnd();
    }
}

void ChatPage::send() {
    m_notices->hide();
    m_desk->fullCard().hide();
    const app::Question question = m_composer->question();
    if (m_answering) {
        m_desk->enqueue(question);
        updateComposer();
        return;
    }
    m_sent = question;
    m_sentFromNew = m_conversation.isNull();
    switch (m_composer->edit()) {
    case Composer::Edit::kNone:
        m_services.chat.send(m_conversation, question);
        break;
    case Composer::Edit::kQuestion:
        m_services.chat.edit(m_conversation, m_turns->edited(), question);
        break;
    case Composer::Edit::kAnswer:
        m_services.chat.editAnswer(m_conversation, m_turns->edited(), question.text);
        break;
    }
    updateComposer();
}

void ChatPage::takeAccepted(const QUuid& conversation, const QList<app::MessageView>& path) {
    if (m_sentFromNew && path.size() == 2) {
        m_sentFromNew = false;
        m_services.conversations.saveDraft({}, {});
    }
    const bool begun = m_conversation.isNull() && m_sent.has_value() && path.size() == 2;
    if (conversation != m_conversation && !begun) {
        return;
    }
    if (begun) {
        m_conversation = conversation;
        m_desk->adopt(conversation);
        m_turns->setConversation(conversation);
        m_compactions->setConversation(conversation);
        m_panelKeeper->adopt(conversation);
        emit conversationShown(conversation);
    }
    takeSent();
    m_opening = false;
    m_answering = true;
    showPath(path);
    m_transcript->jumpToEnd();
    takeConversations();
}

/// What was asked is stored: the composer may let go of it.
void ChatPage::takeSent() {
    if (const auto sent = std::exchange(m_sent, std::nullopt)) {
        if (m_composer->isEditing()) {
            m_composer->endEdit();
            m_desk->keepFiles(); // storing the question took the draft's away
        } else {
            m_composer->takeSent(*sent);
        }
    }
    m_waitingFor.clear();
}

/// Another conversation's question is kept as its draft; here it is still in the composer.
bool ChatPage::keepUnsent(const QUuid& conversation, const app::Question& question) {
    if (conversation != m_conversation) {
        if (!question.text.isEmpty()) {
            m_services.conversations.saveDraft(conversation, question.text);
        }
        if (!question.attachments.isEmpty()) {
            m_services.conversations.saveDraftFiles(conversation, question.attachments);
        }
        return false;
    }
    m_sent.reset();
    m_waitingFor.clear();
    m_desk->dropEnqueued();
    updateComposer();
    return true;
}

void ChatPage::takeRejected(const QUuid& conversation, const app::Question& question, const app::Trouble& trouble) {
    if (keepUnsent(conversation, question)) {
        m_notices->showUnsent(trouble);
    }
}

void ChatPage::takeContextFull(const QUuid& conversation, const app::Question& question, const app::ContextFull& full) {
    if (keepUnsent(conversation, question)) {
        m_notices->hide();
        m_desk->showFull(full);
    }
}

/// An earlier question is answered again, or an answer goes on.
void ChatPage::takeBegun(const QUuid& conversation, const QList<app::MessageView>& path) {
    if (conversation == m_conversation) {
        m_answering = true;
        m_waitingFor.clear();
        showPath(path);
        m_transcript->jumpToEnd();
    }
}

void ChatPage::takeRewritten(const QUuid& conversation, const QList<app::MessageView>& path) {
    if (conversation == m_conversation) {
        if (m_composer->edit() == Composer::Edit::kAnswer) {
            takeSent();
        }
        showPath(path);
    }
}

void ChatPage::takeFinished(const QUuid& conversation, const app::MessageView& answer) {
    if (conversation != m_conversation) {
        return;
    }
    m_answering = false;
    m_lastState = answer.state;
    m_transcript->finish(answer);
    updateComposer();
    if (answer.state == app::MessageState::kContextFull) {
        m_notices->showContextFull();
    }
}

void ChatPage::takeModelState() {
    m_notices->takeModelState();
    showBody();
    updateComposer();
}

void ChatPage::takeConversations() {
    QString title;
    QString lastTitle;
    m_last = {};
    for (const auto& conversation : m_services.conversations.conversations()) {
        if (conversation.id == m_conversation) {
            title = conversation.title;
        } else if (m_last.isNull()) {
            m_last = conversation.id;
            lastTitle = conversation.title;
        }
    }
    m_header->setTitle(title);
    if (isTemporary()) {
        m_header->setFixedTitle(tr("Temporary chat"));
    }
    m_welcome->setLastTitle(lastTitle);
}

void ChatPage::showTrouble(const app::Trouble& trouble) {
    m_notices->show(trouble);
}

bool ChatPage::escape() {
    if (!m_panel->isHidden() && m_panel->isAncestorOf(window()->focusWidget())) {
        showPanel(false);
    } else if (m_composer->isEditing()) {
        m_composer->endEdit();
    } else if (m_answering || !m_waitingFor.isEmpty()) {
        m_services.chat.stop(m_conversation);
    } else if (m_desk->fullCard().isVisibleTo(this)) {
        m_desk->fullCard().hide();
    } else {
        return m_notices->putAway();
    }
    return true;
}

void ChatPage::showPath(const QList<app::MessageView>& path) {
    m_empty = path.isEmpty() && (m_conversation.isNull() || isTemporary());
    if (!path.isEmpty() && path.last().role == app::Role::kAssistant) {
        m_lastState = path.last().state;
    }
    m_transcript->setPath(path);
    m_shownTurns = static_cast<int>(path.size());
    showBody();
    updateComposer();
}

void ChatPage::showBody() {
    const bool noModel = m_services.models.state() == app::EngineState::kNoModel;
    QWidget* page = m_transcript;
    if (m_empty && noModel) {
        page = m_modelsKnown ? static_cast<QWidget*>(m_firstRun) : m_blank;
    } else if (m_empty) {
        page = m_welcome;
    }
    m_body->setCurrentWidget(page);
    placeOverlays();
}

void ChatPage::updateComposer() {
    Composer::State state;
    state.answering = m_answering;
    state.canSend = m_services.models.state() == app::EngineState::kReady && !m_sent.has_value();
    state.canQueue = m_answering && !m_desk->isEnqueuing();
    state.status = composerStatus();
    m_composer->setState(state);
    m_transcript->setActionsEnabled(state.canSend && !m_answering);
    m_desk->setAnswering(m_answering, m_lastState);
    m_compactions->setTurns(m_shownTurns, m_answering);
}

QString ChatPage::composerStatus() const {
    if (m_answering) {
        return {};
    }
    if (!m_waitingFor.isEmpty()) {
        return tr("%1 is loading, then it is asked").arg(m_waitingFor);
    }
    const QString& name = m_services.models.current().name;
    switch (m_services.models.state()) {
    case app::EngineState::kNoModel:
        return m_modelsKnown ? tr("Open a model to ask it something") : tr("Looking for models");
    case app::EngineState::kLoading:
        return tr("%1 is loading; you can write meanwhile").arg(name);
    case app::EngineState::kFailed:
        return tr("%1 can't be used; choose another model").arg(name);
    case app::EngineState::kReady:
        break;
    }
    return {};
}

void ChatPage::attach(const QStringList& paths) {
    m_desk->attach(paths);
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
        m_composer->focusText();
    }
}

} // namespace alcuin::ui
