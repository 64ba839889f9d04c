#pragma once

#include <vector>

#include <alcuin/inference/generation.h>
#include <alcuin/storage/records.h>

namespace alcuin::app {

/// What an engine is asked: the turns of a path up to and including its last question. A streaming answer at the end
/// of `path` is left out. Answers carry the token ids they were generated as, reasoning included: the engine finds the
/// part that the prompt shows. The state that the answer leaves is kept under the conversation's id.
inference::GenerationRequest buildRequest(const std::vector<storage::PathEntry>& path);

/// Sampling parameters as the JSON object that is kept with an answer.
std::string parametersJson(const inference::SamplingParameters& parameters);

} // namespace alcuin::app
