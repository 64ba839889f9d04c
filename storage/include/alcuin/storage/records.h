#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alcuin::storage {

/// Ids are UUIDs (version 4) in lower-case text; times are milliseconds since 1970 in UTC.
using Id = std::string;
using TimeMs = std::int64_t;

enum class Role : std::uint8_t { kSystem, kUser, kAssistant, kTool };
enum class PartKind : std::uint8_t { kText, kReasoning, kAttachment };

/// kStreaming is a row that is being written now; one that is found at start-up becomes kInterrupted.
enum class MessageState : std::uint8_t {
    kComplete,
    kStreaming,
    kLength,
    kContextFull,
    kCancelled,
    kInterrupted,
    kFailed
};

struct Part {
    PartKind kind = PartKind::kText;
    std::string text;            ///< of an attachment: its extracted text
    std::string name;            ///< attachments: the file's name
    std::string mediaType;       ///< attachments
    std::string data;            ///< attachments: the file's bytes
    std::int64_t durationMs = 0; ///< reasoning: how long it took
};

/// What made an answer, and how fast. Kept with it for ever.
struct Generation {
    std::string modelName;
    std::string modelPath;
    std::string parametersJson; ///< sampling parameters as a JSON object
    std::uint64_t seed = 0;
    std::uint64_t vocabularyHash = 0;
    std::vector<std::int32_t> tokens; ///< as generated, control tokens included
    std::int64_t promptTokens = 0;
    std::int64_t cachedTokens = 0;
    std::int64_t contextLength = 0;
    double queueMs = 0;
    double prefillMs = 0;
    double timeToFirstTokenMs = 0;
    double decodeMs = 0;
};

struct Message {
    Id id;
    Id conversationId;
    std::optional<Id> parentId; ///< none: a root; siblings share a parent
    Role role = Role::kUser;
    MessageState state = MessageState::kComplete;
    TimeMs createdAt = 0;
    std::vector<Part> parts;
    std::string error; ///< kFailed: what went wrong, in words
    std::optional<Generation> generation;
    bool edited = false; ///< an answer that a person rewrote
};

enum class TitleSource : std::uint8_t { kNone, kAutomatic, kUser };

/// What a conversation wants of a model. Empty strings: what the program does by itself.
struct ConversationSettings {
    std::string modelPath;
    std::string parametersJson; ///< as Generation's
    std::string instructions;
    std::optional<Id> personaId; ///< where the above came from; may have been changed since

    bool operator==(const ConversationSettings&) const = default;
};

struct Conversation {
    Id id;
    std::string title;
    TitleSource titleSource = TitleSource::kNone;
    TimeMs createdAt = 0;
    TimeMs updatedAt = 0;
    std::optional<TimeMs> deletedAt;
    std::optional<Id> activeLeaf; ///< the last message of the path that is shown
    std::string draft;            ///< what stands in the composer, not sent yet
    std::optional<Id> folderId;   ///< none also while its folder is deleted
    std::optional<TimeMs> pinnedAt;
    std::optional<TimeMs> archivedAt;
    ConversationSettings settings;
};

struct Folder {
    Id id;
    std::string name;
    TimeMs createdAt = 0;
};

/// Instructions, and optionally a model and parameters, under a name.
struct Persona {
    Id id;
    std::string name;
    std::string instructions;
    std::string parametersJson; ///< empty: the program's own
    std::string modelPath;      ///< empty: whichever is loaded
    TimeMs createdAt = 0;
};

/// A text to be put into the composer, under a name.
struct Snippet {
    Id id;
    std::string name;
    std::string text;
    TimeMs createdAt = 0;
};

/// A question that waits until the answer before it is done.
struct QueuedQuestion {
    Id id;
    Id conversationId;
    std::vector<Part> parts;
    TimeMs createdAt = 0;
};

/// A summary that can stand for every turn of a path up to and including `lastMessage`. The turns stay.
struct Compaction {
    Id id;
    Id conversationId;
    Id lastMessage;
    std::string summary;
    std::string modelName;
    TimeMs createdAt = 0;
    bool active = true; ///< requests use it
};

/// A conversation with everything in it and what it refers to, for taking it elsewhere.
struct ConversationTree {
    Conversation conversation;
    std::vector<Message> messages;       ///< in order of creation: parents before their children, older siblings first
    std::vector<QueuedQuestion> queued;  ///< in the order in which they will be sent
    std::vector<Compaction> compactions; ///< oldest first
    std::optional<Folder> folder;        ///< that of conversation.folderId
    std::optional<Persona> persona;      ///< that of conversation.settings.personaId
};

/// A message of the active path with its place among its siblings, counted from 0 in order of creation.
struct PathEntry {
    Message message;
    std::size_t siblingIndex = 0;
    std::vector<Id> siblings; ///< all of them, this one included
};

} // namespace alcuin::storage
