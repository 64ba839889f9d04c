#pragma once

#include <alcuin/inference/runtime.h>

namespace CLI {
class App;
}

namespace alcuin::cli {

/// Declares --kv: how keys and values are kept. Parsing fills `kv`, which must live as long as `command`.
void declareKvOption(CLI::App& command, inference::KvType& kv);

} // namespace alcuin::cli
