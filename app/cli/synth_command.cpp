#include "cli/synth_command.h"

#include <CLI/CLI.hpp>

#include "cli/file_writing.h"
#include "models/model_draft.h"
#include "models/synth.h"

namespace alcuin::cli {

void declareSynthOptions(CLI::App& command, SynthCommandOptions& options) {
    command
        .add_option("--like", options.like,
                    fmt::format("What to be like: {}; or a GGUF file, of which the header is enough",
                                fmt::join(inference::synthPresets(), ", ")))
        ->required();
    command.add_option("--type", options.type,
                       fmt::format("Type of the weights: {}; left out: as the file has them",
                                   fmt::join(inference::fileTypes(), ", ")));
    command.add_flag("--pure", options.pure, "Give no tensor a finer type than the others");
    command.add_option("--vocab", options.vocabulary, "A GGUF file whose vocabulary and chat template to take");
    command.add_option("-o,--output", options.output, "The file to write")->required();
    command.add_flag("--force", options.force, "Replace the file if it is there");
    command.add_option("--seed", options.seed, "Another seed gives other weights");
    command.add_option("--threads", options.threads, "Threads to use; 0: one for each core")
        ->check(CLI::Range(0, kMaxThreads));
}

Outcome<void> runSynth(const SynthCommandOptions& options) {
    inference::SynthOptions synth;
    synth.like = options.like;
    synth.type = options.type;
    synth.pure = options.pure;
    synth.vocabulary = options.vocabulary;
    synth.output = options.output;
    synth.overwrite = options.force;
    synth.seed = options.seed;
    const auto write = [&](inference::ThreadPool& pool, const WritingProgress& progress,
                           const std::stop_token& cancel) {
        return inference::synthesise(synth, pool, progress, cancel);
    };
    return writeModel(write, options.output, "random weights", options.threads);
}

} // namespace alcuin::cli
