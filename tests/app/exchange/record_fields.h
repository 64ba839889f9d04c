#pragma once

#include <tuple>

#include <alcuin/storage/records.h>

namespace alcuin::tests {

/// Every field of a record, to compare. A field that is added to one breaks these until somebody has thought of it in
/// what is exported.
inline auto fieldsOf(const storage::Part& record) {
    const auto& [kind, text, name, mediaType, data, durationMs] = record;
    return std::tie(kind, text, name, mediaType, data, durationMs);
}

inline auto fieldsOf(const storage::Generation& record) {
    const auto& [modelName, modelPath, parametersJson, seed, vocabularyHash, tokens, promptTokens, cachedTokens,
                 contextLength, queueMs, prefillMs, timeToFirstTokenMs, decodeMs] = record;
    return std::tie(modelName, modelPath, parametersJson, seed, vocabularyHash, tokens, promptTokens, cachedTokens,
                    contextLength, queueMs, prefillMs, timeToFirstTokenMs, decodeMs);
}

inline auto fieldsOf(const storage::Folder& record) {
    const auto& [id, name, createdAt] = record;
    return std::tie(id, name, createdAt);
}

inline auto fieldsOf(const storage::Persona& record) {
    const auto& [id, name, instructions, parametersJson, modelPath, createdAt] = record;
    return std::tie(id, name, instructions, parametersJson, modelPath, createdAt);
}

inline auto fieldsOf(const storage::Compaction& record) {
    const auto& [id, conversationId, lastMessage, summary, modelName, createdAt, active] = record;
    return std::tie(id, conversationId, lastMessage, summary, modelName, createdAt, active);
}

template <typename Record>
bool allSame(const std::vector<Record>& a, const std::vector<Record>& b);

inline bool same(const storage::Compaction& a, const storage::Compaction& b) {
    return fieldsOf(a) == fieldsOf(b);
}

inline bool same(const storage::Part& a, const storage::Part& b) {
    return fieldsOf(a) == fieldsOf(b);
}

inline bool same(const storage::QueuedQuestion& a, const storage::QueuedQuestion& b) {
    const auto& [id, conversationId, parts, createdAt] = a;
    return std::tie(id, conversationId, createdAt) == std::tie(b.id, b.conversationId, b.createdAt) &&
           allSame(parts, b.parts);
}

inline bool same(const storage::Message& a, const storage::Message& b) {
    const auto& [id, conversationId, parentId, role, state, createdAt, parts, error, generation, edited] = a;
    return std::tie(id, conversationId, parentId, role, state, createdAt, error, edited) ==
               std::tie(b.id, b.conversationId, b.parentId, b.role, b.state, b.createdAt, b.error, b.edited) &&
           allSame(parts, b.parts) && generation.has_value() == b.generation.has_value() &&
           (!generation || fieldsOf(*generation) == fieldsOf(*b.generation));
}

inline bool same(const storage::Conversation& a, const storage::Conversation& b) {
    const auto fields = [](const storage::Conversation& record) {
        const auto& [id, title, titleSource, createdAt, updatedAt, deletedAt, activeLeaf, draft, folderId, pinnedAt,
                     archivedAt, settings] = record;
        return std::tie(id, title, titleSource, createdAt, updatedAt, deletedAt, activeLeaf, draft, folderId, pinnedAt,
                        archivedAt, settings);
    };
    return fields(a) == fields(b);
}

template <typename Record>
bool allSame(const std::vector<Record>& a, const std::vector<Record>& b) {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!same(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

inline bool same(const storage::ConversationTree& a, const storage::ConversationTree& b) {
    const auto& [conversation, messages, queued, compactions, folder, persona] = a;
    return same(conversation, b.conversation) && allSame(messages, b.messages) && allSame(queued, b.queued) &&
           allSame(compactions, b.compactions) && folder.has_value() == b.folder.has_value() &&
           (!folder || fieldsOf(*folder) == fieldsOf(*b.folder)) && persona.has_value() == b.persona.has_value() &&
           (!persona || fieldsOf(*persona) == fieldsOf(*b.persona));
}

} // namespace alcuin::tests
