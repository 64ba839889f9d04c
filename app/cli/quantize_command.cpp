#include "cli/quantize_command.h"

#include <CLI/CLI.hpp>

#include "cli/file_writing.h"
#include "models/model_draft.h"
#include "models/requantise.h"

namespace alcuin::cli {

void declareQuantizeOptions(CLI::App& command, QuantizeOptions& options) {
    command.add_option("input", options.input, "The GGUF file to read")->required();
    command
        .add_option("--type", options.type,
                    fmt::format("Type of the weights: {}", fmt::join(inference::fileTypes(), ", ")))
        ->required();
    command.add_flag("--pure", options.pure, "Give no tensor a finer type than the others");
    command.add_option("-o,--output", options.output, "The file to write")->required();
    command.add_flag("--force", options.force, "Replace the file if it is there");
    command.add_option("--threads", options.threads, "Threads to use; 0: one for each core")
        ->check(CLI::Range(0, kMaxThreads));
}

Outcome<void> runQuantize(const QuantizeOptions& options) {
    const inference::RequantiseOptions requantise{options.input, options.type, options.pure, options.output,
                                                  options.force};
    const auto write = [&](inference::ThreadPool& pool, const WritingProgress& progress,
                           const std::stop_token& cancel) {
        return inference::requantise(requantise, pool, progress, cancel);
    };
    return writeModel(write, options.output, "weights", options.threads);
}

} // namespace alcuin::cli
