#include "chat/desk/desk.h"

#include <QEvent>
#include <QFileDialog>
#include <QKeyEvent>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "chat/composer.h"
#include "chat/composer_edit.h"
#include "chat/desk/attachment_strip.h"
#include "chat/desk/context_full_card.h"
#include "chat/desk/file_chip.h"
#include "chat/desk/queue_strip.h"
#include "chat/ledger/ledger_bar.h"
#include "chat/library/library_dialog.h"
#include "services/attachment_reader.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/ledger_service.h"
#include "services/library_service.h"
#include "theme/theme.h"
#include "widgets/shelf.h"

namespace alcuin::ui {

namespace {
constexpr int kGoingOnMs = 2000; ///< how long the next question may take to be asked before it counts as held
constexpr int kSlashInset = 8;

const QString kAttachCommand = QStringLiteral("attach");
const QString kPanelCommand = QStringLiteral("panel");
const QString kSnippetsCommand = QStringLiteral("snippets");
} // namespace

Desk::Desk(const Services& services, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_theme(theme)
    , m_full(new ContextFullCard(theme, this))
    , m_queue(new QueueStrip(theme, this))
    , m_bar(new LedgerBar(theme, this))
    , m_popover(new LedgerPopover(theme, this))
    , m_composer(new Composer(theme, this))
    , m_slash(new SlashMenu(theme, parent)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* above = new QWidget;
    auto* said = new QVBoxLayout(above);
    said->setContentsMargins(0, 0, 0, 0);
    said->setSpacing(Space::k2);
    said->addWidget(m_full);
    said->addWidget(m_queue);
    column->addSpacing(Space::k2);
    column->addWidget(new Shelf(above, this));
    column->addWidget(m_bar);
    column->addWidget(m_composer);
    m_goingOn.setSingleShot(true);
    m_goingOn.setInterval(kGoingOnMs);
    connect(&m_goingOn, &QTimer::timeout, this, &Desk::showQueue);
    connectComposer();
    connectQueue();
    connectLibrary();
    connect(m_bar, &LedgerBar::clicked, this, &Desk::openLedger);
    connect(m_popover, &LedgerPopover::messageRequested, this, &Desk::messageRequested);
    connect(m_popover, &LedgerPopover::compactionRequested, this, &Desk::compactionRequested);
    connect(m_full, &ContextFullCard::compactRequested, this, &Desk::compactionRequested);
    connect(m_full, &ContextFullCard::withoutFilesRequested, this, &Desk::withoutFilesRequested);
    connect(m_full, &ContextFullCard::newChatRequested, this, &Desk::newChatRequested);
    connect(m_full, &ContextFullCard::detailsRequested, this, &Desk::openLedger);
    connect(&services.ledger, &app::LedgerService::ledgerChanged, this,
            [this](const QUuid& conversation, const app::Ledger& ledger) {
                if (conversation == m_conversation) {
                    m_bar->setLedger(ledger);
                    if (m_popover->isVisible()) { // its list is as long as the conversation
                        m_popover->setLedger(ledger);
                    }
                }
            });
}

void Desk::connectComposer() {
    connect(m_composer, &Composer::questionChanged, this, &Desk::watchLedger);
    connect(m_composer, &Composer::attachRequested, this, &Desk::chooseFiles);
    connect(m_composer, &Composer::slashRequested, this, [this] {
        m_composer->focusText();
        if (m_slash->isVisible()) {
            m_slash->hide();
        } else {
            fillSlash();
            m_slash->open({});
        }
    });
    ComposerEdit& field = m_composer->field();
    field.installEventFilter(this);
    connect(&field, &ComposerEdit::filesPasted, this, &Desk::attach);
    connect(&field, &ComposerEdit::picturePasted, this, [this] { refuse(app::AttachmentReader::pictureRefusal()); });
    connect(&field, &ComposerEdit::slashChanged, this, &Desk::updateSlash);
    connect(&m_composer->attachments(), &AttachmentStrip::previewRequested, this, [this](const app::Attachment& file) {
        emit previewRequested(file.name, FileChip::sizeWords(file.bytes), file.text);
    });
    connect(&m_composer->attachments(), &AttachmentStrip::changed, this, &Desk::keepFiles);
    connect(&m_services.conversations, &app::ConversationService::draftFilesRead, this, &Desk::takeDraftFiles);
    connect(&m_services.attachments, &app::AttachmentReader::done, this, &Desk::takeRead);
    connect(m_slash, &SlashMenu::chosen, this, &Desk::choose);
    connect(m_slash, &SlashMenu::placeNeeded, this, &Desk::placeSlash);
}

void Desk::connectQueue() {
    auto& chat = m_services.chat;
    connect(&chat, &app::ChatService::queueChanged, this, [this](const QUuid& conversation) {
        if (conversation == m_conversation) {
            showQueue();
            takeEnqueued();
        }
    });
    connect(&chat, &app::ChatService::takenBack, this,
            [this](const QUuid& conversation, const app::Question& question) {
                if (conversation != m_conversation || m_taken.isEmpty()) {
                    return;
                }
                if (m_taken.takeFirst() == Taken::kToEdit) {
                    m_composer->takeBack(question);
                } else {
                    emit queuedRemoved(question);
                }
            });
    connect(m_queue, &QueueStrip::editRequested, this, [this](const QUuid& queued) {
        m_taken.append(Taken::kToEdit);
        m_services.chat.takeBack(m_conversation, queued);
    });
    connect(m_queue, &QueueStrip::removeRequested, this, [this](const QUuid& queued) {
        m_taken.append(Taken::kToRemove);
        m_services.chat.takeBack(m_conversation, queued);
    });
    connect(m_queue, &QueueStrip::moveRequested, this,
            [this](const QUuid& queued, int index) { m_services.chat.moveQueued(m_conversation, queued, index); });
    connect(m_queue, &QueueStrip::sendNowRequested, this, [this] { m_services.chat.sendNextQueued(m_conversation); });
}

void Desk::connectLibrary() {
    connect(&m_services.library, &app::LibraryService::snippetsChanged, this, &Desk::fillSlash);
    connect(&m_services.library, &app::LibraryService::personasChanged, this, &Desk::fillSlash);
    fillSlash();
}

Composer& Desk::composer() const {
    return *m_composer;
}

LedgerBar& Desk::ledgerBar() const {
    return *m_bar;
}

LedgerPopover& Desk::ledgerPopover() const {
    return *m_popover;
}

QueueStrip& Desk::queue() const {
    return *m_queue;
}

SlashMenu& Desk::slashMenu() const {
    return *m_slash;
}

ContextFullCard& Desk::fullCard() const {
    return *m_full;
}

void Desk::setConversation(const QUuid& conversation) {
    auto& strip = m_composer->attachments();
    strip.clearRefusals();
    m_expectsFiles = true; // until then nothing is stored
    m_conversation = conversation;
    m_taken.clear();
    m_enqueued.reset();
    m_full->hide();
    m_goingOn.stop();
    strip.setAttachments({});
    m_bar->setLedger({});
    showReading();
    showQueue();
    watchLedger();
}

void Desk::adopt(const QUuid& conversation) {
    m_conversation = conversation;
    m_expectsFiles = false;
    showQueue();
    watchLedger();
}

void Desk::takeDraftFiles(const QUuid& conversation, const QList<app::Attachment>& files) {
    if (conversation != m_conversation || !m_expectsFiles) {
        return;
    }
    auto& strip = m_composer->attachments();
    const auto added = strip.attachments(); // meanwhile
    strip.setAttachments(files);            // not to be stored again
    m_expectsFiles = false;
    strip.add(added);
}

void Desk::keepFiles() {
    if (!m_expectsFiles && !m_composer->isEditing()) {
        m_services.conversations.saveDraftFiles(m_conversation, m_composer->attachments().attachments());
    }
}

void Desk::setAnswering(bool answering, const std::optional<app::MessageState>& last) {
    if (m_answering && !answering && last == app::MessageState::kComplete) {
        m_goingOn.start();
    }
    m_answering = answering;
    m_last = last;
    showQueue();
}

void Desk::watchLedger() {
    const bool asksNothing = m_composer->edit() == Composer::Edit::kAnswer;
    m_services.ledger.watch(m_conversation, asksNothing ? app::Question() : m_composer->question());
}

void Desk::showFull(const app::ContextFull& full) {
    m_bar->setLedger(full.ledger);
    m_popover->setLedger(full.ledger);
    m_full->show(full, m_compaction != LedgerPopover::Compaction::kImpossible,
                 !m_composer->attachments().attachments().isEmpty());
}

void Desk::setCompaction(LedgerPopover::Compaction compaction) {
    m_compaction = compaction;
    m_popover->setCompaction(compaction);
    m_full->setCompacting(compaction == LedgerPopover::Compaction::kUnderWay);
}

void Desk::openLedger() {
    m_popover->setLedger(m_bar->ledger());
    m_popover->openAt(*m_bar, m_bar->rect());
}

void Desk::chooseFiles() {
    auto* dialog = new QFileDialog(this, tr("Attach text or code files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &Desk::attach);
    connect(dialog, &QFileDialog::finished, m_composer, &Composer::focusText);
    dialog->open();
}

void Desk::attach(const QStringList& paths) {
    if (paths.isEmpty()) {
        return;
    }
    m_composer->attachments().clearRefusals();
    m_reads.insert(m_services.attachments.read(paths), {m_conversation, static_cast<int>(paths.size())});
    showReading();
    m_composer->focusText();
}

void Desk::takeRead(quint64 number, const QList<app::Attachment>& attachments, const QList<app::Trouble>& refusals) {
    if (!m_reads.contains(number)) {
        return;
    }
    const QUuid conversation = m_reads.take(number).first;
    if (conversation != m_conversation) {
        m_services.conversations.addDraftFiles(conversation, attachments);
        return;
    }
    auto& strip = m_composer->attachments();
    showReading();
    if (m_expectsFiles) { // whatever happens until they are there
        m_services.conversations.addDraftFiles(m_conversation, attachments);
    }
    strip.add(attachments);
    strip.refuse(refusals);
}

void Desk::showReading() {
    int reading = 0;
    for (const auto& [to, count] : std::as_const(m_reads)) {
        reading += to == m_conversation ? count : 0;
    }
    m_composer->attachments().setReading(reading);
}

void Desk::refuse(const app::Trouble& trouble) {
    m_composer->attachments().clearRefusals();
    m_composer->attachments().refuse({trouble});
}

void Desk::enqueue(const app::Question& question) {
    m_enqueued = question;
    m_services.chat.enqueue(m_conversation, question);
}

bool Desk::isEnqueuing() const {
    return m_enqueued.has_value();
}

void Desk::dropEnqueued() {
    m_enqueued.reset();
}

/// Stored: the composer may let go of it.
void Desk::takeEnqueued() {
    const auto waiting = m_services.chat.queued(m_conversation);
    const auto isIt = [this](const app::Queued& queued) { return queued.question == *m_enqueued; };
    if (!m_enqueued || std::none_of(waiting.cbegin(), waiting.cend(), isIt)) {
        return;
    }
    const app::Question stored = *std::exchange(m_enqueued, std::nullopt);
    m_composer->takeSent(stored);
    m_services.conversations.saveDraft(m_conversation, m_composer->text());
    emit queueStored(stored);
}

void Desk::showQueue() {
    const auto waiting = m_conversation.isNull() ? QList<app::Queued>() : m_services.chat.queued(m_conversation);
    const bool goesOn = m_answering || m_goingOn.isActive();
    m_queue->show(waiting, goesOn ? QString() : heldWords());
}

QString Desk::heldWords() const {
    switch (m_last.value_or(app::MessageState::kComplete)) {
    case app::MessageState::kCancelled:
        return tr("Held, as the answer was stopped");
    case app::MessageState::kFailed:
        return tr("Held, as the answer failed");
    case app::MessageState::kLength:
    case app::MessageState::kContextFull:
        return tr("Held, as the answer was cut off");
    case app::MessageState::kInterrupted:
        return tr("Held, as the answer was interrupted");
    case app::MessageState::kComplete:
    case app::MessageState::kStreaming:
        break;
    }
    return tr("Held until you send it on");
}

void Desk::fillSlash() {
    QList<SlashChoice> choices;
    for (const auto& snippet : m_services.library.snippets()) {
        choices.append(
            {SlashChoice::Kind::kSnippet, snippet.id, snippet.name, snippet.text.simplified().left(120), {}});
    }
    for (const auto& persona : m_services.library.personas()) {
        choices.append(
            {SlashChoice::Kind::kPersona, persona.id, persona.name, persona.instructions.simplified().left(120), {}});
    }
    choices.append({SlashChoice::Kind::kCommand, {}, tr("Attach files…"), {}, kAttachCommand});
    choices.append({SlashChoice::Kind::kCommand, {}, tr("Settings of this conversation"), {}, kPanelCommand});
    choices.append({SlashChoice::Kind::kCommand, {}, tr("Write and change snippets…"), {}, kSnippetsCommand});
    m_slash->setChoices(choices);
}

void Desk::updateSlash() {
    const auto words = m_composer->field().slashWords();
    if (!words) {
        m_slash->hide();
        m_composer->field().endSlash();
    } else if (!m_slash->open(*words)) {
        m_composer->field().endSlash(); // nothing begins so: it is only text
    }
}

void Desk::placeSlash() {
    QWidget* page = parentWidget();
    const QPoint top = m_composer->mapTo(page, QPoint(0, 0));
    const QSize wanted = m_slash->sizeHint();
    const int width = std::min(wanted.width(), m_composer->width() - 2 * kSlashInset);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int left = mirrored ? top.x() + m_composer->width() - kSlashInset - width : top.x() + kSlashInset;
    m_slash->setGeometry(left, std::max(0, top.y() - Space::k1 - wanted.height()), width, wanted.height());
}

void Desk::choose(const SlashChoice& choice) {
    ComposerEdit& field = m_composer->field();
    if (choice.kind == SlashChoice::Kind::kSnippet) {
        const auto& snippets = m_services.library.snippets();
        const auto found =
            std::find_if(snippets.cbegin(), snippets.cend(), [&](const auto& s) { return s.id == choice.id; });
        field.insertChosen(found == snippets.cend() ? QString() : found->text);
        return;
    }
    field.insertChosen({});
    if (choice.kind == SlashChoice::Kind::kPersona) {
        emit personaChosen(choice.id);
    } else if (choice.command == kAttachCommand) {
        chooseFiles();
    } else if (choice.command == kPanelCommand) {
        emit panelRequested();
    } else {
        auto* dialog = new LibraryDialog(app::LibraryService::Kind::kSnippet, m_services.library, m_theme, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    }
}

/// While the choice is open, the keys that move in it are its own, though the keyboard is in the composer.
bool Desk::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &m_composer->field() && m_slash->isVisible()) {
        if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            event->accept();
            return true;
        }
        if (event->type() == QEvent::KeyPress && m_slash->takeKey(*static_cast<QKeyEvent*>(event))) {
            if (!m_slash->isVisible()) {
                m_composer->field().endSlash();
            }
            return true;
        }
        if (event->type() == QEvent::FocusOut) {
            m_slash->hide();
            m_composer->field().endSlash();
        }
    }
    return QWidget::eventFilter(watched, event);
}

void Desk::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (m_slash->isVisible()) {
        placeSlash();
    }
}

} // namespace alcuin::ui
