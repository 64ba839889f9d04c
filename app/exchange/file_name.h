#pragma once

#include <set>
#include <string>
#include <string_view>

#include <alcuin/storage/records.h>

namespace alcuin::exchange {

/// A file's name for a conversation that every file system takes: its day and its title, without characters that mean
/// something to one, at most 120 bytes, and with a number where `used` has it already (compared without case). Adds
/// itself to `used`. "2025-01-31 Sourdough for beginners.md"
std::string fileNameFor(const storage::Conversation& conversation, std::string_view ending,
                        std::set<std::string>& used);

} // namespace alcuin::exchange
