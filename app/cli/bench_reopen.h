#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <alcuin/inference/runtime.h>

#include "cli/bench_progress.h"
#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

/// `alcuin bench --reopen N`: how soon a conversation of N tokens goes on that was closed.
struct ReopenPlan {
    std::size_t tokens = 0; ///< of the conversation
    std::size_t rounds = 3; ///< medians are shown
    std::string directory;  ///< where snapshots are kept for the run; empty: the system's for temporary files
    std::uint64_t seed = 1;
    bool quick = false; ///< one round
    int threads = 0;
    inference::KvType kv = inference::KvType::kDefault;
};

/// From a new question in the conversation to its answer's first token, the model being loaded.
struct ReopenRound {
    double coldMs = 0;     ///< nothing is there
    double cachedMs = 0;   ///< it was read before, in this process
    double snapshotMs = 0; ///< only the snapshot is there, and not in the system's page cache
    std::size_t promptTokens = 0;
    std::size_t cachedTokens = 0;   ///< of the prompt, not read again, where it is cached
    std::size_t restoredTokens = 0; ///< of the prompt, brought back from disk
    std::uint64_t snapshotBytes = 0;
    double snapshotResident = 0; ///< part of the snapshot that the system still held in memory after it was evicted
};

struct ReopenReport {
    std::string model;
    std::vector<ReopenRound> rounds;
};

void declareReopenOptions(CLI::App& command, ReopenPlan& plan);

Outcome<ReopenReport> runReopenBench(const std::filesystem::path& model, const ReopenPlan& plan,
                                     const BenchProgress& progress);

std::string toJson(const ReopenReport& report);
std::string toTable(const ReopenReport& report);

} // namespace alcuin::cli
