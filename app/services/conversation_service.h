#pragma once

#include <QList>
#include <QObject>
#include <QSet>
#include <QString>
#include <QUuid>

#include <memory>
#include <optional>

#include "services/chat_values.h"

namespace alcuin::app {

class StorageThread;

/// The list of conversations and what stands in each. Every call returns at once; answers come as signals on the
/// GUI thread. Errors are reported by `failed` and leave everything as it was.
class ConversationService : public QObject {
    Q_OBJECT
public:
    explicit ConversationService(StorageThread& storage, QObject* parent = nullptr);
    ~ConversationService() override;

    /// Where a conversation is stored.
    StorageThread& storageOf(const QUuid& conversation) const;

    /// A new conversation that is kept in memory only and is in no list; it can be asked, opened and drafted like any
    /// other. Null if there is no memory for it, which `failed` tells. Blocks for as long as memory takes.
    QUuid beginTemporary();
    bool isTemporary(const QUuid& conversation) const;
    /// Forgets a temporary conversation for good.
    void endTemporary(const QUuid& conversation);

    /// Those not deleted, newest first, as last reported by conversationsChanged.
    const QList<ConversationSummary>& conversations() const;

    void refresh();
    /// Loads the active path; answered by `opened`.
    void open(const QUuid& conversation);
    void rename(const QUuid& conversation, const QString& title);
    void setPinned(const QUuid& conversation, bool pinned);
    void setArchived(const QUuid& conversation, bool archived);
    /// A null folder: into none.
    void moveToFolder(const QUuid& conversation, const QUuid& folder);
    /// Hides it at once; undoRemove brings it back.
    void remove(const QUuid& conversation);
    void undoRemove(const QUuid& conversation);
    /// Takes what was removed before this call out of the file for good, step by step between other work, and says
    /// `purged`. For the start, when nothing can be undone any more.
    void purgeRemoved();
    /// Keeps what stands in the composer. A null id keeps the draft of the conversation not begun yet.
    void saveDraft(const QUuid& conversation, const QString& text);
    /// Keeps the files beside it in the same way; kept with the first call, and gone when the question is stored.
    void saveDraftFiles(const QUuid& conversation, const QList<Attachment>& files);
    /// Puts more files beside the draft of a conversation that isn't shown.
    void addDraftFiles(const QUuid& conversation, const QList<Attachment>& files);
    /// Shows another branch; answered by `opened`.
    void activateBranch(const QUuid& conversation, const QUuid& message);
    /// Marks a conversation as being answered (ChatService calls it).
    void setAnswering(const QUuid& conversation, bool answering);

signals:
    void conversationsChanged(const QList<alcuin::app::ConversationSummary>& conversations);
    void opened(const QUuid& conversation, const QList<alcuin::app::MessageView>& path, const QString& draft);
    /// The files beside its draft; right before `opened`, which `open` is answered by.
    void draftFilesRead(const QUuid& conversation, const QList<alcuin::app::Attachment>& files);
    void removed(const QUuid& conversation, const QString& title);
    /// What purgeRemoved began is done, or has failed and will be tried again at the next start.
    void purged();
    void failed(const alcuin::app::Trouble& trouble);

private:
    void purgeBefore(std::optional<qint64> ms);
    template <typename Job>
    void change(Job job);
    /// Reads the list again, which shows what is true after a change or after its failure.
    void refreshAfter(const std::optional<Trouble>& trouble);

    StorageThread& m_storage;
    std::unique_ptr<StorageThread> m_memory; ///< of temporary conversations, once there was one
    QSet<QUuid> m_temporary;
    QList<ConversationSummary> m_conversations;
    QSet<QUuid> m_answering;
    QSet<QUuid> m_hidden; ///< removed, and not committed yet
};

} // namespace alcuin::app
