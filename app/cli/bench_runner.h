#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/inference/runtime.h>

#include "cli/bench_progress.h"
#include "cli/outcome.h"

namespace alcuin::cli {

struct BenchPlan {
    std::vector<std::size_t> prefillRows{128, 512, 4096}; ///< tokens of a prompt
    std::vector<std::size_t> sequences{1, 4, 8, 16};      ///< decoding together
    std::vector<std::size_t> depths{0, 2048, 8192};       ///< tokens that stand before what is measured
    std::size_t decodeSteps = 16;                         ///< per repetition
    std::size_t repetitions = 5;
    int threads = 0;
    inference::KvType kv = inference::KvType::kDefault;
};

/// What is measured: reading a prompt, or sequences that each get decodeSteps tokens.
struct BenchTest {
    std::string_view test; ///< "prefill" or "decode"
    std::size_t rows = 0;  ///< tokens of the prompt, or tokens a step
    std::size_t sequences = 0;
    std::size_t depth = 0;

    bool isPrefill() const {
        return test == "prefill";
    }
};

/// One row of the table: the median over the repetitions.
struct BenchResult {
    BenchTest test;
    double tokensPerSecond = 0;
    double gbps = 0;     ///< of weights and state, each read once a step
    double tflops = 0;   ///< of products and attention, two operations a multiply-add
    double fraction = 0; ///< decode: of the read bandwidth; prefill: of the matrix unit's peak
};

/// A test that can't be run on this model or machine.
struct BenchLeftOut {
    BenchTest test;
    std::string why;
};

struct BenchReport {
    std::string model;
    std::string device;
    std::size_t weightBytes = 0;
    double readGbps = 0;
    double matrixTops = 0;
    std::string matrixUnit;
    std::vector<BenchResult> results;
    std::vector<BenchLeftOut> leftOut;
};

/// Measures a model on this machine. All repetitions of all tests, and of the machine's limits, are interleaved, so
/// that a drift of the machine touches every row alike.
Outcome<BenchReport> runBench(const std::filesystem::path& model, const BenchPlan& plan, const BenchProgress& progress);

} // namespace alcuin::cli
