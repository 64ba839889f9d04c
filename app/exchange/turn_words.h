#pragma once

#include <string>
#include <vector>

#include <alcuin/storage/records.h>

namespace alcuin::exchange {

/// What exports for people say around a conversation's own text. None holds a line break.

/// "You", or the model's name.
std::string speakerWords(const storage::Message& message);
/// "Thought for 12 s"
std::string reasoningWords(std::int64_t durationMs);
/// "report.txt (3.4 kB)"
std::string attachmentWords(const storage::Part& part);
/// Why an answer ended before its end; empty for a complete one.
std::string stateWords(const storage::Message& message);
/// Those that answered, each once, in the order in which they did.
std::vector<std::string> modelNames(const std::vector<const storage::Message*>& path);

} // namespace alcuin::exchange
