#include "row_mapping.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "guard.h"

namespace alcuin::storage {

namespace {

template <typename Enum, std::size_t N>
using Words = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Words<Role, 4> kRoles{
    {{Role::kSystem, "system"}, {Role::kUser, "user"}, {Role::kAssistant, "assistant"}, {Role::kTool, "tool"}}};
constexpr Words<MessageState, 7> kStates{{{MessageState::kComplete, "complete"},
                                          {MessageState::kStreaming, "streaming"},
                                          {MessageState::kLength, "length"},
                                          {MessageState::kContextFull, "context full"},
                                          {MessageState::kCancelled, "cancelled"},
                                          {MessageState::kInterrupted, "interrupted"},
                                          {MessageState::kFailed, "failed"}}};
constexpr Words<PartKind, 3> kKinds{
    {{PartKind::kText, "text"}, {PartKind::kReasoning, "reasoning"}, {PartKind::kAttachment, "attachment"}}};
constexpr Words<TitleSource, 3> kTitleSources{
    {{TitleSource::kNone, "none"}, {TitleSource::kAutomatic, "automatic"}, {TitleSource::kUser, "user"}}};

template <typename Enum, std::size_t N>
std::string_view find(const Words<Enum, N>& words, Enum value) {
    for (const auto& [candidate, word] : words) {
        if (candidate == value) {
            return word;
        }
    }
    throw Failure(ErrorCode::kInvalidArgument, "A role, state or kind was given that doesn't exist.");
}

template <typename Enum, std::size_t N>
Enum find(const Words<Enum, N>& words, const std::string& word) {
    for (const auto& [value, candidate] : words) {
        if (candidate == word) {
            return value;
        }
    }
    throw Failure(ErrorCode::kCorrupt,
                  fmt::format("The database holds \"{}\" where one of the program's own words should stand. Put a "
                              "backup in its place, or move it to another folder to begin afresh.",
                              word));
}

std::optional<Id> optionalText(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional<Id>(column.getString());
}

std::optional<TimeMs> optionalTime(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional<TimeMs>(column.getInt64());
}

Generation readGeneration(const SQLite::Statement& row, int column) {
    Generation generation;
    generation.modelName = row.getColumn(column).getString();
    generation.modelPath = row.getColumn(column + 1).getString();
    generation.parametersJson = row.getColumn(column + 2).getString();
    generation.seed = static_cast<std::uint64_t>(row.getColumn(column + 3).getInt64());
    generation.vocabularyHash = static_cast<std::uint64_t>(row.getColumn(column + 4).getInt64());
    const auto tokens = row.getColumn(column + 5);
    generation.tokens = toTokens(tokens.getBlob(), static_cast<std::size_t>(tokens.getBytes()));
    generation.promptTokens = row.getColumn(column + 6).getInt64();
    generation.cachedTokens = row.getColumn(column + 7).getInt64();
    generation.contextLength = row.getColumn(column + 8).getInt64();
    generation.queueMs = row.getColumn(column + 9).getDouble();
    generation.prefillMs = row.getColumn(column + 10).getDouble();
    generation.timeToFirstTokenMs = row.getColumn(column + 11).getDouble();
    generation.decodeMs = row.getColumn(column + 12).getDouble();
    return generation;
}

} // namespace

std::string_view toWord(Role role) {
    return find(kRoles, role);
}
std::string_view toWord(MessageState state) {
    return find(kStates, state);
}
std::string_view toWord(PartKind kind) {
    return find(kKinds, kind);
}
std::string_view toWord(TitleSource source) {
    return find(kTitleSources, source);
}
Role toRole(const std::string& word) {
    return find(kRoles, word);
}
MessageState toMessageState(const std::string& word) {
    return find(kStates, word);
}
PartKind toPartKind(const std::string& word) {
    return find(kKinds, word);
}
TitleSource toTitleSource(const std::string& word) {
    return find(kTitleSources, word);
}

std::string toBlob(const std::vector<std::int32_t>& tokens) {
    std::string bytes;
    bytes.reserve(tokens.size() * 4);
    for (const std::int32_t token : tokens) {
        const auto value = static_cast<std::uint32_t>(token);
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes.push_back(static_cast<char>((value >> shift) & 0xFFU));
        }
    }
    return bytes;
}

