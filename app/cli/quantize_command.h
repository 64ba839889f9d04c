#pragma once

#include <string>

#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct QuantizeOptions {
    std::string input;
    std::string type;
    std::string output;
    int threads = 0;
    bool pure = false;
    bool force = false;
};

void declareQuantizeOptions(CLI::App& command, QuantizeOptions& options);

/// `alcuin quantize`: a model file's weights in another type.
Outcome<void> runQuantize(const QuantizeOptions& options);

} // namespace alcuin::cli
