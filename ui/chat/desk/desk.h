#pragma once

#include <QHash>
#include <QList>
#include <QTimer>
#include <QUuid>
#include <QWidget>

#include <optional>

#include "chat/desk/slash_menu.h"
#include "chat/ledger/ledger_popover.h"
#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class Composer;
class ContextFullCard;
class LedgerBar;
class QueueStrip;
class Theme;

/// Everything below the turns: what waits, what fills the context, and the composer with the files that go along.
/// Reads files, keeps the ledger current and looks after the queue; what is sent is its owner's.
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

    /// Another conversation is shown: files that stood in the composer stay with the one before, and its own come when
    /// it is opened.
    void setConversation(const QUuid& conversation);
    /// What stood there belongs to this conversation now, which was begun by it.
    void adopt(const QUuid& conversation);
    /// Whether an answer is written there, and how the last one ended.
    void setAnswering(bool answering, const std::optional<app::MessageState>& last);
    /// Reads these files and puts them beside the question.
    void attach(const QStringList& paths);
    void chooseFiles();
    /// Lets a question wait for the answer; the composer keeps it until it is stored.
    void enqueue(const app::Question& question);
    bool isEnqueuing() const;
    /// It wasn't stored.
    void dropEnqueued();
    /// Stores the files beside the question, unless it is one that is edited.
    void keepFiles();
    /// Counts with what is in the composer now.
    void watchLedger();
    void setCompaction(LedgerPopover::Compaction compaction);
    /// The question in the composer doesn't fit.
    void showFull(const app::ContextFull& full);

signals:
    void previewRequested(const QString& title, const QString& details, const QString& text);
    void messageRequested(const QUuid& message);
    void compactionRequested();
    /// The person takes the question to a new chat.
    void newChatRequested();
    void withoutFilesRequested();
    /// A waiting question was removed; giving it back is `enqueue` again.
    void queueStored(const alcuin::app::Question& question);
    void queuedRemoved(const alcuin::app::Question& question);
    void personaChosen(const QUuid& persona);
    void panelRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Taken { kToEdit, kToRemove };

    void connectComposer();
    void connectQueue();
    void connectLibrary();
    void openLedger();
    void refuse(const app::Trouble& trouble);
    void takeDraftFiles(const QUuid& conversation, const QList<app::Attachment>& files);
    void takeRead(quint64 number, const QList<app::Attachment>& attachments, const QList<app::Trouble>& refusals);
    void takeEnqueued();
    void showReading();
    void showQueue();
    QString heldWords() const;
    void fillSlash();
    void updateSlash();
    void placeSlash();
    void choose(const SlashChoice& choice);

    Services m_services;
    const Theme& m_theme;
    ContextFullCard* m_full;
    QueueStrip* m_queue;
    LedgerBar* m_bar;
    LedgerPopover* m_popover;
    Composer* m_composer;
    SlashMenu* m_slash;

    QUuid m_conversation;
    QHash<quint64, std::pair<QUuid, int>> m_reads; ///< files being read: for which conversation, how many
    QList<Taken> m_taken;                          ///< what for waiting questions were asked back, in their order
    std::optional<app::Question> m_enqueued;       ///< on its way into the store
    LedgerPopover::Compaction m_compaction = LedgerPopover::Compaction::kImpossible;
    bool m_expectsFiles = false; ///< those of the draft are being read
    bool m_answering = false;
    std::optional<app::MessageState> m_last;
    QTimer m_goingOn; ///< an answer is complete, and the next question is on its way
};

} // namespace alcuin::ui
