#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QUrl>

#include <algorithm>
#include <utility>

#include "chat/chat_header.h"
#include "chat/chat_page.h"
#include "chat/composer.h"
#include "chat/first_run_page.h"
#include "chat/transcript_view.h"
#include "chat/welcome_page.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "widgets/notice_card.h"

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

/// Puts away what belongs to the conversation shown so far.
void ChatPage::leave(const QUuid& next) {
    m_composer->endEdit();
    keepDraft();
    m_conversation = next;
    m_sent.reset();
    m_opening = true;
    m_answering = m_services.chat.isAnswering(next) && !next.isNull();
    m_empty = next.isNull();
    m_composer->setText({});
    m_notice->hide();
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
        m_transcript->jumpToEnd();
    }
}

void ChatPage::send(const QString& text) {
    m_notice->hide();
    m_sent = text;
    m_sentFromNew = m_conversation.isNull();
    if (m_composer->isEditing()) {
        m_services.chat.edit(m_conversation, m_editedQuestion, text);
    } else {
        m_services.chat.send(m_conversation, text);
    }
    updateComposer();
}

void ChatPage::takeAccepted(const QUuid& conversation, const QList<app::MessageView>& path) {
    if (m_sentFromNew && path.size() == 2) {
        m_sentFromNew = false;
        m_services.conversations.saveDraft({}, {});
    }
    const bool begun = m_conversation.isNull() && m_sent.has_value();
    if (conversation != m_conversation && !begun) {
        return;
    }
    if (begun) {
        m_conversation = conversation;
        emit conversationShown(conversation);
    }
    if (const auto sent = std::exchange(m_sent, std::nullopt)) {
        if (m_composer->isEditing()) {
            m_composer->endEdit();
        } else {
            m_composer->takeSent(*sent);
        }
    }
    m_opening = false;
    m_answering = true;
    showPath(path);
    m_transcript->jumpToEnd();
    takeConversations();
}

void ChatPage::takeRejected(const QUuid& conversation, const app::Question& question, const app::Trouble& trouble) {
    if (conversation != m_conversation) {
        if (!question.text.isEmpty()) {
            m_services.conversations.saveDraft(conversation, question.text);
        }
        return;
    }
    m_sent.reset();
    updateComposer();
    showNotice(NoticeSource::kSend, trouble, {});
}

void ChatPage::takeRegenerating(const QUuid& conversation, const QList<app::MessageView>& path) {
    if (conversation == m_conversation) {
        m_answering = true;
        showPath(path);
        m_transcript->jumpToEnd();
    }
}

void ChatPage::takeFinished(const QUuid& conversation, const app::MessageView& answer) {
    if (conversation != m_conversation) {
        return;
    }
    m_answering = false;
    m_transcript->finish(answer);
    updateComposer();
    if (answer.state == app::MessageState::kContextFull) {
        showNotice(NoticeSource::kContextFull,
                   {tr("The context is full: the model can keep no more of this chat in mind"),
                    tr("To go on, begin a new chat or edit an earlier question."), app::Trouble::Action::kNone},
                   tr("New chat"));
    }
}

void ChatPage::takeModelState() {
    const auto state = m_services.models.state();
    if (state == app::EngineState::kFailed) {
        const auto& trouble = m_services.models.trouble();
        if (m_noticeSource != NoticeSource::kModel || m_notice->isHidden()) {
            const bool noWay = trouble.action == app::Trouble::Action::kNone;
            showNotice(NoticeSource::kModel, trouble, noWay ? tr("Open a model file…") : QString());
        }
    } else if (m_noticeSource == NoticeSource::kModel) {
        m_notice->hide();
    }
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
    m_welcome->setLastTitle(lastTitle);
}

void ChatPage::showTrouble(const app::Trouble& trouble) {
    showNotice(NoticeSource::kOther, trouble, {});
}

void ChatPage::showNotice(NoticeSource source, const app::Trouble& trouble, const QString& button) {
    m_noticeSource = source;
    if (button.isEmpty()) {
        m_notice->show(trouble);
    } else {
        m_notice->show(trouble, button);
    }
}

void ChatPage::act(app::Trouble::Action action) {
    m_notice->hide();
    if (m_noticeSource == NoticeSource::kContextFull) {
        newChat();
    } else if (action == app::Trouble::Action::kChooseModel ||
               (m_noticeSource == NoticeSource::kModel && action == app::Trouble::Action::kNone)) {
        emit openFileRequested();
    } else if (m_noticeSource == NoticeSource::kModel) {
        m_services.models.use(m_services.models.current().path);
    } else if (m_noticeSource == NoticeSource::kSend && !m_composer->text().trimmed().isEmpty()) {
        send(m_composer->text());
    } else {
        m_services.conversations.refresh();
    }
}

bool ChatPage::escape() {
    if (m_composer->isEditing()) {
        m_composer->endEdit();
    } else if (m_answering) {
        m_services.chat.stop(m_conversation);
    } else if (m_notice->isVisibleTo(this)) {
        m_notice->hide();
    } else {
        return false;
    }
    return true;
}

void ChatPage::showPath(const QList<app::MessageView>& path) {
    m_empty = path.isEmpty() && m_conversation.isNull();
    m_transcript->setPath(path);
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
    const QString& name = m_services.models.current().name;
    Composer::State state;
    state.answering = m_answering;
    state.canSend = false;
    switch (m_services.models.state()) {
    case app::EngineState::kNoModel:
        state.status = m_modelsKnown ? tr("Open a model to ask it something") : tr("Looking for models");
        break;
    case app::EngineState::kLoading:
        state.status = tr("%1 is loading; you can write meanwhile").arg(name);
        break;
    case app::EngineState::kFailed:
        state.status = tr("%1 can't be used; choose another model").arg(name);
        break;
    case app::EngineState::kReady:
        state.canSend = !m_sent.has_value();
        break;
    }
    if (m_answering) {
        state.status.clear();
    }
    m_composer->setState(state);
    m_transcript->setActionsEnabled(state.canSend && !m_answering);
}

void ChatPage::confirmLink(const QUrl& url) {
    auto* question = new QMessageBox(this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Open this link?"));
    question->setTextFormat(Qt::PlainText);
    question->setText(tr("This link opens outside Alcuin:"));
    question->setInformativeText(url.toString(QUrl::FullyEncoded));
    auto* follow = question->addButton(tr("Open link"), QMessageBox::AcceptRole);
    auto* copy = question->addButton(tr("Copy link"), QMessageBox::ActionRole);
    question->setDefaultButton(question->addButton(QMessageBox::Cancel));
    connect(question, &QMessageBox::buttonClicked, this, [follow, copy, url](const QAbstractButton* pressed) {
        if (pressed == follow) {
            QDesktopServices::openUrl(url);
        } else if (pressed == copy) {
            QGuiApplication::clipboard()->setText(url.toString(QUrl::FullyEncoded));
        }
    });
    question->open();
}

} // namespace alcuin::ui
