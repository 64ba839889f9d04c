#pragma once

#include <filesystem>
#include <string>

#include "cli/bench_runner.h"
#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct BenchOptions {
    std::string model;
    BenchPlan plan;
    bool json = false;
};

void declareBenchOptions(CLI::App& command, BenchOptions& options);

/// `alcuin bench`: speed of a model on this machine, beside the machine's own limit.
Outcome<void> runBenchCommand(const BenchOptions& options, const std::filesystem::path& modelDirectory);

} // namespace alcuin::cli
