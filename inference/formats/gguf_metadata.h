#pragma once

#include <cstdint>

#include <alcuin/inference/error.h>

#include "formats/gguf_cursor.h"
#include "formats/metadata.h"

namespace alcuin::inference::gguf {

/// Reads `count` metadata entries. Errors: kCorrupt (also a key that is there twice), kUnsupported (lists of lists;
/// more than kMaxMetadataMemory), kIo. No length is believed before the bytes it needs are known to be there.
Result<Metadata> readMetadata(Cursor& cursor, std::uint64_t count);

} // namespace alcuin::inference::gguf
