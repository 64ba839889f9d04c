#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Conversations and their trees of messages. Every function is one transaction: when it has returned without an
/// error its effect survives a crash and a power loss. Nothing a user wrote is ever overwritten: an edit or a
/// regenerate appends a sibling. Threads: the database's.
/// Errors of all: kNotFound, kDiskFull, kCorrupt, kLocked.
class ConversationStore {
public:
    explicit ConversationStore(Database& database);

    /// Those not deleted, newest first by updatedAt.
    Result<std::vector<Conversation>> list();
    /// The same ones' ids alone, in no order.
    Result<std::vector<Id>> ids();
    Result<Conversation> find(const Id& conversation);
    Result<Conversation> create(std::string_view title = {}, TitleSource source = TitleSource::kNone);
    Result<void> rename(const Id& conversation, std::string_view title, TitleSource source);
    /// What stands in the composer. An empty id: of the conversation not begun yet.
    Result<void> setDraft(const Id& conversation, std::string_view draft);
    Result<std::string> draft(const Id& conversation);
    Result<void> setPinned(const Id& conversation, bool pinned);
    Result<void> setArchived(const Id& conversation, bool archived);
    /// None: in no folder. kNotFound: the folder isn't there, too.
    Result<void> setFolder(const Id& conversation, const std::optional<Id>& folder);
    Result<void> setSettings(const Id& conversation, const ConversationSettings& settings);
    /// Hides a conversation; restore() brings it back as it was.
    Result<void> remove(const Id& conversation);
    Result<void> restore(const Id& conversation);
    /// Takes conversations, folders, personas and snippets deleted before `before` out of the file for good, their text
    /// overwritten in it and in its log; their words leave the search index's pages by SearchUpkeep, as does the text
    /// in a log that somebody is reading. Returns how many conversations went.
    Result<std::size_t> purgeDeleted(TimeMs before);
    /// A part of the same that takes some ten milliseconds, however much was deleted: a number of messages, newest
    /// first, and what is left without any. A conversation of which a part is gone stays hidden, and is gone on with
    /// after a restart.
    struct Purged {
        bool more = false; ///< there is something left
        std::size_t conversations = 0;
    };
    Result<Purged> purgeStep(TimeMs before);

    /// A user's message and the streaming answer to it, appended below `parent` (none: as a root) in one transaction
    /// that also makes the answer the active leaf, clears the draft and gives a conversation without a title one from
    /// the question. `conversation` empty: a new one is made, and the draft of the one not begun is cleared.
    /// kInvalidArgument: no parts, or a parent in another conversation. kNotFound: the conversation is deleted, too.
    struct Turn {
        Conversation conversation;
        Message question;
        Message answer;
    };
    Result<Turn> appendTurn(const Id& conversation, const std::optional<Id>& parent, std::vector<Part> question,
                            const Generation& generation);

    /// As appendTurn, with the question that waits under `queued`, which then waits no more.
    Result<Turn> appendQueued(const Id& queued, const std::optional<Id>& parent, const Generation& generation);

    /// A further streaming answer to a question that is there; becomes the active leaf.
    Result<Message> appendAnswer(const Id& question, const Generation& generation);

    /// An answer that stopped before its end becomes a streaming one again, with all it has, and the active leaf.
    /// kInvalidArgument: it is complete or streaming, or something follows it.
    Result<Message> resumeAnswer(const Id& answer);

    /// A person's version of an answer, as its sibling; becomes the active leaf. kInvalidArgument: it isn't an answer.
    Result<Message> appendEditedAnswer(const Id& original, std::vector<Part> parts);

    /// Replaces the parts, tokens and measurements of a streaming answer by their state now. Writes only what changed.
    /// kInvalidArgument: it is finished already.
    Result<void> flushAnswer(const Id& answer, const std::vector<Part>& parts, const Generation& generation);
    /// The same, and gives it its final state.
    Result<void> finishAnswer(const Id& answer, MessageState state, const std::vector<Part>& parts,
                              const Generation& generation, std::string_view error = {});

    /// From the root to the active leaf.
    Result<std::vector<PathEntry>> activePath(const Id& conversation);
    /// All branches.
    Result<ConversationTree> tree(const Id& conversation);
    /// Shows the branch that `message` is on: its latest descendant becomes the active leaf.
    Result<void> activateBranch(const Id& message);
    Result<Message> message(const Id& message);

    /// Turns answers left streaming by a process that ended into interrupted ones. Returns how many.
    Result<std::size_t> markInterrupted();

private:
    Connection* connection_;
};

} // namespace alcuin::storage
