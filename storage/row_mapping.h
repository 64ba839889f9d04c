#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/Statement.h>

#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// The words that stand in the tables. The reverse throws Failure(kCorrupt) for a word that isn't one.
std::string_view toWord(Role role);
std::string_view toWord(MessageState state);
std::string_view toWord(PartKind kind);
std::string_view toWord(TitleSource source);
Role toRole(const std::string& word);
MessageState toMessageState(const std::string& word);
PartKind toPartKind(const std::string& word);
TitleSource toTitleSource(const std::string& word);

/// Tokens as little-endian 32-bit integers. The reverse throws Failure(kCorrupt) when the size isn't a multiple of 4.
std::string toBlob(const std::vector<std::int32_t>& tokens);
std::vector<std::int32_t> toTokens(const void* bytes, std::size_t size);

/// Columns of a query that begins with these, in this order.
inline constexpr std::string_view kConversationColumns =
    "c.id, c.title, c.title_source, c.created_at, c.updated_at, c.deleted_at, c.active_leaf, c.draft, "
    "(SELECT f.id FROM folders AS f WHERE f.id = c.folder_id AND f.deleted_at IS NULL), c.pinned_at, c.archived_at, "
    "c.model_path, c.parameters, c.instructions, "
    "(SELECT p.id FROM personas AS p WHERE p.id = c.persona_id AND p.deleted_at IS NULL)";
Conversation readConversation(const SQLite::Statement& row);

/// Needs `messages AS m` and `generations AS g` (left join).
inline constexpr std::string_view kMessageColumns =
    "m.id, m.conversation_id, m.parent_id, m.role, m.state, m.created_at, m.error, "
    "g.message_id, g.model_name, g.model_path, g.parameters, g.seed, g.vocabulary_hash, g.tokens, g.prompt_tokens, "
    "g.cached_tokens, g.context_length, g.queue_ms, g.prefill_ms, g.time_to_first_token_ms, g.decode_ms, m.edited";
/// Everything but the parts.
Message readMessage(const SQLite::Statement& row);

inline constexpr std::string_view kPartColumns = "p.kind, p.text, p.name, p.media_type, p.data, p.duration_ms";
Part readPart(const SQLite::Statement& row, int firstColumn);

void bindText(SQLite::Statement& statement, int index, std::string_view text);
void bindOptional(SQLite::Statement& statement, int index, const std::optional<Id>& id);
void bindBlob(SQLite::Statement& statement, int index, const std::string& bytes);

} // namespace alcuin::storage
