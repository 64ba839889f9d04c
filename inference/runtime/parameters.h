#pragma once

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// Whether a request makes sense, before any work is done for it.
/// Errors: kInvalidArgument; the message names the parameter, its value and its range.
Result<void> checkRequest(const GenerationRequest& request);

} // namespace alcuin::inference
