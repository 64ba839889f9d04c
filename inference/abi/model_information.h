#pragma once

#include <string>

#include <alcuin.h>
#include <alcuin/inference/text_engine.h>

namespace alcuin::inference::abi {

/// The interface's view of a model's information; it points into `info` and `path`, which must stay as they are.
alcuin_model_info viewOf(const ModelInfo& info, const std::string& path, const Capabilities& capabilities);

} // namespace alcuin::inference::abi
