#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <alcuin/storage/records.h>

namespace alcuin::exchange {

bool isUtf8(std::string_view bytes);
/// The text with every byte that isn't UTF-8 as U+FFFD and without NULs.
std::string cleanText(std::string_view bytes);
/// The same in one line, without control characters: a title or a name. At most `longest` bytes, never half a
/// character.
std::string cleanName(std::string_view bytes, std::size_t longest = 500);
/// A character behind a text; `c` is one of Unicode and no surrogate.
void appendUtf8(std::string& text, std::uint32_t c);
/// Without white space at both ends.
std::string_view stripped(std::string_view text);

/// "2025-01-31T08:15:00Z"
std::string isoTime(storage::TimeMs time);
/// "2025-01-31 08:15 UTC"
std::string readableTime(storage::TimeMs time);
/// "12 s", "3 min 20 s"; empty below half a second.
std::string readableDuration(std::int64_t durationMs);
/// "512 bytes", "3.4 kB"
std::string readableSize(std::size_t bytes);

/// A code fence that `code` can't end: as many of the character as the longest run in it and one more, at least three.
std::string fenceFor(std::string_view code);
/// The text as a fenced block of Markdown, with a line break at its end.
std::string fenced(std::string_view code, std::string_view language = {});

/// A stable number of some bytes (FNV-1a, 64 bits): to see whether a conversation has changed, not to keep secrets.
std::uint64_t fingerprint(std::string_view bytes, std::uint64_t seed = 14695981039346656037ULL);

} // namespace alcuin::exchange
