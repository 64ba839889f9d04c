#include "cli/bench_command.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/model_choice.h"
#include "cli/standard_output.h"

namespace alcuin::cli {

namespace {

std::string toJson(const BenchReport& report) {
    nlohmann::ordered_json json{{"model", report.model},
                                {"device", report.device},
                                {"weight_bytes", report.weightBytes},
                                {"limits", {{"read_gbps", report.readGbps}}},
                                {"results", nlohmann::ordered_json::array()}};
    for (const BenchResult& result : report.results) {
        nlohmann::ordered_json row{{"test", result.test},
                                   {"rows", result.rows},
                                   {"sequences", result.sequences},
                                   {"depth", result.depth},
                                   {"tokens_per_second", result.tokensPerSecond}};
        if (result.test == "decode") {
            row["gbps"] = result.gbps;
            row["fraction"] = result.fraction;
        }
        json["results"].push_back(std::move(row));
    }
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string toTable(const BenchReport& report) {
    std::string text =
        fmt::format("{}: {:.1f} MB of weights; {}\nmemory is read at {:.1f} GB/s at most\n\n", report.model,
                    static_cast<double>(report.weightBytes) / 1e6, report.device, report.readGbps);
    text += fmt::format("{:<8}{:>6}{:>11}{:>8}{:>12}{:>8}{:>10}\n", "test", "rows", "sequences", "depth", "tokens/s",
                        "GB/s", "of limit");
    for (const BenchResult& result : report.results) {
        text += fmt::format("{:<8}{:>6}{:>11}{:>8}{:>12.1f}", result.test, result.rows, result.sequences, result.depth,
                            result.tokensPerSecond);
        text += result.test == "decode" ? fmt::format("{:>8.1f}{:>9.0f}%\n", result.gbps, result.fraction * 100)
                                        : std::string("\n");
    }
    return text;
}

} // namespace

void declareBenchOptions(CLI::App& command, BenchOptions& options) {
    constexpr std::size_t kMostTokens = 1'000'000;
    constexpr std::size_t kMostSequences = 128;
    const auto tokens = CLI::Range(std::size_t{1}, kMostTokens);
    command.add_option("-m,--model", options.model, "A model file, or the name of one in the model directory");
    command.add_option("--prefill", options.plan.prefillRows, "Tokens to read at once")
        ->delimiter(',')
        ->check(tokens)
        ->capture_default_str();
    command.add_option("--sequences", options.plan.sequences, "Sequences that decode together")
        ->delimiter(',')
        ->check(CLI::Range(std::size_t{1}, kMostSequences))
        ->capture_default_str();
    command.add_option("--depths", options.plan.depths, "Tokens that stand before what is measured")
        ->delimiter(',')
        ->check(CLI::Range(std::size_t{0}, kMostTokens))
        ->capture_default_str();
    command.add_option("--steps", options.plan.decodeSteps, "Tokens each sequence decodes")
        ->check(tokens)
        ->capture_default_str();
    command.add_option("--repetitions", options.plan.repetitions, "Of each test; the median is shown")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000}))
        ->capture_default_str();
    command.add_option("--threads", options.plan.threads, "Worker threads; 0: as many as cores this process may use")
        ->check(CLI::Range(0, 1024));
    command.add_flag("--json", options.json, "Print a JSON object");
}

Outcome<void> runBenchCommand(const BenchOptions& options, const std::filesystem::path& modelDirectory) {
    const auto model = chooseModel(options.model, modelDirectory);
    if (!model) {
        return tl::unexpected(model.error());
    }
    const auto report = runBench(*model, options.plan);
    if (!report) {
        return tl::unexpected(report.error());
    }
    return writeOut(options.json ? toJson(*report) : toTable(*report));
}

} // namespace alcuin::cli
