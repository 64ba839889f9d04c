#pragma once

#include <alcuin/inference/error.h>

#include "formats/gguf.h"
#include "formats/metadata.h"
#include "models/decoder_description.h"

namespace alcuin::inference {

/// What a model file describes, by the architecture it names.
/// Errors: kUnsupported (an architecture or a feature of one that this version can't run, by name), kCorrupt (numbers
/// that are missing, contradict each other or can't be).
Result<DecoderDescription> describeModel(const GgufFile& file);

/// One small file each; the vocabulary's size is filled in by describeModel. The numbers are looked up under the
/// architecture that the file names, so that one description may start from another.
Result<DecoderDescription> describeLlama(const Metadata& metadata);
Result<DecoderDescription> describeQwen2(const Metadata& metadata);

} // namespace alcuin::inference
