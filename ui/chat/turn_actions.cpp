#include "chat/turn_actions.h"

#include <QMenu>

#include "chat/answer_details.h"
#include "chat/composer.h"
#include "chat/desk/file_chip.h"
#include "chat/panel/again_popover.h"
#include "chat/text_preview.h"
#include "chat/transcript_view.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/model_service.h"
#include "theme/icons.h"
#include "theme/theme.h"

namespace alcuin::ui {

TurnActions::TurnActions(const Services& services, const Theme& theme, TranscriptView& transcript, Composer& composer,
                         QObject* parent)
    : QObject(parent), m_services(services), m_theme(theme), m_transcript(transcript), m_composer(composer) {
    connectTranscript();
}

void TurnActions::setConversation(const QUuid& conversation) {
    m_conversation = conversation;
}

const QUuid& TurnActions::edited() const {
    return m_edited;
}

void TurnActions::connectTranscript() {
    auto* view = &m_transcript;
    connect(view, &TranscriptView::branchRequested, this,
            [this](const QUuid& message) { m_services.conversations.activateBranch(m_conversation, message); });
    connect(view, &TranscriptView::regenerateRequested, this, [this](const QUuid& answer) { answerAgain(answer, {}); });
    connect(view, &TranscriptView::regenerateWithRequested, this, &TurnActions::showAgainMenu);
    connect(view, &TranscriptView::continueRequested, this, [this](const QUuid& answer) {
        emit answerRequested();
        m_services.chat.continueAnswer(m_conversation, answer);
    });
    connect(view, &TranscriptView::editRequested, this, [this](const QUuid& question) {
        if (const auto message = m_transcript.message(question)) {
            m_edited = question;
            m_composer.beginEdit({message->text, message->attachments});
        }
    });
    connect(view, &TranscriptView::editAnswerRequested, this, [this](const QUuid& answer, const QString& text) {
        m_edited = answer;
        m_composer.beginEdit(text, Composer::Edit::kAnswer);
    });
    connect(view, &TranscriptView::detailsRequested, this, [this](const QUuid& answer, const QRect& area) {
        if (const auto message = m_transcript.message(answer)) {
            auto* details = new AnswerDetails(*message, m_theme, &m_transcript);
            details->setAttribute(Qt::WA_DeleteOnClose);
            details->openAt(*m_transcript.viewport(), area);
        }
    });
    connect(view, &TranscriptView::fileRequested, this, [this](const QUuid& question, int file) {
        const auto message = m_transcript.message(question);
        if (message && file >= 0 && file < message->attachments.size()) {
            const app::Attachment& shown = message->attachments.at(file);
            showText(shown.name, FileChip::sizeWords(shown.bytes), shown.text, true);
        }
    });
}

void TurnActions::showText(const QString& title, const QString& details, const QString& text, bool code) const {
    auto* preview = new TextPreview(title, details, text, code ? TextPreview::Kind::kCode : TextPreview::Kind::kProse,
                                    m_theme, &m_transcript);
    preview->setAttribute(Qt::WA_DeleteOnClose);
    preview->open();
}

void TurnActions::answerAgain(const QUuid& answer, const app::AnswerOptions& options) {
    emit answerRequested();
    m_services.chat.regenerate(m_conversation, answer, options);
}

void TurnActions::showAgainMenu(const QUuid& answer, const QRect& area) {
    auto* menu = new QMenu(&m_transcript);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(tr("Answer again with"));
    menu->addAction(makeIcon(Icon::kParameters, m_theme), tr("Other parameters…"), this,
                    [this, answer, area] { showAgainParameters(answer, area); });
    menu->addSeparator();
    for (const auto& model : m_services.models.models()) {
        QString name = model.name;
        name.replace(QLatin1Char('&'), QStringLiteral("&&"));
        auto* action = menu->addAction(makeIcon(Icon::kModel, m_theme), name, this, [this, answer, path = model.path] {
            answerAgain(answer, {std::nullopt, path});
        });
        action->setEnabled(model.problem.isEmpty());
        action->setToolTip(model.problem);
    }
    menu->setToolTipsVisible(true);
    const bool mirrored = m_transcript.layoutDirection() == Qt::RightToLeft;
    const QPoint begin = mirrored ? area.bottomRight() - QPoint(menu->sizeHint().width() - 1, 0) : area.bottomLeft();
    menu->popup(m_transcript.viewport()->mapToGlobal(begin));
}

void TurnActions::showAgainParameters(const QUuid& answer, const QRect& area) {
    const auto message = m_transcript.message(answer);
    auto before = message ? message->askedWith : std::nullopt;
    if (before && message->seed != 0) {
        before->seed = message->seed;
    }
    auto* popover = new AgainPopover(m_theme, m_services.models.current().parameters, before, &m_transcript);
    popover->setAttribute(Qt::WA_DeleteOnClose);
    connect(popover, &AgainPopover::answerRequested, this, [this, answer](const app::Parameters& parameters) {
        answerAgain(answer, {parameters, {}});
    });
    popover->openAt(*m_transcript.viewport(), area);
}

} // namespace alcuin::ui
