#include "chat/desk/desk.h"

#include <QVBoxLayout>

#include "chat/composer.h"
#include "chat/desk/attachment_strip.h"
#include "chat/desk/context_full_card.h"
#include "chat/desk/files_keeper.h"
#include "chat/desk/queue_keeper.h"
#include "chat/desk/queue_strip.h"
#include "chat/desk/slash_keeper.h"
#include "chat/desk/slash_menu.h"
#include "chat/ledger/ledger_bar.h"
#include "services/ledger_service.h"
#include "theme/theme.h"
#include "widgets/shelf.h"

namespace alcuin::ui {

Desk::Desk(const Services& services, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_full(new ContextFullCard(theme, this))
    , m_queue(new QueueStrip(theme, this))
    , m_bar(new LedgerBar(theme, this))
    , m_popover(new LedgerPopover(theme, this))
    , m_composer(new Composer(theme, this))
    , m_menu(new SlashMenu(theme, parent))
    , m_files(new FilesKeeper(services, *m_composer, this))
    , m_waiting(new QueueKeeper(services, *m_queue, *m_composer, this))
    , m_slash(new SlashKeeper(services, theme, *m_composer, *m_menu, this)) {
    buildLayout();
    connectParts();
}

void Desk::buildLayout() {
    auto* above = new QWidget;
    auto* said = new QVBoxLayout(above);
    said->setContentsMargins(0, 0, 0, 0);
    said->setSpacing(Space::k2);
    said->addWidget(m_full);
    said->addWidget(m_queue);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addSpacing(Space::k2);
    column->addWidget(new Shelf(above, this));
    column->addWidget(m_bar);
    column->addWidget(m_composer);
}

void Desk::connectParts() {
    connect(m_composer, &Composer::questionChanged, this, &Desk::watchLedger);
    connect(m_slash, &SlashKeeper::filesRequested, m_files, &FilesKeeper::choose);
    connect(m_slash, &SlashKeeper::personaChosen, this, &Desk::personaChosen);
    connect(m_slash, &SlashKeeper::panelRequested, this, &Desk::panelRequested);
    connect(m_bar, &LedgerBar::clicked, this, &Desk::openLedger);
    connect(m_popover, &LedgerPopover::messageRequested, this, &Desk::messageRequested);
    connect(m_popover, &LedgerPopover::compactionRequested, this, &Desk::compactionRequested);
    connect(m_full, &ContextFullCard::compactRequested, this, &Desk::compactionRequested);
    connect(m_full, &ContextFullCard::withoutFilesRequested, this, &Desk::withoutFilesRequested);
    connect(m_full, &ContextFullCard::newChatRequested, this, &Desk::newChatRequested);
    connect(m_full, &ContextFullCard::detailsRequested, this, &Desk::openLedger);
    connect(&m_services.ledger, &app::LedgerService::ledgerChanged, this, &Desk::takeLedger);
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
    return *m_menu;
}

ContextFullCard& Desk::fullCard() const {
    return *m_full;
}

FilesKeeper& Desk::files() const {
    return *m_files;
}

QueueKeeper& Desk::waiting() const {
    return *m_waiting;
}

void Desk::setConversation(const QUuid& conversation) {
    m_conversation = conversation;
    m_full->hide();
    m_bar->setLedger({});
    m_files->setConversation(conversation);
    m_waiting->setConversation(conversation);
    watchLedger();
}

void Desk::adopt(const QUuid& conversation) {
    m_conversation = conversation;
    m_files->adopt(conversation);
    m_waiting->adopt(conversation);
    watchLedger();
}

void Desk::setAnswering(bool answering, const std::optional<app::MessageState>& last) {
    m_waiting->setAnswering(answering, last);
}

void Desk::setCompaction(LedgerPopover::Compaction compaction) {
    m_compaction = compaction;
    m_popover->setCompaction(compaction);
    m_full->setCompacting(compaction == LedgerPopover::Compaction::kUnderWay);
}

void Desk::showFull(const app::ContextFull& full) {
    m_bar->setLedger(full.ledger);
    m_popover->setLedger(full.ledger);
    m_full->show(full, m_compaction != LedgerPopover::Compaction::kImpossible,
                 !m_composer->attachments().attachments().isEmpty());
}

void Desk::openLedger() {
    m_popover->setLedger(m_bar->ledger());
    m_popover->openAt(*m_bar, m_bar->rect());
}

void Desk::takeLedger(const QUuid& conversation, const app::Ledger& ledger) {
    if (conversation != m_conversation) {
        return;
    }
    m_bar->setLedger(ledger);
    if (m_popover->isVisible()) { // its list is as long as the conversation
        m_popover->setLedger(ledger);
    }
}

/// Counts with what is in the composer now.
void Desk::watchLedger() {
    const bool asksNothing = m_composer->edit() == Composer::Edit::kAnswer;
    m_services.ledger.watch(m_conversation, asksNothing ? app::Question() : m_composer->question());
}

} // namespace alcuin::ui
