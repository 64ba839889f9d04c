#include "cli/bench_command.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/kv_option.h"
#include "cli/model_choice.h"
#include "cli/standard_output.h"

namespace alcuin::cli {

namespace {

nlohmann::ordered_json toJson(const BenchTest& test) {
    return {{"test", test.test}, {"rows", test.rows}, {"sequences", test.sequences}, {"depth", test.depth}};
}

std::string toJson(const BenchReport& report) {
    nlohmann::ordered_json json{
        {"model", report.model},
        {"device", report.device},
        {"weight_bytes", report.weightBytes},
        {"limits",
         {{"read_gbps", report.readGbps}, {"matrix_tops", report.matrixTops}, {"matrix_unit", report.matrixUnit}}},
        {"results", nlohmann::ordered_json::array()},
        {"left_out", nlohmann::ordered_json::array()}};
    for (const BenchResult& result : report.results) {
        auto row = toJson(result.test);
        row["tokens_per_second"] = result.tokensPerSecond;
        row["gbps"] = result.gbps;
        row["tflops"] = result.tflops;
        row["fraction"] = result.fraction;
        json["results"].push_back(std::move(row));
    }
    for (const BenchLeftOut& leftOut : report.leftOut) {
        auto row = toJson(leftOut.test);
        row["why"] = leftOut.why;
        json["left_out"].push_back(std::move(row));
    }
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string toTable(const BenchReport& report) {
    std::string text = fmt::format("{}: {:.1f} MB of weights; {}\nlimits: memory is read at {:.1f} GB/s; {} reach "
                                   "{:.2f} TFLOP/s\n\n",
                                   report.model, static_cast<double>(report.weightBytes) / 1e6, report.device,
                                   report.readGbps, report.matrixUnit, report.matrixTops);
    const auto cells = [](const BenchTest& test) {
        return fmt::format("{:<8}{:>6}{:>11}{:>8}", test.test, test.rows, test.sequences, test.depth);
    };
    text += fmt::format("{:<8}{:>6}{:>11}{:>8}{:>12}{:>8}{:>10}  {}\n", "test", "rows", "sequences", "depth",
                        "tokens/s", "GB/s", "TFLOP/s", "of limit");
    for (const BenchResult& result : report.results) {
        text += fmt::format("{}{:>12.1f}{:>8.1f}{:>10.3f}{:>5.0f}% of {}\n", cells(result.test), result.tokensPerSecond,
                            result.gbps, result.tflops, result.fraction * 100,
                            result.test.isPrefill() ? "the matrix unit" : "memory");
    }
    for (const BenchLeftOut& leftOut : report.leftOut) {
        text += fmt::format("{}  left out: {}\n", cells(leftOut.test), leftOut.why);
    }
    return text;
}

/// Runs one kind of bench with what is common to all of them.
template <typename Plan, typename Run>
Outcome<void> measureAndWrite(const BenchOptions& options, Plan plan, const std::filesystem::path& model,
                              const Run& run) {
    plan.threads = options.plan.threads;
    plan.kv = options.plan.kv;
    if constexpr (requires { plan.seed; }) {
        plan.seed = options.seed;
        plan.quick = options.quick;
    }
    const auto report = [&] {
        ProgressLine line;
        return run(model, plan, [&line](std::string_view what) { line.show(what); });
    }();
    if (!report) {
        return tl::unexpected(report.error());
    }
    return writeOut(options.json ? toJson(*report) : toTable(*report));
}

} // namespace

void declareBenchOptions(CLI::App& command, BenchOptions& options) {
    constexpr std::size_t kMostTokens = 1'000'000;
    constexpr std::size_t kMostSequences = 128;
    const auto tokens = CLI::Range(std::size_t{0}, kMostTokens);
    command.add_option("-m,--model", options.model, "A model file, or the name of one in the model directory");
    command.add_option("--prefill", options.plan.prefillRows, "Tokens of prompts to read; 0: none")
        ->delimiter(',')
        ->check(tokens)
        ->capture_default_str();
    command.add_option("--sequences", options.plan.sequences, "Sequences that decode together; 0: none")
        ->delimiter(',')
        ->check(CLI::Range(std::size_t{0}, kMostSequences))
        ->capture_default_str();
    command.add_option("--depths", options.plan.depths, "Tokens that stand before what is measured")
        ->delimiter(',')
        ->check(tokens)
        ->capture_default_str();
    command.add_option("--steps", options.plan.decodeSteps, "Tokens each sequence decodes")
        ->check(CLI::Range(std::size_t{1}, kMostTokens))
        ->capture_default_str();
    command.add_option("--repetitions", options.plan.repetitions, "Of each test; the median is shown")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000}))
        ->capture_default_str();
    command.add_option("--threads", options.plan.threads, "Worker threads; 0: as many as cores this process may use")
        ->check(CLI::Range(0, 1024));
    declareKvOption(command, options.plan.kv);
    command.add_option("--seed", options.seed, "Another seed gives other prompts")->capture_default_str();
    command.add_flag("--quick", options.quick,
                     "Serving, documents, reopening: less of everything, so figures vary more");
    command.add_flag("--json", options.json, "Print a JSON object");
    declareServeOptions(command, options.serve);
    declareDocumentOptions(command, options.document);
    declareReopenOptions(command, options.reopen);
}

Outcome<void> runBenchCommand(const BenchOptions& options, const std::filesystem::path& modelDirectory) {
    const auto model = chooseModel(options.model, modelDirectory);
    if (!model) {
        return tl::unexpected(model.error());
    }
    const int kinds =
        (options.serve.wanted ? 1 : 0) + (options.document.tokens > 0 ? 1 : 0) + (options.reopen.tokens > 0 ? 1 : 0);
    if (kinds > 1) {
        return failure("--serve-like, --document and --reopen are measured one at a time.", kWrongUsage);
    }
    if (options.serve.wanted) {
        return measureAndWrite(options, options.serve, *model, runServeBench);
    }
    if (options.document.tokens > 0) {
        return measureAndWrite(options, options.document, *model, runDocumentBench);
    }
    if (options.reopen.tokens > 0) {
        return measureAndWrite(options, options.reopen, *model, runReopenBench);
    }
    if (options.quick) {
        return failure("--quick goes with --serve-like, --document or --reopen.", kWrongUsage);
    }
    return measureAndWrite(options, options.plan, *model, runBench);
}

} // namespace alcuin::cli
