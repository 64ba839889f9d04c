#pragma once

#include <cstddef>

namespace alcuin::exchange {

/// How large a file from outside may be before it is refused. Each figure is far above what the programs write and
/// below what would fill a machine's memory: JSON as read takes about 100 bytes for each value beside its text.
struct Limits {
    std::size_t fileBytes = std::size_t{1} << 30U;           ///< one file, and what is unpacked from an archive
    std::size_t conversationBytes = std::size_t{256} << 20U; ///< the text of one conversation
    std::size_t jsonDepth = 128;
    std::size_t jsonValues = 2'000'000; ///< in one conversation
    std::size_t conversations = 200'000;
    std::size_t messages = 200'000; ///< in one conversation
    std::size_t archiveEntries = 100'000;
};

} // namespace alcuin::exchange
