#pragma once

#include <QUuid>
#include <QWidget>

#include <optional>

#include "chat/ledger/ledger_popover.h"
#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class Composer;
class ContextFullCard;
class FilesKeeper;
class LedgerBar;
class QueueKeeper;
class QueueStrip;
class SlashKeeper;
class SlashMenu;
class Theme;

/// Everything below the turns: what waits, what fills the context, and the composer with the files that go along.
/// Arranges them and keeps the ledger current; what is sent is its owner's.
class Desk : public QWidget {
    Q_OBJECT
public:
    Desk(const Services& services, const Theme& theme, QWidget* parent = nullptr);

    Composer& composer() const;
    LedgerBar& ledgerBar() const;
    LedgerPopover& ledgerPopover() const;
    QueueStrip& queue() const;
    SlashMenu& slashMenu() const;
    ContextFullCard& fullCard() const;
    FilesKeeper& files() const;
    QueueKeeper& waiting() const;

    /// Another conversation is shown.
    void setConversation(const QUuid& conversation);
    /// What stood there belongs to this conversation now, which was begun by it.
    void adopt(const QUuid& conversation);
    /// Whether an answer is written there, and how the last one ended.
    void setAnswering(bool answering, const std::optional<app::MessageState>& last);
    void setCompaction(LedgerPopover::Compaction compaction);
    /// The question in the composer doesn't fit.
    void showFull(const app::ContextFull& full);

signals:
    void messageRequested(const QUuid& message);
    void compactionRequested();
    /// The person takes the question to a new chat.
    void newChatRequested();
    void withoutFilesRequested();
    void personaChosen(const QUuid& persona);
    void panelRequested();

private:
    void buildLayout();
    void connectParts();
    void openLedger();
    void takeLedger(const QUuid& conversation, const app::Ledger& ledger);
    void watchLedger();

    Services m_services;
    ContextFullCard* m_full;
    QueueStrip* m_queue;
    LedgerBar* m_bar;
    LedgerPopover* m_popover;
    Composer* m_composer;
    SlashMenu* m_menu;
    FilesKeeper* m_files;
    QueueKeeper* m_waiting;
    SlashKeeper* m_slash;

    QUuid m_conversation;
    LedgerPopover::Compaction m_compaction = LedgerPopover::Compaction::kImpossible;
};

} // namespace alcuin::ui
