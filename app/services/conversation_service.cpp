#include "services/conversation_service.h"

#include <QTimer>

#include <algorithm>

#include <alcuin/storage/conversation_store.h>
#include <alcuin/storage/draft_store.h>

#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "services/trouble.h"

namespace alcuin::app {

using storage::ConversationStore;
using storage::Database;

namespace {

/// Between two steps of a purge: what a person does comes first on the storage thread.
constexpr int kBetweenStepsMs = 20;

/// What the window needs to show a conversation.
struct OpenedConversation {
    std::vector<storage::PathEntry> path;
    std::string draft;
    std::vector<storage::Part> files; ///< beside the draft
};

struct PurgeStep {
    bool more = false;
    qint64 before = 0; ///< what was removed before this goes
};

storage::Result<PurgeStep> purgeStep(Database& database, std::optional<qint64> ms) {
    // One more than now: what was removed in this very millisecond goes too.
    const qint64 before = ms ? *ms : storage::Sources::system().now() + 1;
    return ConversationStore(database).purgeStep(before).map([before](const ConversationStore::Purged& purged) {
        return PurgeStep{purged.more, before};
    });
}

storage::Result<OpenedConversation> readConversation(Database& database, const storage::Id& conversation) {
    ConversationStore store(database);
    OpenedConversation opened;
    if (!conversation.empty()) {
        auto path = store.activePath(conversation);
        if (!path) {
            return tl::unexpected<storage::Error>(std::move(path).error());
        }
        opened.path = std::move(*path);
    }
    auto draft = store.draft(conversation);
    if (!draft) {
        return tl::unexpected<storage::Error>(std::move(draft).error());
    }
    opened.draft = std::move(*draft);
    auto files = storage::DraftStore(database).files(conversation);
    if (!files) {
        return tl::unexpected<storage::Error>(std::move(files).error());
    }
    opened.files = std::move(*files);
    return opened;
}

std::optional<Trouble> troubleIn(const storage::Result<void>& result) {
    return result ? std::nullopt : std::optional<Trouble>(toTrouble(result.error()));
}

} // namespace

ConversationService::ConversationService(StorageThread& storage, QObject* parent)
    : QObject(parent), m_storage(storage) {}

ConversationService::~ConversationService() = default;

StorageThread& ConversationService::storageOf(const QUuid& conversation) const {
    return m_temporary.contains(conversation) ? *m_memory : m_storage;
}

QUuid ConversationService::beginTemporary() {
    if (!m_memory) {
        auto opened = StorageThread::openInMemory();
        if (!opened) {
            emit failed(toTrouble(opened.error()));
            return {};
        }
        m_memory = std::move(*opened);
    }
    const auto created = m_memory->call([](Database& database) { return ConversationStore(database).create(); });
    if (!created) {
        emit failed(toTrouble(created.error()));
        return {};
    }
    const QUuid conversation = toUuid(created->id);
    m_temporary.insert(conversation);
    return conversation;
}

bool ConversationService::isTemporary(const QUuid& conversation) const {
    return m_temporary.contains(conversation);
}

void ConversationService::endTemporary(const QUuid& conversation) {
    if (!m_temporary.contains(conversation)) {
        return;
    }
    m_memory->run([id = toId(conversation)](Database& database) {
        ConversationStore store(database);
        return store.remove(id).and_then([&] { return store.purgeDeleted(storage::Sources::system().now() + 1); });
    });
    // Its id stays among them: what comes late for it mustn't be stored elsewhere.
}

const QList<ConversationSummary>& ConversationService::conversations() const {
    return m_conversations;
}

void ConversationService::refresh() {
    m_storage.run([](Database& database) { return ConversationStore(database).list(); }, this,
                  [this](const storage::Result<std::vector<storage::Conversation>>& listed) {
                      if (!listed) {
                          emit failed(toTrouble(listed.error()));
                          return;
                      }
                      m_conversations.clear();
                      for (const auto& conversation : *listed) {
                          ConversationSummary summary = toSummary(conversation);
                          if (m_hidden.contains(summary.id)) {
                              continue; // its removal is on the way
                          }
                          summary.answering = m_answering.contains(summary.id);
                          m_conversations.push_back(std::move(summary));
                      }
                      emit conversationsChanged(m_conversations);
                  });
}

void ConversationService::open(const QUuid& conversation) {
    storageOf(conversation)
        .run([id = toId(conversation)](Database& database) { return readConversation(database, id); }, this,
             [this, conversation](const storage::Result<OpenedConversation>& read) {
                 if (!read) {
                     emit failed(toTrouble(read.error()));
                     return;
                 }
                 emit draftFilesRead(conversation, toQuestion(read->files).attachments);
                 emit opened(conversation, toViews(read->path), QString::fromStdString(read->draft));
             });
}

/// Runs a job on the store and reads the list again.
template <typename Job>
void ConversationService::change(Job job) {
    m_storage.run(std::move(job), this,
                  [this](const storage::Result<void>& changed) { refreshAfter(troubleIn(changed)); });
}

void ConversationService::rename(const QUuid& conversation, const QString& title) {
    const QString words = title.simplified();
    if (words.isEmpty()) {
        refresh(); // a title can't be empty: the list shows the old one again
        return;
    }
    change([id = toId(conversation), words = words.toStdString()](Database& database) {
        return ConversationStore(database).rename(id, words, storage::TitleSource::kUser);
    });
}

void ConversationService::setPinned(const QUuid& conversation, bool pinned) {
    change([id = toId(conversation), pinned](Database& database) {
        return ConversationStore(database).setPinned(id, pinned);
    });
}

void ConversationService::setArchived(const QUuid& conversation, bool archived) {
    change([id = toId(conversation), archived](Database& database) {
        return ConversationStore(database).setArchived(id, archived);
    });
}

void ConversationService::moveToFolder(const QUuid& conversation, const QUuid& folder) {
    const auto into = folder.isNull() ? std::nullopt : std::optional<storage::Id>(toId(folder));
    change([id = toId(conversation), into](Database& database) {
        return ConversationStore(database).setFolder(id, into);
    });
}

void ConversationService::remove(const QUuid& conversation) {
    const auto at = std::find_if(m_conversations.begin(), m_conversations.end(),
                                 [&](const ConversationSummary& summary) { return summary.id == conversation; });
    if (at == m_conversations.end()) {
        return;
    }
    const QString title = at->title;
    m_conversations.erase(at);
    m_hidden.insert(conversation);
    emit conversationsChanged(m_conversations);
    m_storage.run([id = toId(conversation)](Database& database) { return ConversationStore(database).remove(id); },
                  this,
                  [this, conversation, title](const storage::Result<void>& hidden) {
                      m_hidden.remove(conversation);
                      if (hidden) {
                          emit removed(conversation, title);
                      }
                      refreshAfter(troubleIn(hidden));
                  });
}

void ConversationService::undoRemove(const QUuid& conversation) {
    change([id = toId(conversation)](Database& database) { return ConversationStore(database).restore(id); });
}

void ConversationService::purgeRemoved() {
    purgeBefore({});
}

/// No time: what is removed by the time that the storage thread comes to it, the removals before it included.
void ConversationService::purgeBefore(std::optional<qint64> ms) {
    m_storage.run([ms](Database& database) { return purgeStep(database, ms); }, this,
                  [this](const storage::Result<PurgeStep>& step) {
                      if (step && step->more) {
                          QTimer::singleShot(kBetweenStepsMs, this, [this, ms = step->before] { purgeBefore(ms); });
                          return;
                      }
                      if (!step) {
                          emit failed(toTrouble(step.error()));
                      }
                      emit purged();
                  });
}

void ConversationService::saveDraft(const QUuid& conversation, const QString& text) {
    storageOf(conversation)
        .run([id = toId(conversation),
              text = text.toStdString()](Database& database) { return ConversationStore(database).setDraft(id, text); },
             this,
             [this](const storage::Result<void>& saved) {
                 if (!saved) {
                     emit failed(toTrouble(saved.error()));
                 }
             });
}

void ConversationService::saveDraftFiles(const QUuid& conversation, const QList<Attachment>& files) {
    storageOf(conversation)
        .run([id = toId(conversation), parts = toFileParts(files)](
                 Database& database) { return storage::DraftStore(database).setFiles(id, parts); },
             this,
             [this](const storage::Result<void>& saved) {
                 if (!saved) {
                     emit failed(toTrouble(saved.error()));
                 }
             });
}

void ConversationService::addDraftFiles(const QUuid& conversation, const QList<Attachment>& files) {
    storageOf(conversation)
        .run(
            [id = toId(conversation), more = toFileParts(files)](Database& database) -> storage::Result<void> {
                storage::DraftStore drafts(database);
                auto all = drafts.files(id);
                if (!all) {
                    return tl::unexpected(all.error());
                }
                all->insert(all->end(), more.begin(), more.end());
                return drafts.setFiles(id, *all);
            },
            this,
            [this](const storage::Result<void>& saved) {
                if (!saved) {
                    emit failed(toTrouble(saved.error()));
                }
            });
}

void ConversationService::activateBranch(const QUuid& conversation, const QUuid& message) {
    storageOf(conversation)
        .run(
            [id = toId(conversation),
             branch = toId(message)](Database& database) -> storage::Result<OpenedConversation> {
                if (auto shown = ConversationStore(database).activateBranch(branch); !shown) {
                    return tl::unexpected<storage::Error>(std::move(shown).error());
                }
                return readConversation(database, id);
            },
            this,
            [this, conversation](const storage::Result<OpenedConversation>& read) {
                if (!read) {
                    emit failed(toTrouble(read.error()));
                    return;
                }
                emit opened(conversation, toViews(read->path), QString::fromStdString(read->draft));
            });
}

void ConversationService::setAnswering(const QUuid& conversation, bool answering) {
    if (answering == m_answering.contains(conversation)) {
        return;
    }
    if (answering) {
        m_answering.insert(conversation);
    } else {
        m_answering.remove(conversation);
    }
    for (auto& summary : m_conversations) {
        if (summary.id == conversation) {
            summary.answering = answering;
            emit conversationsChanged(m_conversations);
            return;
        }
    }
}

void ConversationService::refreshAfter(const std::optional<Trouble>& trouble) {
    if (trouble) {
        emit failed(*trouble);
    }
    refresh();
}

} // namespace alcuin::app