std::vector<std::int32_t> toTokens(const void* bytes, std::size_t size) {
    if (size % 4 != 0) {
        throw Failure(ErrorCode::kCorrupt, "The database holds a list of tokens that is cut off. Put a backup in its "
                                           "place, or move it to another folder to begin afresh.");
    }
    const auto* byte = static_cast<const unsigned char*>(bytes);
    std::vector<std::int32_t> tokens(size / 4);
    for (auto& token : tokens) {
        const std::uint32_t value = static_cast<std::uint32_t>(byte[0]) | static_cast<std::uint32_t>(byte[1]) << 8U |
                                    static_cast<std::uint32_t>(byte[2]) << 16U |
                                    static_cast<std::uint32_t>(byte[3]) << 24U;
        token = static_cast<std::int32_t>(value);
        byte += 4;
    }
    return tokens;
}

Conversation readConversation(const SQLite::Statement& row) {
    Conversation conversation;
    conversation.id = row.getColumn(0).getString();
    conversation.title = row.getColumn(1).getString();
    conversation.titleSource = toTitleSource(row.getColumn(2).getString());
    conversation.createdAt = row.getColumn(3).getInt64();
    conversation.updatedAt = row.getColumn(4).getInt64();
    conversation.deletedAt = optionalTime(row.getColumn(5));
    conversation.activeLeaf = optionalText(row.getColumn(6));
    conversation.draft = row.getColumn(7).getString();
    conversation.folderId = optionalText(row.getColumn(8));
    conversation.pinnedAt = optionalTime(row.getColumn(9));
    conversation.archivedAt = optionalTime(row.getColumn(10));
    conversation.settings.modelPath = row.getColumn(11).getString();
    conversation.settings.parametersJson = row.getColumn(12).getString();
    conversation.settings.instructions = row.getColumn(13).getString();
    conversation.settings.personaId = optionalText(row.getColumn(14));
    return conversation;
}

Message readMessage(const SQLite::Statement& row) {
    Message message;
    message.id = row.getColumn(0).getString();
    message.conversationId = row.getColumn(1).getString();
    message.parentId = optionalText(row.getColumn(2));
    message.role = toRole(row.getColumn(3).getString());
    message.state = toMessageState(row.getColumn(4).getString());
    message.createdAt = row.getColumn(5).getInt64();
    message.error = row.getColumn(6).getString();
    if (!row.getColumn(7).isNull()) {
        message.generation = readGeneration(row, 8);
    }
    message.edited = row.getColumn(21).getInt() != 0;
    return message;
}

Part readPart(const SQLite::Statement& row, int firstColumn) {
    Part part;
    part.kind = toPartKind(row.getColumn(firstColumn).getString());
    part.text = row.getColumn(firstColumn + 1).getString();
    part.name = row.getColumn(firstColumn + 2).getString();
    part.mediaType = row.getColumn(firstColumn + 3).getString();
    part.data = row.getColumn(firstColumn + 4).getString();
    part.durationMs = row.getColumn(firstColumn + 5).getInt64();
    return part;
}

void bindText(SQLite::Statement& statement, int index, std::string_view text) {
    statement.bind(index, std::string(text));
}

void bindOptional(SQLite::Statement& statement, int index, const std::optional<Id>& id) {
    if (id) {
        statement.bind(index, *id);
    } else {
        statement.bind(index);
    }
}

void bindBlob(SQLite::Statement& statement, int index, const std::string& bytes) {
    // A null pointer would bind NULL: an empty value keeps its type through the address of something.
    statement.bind(index, static_cast<const void*>(bytes.c_str()), static_cast<int>(bytes.size()));
}

} // namespace alcuin::storage
