#pragma once

#include <filesystem>
#include <string>

#include "cli/bench_document.h"
#include "cli/bench_reopen.h"
#include "cli/bench_runner.h"
#include "cli/bench_serve.h"
#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct BenchOptions {
    std::string model;
    BenchPlan plan;
    ServePlan serve;
    DocumentPlan document;
    ReopenPlan reopen;
    std::uint64_t seed = 1;
    bool quick = false;
    bool json = false;
};

void declareBenchOptions(CLI::App& command, BenchOptions& options);

/// `alcuin bench`: speed of a model on this machine, beside the machine's own limit; or what its users wait for.
Outcome<void> runBenchCommand(const BenchOptions& options, const std::filesystem::path& modelDirectory);

} // namespace alcuin::cli
