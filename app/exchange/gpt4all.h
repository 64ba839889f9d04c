#pragma once

#include "imported.h"

namespace alcuin::exchange {

/// What GPT4All's chat files begin with.
inline constexpr std::string_view kGpt4AllMagic = "\xF5\xD5\x53\xCC";

/// One of GPT4All's chats: gpt4all-<id>.chat, a QDataStream of versions 3 (program 2.4) to 12 (program 3.8 and later):
/// head, for versions below 11 the model's state (skipped), then a list of prompts and responses. Answers of version 12
/// have sub-items: text, reasoning and tools. There are no branches, and one time, the chat's.
/// Source: nomic-ai/gpt4all, gpt4all-chat/src: chatlistmodel.cpp, chat.cpp, chatllm.cpp, chatmodel.cpp, tool.cpp.
Result<void> readGpt4All(const Source& source, const Limits& limits, const Listener& listener);

} // namespace alcuin::exchange
