#pragma once

#include <filesystem>

#include "cli/chat_options.h"
#include "cli/outcome.h"

namespace alcuin::cli {

/// `alcuin chat`: one answer, or a conversation where neither -p nor -f is given. Touches no database.
Outcome<void> runChat(const ChatOptions& options, const std::filesystem::path& modelDirectory,
                      const std::filesystem::path& keptDirectory);

} // namespace alcuin::cli
