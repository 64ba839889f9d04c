#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <alcuin/inference/metrics.h>
#include <alcuin/inference/runtime.h>

#include "cli/bench_progress.h"
#include "cli/bench_requests.h"
#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

/// `alcuin bench --serve-like`: clients in a closed loop against the executor, in this process.
struct ServePlan {
    bool wanted = false;
    std::vector<std::size_t> clients{1, 8, 32};
    TokenRange prompt{128, 512};
    TokenRange output{128, 256};
    double seconds = 0;       ///< of the window that counts; 0: more for more clients
    std::size_t requests = 0; ///< of each client, all of which count; 0: as many as the window takes
    /// Other programs' requests are normal; interactive ones keep the target for the time between tokens.
    inference::Priority priority = inference::Priority::kNormal;
    std::uint64_t seed = 1;
    bool quick = false;
    int threads = 0;
    inference::KvType kv = inference::KvType::kDefault;
};

/// A number of clients over a steady window: every client has had its first token before it begins, and goes on asking
/// behind its end. Times are in milliseconds.
struct ServeResult {
    std::size_t clients = 0;
    double seconds = 0;
    double requestsPerSecond = 0; ///< counted in parts, by the answers' tokens
    double tokensPerSecond = 0;   ///< written
    std::uint64_t finished = 0;   ///< requests that ended in the window
    inference::Percentiles firstToken;
    inference::Percentiles betweenTokens;
    inference::BatchMetrics batch;
};

struct ServeReport {
    std::string model;
    std::string device;
    std::size_t vocabulary = 0;
    std::uint64_t seed = 0;
    inference::Priority priority = inference::Priority::kNormal;
    BenchRequest first; ///< the first client's first, so that others can see that they ask the same
    std::vector<ServeResult> results;
};

void declareServeOptions(CLI::App& command, ServePlan& plan);

Outcome<ServeReport> runServeBench(const std::filesystem::path& model, const ServePlan& plan,
                                   const BenchProgress& progress);

std::string toJson(const ServeReport& report);
std::string toTable(const ServeReport& report);

} // namespace alcuin::cli
