#pragma once

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QString>
#include <QUuid>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>

#include "services/chat_values.h"

namespace alcuin::app {

class StorageThread;
class WorkThread;

/// A part of a QString.
struct SearchRange {
    qsizetype begin = 0;
    qsizetype size = 0;

    bool operator==(const SearchRange&) const = default;
};

/// A message, or a conversation by its title, in which everything that was asked for stands.
struct SearchHit {
    QUuid conversation;
    QUuid message; ///< null: the title was found
    QString title; ///< the conversation's; never empty
    Role role = Role::kUser;
    QDateTime at; ///< when the message was made; of a title: when the conversation was last used
    bool archived = false;
    QString snippet; ///< one line; of a title: the title
    QList<SearchRange> matches;
};

/// Searches everything that was ever said, on a thread and a connection of its own beside the one that writes, and
/// keeps the index of words in order in the background.
class SearchService : public QObject {
    Q_OBJECT
public:
    explicit SearchService(StorageThread& storage, QObject* parent = nullptr);
    /// Ends a search that is running.
    ~SearchService() override;

    /// Looks for a text as a person types it: all words, the last of which may be only begun; words in quotes one
    /// after the other; anything else can be typed, too. Answered by `found`, unless another text is asked for before:
    /// the newest one wins, and a search that is running for an older one ends.
    void find(const QString& text, int limit = 50);
    /// What was asked for isn't wanted any more: no `found` comes.
    void cancel();

    /// Lets the index take in what was there before it and let go of what was deleted, step by step between the other
    /// work of the storage thread. For the start, behind purgeDeleted. Nothing happens while nothing is to be done.
    void keepInOrder();

signals:
    /// Titles first, last used first, then messages, newest first; at most `limit` of each.
    void found(const QString& text, const QList<alcuin::app::SearchHit>& hits);
    /// How many messages at most can't be found yet, as the index is still taking them in; 0: all can be found.
    void messagesLeftToIndex(qint64 messages);
    void failed(const alcuin::app::Trouble& trouble);

private:
    struct Reader;
    void step();

    StorageThread& m_storage;
    std::shared_ptr<std::atomic<quint64>>
        m_newest;                     ///< number of the newest wish; the search asks whether it is its own
    std::shared_ptr<Reader> m_reader; ///< used on the thread alone
    std::filesystem::path m_file;     ///< empty: not known yet
    std::function<void()> m_waiting;  ///< the wish that waits for it
    bool m_keeping = false;
    qint64 m_left = 0;
    std::unique_ptr<WorkThread> m_thread;
};

} // namespace alcuin::app

Q_DECLARE_METATYPE(alcuin::app::SearchHit)
