#pragma once

#include <string>
#include <string_view>

#include <alcuin/storage/records.h>

#include "imported.h"

namespace alcuin::exchange {

/// Alcuin's own export: one JSON object, UTF-8, from which a conversation can be made again as it was.
///
///   { "format": "alcuin-conversations", "version": 1, "exportedAt": 1735689600000, "conversations": [C, ...] }
///
/// Readers refuse a `version` above the one that they know, and skip members that they don't know. Times are
/// milliseconds since 1970 in UTC, ids UUIDs in lower case. What may be missing has a default in brackets.
///   C   { id, title [""], titleSource ["none"; "automatic", "user"], createdAt, updatedAt, activeLeaf [null: none; the
///         id of the last message of the branch that is shown], draft [""], pinnedAt [null], archivedAt [null],
///         folder [null: none; { id, name, createdAt }], settings [S], messages: [M, ...], queued [none: Q],
///         compactions [none: K] }
///   S   { modelPath [""], parameters [""], instructions [""], persona [null; { id, name, instructions, parameters,
///         modelPath, createdAt }] }: what the conversation wants of a model; empty: what the program does by itself.
///   M   { id, parentId [null: a root], role ("system", "user", "assistant", "tool"), state ["complete"; "streaming",
///         "length", "context full", "cancelled", "interrupted", "failed"], createdAt, edited [false; an answer that a
///         person rewrote], error [""], parts [none: P], generation [none: G] }. Parents stand before their children,
///         older siblings before younger ones.
///   Q   { id, createdAt, parts: [P] }: a question that waits, in order.
///   K   { id, lastMessage, summary, modelName [""], createdAt, active [true] }: stands for all up to lastMessage.
///   P   { kind ("text", "reasoning", "attachment"), text [""], name [""], mediaType [""], data [""], durationMs [0] }
///   G   { modelName, modelPath, parameters, seed, vocabularyHash, tokens, promptTokens, cachedTokens, contextLength,
///         queueMs, prefillMs, timeToFirstTokenMs, decodeMs }: what made an answer. All may be missing.
/// `parameters` is a text that holds a JSON object; `seed` and `vocabularyHash` are unsigned 64-bit numbers, written as
/// texts of decimal digits; `data` (an attachment's bytes) and `tokens` (32-bit integers, little-endian) are Base64.
inline constexpr std::string_view kOwnFormat = "alcuin-conversations";
inline constexpr int kOwnVersion = 1;

struct OwnJsonOptions {
    bool tokens = true; ///< the ids of the tokens that answers were generated as
};

/// An export is head, conversations with a comma between two of them, and tail: it needs memory for one at a time.
std::string ownJsonHead(storage::TimeMs exportedAt);
std::string ownJsonConversation(const storage::ConversationTree& tree, const OwnJsonOptions& options = {});
std::string ownJsonTail();

/// Reads an export of this version or an earlier one. Text that isn't UTF-8 was written with U+FFFD in its place.
Result<void> readOwnJson(const Source& source, const Limits& limits, const Listener& listener);

} // namespace alcuin::exchange
