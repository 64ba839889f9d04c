#include "cli/plan_command.h"

#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/available_memory.h"
#include "base/byte_size.h"
#include "base/thread_pool.h"
#include "cli/kv_option.h"
#include "cli/model_choice.h"
#include "cli/standard_output.h"
#include "models/memory_plan.h"

namespace alcuin::cli {

namespace {

using inference::describeBytes;
using inference::MemoryPlan;

std::string toJson(const MemoryPlan& plan, std::size_t sequences, std::uint64_t available) {
    const nlohmann::ordered_json json{{"context_length", plan.contextLength},
                                      {"sequences", sequences},
                                      {"weights", plan.weights},
                                      {"state", plan.state},
                                      {"workspace", plan.workspace},
                                      {"scratch", plan.scratch},
                                      {"fixed", plan.fixed},
                                      {"total", plan.total()},
                                      {"available", available},
                                      {"fits", plan.total() <= available}};
    return json.dump(2) + "\n";
}

std::string toTable(const MemoryPlan& plan, std::size_t sequences, std::uint64_t available) {
    const std::pair<std::string, std::uint64_t> lines[] = {
        {"weights", plan.weights},
        {fmt::format("state of {} x {} tokens", sequences, plan.contextLength), plan.state},
        {"activations and logits", plan.workspace},
        {"scratch of the threads", plan.scratch},
        {"vocabulary and program", plan.fixed},
        {"together", plan.total()},
        {"available", available},
    };
    std::string text;
    for (const auto& [name, bytes] : lines) {
        text += fmt::format("{:<34}{:>12}\n", name, describeBytes(bytes));
    }
    return text + (plan.total() <= available ? "It fits.\n" : "It doesn't fit.\n");
}

} // namespace

void declarePlanOptions(CLI::App& command, PlanOptions& options) {
    constexpr std::size_t kMostTokens = std::size_t{1} << 26U;
    constexpr std::size_t kMostSequences = 4096;
    command.add_option("model", options.model, "A model file, or the name of one in the model directory");
    command.add_option("--context", options.context, "Tokens of each conversation; 0: all that the model was made for")
        ->check(CLI::Range(std::size_t{0}, kMostTokens));
    command.add_option("--sequences", options.sequences, "Conversations at a time")
        ->check(CLI::Range(std::size_t{1}, kMostSequences))
        ->capture_default_str();
    command.add_option("--threads", options.threads, "Worker threads; 0: as many as cores this process may use")
        ->check(CLI::Range(0, 1024));
    command.add_flag("--f32", options.f32, "For computing everything in f32");
    declareKvOption(command, options.kv);
    command.add_flag("--json", options.json, "Print a JSON object");
}

Outcome<void> runPlan(const PlanOptions& options, const std::filesystem::path& modelDirectory) {
    const auto model = chooseModel(options.model, modelDirectory);
    if (!model) {
        return tl::unexpected(model.error());
    }
    const auto file = inference::GgufFile::openHeader(*model);
    if (!file) {
        return failure(file.error());
    }
    inference::MemoryRequest request;
    request.compute = options.f32 ? inference::ComputeMode::kF32 : inference::ComputeMode::kFast;
    request.kv = options.kv;
    request.contextLength = options.context;
    request.sequences = options.sequences;
    request.threads = options.threads > 0 ? options.threads : inference::ThreadPool::usableCores();
    const auto plan = inference::planMemory(*file, request);
    if (!plan) {
        return failure(plan.error());
    }
    const std::uint64_t available = inference::availableMemory();
    return writeOut(options.json ? toJson(*plan, options.sequences, available)
                                 : toTable(*plan, options.sequences, available));
}

} // namespace alcuin::cli
