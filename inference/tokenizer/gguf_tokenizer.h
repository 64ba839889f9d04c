#pragma once

#include <memory>

#include <alcuin/inference/tokenizer.h>

#include "formats/metadata.h"

namespace alcuin::inference {

/// Builds the tokenizer that a file's `tokenizer.ggml.*` metadata describes.
/// Errors: kCorrupt, kUnsupported (names the model or the pre-tokeniser).
Result<std::shared_ptr<const Tokenizer>> tokenizerFromMetadata(const Metadata& metadata);

} // namespace alcuin::inference
