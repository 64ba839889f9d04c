#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <alcuin/storage/records.h>

namespace alcuin::exchange {

/// The words that stand in our own JSON. They belong to the format and stay what they are.
template <typename Enum, std::size_t N>
using WordTable = std::array<std::pair<Enum, std::string_view>, N>;

inline constexpr WordTable<storage::Role, 4> kRoleWords{{{storage::Role::kSystem, "system"},
                                                         {storage::Role::kUser, "user"},
                                                         {storage::Role::kAssistant, "assistant"},
                                                         {storage::Role::kTool, "tool"}}};
inline constexpr WordTable<storage::MessageState, 7> kStateWords{{{storage::MessageState::kComplete, "complete"},
                                                                  {storage::MessageState::kStreaming, "streaming"},
                                                                  {storage::MessageState::kLength, "length"},
                                                                  {storage::MessageState::kContextFull, "context full"},
                                                                  {storage::MessageState::kCancelled, "cancelled"},
                                                                  {storage::MessageState::kInterrupted, "interrupted"},
                                                                  {storage::MessageState::kFailed, "failed"}}};
inline constexpr WordTable<storage::PartKind, 3> kKindWords{{{storage::PartKind::kText, "text"},
                                                             {storage::PartKind::kReasoning, "reasoning"},
                                                             {storage::PartKind::kAttachment, "attachment"}}};
inline constexpr WordTable<storage::TitleSource, 3> kTitleSourceWords{{{storage::TitleSource::kNone, "none"},
                                                                       {storage::TitleSource::kAutomatic, "automatic"},
                                                                       {storage::TitleSource::kUser, "user"}}};

template <typename Enum, std::size_t N>
std::string_view wordOf(const WordTable<Enum, N>& table, Enum value) {
    for (const auto& [known, word] : table) {
        if (known == value) {
            return word;
        }
    }
    return table.front().second;
}

template <typename Enum, std::size_t N>
std::optional<Enum> valueOf(const WordTable<Enum, N>& table, std::string_view word) {
    for (const auto& [value, known] : table) {
        if (known == word) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace alcuin::exchange
