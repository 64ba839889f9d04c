#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/outcome.h"

namespace alcuin::cli {

struct BenchPlan {
    std::vector<std::size_t> prefillRows{128, 512};
    std::vector<std::size_t> sequences{1, 4, 8, 16}; ///< decoding together
    std::vector<std::size_t> depths{0};              ///< tokens that stand before what is measured
    std::size_t decodeSteps = 16;                    ///< per repetition
    std::size_t repetitions = 5;
    int threads = 0;
};

/// One row of the table: the median over the repetitions.
struct BenchResult {
    std::string_view test; ///< "prefill" or "decode"
    std::size_t rows = 0;  ///< tokens read at once, or tokens a step
    std::size_t sequences = 0;
    std::size_t depth = 0;
    double tokensPerSecond = 0;
    double gbps = 0;     ///< decode: weights and state read from memory
    double fraction = 0; ///< decode: of the read bandwidth measured in this run
};

struct BenchReport {
    std::string model;
    std::string device;
    std::size_t weightBytes = 0;
    double readGbps = 0;
    std::vector<BenchResult> results;
};

/// Measures a model on this machine. All repetitions of all tests are interleaved, so that a drift of the machine
/// touches every row alike. The read bandwidth is measured before and after them; the better counts.
Outcome<BenchReport> runBench(const std::filesystem::path& model, const BenchPlan& plan);

} // namespace alcuin::cli
