#pragma once

#include <string_view>

#include <alcuin/inference/error.h>

#include "formats/gguf.h"
#include "models/model_draft.h"

namespace alcuin::inference::synth {

/// A model of one of synthPresets(), its matrices F32 yet. Errors: kInvalidArgument (no such name).
Result<ModelDraft> presetModel(std::string_view name);

/// Replaces the vocabulary by a file's, filled up or cut in its unused tokens to the model's size.
/// Errors: kInvalidArgument (more tokens in use than the model has), kCorrupt (the file has none).
Result<void> setVocabulary(ModelDraft& model, const GgufFile& file);

} // namespace alcuin::inference::synth
