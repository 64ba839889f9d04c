#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include <alcuin/inference/runtime.h>

#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct PlanOptions {
    std::string model;
    std::size_t context = 0; ///< 0: the model's own
    std::size_t sequences = 1;
    int threads = 0;
    bool f32 = false;
    inference::KvType kv = inference::KvType::kDefault;
    bool json = false;
};

void declarePlanOptions(CLI::App& command, PlanOptions& options);

/// `alcuin plan`: the memory that a model will take, reckoned from its header, beside what there is.
Outcome<void> runPlan(const PlanOptions& options, const std::filesystem::path& modelDirectory);

} // namespace alcuin::cli
