#pragma once

#include <alcuin.h>
#include <alcuin/inference/generation.h>

namespace alcuin::inference::abi {

/// A caller's request as the engine's, everything copied. Errors: kInvalidArgument.
Result<GenerationRequest> readGeneration(const alcuin_generation* generation);

Result<Priority> readPriority(alcuin_priority priority);

} // namespace alcuin::inference::abi
