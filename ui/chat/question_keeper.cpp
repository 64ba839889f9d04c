#include "chat/question_keeper.h"

#include <utility>

#include "chat/composer.h"
#include "chat/desk/attachment_strip.h"
#include "chat/desk/context_full_card.h"
#include "chat/desk/desk.h"
#include "chat/desk/files_keeper.h"
#include "chat/desk/queue_keeper.h"
#include "chat/open_conversation.h"
#include "chat/page_notices.h"
#include "chat/turn_actions.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/model_service.h"

namespace alcuin::ui {

QuestionKeeper::QuestionKeeper(const Services& services, OpenConversation& shown, Desk& desk, const TurnActions& turns,
                               PageNotices& notices, QObject* parent)
    : QObject(parent)
    , m_services(services)
    , m_shown(shown)
    , m_desk(desk)
    , m_composer(desk.composer())
    , m_turns(turns)
    , m_notices(notices) {
    connectComposer();
    connectServices();
}

void QuestionKeeper::connectComposer() {
    connect(&m_composer, &Composer::sendRequested, this, &QuestionKeeper::send);
    connect(&m_composer, &Composer::stopRequested, this, &QuestionKeeper::stop);
    connect(&m_composer, &Composer::draftChanged, this,
            [this](const QString& text) { m_services.conversations.saveDraft(m_shown.id(), text); });
    connect(&m_composer, &Composer::editCancelled, this, [this] { m_composer.endEdit(); });
    connect(&m_desk, &Desk::withoutFilesRequested, this, [this] {
        m_composer.attachments().setAttachments({});
        send();
    });
    connect(&m_desk.waiting(), &QueueKeeper::stored, this, &QuestionKeeper::showState);
    connect(&m_shown, &OpenConversation::draftRead, this, &QuestionKeeper::takeDraft);
    connect(&m_shown, &OpenConversation::changed, this, [this] {
        if (m_shown.isAnswering()) {
            m_waitingFor.clear();
        }
        showState();
    });
}

void QuestionKeeper::connectServices() {
    auto& chat = m_services.chat;
    connect(&chat, &app::ChatService::accepted, this, &QuestionKeeper::takeAccepted);
    connect(&chat, &app::ChatService::rejected, this, &QuestionKeeper::takeRejected);
    connect(&chat, &app::ChatService::contextFull, this, &QuestionKeeper::takeContextFull);
    connect(&chat, &app::ChatService::pathChanged, this, [this](const QUuid& conversation) {
        if (conversation == m_shown.id() && m_composer.edit() == Composer::Edit::kAnswer) {
            takeSent();
        }
    });
    connect(&chat, &app::ChatService::waitingForModel, this, [this](const QUuid& conversation, const QString& model) {
        if (conversation == m_shown.id()) {
            m_waitingFor = model;
            showState();
        }
    });
    connect(&m_services.models, &app::ModelService::stateChanged, this, &QuestionKeeper::showState);
    connect(&m_services.models, &app::ModelService::modelsChanged, this, &QuestionKeeper::showState);
}

void QuestionKeeper::send() {
    m_notices.hide();
    m_desk.fullCard().hide();
    const app::Question question = m_composer.question();
    if (m_shown.isAnswering()) {
        m_desk.waiting().enqueue(question);
        showState();
        return;
    }
    m_sent = question;
    m_sentFromNew = m_shown.id().isNull();
    switch (m_composer.edit()) {
    case Composer::Edit::kNone:
        m_services.chat.send(m_shown.id(), question);
        break;
    case Composer::Edit::kQuestion:
        m_services.chat.edit(m_shown.id(), m_turns.edited(), question);
        break;
    case Composer::Edit::kAnswer:
        m_services.chat.editAnswer(m_shown.id(), m_turns.edited(), question.text);
        break;
    }
    showState();
}

void QuestionKeeper::sendUnfit() {
    if (m_unfit == app::ContextFull::Asked::kQuestion) {
        send(); // as it stands in the composer by now
        return;
    }
    m_notices.hide();
    m_desk.fullCard().hide();
    m_services.chat.askOnceMore(m_shown.id());
}

bool QuestionKeeper::stop() {
    if (!m_shown.isAnswering() && m_waitingFor.isEmpty()) {
        return false;
    }
    m_services.chat.stop(m_shown.id());
    return true;
}

void QuestionKeeper::startOver() {
    m_sent.reset();
    m_waitingFor.clear();
    m_composer.setText({});
}

app::Question QuestionKeeper::takeAlong() {
    app::Question question = m_composer.question();
    m_composer.setText({});
    m_composer.attachments().setAttachments({});
    m_services.conversations.saveDraft(m_shown.id(), {});
    return question;
}

void QuestionKeeper::takeDraft(const QString& draft) {
    const QString typed = m_composer.text(); // before the draft came
    m_composer.setText(draft + typed);
    if (!typed.isEmpty()) {
        m_services.conversations.saveDraft(m_shown.id(), draft + typed);
    }
}

void QuestionKeeper::takeAccepted(const QUuid& conversation, const QList<app::MessageView>& path) {
    const bool first = path.size() == 2;
    if (m_sentFromNew && first) {
        m_sentFromNew = false;
        m_services.conversations.saveDraft({}, {});
    }
    if (m_shown.id().isNull() && m_sent.has_value() && first) {
        m_shown.adopt(conversation);
    }
    if (conversation == m_shown.id()) {
        takeSent();
        m_shown.takeAnswering(path);
    }
}

/// What was asked is stored: the composer may let go of it.
void QuestionKeeper::takeSent() {
    if (const auto sent = std::exchange(m_sent, std::nullopt)) {
        if (m_composer.isEditing()) {
            m_composer.endEdit();
            m_desk.files().keep(); // storing the question took the draft's away
        } else {
            m_composer.takeSent(*sent);
        }
    }
    m_waitingFor.clear();
    showState();
}

/// Another conversation's question is kept as its draft; here it is still in the composer.
bool QuestionKeeper::keepUnsent(const QUuid& conversation, const app::Question& question) {
    if (conversation != m_shown.id()) {
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
    m_desk.waiting().dropEnqueued();
    showState();
    return true;
}

void QuestionKeeper::takeRejected(const QUuid& conversation, const app::Question& question,
                                  const app::Trouble& trouble) {
    if (keepUnsent(conversation, question)) {
        m_notices.showUnsent(trouble);
    }
}

void QuestionKeeper::takeContextFull(const QUuid& conversation, const app::Question& question,
                                     const app::ContextFull& full) {
    if (keepUnsent(conversation, question)) {
        m_unfit = full.asked;
        m_notices.hide();
        m_desk.showFull(full);
    }
}

void QuestionKeeper::showState() {
    const bool ready = m_services.models.state() == app::EngineState::kReady && !m_sent.has_value();
    Composer::State state;
    state.answering = m_shown.isAnswering();
    state.canSend = ready;
    state.canQueue = state.answering && !m_desk.waiting().isEnqueuing();
    state.status = statusWords();
    m_composer.setState(state);
    emit readyShown(ready && !state.answering);
}

QString QuestionKeeper::statusWords() const {
    if (m_shown.isAnswering()) {
        return {};
    }
    if (!m_waitingFor.isEmpty()) {
        return tr("%1 is loading, then it is asked").arg(m_waitingFor);
    }
    const auto& models = m_services.models;
    const QString& name = models.current().name;
    switch (models.state()) {
    case app::EngineState::kNoModel:
        return models.hasLooked() ? tr("Open a model to ask it something") : tr("Looking for models");
    case app::EngineState::kLoading:
        return tr("%1 is loading; you can write meanwhile").arg(name);
    case app::EngineState::kFailed:
        return tr("%1 can't be used; choose another model").arg(name);
    case app::EngineState::kReady:
        break;
    }
    return {};
}

} // namespace alcuin::ui
